"""Say that something in the input deserves a look."""

from __future__ import annotations

import sys
import warnings

from skerry.errors import SkerryWarning


def notice(message: str, category: type[Warning] = SkerryWarning) -> None:
    """Warn, pointing at the first line outside skerry.

    Parameters
    ----------
    message : str
    category : type of Warning
        That of nilearn for what nilearn warns of too.
    """
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("skerry."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
