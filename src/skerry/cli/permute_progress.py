"""How far `skerry permute` is, for people: a bar on a terminal, else plain lines."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from skerry.cli import console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["lines", "time_left"]


@contextmanager
def time_left() -> Iterator[Callable[[int, int], None]]:
    """Show how far the test is: a bar on a terminal, else a line every 10 %."""
    if console.is_quiet():
        yield lambda _done, _total: None
        return
    if not sys.stderr.isatty():
        yield lines()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("arrangements"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def lines() -> Callable[[int, int], None]:
    """Give what says a line every 10 %, from the rate of this run alone."""
    begun, first, told = 0.0, -1, 0

    def tell(done: int, total: int) -> None:
        nonlocal begun, first, told
        if first < 0:
            begun, first = time.monotonic(), done
        tenth = 10 * done // total
        if tenth > told and first < done < total:
            left = (time.monotonic() - begun) * (total - done) / (done - first)
            console.say(f"skerry: {done} of {total} arrangements, {left:.0f} s left")
        told = max(told, tenth)

    return tell
