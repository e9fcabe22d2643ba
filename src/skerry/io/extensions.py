"""Read the extensions between a NIfTI header and its voxels."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from skerry.errors import DamagedFileError
from skerry.io.layout import MAX_HEADER_BYTES
from skerry.io.notice import notice
from skerry.io.paths import shown

if TYPE_CHECKING:
    from skerry.io.container import ByteSource


def read_extensions(header: Any, source: ByteSource, size: int, until: int | None) -> None:
    """Read header extensions into a nibabel header, as raw bytes.

    Parameters
    ----------
    header : nibabel NIfTI header
        Gets the extensions.
    source : ByteSource
        Right after the header.
    size : int
        Of the header, bytes.
    until : int or None
        Where voxels begin, bytes; None for the header file of a pair, which
        is read to its end.

    Raises
    ------
    DamagedFileError
        If the file ends before its first voxel.
    """
    room = MAX_HEADER_BYTES if until is None else until - size
    block = source.read(room)
    if until is not None and len(block) < room:
        raise DamagedFileError(f"{shown(source.path)} is cut short: it ends before its first voxel")
    if len(block) < 4 or block[0] == 0:
        return
    found = _extensions(block[4:], header.endianness)
    if found is None:
        notice(f"{shown(source.path)}: its header extensions are broken and left out")
        return
    from nibabel.nifti1 import Nifti1Extension

    # Contents stay raw bytes: nothing parses them that nobody asked for.
    header.extensions.extend(Nifti1Extension(code, content) for code, content in found)


def _extensions(block: bytes, order: str) -> list[tuple[int, bytes]] | None:
    """Give (code, content) of each extension, or None where their sizes make no sense."""
    found = []
    at = 0
    while at + 8 <= len(block):
        size, code = struct.unpack_from(f"{order}2i", block, at)
        if size == 0 and code == 0:
            break  # padding up to the first voxel
        if size < 16 or size % 16 or at + size > len(block):
            return None
        found.append((code, block[at + 8 : at + size].rstrip(b"\0")))
        at += size
    return found
