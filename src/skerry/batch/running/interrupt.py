"""Ctrl-C: once, finish what is in work; twice, stop at once."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

__all__ = ["Stop"]


class Stop:
    """Whether people asked to stop, inside a `with` block.

    Parameters
    ----------
    tell : callable
        Called with a line for people when they ask for the first time.

    Attributes
    ----------
    asked : bool
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.asked = False
        self._tell = tell
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._asked)
        return self

    def _asked(self, *_: object) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self._tell("skerry: stopping when the maps in work are done; Ctrl-C again stops at once")

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
