"""The workers of a Dask scheduler."""

from __future__ import annotations

import contextlib
import functools
import queue
import time
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from skerry.batch.extra import need
from skerry.batch.one_map.task import ChunkResult, do_chunk
from skerry.batch.running.workers import Died
from skerry.errors import NetworkError, SkerryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.batch.asked.job import Job

__all__ = ["DaskWorkers"]

_GONE_AFTER_S = 10.0
# Of a result that was lost its chunk is done again; so many in a row are lost for a reason that
# stays: a network on which workers can be told of work and cannot send what they made.
_MOST_LOST_IN_A_ROW = 100


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


class DaskWorkers:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    client : distributed.Client
    said : str
        What to call the scheduler in messages.
    is_ours : bool
        Whether its workers are processes that we have started.
    """

    def __init__(self, client: Any, said: str, *, is_ours: bool) -> None:
        self._client, self._said, self._is_ours = client, said, is_ours
        self._futures: dict[int, tuple[Any, Sequence[Job], bool]] = {}
        self._back: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._slots, self._asked = 0, -1e9
        self._lost_in_a_row = 0
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
                result = future.result(timeout=60)
                self._lost_in_a_row = 0
                return number, result
            except (OSError, CancelledError):  # its worker went before the result was fetched
                self._again(number, jobs, want_labels)
                return None
            except Exception as error:
                return number, self._judged(error)
        if future.status == "error":
            return number, self._judged(future.exception())
        self._again(number, jobs, want_labels)
        return None

    def _again(self, number: int, jobs: Sequence[Job], want_labels: bool) -> None:
        self._check(at_once=True)
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= _MOST_LOST_IN_A_ROW:
            raise self._lost(f"lost {self._lost_in_a_row} results in a row")
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

    def _lost(self, how: str = "is gone") -> NetworkError:
        return NetworkError(
            f"{self._said} {how}; what was done is kept: give the same command to go on"
        )
