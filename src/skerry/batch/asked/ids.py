"""What the maps of a batch are called, and the files that are named after them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from skerry.errors import ArgumentError
from skerry.io.paths import shown, stem_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["check_id", "check_unique", "file_name_of", "ids_of"]

_LONGEST_ID = 200


def ids_of(locations: Sequence[str]) -> list[str]:
    """Call maps after their files, and after their folders too where files share a name."""
    ids = [shown(stem_of(location)).replace("neurovault:", "neurovault-") for location in locations]
    counts, files = Counter(map(str.casefold, ids)), Counter(locations)
    for depth in range(1, 6):
        again = [
            at
            for at, one in enumerate(ids)
            if counts[one.casefold()] > 1
            and files[locations[at]] == 1  # no folder tells a file from itself
        ]
        if not again:
            break
        for at in again:
            folders = Path(locations[at]).parent.parts[1:][-depth:]
            ids[at] = shown("_".join([*folders, stem_of(locations[at])]))
        counts = Counter(map(str.casefold, ids))
    return [one if len(one) <= _LONGEST_ID else _cut(one, _LONGEST_ID) for one in ids]


def check_id(id_: str, said: str) -> None:
    """Refuse an id that no line of text can hold, or that is too long.

    Raises
    ------
    ArgumentError
        That begins with `said`: where the id stands.
    """
    if not id_.isprintable() or len(id_) > _LONGEST_ID:
        raise ArgumentError(
            f"{said}: the id '{shown(id_[:40])}' holds control characters or more than "
            f"{_LONGEST_ID} characters"
        )


def check_unique(ids: Sequence[str], places: Sequence[str], said: str) -> None:
    """Refuse ids of which two are equal, or but for upper and lower case.

    Raises
    ------
    ArgumentError
        That begins with `said` and names the places of both.
    """
    first: dict[str, tuple[str, str]] = {}
    for id_, place in zip(ids, places, strict=True):
        # Files are called after ids, and many disks take a and A for one.
        other, there = first.setdefault(id_.casefold(), (id_, place))
        if there != place:
            but = "" if other == id_ else f" but for upper and lower case ('{shown(other)}')"
            raise ArgumentError(
                f"{said} {place} has the id '{shown(id_)}', which {there} has already{but}; "
                "give each map an id of its own (column id of a manifest)"
            )


def file_name_of(id_: str) -> str:
    """Give the name that the files of a map are called after: safe in any folder.

    Examples
    --------
    >>> file_name_of("sub-01_z"), file_name_of("../../x")
    ('sub-01_z', '_.._x-9cdf6a50')
    """
    safe = re.sub(r"[^A-Za-z0-9._+=@-]", "_", id_)
    if safe == id_ and not safe.startswith((".", "-")) and len(safe) <= 120:
        return safe
    return _cut(safe, 120, of=id_)


def _cut(text: str, longest: int, *, of: str | None = None) -> str:
    """Cut a name, and end it in a hash of all of it."""
    tail = hashlib.sha256((of or text).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{text[: longest - 9].lstrip('.-') or 'map'}-{tail}"
