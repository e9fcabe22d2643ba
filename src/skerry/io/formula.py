"""Text that a spreadsheet would take for a formula."""

from __future__ import annotations

__all__ = ["FORMULA_BEGINS", "quoted"]

FORMULA_BEGINS = ("=", "+", "-", "@")


def quoted(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Other programs then read another name, so tables are written like this
    only where somebody asks for it.

    Examples
    --------
    >>> quoted("=1+1"), quoted("Left Heschl")
    ("'=1+1", 'Left Heschl')
    """
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text
