"""Names and numbers that come from files, read with care."""

from __future__ import annotations

_LONGEST = 200


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
    text = text.strip()
    try:
        return int(text) if len(text) < 20 and text.isascii() else None
    except ValueError:
        head, dot, tail = text.partition(".")
        if dot and not tail.strip("0") and head.removeprefix("-").isdigit():
            return int(head)
        return None
