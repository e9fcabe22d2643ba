"""Names and numbers that come from files, read with care."""

from __future__ import annotations

import re

_LONGEST = 200
_WHOLE = re.compile(r"([+-]?[0-9]{1,19})(?:\.0*+)?")


def clean_name(text: str) -> str:
    r"""Give a name on one line: control characters are spaces, runs of spaces one space.

    Names of more than 200 characters are cut.

    Examples
    --------
    >>> clean_name(" Left\tHeschl" + chr(0))
    'Left Heschl'
    """
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def whole_number(text: str) -> int | None:
    """Give the whole number that a text is (also `3.0`), or None."""
    found = _WHOLE.fullmatch(text.strip())
    return None if found is None else int(found[1])
