"""Several Arrow tables in one run of bytes that knows its own hash: the form of a part."""

from __future__ import annotations

import hashlib
import json
import struct
from functools import cached_property
from typing import Any

from skerry.batch.extra import need
from skerry.errors import DamagedFileError

__all__ = ["Block", "packed"]

_MAGIC = b"SKERRYP1"
_HASH_BYTES = 32
_START = len(_MAGIC) + _HASH_BYTES
_DAMAGED = "is damaged, or no part of a batch"


def packed(tables: dict[str, Any]) -> bytes:
    """Write tables as one run of bytes.

    Parameters
    ----------
    tables : dict of str to pyarrow.Table

    Returns
    -------
    bytes
        Magic, the sha256 of all that follows, a list of contents, and each
        table as an Arrow IPC stream (zstd).
    """
    sections = {name: _stream(table) for name, table in tables.items()}
    contents: dict[str, tuple[int, int]] = {}
    start = 0
    for name, data in sections.items():
        contents[name] = (start, len(data))
        start += len(data)
    listed = json.dumps(contents).encode()
    body = b"".join([struct.pack("<I", len(listed)), listed, *sections.values()])
    return _MAGIC + hashlib.sha256(body).digest() + body


def _stream(table: Any) -> bytes:
    pa = need("pyarrow")
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())


class Block:
    """A run of bytes written by `packed`.

    Parameters
    ----------
    data : bytes or memory map
    name : str
        What to call it in messages.

    Raises
    ------
    DamagedFileError
        If the bytes are none.
    """

    def __init__(self, data: Any, name: str) -> None:
        self._data = memoryview(data)
        self._name = name
        if self._data[: len(_MAGIC)] != _MAGIC:
            raise DamagedFileError(f"{name} {_DAMAGED}")

    @property
    def digest(self) -> str:
        """The sha256 that the bytes say they have; 64 hexadecimal digits."""
        return self._data[len(_MAGIC) : _START].hex()

    def is_whole(self) -> bool:
        """Tell whether the bytes have the sha256 that they say."""
        return hashlib.sha256(self._data[_START:]).hexdigest() == self.digest

    @cached_property
    def _contents(self) -> tuple[int, dict[str, tuple[int, int]]]:
        try:
            (length,) = struct.unpack_from("<I", self._data, _START)
            first = _START + 4
            return first + length, json.loads(bytes(self._data[first : first + length]))
        except (struct.error, ValueError) as error:
            raise DamagedFileError(f"{self._name} {_DAMAGED}") from error

    def table(self, section: str) -> Any:
        """Read one of the tables (pyarrow.Table)."""
        pa = need("pyarrow")
        base, contents = self._contents
        try:
            start, length = contents[section]
            data = self._data[base + start : base + start + length]
            return pa.ipc.open_stream(pa.py_buffer(data)).read_all()
        except (KeyError, ValueError, TypeError, OSError) as error:
            raise DamagedFileError(f"{self._name} {_DAMAGED}") from error
