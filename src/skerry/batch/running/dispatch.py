"""Hand out maps in chunks, take in what comes back, and find the map that kills its worker."""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from typing import TYPE_CHECKING

from skerry.batch.asked.job import question_of
from skerry.batch.folder.labels import save_labels
from skerry.batch.folder.tables import Failure
from skerry.batch.running.workers import Died
from skerry.errors import SkerryError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from skerry.batch.asked.manifest import Manifest
    from skerry.batch.folder.resume import Kept
    from skerry.batch.one_map.task import ChunkResult
    from skerry.batch.running.interrupt import Stop
    from skerry.batch.running.progress import Progress
    from skerry.batch.running.workers import Workers

__all__ = ["Dispatch"]

# A chunk takes about so long: short enough to lose little, long enough that its overhead is small.
_CHUNK_S = 2.0
_FIRST_CHUNK, _LARGEST_CHUNK = 4, 128
_GROUPS = 8
# A chunk that takes longer is said: its maps may lie on a disk that does not answer.
_SILENT_S = 600.0
# So many maps that killed their workers, and none that did not: it is not the maps.
_HOPELESS = 8


class Dispatch:
    """The work on the maps that are not done yet.

    Only a few chunks are handed out at a time, so that a million maps fill
    nobody's memory. A chunk whose worker dies comes back in smaller ones; a
    map whose worker dies is tried again with nothing else at work, and when
    its worker has died more than `retries` times it is a failure with that
    reason: never for a death that another map may have caused.

    Parameters
    ----------
    out : Path
    manifest : Manifest
    todo : sequence of int
        Maps to do, by their number in the manifest.
    kept : Kept
    workers : Workers
    want_labels : bool
    retries : int
    progress : Progress
    stop : Stop
    beat : callable
        Called now and then.

    Attributes
    ----------
    keys : dict of int to str
        Of the maps that were done.
    failures : dict of int to Failure
    tries : Counter
        How often each map was handed out.
    """

    def __init__(
        self,
        out: Path,
        manifest: Manifest,
        todo: Sequence[int],
        kept: Kept,
        workers: Workers,
        *,
        want_labels: bool,
        retries: int,
        progress: Progress,
        stop: Stop,
        beat: Callable[[], None],
    ) -> None:
        self._out_folder, self._manifest, self._kept = out, manifest, kept
        self._workers, self._want_labels, self._retries = workers, want_labels, retries
        self._progress, self._stop, self._beat = progress, stop, beat
        self._todo, self._next = todo, 0
        self._groups: deque[list[int]] = deque()
        self._alone: deque[int] = deque()
        self._out: dict[int, list[int]] = {}
        self._since: dict[int, float] = {}  # when chunks went out of which nothing was said
        self._number = 0
        self._by_itself = 0  # the number of the chunk beside which no other has been out
        self._deaths: Counter[int] = Counter()
        self._seconds_a_map = 0.0
        self._said_missing = False
        self.keys: dict[int, str] = {}
        self.failures: dict[int, Failure] = {}
        self.tries: Counter[int] = Counter()

    @property
    def _is_done(self) -> bool:
        return self._next >= len(self._todo) and not (self._groups or self._alone or self._out)

    def run(self) -> None:
        """Work until all is done, or until asked to stop and what is in work has come back."""
        self._progress.begin()
        while not self._is_done:
            if not self._stop.asked:
                self._hand_out()
            elif not self._out:
                return
            back = self._workers.next(timeout_s=0.5)
            self._beat()
            if back is None:
                self._say_missing()
            else:
                self._take_in(*back)
            self._say_silent()

    def _say_missing(self) -> None:
        if self._workers.is_missing() and not self._said_missing:
            self._said_missing = True
            self._progress.say("skerry: the scheduler has no workers; waiting for them")

    def _say_silent(self) -> None:
        """Name maps that have been in work for very long, once."""
        now = time.monotonic()
        for number, since in list(self._since.items()):
            if now - since < _SILENT_S or self._workers.is_missing():
                continue
            del self._since[number]
            maps = [shown(self._manifest.ids[at]) for at in self._out[number]]
            more = f" and {len(maps) - 4} more" if len(maps) > 4 else ""
            self._progress.say(
                f"skerry: still waiting after {_SILENT_S / 60:.0f} min for "
                f"{', '.join(maps[:4])}{more}; does the disk that they are on answer?"
            )

    def _hand_out(self) -> None:
        while len(self._out) < self._workers.window():
            if self._groups:
                chunk = self._groups.popleft()
            elif self._next < len(self._todo):
                size = self._size()
                chunk = list(self._todo[self._next : self._next + size])
                self._next += size
            elif self._alone and not self._out:
                chunk = [self._alone.popleft()]
            else:
                return
            self._submit(chunk)
            if len(chunk) == 1 and self._deaths[chunk[0]]:
                return  # alone

    def _submit(self, chunk: list[int]) -> None:
        manifest = self._manifest
        jobs = [self._kept.job(manifest.locations[at], manifest.choices[at]) for at in chunk]
        self.tries.update(chunk)
        self._number += 1
        self._by_itself = 0 if self._out else self._number
        self._out[self._number] = chunk
        self._since[self._number] = time.monotonic()
        self._workers.submit(self._number, jobs, want_labels=self._want_labels)

    def _size(self) -> int:
        """Say how many maps go into a chunk: by their time, and small ones at the end."""
        left = len(self._todo) - self._next
        size = _CHUNK_S / self._seconds_a_map if self._seconds_a_map else _FIRST_CHUNK
        fair = math.ceil(left / (2 * self._workers.n_slots()))
        return max(1, min(int(size), fair, _LARGEST_CHUNK))

    def _take_in(self, number: int, result: ChunkResult | Died) -> None:
        chunk = self._out.pop(number)
        self._since.pop(number, None)
        if isinstance(result, Died):
            self._died(chunk, result.deaths, by_itself=number == self._by_itself)
            return
        self._check_version(result.version)
        each = result.seconds / len(chunk)
        self._seconds_a_map = (self._seconds_a_map + each) / 2 if self._seconds_a_map else each
        if result.part:
            self._kept.add_part(result.part)
        for place, data in result.labels:
            save_labels(self._out_folder, self._manifest.ids[chunk[place]], data)
        if result.seen:
            self._kept.add_seen([(one, self._question(chunk[one.place])) for one in result.seen])
        for place, key in result.done:
            self.keys[chunk[place]] = key
        for one in result.seen:
            self.keys[chunk[one.place]] = one.key
        for failed in result.failed:
            self._fail(chunk[failed.place], failed.reason, failed.seconds)
        self._progress.add(len(result.done) + len(result.seen), len(result.failed))

    def _question(self, at: int) -> str:
        return question_of(self._manifest.locations[at], self._manifest.choices[at])

    def _died(self, chunk: list[int], deaths: int, *, by_itself: bool) -> None:
        if len(chunk) > 1:
            size = math.ceil(len(chunk) / _GROUPS)
            self._groups += [chunk[at : at + size] for at in range(0, len(chunk), size)]
            return
        at = chunk[0]
        self._deaths[at] += deaths
        # Of a worker that dies, a scheduler blames the maps that wait there too.
        if self._deaths[at] <= self._retries or not by_itself:
            self._alone.append(at)
            return
        times = "once" if self._deaths[at] == 1 else f"{self._deaths[at]} times"
        self._fail(
            at,
            f"its worker died {times}: not enough memory (--memory-limit), or a crash",
            0.0,
        )
        self._progress.add(0, 1)
        if not self.keys and len(self._deaths) >= _HOPELESS == len(self.failures):
            raise SkerryError(
                f"each of the first {_HOPELESS} maps killed its worker; it may be too little "
                "memory for any map (--memory-limit), or an installation that does not work"
            )

    def _fail(self, at: int, reason: str, seconds: float) -> None:
        self.failures[at] = Failure(reason, self.tries[at], seconds)
        self._progress.say_failure(f"{shown(self._manifest.ids[at])}: {reason}")

    def _check_version(self, found: str) -> None:
        import skerry

        if found != skerry.__version__:
            raise SkerryError(
                f"the workers have skerry {found}, but this is {skerry.__version__}; "
                "install the same version where they run"
            )
