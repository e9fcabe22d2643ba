"""Names of files: how they are shown, and what a map is called after one."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from skerry.typing import PathLike

# Longest first, so that `a.nii.gz` loses `.nii.gz` and not `.gz`.
IMAGE_SUFFIXES = (
    ".nii.gz", ".hdr.gz", ".img.gz", ".brik.gz",
    ".nii", ".hdr", ".img", ".head", ".brik", ".mgz", ".mgh",
)  # fmt: skip

# A map named by its number, wherever a file may stand.
NEUROVAULT = re.compile("neurovault:([1-9][0-9]{0,11})", re.IGNORECASE)


def neurovault_number(name: str, folder: PathLike = "") -> int | None:
    """Give the number of a map of NeuroVault, of neurovault:32980.

    None for other names, and where a file in the folder is called so.

    Raises
    ------
    ArgumentError
        If no number follows the colon.

    Examples
    --------
    >>> neurovault_number("NeuroVault:32980")
    32980
    """
    named = name[: len("neurovault:")].lower() == "neurovault:"
    if not named or os.path.lexists(os.path.join(folder, name)):  # noqa: PTH118
        return None
    found = NEUROVAULT.fullmatch(name)
    if found is None:
        raise ArgumentError(f"{shown(name)} is not neurovault:NUMBER, as in neurovault:32980")
    return int(found[1])


def shown(path: PathLike) -> str:
    r"""Give a path, or text, as it appears in a message: on one line, no control characters.

    Examples
    --------
    >>> print(shown("a" + chr(10) + "b.nii"))
    a\nb.nii
    """
    text = os.fspath(path)
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def at_home(path: PathLike) -> str:
    """Give a path with a leading "~" written out, unless a file is called so."""
    text = os.fspath(path)
    if text.startswith("~") and not os.path.lexists(text):
        return os.path.expanduser(text)  # noqa: PTH111
    return text


def stem_of(path: PathLike) -> str:
    """Give the name of a map from its file: no folder, no image suffix.

    Examples
    --------
    >>> stem_of("maps/a.map.nii.gz")
    'a.map'
    """
    name = os.path.basename(os.fspath(path))  # noqa: PTH119  # keeps a trailing dot, as Path may not
    for suffix in IMAGE_SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def sibling(path: PathLike, suffix: str) -> str:
    """Give the path with another image suffix, in capitals where the first one is.

    Examples
    --------
    >>> sibling("a.IMG", ".hdr")
    'a.HDR'
    """
    text = os.fspath(path)
    stem = text[: len(text) - len(os.path.basename(text))] + stem_of(text)  # noqa: PTH119
    old = text[len(stem) :]
    return stem + (suffix.upper() if old.isupper() and suffix.islower() else suffix)
