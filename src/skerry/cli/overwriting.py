"""What a command reads, it does not write over."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

from skerry.io.paths import at_home, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["refuse_to_overwrite"]


def refuse_to_overwrite(inputs: Iterable[str | None], outputs: Iterable[Path]) -> None:
    """Refuse a command line whose results would take the place of what it reads.

    Parameters
    ----------
    inputs : iterable of str or None
        Files that are read; None is none.
    outputs : iterable of Path
        Files that may be written.

    Raises
    ------
    BadParameter
        If one of the first is one of the second; links are followed.
    """
    written = {os.path.realpath(at_home(path)) for path in outputs}
    for path in inputs:
        if path is not None and os.path.realpath(at_home(path)) in written:
            raise typer.BadParameter(
                f"{shown(path)} is read here and would be written over; write elsewhere",
                param_hint="--out",
            )
