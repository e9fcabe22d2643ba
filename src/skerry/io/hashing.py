"""The sha256 of files: which bytes a result came from."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from skerry.errors import ImageFileError, MissingFileError
from skerry.io.container import stamp_of
from skerry.io.paths import at_home, shown

if TYPE_CHECKING:
    from skerry.io.voxels import FileStamp
    from skerry.typing import PathLike

_CHUNK_BYTES = 1 << 20


def sha256_of_unchanged(files: tuple[FileStamp, ...]) -> str:
    """Give the sha256 of files that must be as they were when they were read.

    Parameters
    ----------
    files : tuple of (path, stamp)
        Paths, each with its size and time of change (`stamp_of`).

    Raises
    ------
    ImageFileError
        If one of them was changed since, or cannot be read.
    """
    found = sha256_of(*(path for path, _ in files))
    for path, stamp in files:
        if stamp_of(os.stat(path)) != stamp:  # noqa: PTH116
            raise ImageFileError(f"{shown(path)} was changed since it was read; read it again")
    return found


def sha256_of(*paths: PathLike) -> str:
    """Give the sha256 of the bytes of a file, read in chunks.

    Parameters
    ----------
    *paths : path
        A file; or the files of one image (header, then data), whose bytes
        are taken one after the other.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    MissingFileError, ImageFileError
        If a file is not there or cannot be read.
    """
    digest = hashlib.sha256()
    for path in paths:
        try:
            with open(at_home(path), "rb") as stream:  # noqa: PTH123  # any path-like
                while chunk := stream.read(_CHUNK_BYTES):
                    digest.update(chunk)
        except FileNotFoundError as error:
            raise MissingFileError(f"File not found: {shown(path)}") from error
        except OSError as error:
            raise ImageFileError(f"{shown(path)} cannot be read: {error.strerror}") from error
    return digest.hexdigest()
