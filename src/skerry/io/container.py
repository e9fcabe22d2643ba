"""The bytes of a file, plain or gzipped, read once from front to back and to the end."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import IO, TYPE_CHECKING, Any

from skerry.errors import DamagedFileError, ImageFileError, MissingFileError, TooLargeError
from skerry.io.deflate import zlib
from skerry.io.notice import notice
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skerry.typing import PathLike

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK_BYTES = 1 << 17
# Deflate cannot expand more than 1032 times (two bits for 258 bytes).
_MOST_EXPANSION = 1032


class ByteSource:
    """Expanded bytes of an open file, as a stream.

    Parameters
    ----------
    stream : binary file
        Open at its start.
    path : path
        Its name, for messages.

    Attributes
    ----------
    is_gzip : bool
        Whether the file is compressed.
    most_bytes : int
        The file cannot hold more expanded bytes than this; exact when plain.
    stamp : (int, int)
        Size and time of change of the file when it was opened.
    """

    def __init__(self, stream: IO[bytes], path: PathLike) -> None:
        self.path = path
        self._stream = stream
        self._held = b""
        self._packed = self._raw(_CHUNK_BYTES)
        self.is_gzip = self._packed[:2] == _GZIP_MAGIC
        self._member: Any = zlib.decompressobj(wbits=31) if self.is_gzip else None
        self.stamp = stamp_of(os.fstat(stream.fileno()))
        size = self.stamp[0]
        self.most_bytes = size * _MOST_EXPANSION if self.is_gzip else size

    def peek(self, n_bytes: int) -> bytes:
        """Give the next bytes (fewer only at the end) and leave them to be read."""
        parts = [self._held]
        have = len(self._held)
        while have < n_bytes and (chunk := self._next()):
            parts.append(chunk)
            have += len(chunk)
        self._held = b"".join(parts)
        return self._held[:n_bytes]

    def read(self, n_bytes: int) -> bytes:
        """Give the next bytes; fewer only at the end."""
        found = self.peek(n_bytes)
        self._held = self._held[len(found) :]
        return found

    def read_into(self, target: memoryview) -> int:
        """Fill a buffer of bytes; give how many there were."""
        filled = 0
        while filled < len(target):
            chunk = self._held or self._next()
            if not chunk:
                break
            part = chunk[: len(target) - filled]
            target[filled : filled + len(part)] = part
            self._held = chunk[len(part) :]
            filled += len(part)
        return filled

    def skip(self, n_bytes: int) -> int:
        """Go over bytes; give how many there were."""
        left = n_bytes
        while left:
            chunk = self._held or self._next()
            if not chunk:
                break
            self._held = chunk[left:]
            left -= min(left, len(chunk))
        return n_bytes - left

    def finish(self, limit_bytes: int) -> int:
        """Read to the end, so that checksums are verified; give how many bytes were left.

        Raises
        ------
        TooLargeError
            If more than `limit_bytes` are left.
        DamagedFileError
            If the file was changed while it was read.
        """
        left = len(self._held)
        self._held = b""
        while chunk := self._next():
            left += len(chunk)
            if left > limit_bytes:
                raise TooLargeError(
                    f"{shown(self.path)} goes on for more than {limit_bytes} bytes after the image "
                    "that its header describes"
                )
        if stamp_of(os.fstat(self._stream.fileno())) != self.stamp:
            raise DamagedFileError(
                f"{shown(self.path)} was changed while it was read; read it again"
            )
        return left

    def _raw(self, n_bytes: int) -> bytes:
        try:
            return self._stream.read(n_bytes)
        except OSError as error:
            why = error.strerror or str(error)
            raise ImageFileError(f"{shown(self.path)} cannot be read: {why}") from error

    def _next(self) -> bytes:
        """Give some further expanded bytes; none at the end."""
        if not self.is_gzip:
            chunk, self._packed = self._packed or self._raw(_CHUNK_BYTES), b""
            return chunk
        while True:
            if self._member is None:
                return b""
            if self._member.eof:
                self._next_member()
                continue
            packed = self._packed or self._raw(_CHUNK_BYTES)
            if not packed:
                raise DamagedFileError(
                    f"{shown(self.path)} is cut short: its gzip data stop before their end; "
                    "get the file again"
                )
            try:
                chunk = self._member.decompress(packed, _CHUNK_BYTES)
            except zlib.error as error:
                raise DamagedFileError(
                    f"{shown(self.path)} is damaged: its gzip data do not agree with their "
                    f"checksum ({_reason(error)}); get the file again"
                ) from error
            self._packed = self._member.unconsumed_tail
            if chunk:
                return bytes(chunk)

    def _next_member(self) -> None:
        """Go to the gzip member after this one; there is none after padding with zeros."""
        rest = self._member.unused_data or self._raw(_CHUNK_BYTES)
        if len(rest) == 1:
            rest += self._raw(_CHUNK_BYTES)
        if rest[:2] == _GZIP_MAGIC:
            self._member, self._packed = zlib.decompressobj(wbits=31), rest
            return
        self._member = None
        if rest.strip(b"\0"):
            notice(f"{shown(self.path)}: bytes after the end of its gzip data are left out")


@contextlib.contextmanager
def opened(path: PathLike) -> Iterator[ByteSource]:
    """Open a file for reading as a `ByteSource`.

    Raises
    ------
    MissingFileError
        If it is not there or is a folder.
    ImageFileError
        If it is not a regular file, is empty, or may not be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    # Not blocking: to open a pipe that nobody writes to would wait for ever.
    flags |= getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise _cannot_open(path, error) from error
    try:
        status = os.fstat(handle)
        _check_is_file(status, path)
        with open(handle, "rb", buffering=0, closefd=False) as stream:
            yield ByteSource(stream, path)
    finally:
        os.close(handle)


def stamp_of(status: os.stat_result) -> tuple[int, int]:
    """Give size and time of change: what tells that a file is not as it was."""
    return status.st_size, status.st_mtime_ns


def _check_is_file(status: os.stat_result, path: PathLike) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise MissingFileError(f"{shown(path)} is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise ImageFileError(f"{shown(path)} is not a regular file")
    if status.st_size == 0:
        raise ImageFileError(f"{shown(path)} is empty")


def _cannot_open(path: PathLike, error: OSError | ValueError) -> ImageFileError:
    code = getattr(error, "errno", None)
    if code in (errno.ENOENT, errno.ENOTDIR):
        return MissingFileError(f"File not found: {shown(path)}")
    if code is not None and os.path.isdir(path):  # noqa: PTH112  # Windows opens no folder
        return MissingFileError(f"{shown(path)} is a folder, not a file")
    why = getattr(error, "strerror", None) or str(error)
    return ImageFileError(f"{shown(path)} cannot be read: {why}")


def _reason(error: Exception) -> str:
    return str(error).rsplit(": ", 1)[-1]
