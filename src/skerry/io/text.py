"""Read small text files, whichever program wrote them."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from skerry.errors import ImageFileError
from skerry.io.container import opened
from skerry.io.paths import at_home, shown

if TYPE_CHECKING:
    from skerry.typing import PathLike

__all__ = ["read_text"]

_MOST_BYTES = 16 * 2**20


def read_text(path: PathLike) -> str:
    """Read a text file, plain or gzipped: UTF-8, UTF-16, or what older Windows programs write.

    Raises
    ------
    MissingFileError
        If it is not there, or is a folder.
    ImageFileError
        If it cannot be read, is empty, larger than 16 MiB, not text, or a web page.
    """
    with opened(at_home(path)) as source:
        data = source.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ImageFileError(f"{shown(path)} is larger than 16 MiB, too large for a text file")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise ImageFileError(f"{shown(path)} is not a text file")
    if data[:1000].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise ImageFileError(f"{shown(path)} is a web page (a login page, perhaps)")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
