"""Who does the work: this process, or workers that are handed chunks of it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple, Protocol

from skerry.batch.one_map.task import ChunkResult, do_chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.batch.asked.job import Job

__all__ = ["Died", "Here", "Workers"]


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
