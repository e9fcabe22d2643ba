"""How far a download is, on a terminal."""

from __future__ import annotations

import sys
import time

__all__ = ["Progress", "say"]

_SILENT_S = 1.0  # a download that is over by then needs no bar
_BETWEEN_S = 0.2
_MB = 1e6


def say(message: str, *, verbose: int) -> None:
    """Write a line to standard error, where results never go."""
    if verbose > 0 and sys.stderr is not None:
        sys.stderr.write(message + "\n")


class Progress:
    """One line on standard error that is rewritten while bytes arrive.

    Parameters
    ----------
    label : str
        What is being fetched.
    n_bytes : int, optional
        How much there is, where it is known.
    verbose : int
        0 shows nothing; nor does a standard error that is not a terminal.
    """

    def __init__(self, label: str, n_bytes: int | None, *, verbose: int) -> None:
        self._label = label
        self._end = "" if n_bytes is None else f" of {n_bytes / _MB:.1f}"
        self._shown = verbose > 0 and sys.stderr is not None and sys.stderr.isatty()
        self._next_s = time.monotonic() + _SILENT_S
        self._drawn = False

    def update(self, received: int) -> None:
        """Show how many bytes have arrived."""
        now_s = time.monotonic()
        if not self._shown or now_s < self._next_s:
            return
        self._next_s = now_s + _BETWEEN_S
        self._drawn = True
        sys.stderr.write(f"\r{self._label}: {received / _MB:.1f}{self._end} MB")
        sys.stderr.flush()

    def close(self) -> None:
        """End the line, if there is one."""
        if self._drawn:
            sys.stderr.write("\n")
