"""What the commands say to people: on standard error, as plain text, one line each."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


_quiet = False
_live: Console | None = None  # that of the bar on the terminal


def be_quiet(quiet: bool) -> None:
    """Say errors only, from here on."""
    global _quiet  # one process runs one command
    _quiet = quiet


def is_quiet() -> bool:
    """Tell whether only errors are said."""
    return _quiet


def verbosity() -> int:
    """Give what `verbose=` is of functions that say what they fetch."""
    return 0 if _quiet else 1


def say(text: str) -> None:
    """Tell people something, unless they asked for quiet."""
    if _quiet:
        return
    if _live is not None:
        _live.print(text, markup=False, highlight=False, soft_wrap=True)  # above the bar
    else:
        sys.stderr.write(text + "\n")


def warn(text: str) -> None:
    """Tell people that something deserves a look."""
    say(f"skerry: warning: {shown(text)}")


def error(text: str) -> None:
    """Tell people what is at fault, in one line, also when quiet."""
    sys.stderr.write(f"skerry: error: {shown(text)}\n")


@contextmanager
def progress(n_steps: int) -> Iterator[Callable[[str], None]]:
    """Show the steps of a job as they begin.

    On a terminal a bar with the current step; elsewhere a plain line a step.

    Parameters
    ----------
    n_steps : int
        How many steps there are.

    Yields
    ------
    callable
        To be called with the name of each step when it begins.
    """
    if _quiet:
        yield lambda _step: None
        return
    if not sys.stderr.isatty():
        count = iter(range(1, n_steps + 1))
        yield lambda step: say(f"[{next(count)}/{n_steps}] {step}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=n_steps)
    begun = iter(range(n_steps))

    def begin(step: str) -> None:
        bar.update(task, description=shown(step), completed=next(begun))

    with bar, _spoken_through(bar.console):
        yield begin


@contextmanager
def _spoken_through(console: Console) -> Iterator[None]:
    """Let what is said stand above a bar, in one line however narrow the terminal."""
    global _live  # one process runs one command
    _live = console
    try:
        yield
    finally:
        _live = None
