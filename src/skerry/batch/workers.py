"""Who does the work: this process, processes of its own, or the workers of a scheduler."""

from __future__ import annotations

import contextlib
import functools
import queue
import time
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from skerry.batch.extra import need
from skerry.batch.task import ChunkResult, do_chunk
from skerry.errors import ArgumentError, NetworkError, SkerryError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from skerry.batch.job import Job

__all__ = ["Died", "Here", "Workers", "cluster", "default_workers"]

# One thread each: maps are many, and threads of numba and BLAS would fight with other workers.
_THREADED = ("NUMBA", "OMP", "MKL", "OPENBLAS", "VECLIB")
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in _THREADED}
_GONE_AFTER_S = 10.0
_CONNECT_S = 10.0


class Died(NamedTuple):
    """A chunk whose worker died, `deaths` times."""

    deaths: int


class Workers(Protocol):
    """Somebody who does chunks of maps."""

    def is_missing(self) -> bool:
        """Tell whether there is nobody yet."""

    def n_slots(self) -> int:
        """Say how many chunks are done at a time."""

    def window(self) -> int:
        """Say how many chunks should be handed out at a time."""

    def submit(self, number: int, jobs: Sequence[Job], *, want_labels: bool) -> None:
        """Hand out a chunk."""

    def next(self, timeout_s: float) -> tuple[int, ChunkResult | Died] | None:
        """Wait for a chunk to come back; None if none does for so long."""


class Here:
    """No workers: this process does a chunk when it is waited for."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, Sequence[Job], bool]] = deque()

    def is_missing(self) -> bool:
        """No."""
        return False

    def n_slots(self) -> int:
        """One."""
        return 1

    def window(self) -> int:
        """One."""
        return 1

    def submit(self, number: int, jobs: Sequence[Job], *, want_labels: bool) -> None:
        """Hand out a chunk."""
        self._waiting.append((number, jobs, want_labels))

    def next(self, timeout_s: float) -> tuple[int, ChunkResult] | None:
        """Do a chunk."""
        if not self._waiting:
            return None
        number, jobs, want_labels = self._waiting.popleft()
        return number, do_chunk(jobs, want_labels=want_labels)


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
        Address of a scheduler with workers of its own.
    memory_limit : str or int
        Of a process that is started: "4GB", bytes, or "auto", an equal share of the machine.

    Raises
    ------
    NetworkError
        If the scheduler cannot be reached.
    """
    if scheduler is None and n_workers == 0:
        yield Here()
        return
    distributed = need("distributed")
    if scheduler is not None:
        if n_workers is not None:
            raise ArgumentError("give workers or scheduler, not both: a scheduler has its workers")
        with _joined(distributed, scheduler) as client:
            yield _Dask(client, f"the scheduler at {scheduler}", is_ours=False)
        return
    with _started(distributed, n_workers or default_workers(), memory_limit) as client:
        yield _Dask(client, "the scheduler of this run", is_ours=True)


@contextlib.contextmanager
def _joined(distributed: Any, address: str) -> Iterator[Any]:
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
        "distributed.worker.preload": [*preload, "skerry.batch.at_worker_start"],
        "distributed.worker.preload-argv": [*argv, []],
    }


@functools.cache
def _keep_memory() -> None:
    """Let this process keep the memory that each map takes anew, as the last one did.

    Dask has its workers give all back at once (MALLOC_TRIM_THRESHOLD_), which
    takes as long as half the work on a map. How much is kept is what one map
    takes.
    """
    trim_threshold, mmap_threshold = -1, -3  # of glibc's malloc.h
    with contextlib.suppress(OSError, AttributeError, TypeError):
        import ctypes

        library = ctypes.CDLL(None)
        library.mallopt(trim_threshold, 1 << 28)
        library.mallopt(mmap_threshold, 1 << 25)


def _do_in_worker(jobs: Sequence[Job], *, want_labels: bool) -> ChunkResult:
    _keep_memory()
    return do_chunk(jobs, want_labels=want_labels)


class _Dask:
    """The workers of a Dask scheduler."""

    def __init__(self, client: Any, said: str, *, is_ours: bool) -> None:
        self._client, self._said, self._is_ours = client, said, is_ours
        self._futures: dict[int, tuple[Any, Sequence[Job], bool]] = {}
        self._back: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._slots, self._asked = 0, -1e9
        self._well = time.monotonic()

    def n_slots(self) -> int:
        """Say how many workers there are; on a cluster they may come and go."""
        if time.monotonic() - self._asked > 5:
            try:
                self._slots = len(self._client.nthreads())
            except Exception:
                self._check()
            self._asked = time.monotonic()
        return max(self._slots, 1)

    def is_missing(self) -> bool:
        """Tell whether the scheduler has no workers: on a cluster they may still be in a queue."""
        self.n_slots()
        return self._slots == 0

    def window(self) -> int:
        """Say how many chunks should be handed out: a few wait, so that no worker does."""
        slots = self.n_slots()
        return slots + (1 + slots // 4 if self._is_ours else 2 + slots)

    def submit(self, number: int, jobs: Sequence[Job], *, want_labels: bool) -> None:
        """Hand out a chunk."""
        try:
            future = self._client.submit(
                _do_in_worker, list(jobs), want_labels=want_labels, pure=False, retries=0
            )
        except Exception as error:
            raise self._lost() from error
        self._futures[number] = future, jobs, want_labels
        future.add_done_callback(lambda _future: self._back.put(number))

    def next(self, timeout_s: float) -> tuple[int, ChunkResult | Died] | None:
        """Wait for a chunk to come back."""
        try:
            number = self._back.get(timeout=timeout_s)
        except queue.Empty:
            self._check()
            return None
        future, jobs, want_labels = self._futures.pop(number)
        if future.status == "finished":
            try:
                return number, future.result(timeout=60)
            except Exception:  # its worker went before the result was fetched
                self._again(number, jobs, want_labels)
                return None
        if future.status == "error":
            return number, self._judged(future.exception())
        self._again(number, jobs, want_labels)
        return None

    def _again(self, number: int, jobs: Sequence[Job], want_labels: bool) -> None:
        self._check(at_once=True)
        self.submit(number, jobs, want_labels=want_labels)

    def _judged(self, error: Any) -> Died:
        distributed = need("distributed")
        if isinstance(error, distributed.scheduler.KilledWorker):
            return Died(int(getattr(error, "allowed_failures", 0)) + 1)
        if isinstance(error, (ImportError, AttributeError)):
            import skerry

            raise SkerryError(
                f"the workers of {self._said} cannot run skerry {skerry.__version__} ({error}); "
                "install the same version with its extra [batch] where they run"
            ) from error
        raise SkerryError(f"{self._said} failed: {type(error).__name__}: {error}") from error

    def _check(self, *, at_once: bool = False) -> None:
        """Notice that the scheduler is gone."""
        if self._client.status == "running" and not at_once:
            self._well = time.monotonic()
        elif self._client.status != "running" and (
            at_once or time.monotonic() - self._well > _GONE_AFTER_S
        ):
            raise self._lost()

    def _lost(self) -> NetworkError:
        return NetworkError(
            f"{self._said} is gone; what was done is kept: give the same command to go on"
        )
