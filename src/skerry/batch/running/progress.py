"""How far a batch is, for people: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Progress"]

_LINE_EVERY_S = 10.0
_MOST_TOLD = 20


class Progress:
    """Says on standard error how many maps are done, at what rate, and how long it will take.

    Parameters
    ----------
    n_maps : int
        How many there are.
    n_before : int
        How many of them were done by earlier runs.
    quiet : bool
        Say nothing.
    """

    def __init__(self, n_maps: int, n_before: int, *, quiet: bool) -> None:
        self.n_maps, self.n_before, self.quiet = n_maps, n_before, quiet
        self.n_done, self.n_failed = n_before, 0
        self._begun = self._said = time.monotonic()
        self._n_told = 0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        if not self.quiet and sys.stderr.isatty():
            self._bar = _bar()
            self._bar.start()
            self._task = self._bar.add_task(
                "maps", total=self.n_maps, completed=self.n_before, **self._words()
            )
        return self

    def begin(self) -> None:
        """Count the time from here: the workers are there."""
        self._begun = self._said = time.monotonic()

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def say(self, text: str) -> None:
        """Say a line."""
        if self.quiet:
            return
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            sys.stderr.write(text + "\n")

    def add(self, n_done: int, n_failed: int) -> None:
        """Count further maps."""
        self.n_done += n_done
        self.n_failed += n_failed
        if self._bar is not None:
            self._bar.update(self._task, completed=self.n_done + self.n_failed, **self._words())
        elif time.monotonic() - self._said >= _LINE_EVERY_S:
            self._said = time.monotonic()
            words = self._words()
            self.say(
                f"skerry: {self.n_done + self.n_failed} of {self.n_maps} maps, "
                f"{self.n_failed} failed, {words['rate']}, {words['left']} left"
            )

    def say_failure(self, text: str) -> None:
        """Say why a map failed; of many, the first."""
        self._n_told += 1
        if self._n_told <= _MOST_TOLD:
            self.say(f"skerry: failed: {text}")
        elif self._n_told == _MOST_TOLD + 1:
            self.say("skerry: further failures are listed in maps.parquet only")

    @property
    def rate(self) -> float:
        """Maps a second in this run."""
        seconds = time.monotonic() - self._begun
        return (self.n_done + self.n_failed - self.n_before) / seconds if seconds > 0 else 0.0

    def _words(self) -> dict[str, str]:
        left = self.n_maps - self.n_done - self.n_failed
        return {
            "failed": f"{self.n_failed} failed",
            "rate": f"{self.rate:.3g} maps/s",
            "left": _time(left / self.rate) if self.rate > 0 else "?",
        }


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]}", markup=False),
        TextColumn("{task.fields[rate]}", markup=False),
        TextColumn("{task.fields[left]} left", markup=False),
        console=Console(stderr=True),
        transient=True,
    )


def _time(seconds: float) -> str:
    """Say a time: 12 s, 3 min, 2 h 05 min, 3 d 04 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours:02d} h"
