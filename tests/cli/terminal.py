"""A terminal for the tests of what is said on one."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from skerry.cli import console

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    """Stands for a narrow terminal."""

    def isatty(self) -> bool:
        return True


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Put it in the place of standard error."""
    # Not a fixture: pytest takes standard error back before the test begins.
    for name, value in (("COLUMNS", "40"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    console.be_quiet(False)
    return terminal
