"""Processes of our own, or the workers of a scheduler that is there."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from skerry.batch.extra import need
from skerry.batch.running.workers import Here
from skerry.errors import ArgumentError, NetworkError, SkerryError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from skerry.batch.running.workers import Workers

__all__ = ["cluster", "default_workers"]

# One thread each: maps are many, and threads of numba and BLAS would fight with other workers.
_ONE_THREAD = {
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",  # of macOS
}
_CONNECT_S = 10.0


def default_workers() -> int:
    """Give the number of physical cores that this process may use."""
    need("distributed")
    psutil = need("psutil")
    allowed = int(need("dask.system").CPU_COUNT)
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


@contextlib.contextmanager
def cluster(
    n_workers: int | None, scheduler: str | None, memory_limit: str | int
) -> Iterator[Workers]:
    """Start processes of our own, or join a scheduler.

    Parameters
    ----------
    n_workers : int or None
        Processes to start; by default one a physical core. 0 works in this process.
    scheduler : str or None
        Address of a scheduler with workers of its own, which then do all.
    memory_limit : str or int
        Of a process that is started: "4GB", bytes, or "auto", an equal share of the machine.

    Raises
    ------
    ArgumentError
        If the address of the scheduler is none.
    NetworkError
        If the scheduler cannot be reached.
    SkerryError
        If no process can be started.
    """
    if scheduler is None and n_workers == 0:
        yield Here()
        return
    distributed = need("distributed")
    from skerry.batch.running.dask_workers import DaskWorkers

    if scheduler is not None:
        with _joined(distributed, scheduler) as client:
            yield DaskWorkers(client, f"the scheduler at {scheduler}", is_ours=False)
        return
    with _started(distributed, n_workers or default_workers(), memory_limit) as client:
        yield DaskWorkers(client, "the scheduler of this run", is_ours=True)


@contextlib.contextmanager
def _joined(distributed: Any, address: str) -> Iterator[Any]:
    try:
        need("distributed.comm").get_address_host(address)
    except ValueError as error:
        raise ArgumentError(
            "scheduler must be an address such as tcp://HOST:8786, "
            f"got '{shown(address)}' ({error})"
        ) from error
    try:
        client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise NetworkError(
            f"no Dask scheduler answers at {address}: start one with dask scheduler "
            f"({type(error).__name__})"
        ) from error
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=5)


@contextlib.contextmanager
def _started(distributed: Any, n_workers: int, memory_limit: str | int) -> Iterator[Any]:
    import logging

    dask = need("dask")
    with dask.config.set(_settings(dask.config.get)):
        try:
            embedded = distributed.LocalCluster(
                n_workers=n_workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # None would take the one port that all want
                scheduler_kwargs={"dashboard": False},
                memory_limit=memory_limit,
                silence_logs=logging.CRITICAL,
            )
        except (OSError, RuntimeError, ValueError, TimeoutError) as error:
            why = shown(str(error).partition("\n")[0])
            raise SkerryError(f"the workers could not be started: {why}") from error
        try:
            client = distributed.Client(embedded, set_as_default=False)
            try:
                yield client
            finally:
                with contextlib.suppress(Exception):
                    client.close(timeout=5)
        finally:
            with contextlib.suppress(Exception):
                embedded.close(timeout=10)


def _settings(get: Callable[..., Any]) -> dict[str, Any]:
    """Give what Dask should do otherwise than it does; what people set for themselves stays."""
    preload, argv = (
        get("distributed.worker.preload", []),
        get("distributed.worker.preload-argv", []),
    )
    preload = [preload] if isinstance(preload, str) else list(preload)
    if not argv or isinstance(argv[0], str):
        argv = [list(argv)] * len(preload)
    environ = get("distributed.nanny.pre-spawn-environ", {})
    return {
        # A map whose worker dies is judged here, not by the scheduler.
        "distributed.scheduler.allowed-failures": 0,
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.nanny.pre-spawn-environ": {**environ, **_ONE_THREAD},
        "distributed.worker.preload": [*preload, "skerry.batch.running.at_worker_start"],
        "distributed.worker.preload-argv": [*argv, []],
    }
