"""Write gzip data that depend on nothing but what was packed."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from skerry.io.deflate import zlib

if TYPE_CHECKING:
    from typing import Self

_LEVEL = 6
# Magic, deflate, no flags, no time, no hint, no system: the same data give the same bytes.
_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


class GzipWriter:
    """A gzip file being written, without a name and a time in its header.

    Parameters
    ----------
    stream : binary file
        Where the packed bytes go.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        self._crc = 0
        self._n_bytes = 0
        stream.write(_HEADER)

    def write(self, data: bytes | memoryview) -> int:
        """Pack bytes."""
        self._crc = zlib.crc32(data, self._crc)
        self._n_bytes += len(data)
        self._stream.write(self._deflate.compress(data))
        return len(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._stream.write(self._deflate.flush())
            self._stream.write(struct.pack("<2I", self._crc, self._n_bytes & 0xFFFFFFFF))
