"""Take named files out of a zip or a tar archive, and nothing else."""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ARCHIVE_BEGINS", "ArchiveError", "members_of"]

_ZIP_BEGINS = b"PK\x03\x04"
ARCHIVE_BEGINS = (_ZIP_BEGINS, b"\x1f\x8b")
MAX_MEMBER_BYTES = 2 * 1024**3
MAX_EXPANDED_BYTES = 8 * 1024**3
_MAX_DIRECTORY_BYTES = 16 * 1024**2
_MAX_HEADER_BYTES = 1024**2
_CHUNK_BYTES = 1 << 20
# What the standard library raises for archives that are cut, altered or of another kind.
_FAULTS = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, RuntimeError,
    OverflowError, ValueError, gzip.BadGzipFile,
)  # fmt: skip


class ArchiveError(Exception):
    """An archive is damaged, or holds what is not unpacked."""


def members_of(stream: IO[bytes], wanted: frozenset[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give the wanted files of an archive, each in pieces.

    The archive's own names are only compared: a name that is not wanted, a
    link, a device or a path that leads elsewhere is passed over.

    Parameters
    ----------
    stream : binary file
        A zip or a gzipped tar archive, at its beginning.
    wanted : frozenset of str
        Names as the archive has them, with "/", without a leading "./".

    Yields
    ------
    name : str
    pieces : iterator of bytes
        To be used up before the next file.

    Raises
    ------
    ArchiveError
        If it is damaged, encrypted, names a wanted file twice, or expands to
        more than 2 GiB a file or 8 GiB in all.
    """
    seen: set[str] = set()
    is_zip = stream.read(len(_ZIP_BEGINS)) == _ZIP_BEGINS
    stream.seek(0)
    try:
        for raw_name, opened in _of_zip(stream) if is_zip else _of_tar(stream):
            name = raw_name.removeprefix("./")
            if name not in wanted:
                continue
            if name in seen:
                raise ArchiveError(f"it holds {name} twice")
            seen.add(name)
            with opened() as content:
                yield name, _pieces(content, name)
    except _FAULTS as error:
        raise ArchiveError(str(error)[:200] or type(error).__name__) from error


def _pieces(content: IO[bytes], name: str) -> Iterator[bytes]:
    n_bytes = 0
    while piece := content.read(_CHUNK_BYTES):
        n_bytes += len(piece)
        if n_bytes > MAX_MEMBER_BYTES:
            raise ArchiveError(f"{name} expands to more than {MAX_MEMBER_BYTES} bytes")
        yield piece


def _of_zip(stream: IO[bytes]) -> Iterator[tuple[str, Any]]:
    _judge_directory(stream)
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if not member.is_dir() and not stat.S_ISLNK(member.external_attr >> 16):
                yield member.filename, lambda member=member: archive.open(member)


def _judge_directory(stream: IO[bytes]) -> None:
    """Refuse a list of members that would fill the memory before it is read."""
    stream.seek(0, 2)
    stream.seek(max(stream.tell() - (1 << 16) - 42, 0))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise ArchiveError("its end is missing")
    n_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    if n_bytes > _MAX_DIRECTORY_BYTES or b"PK\x06\x07" in tail[max(at - 20, 0) : at]:
        raise ArchiveError("its list of files is too long")
    stream.seek(0)


def _of_tar(stream: IO[bytes]) -> Iterator[tuple[str, Any]]:
    with gzip.GzipFile(fileobj=stream, mode="rb") as unzipped:
        bounded: Any = _Bounded(unzipped)
        with tarfile.open(fileobj=bounded, mode="r|", tarinfo=_Member) as archive:
            for member in archive:
                if member.type in (tarfile.REGTYPE, tarfile.AREGTYPE):
                    yield member.name, lambda member=member: archive.extractfile(member)
                archive.members.clear()  # type: ignore[attr-defined]  # it keeps them all
        while bounded.read(_CHUNK_BYTES):  # to the checksum at the end
            pass


class _Bounded:
    """A file that ends in an error when it goes on for too long."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream
        self._n_bytes = 0

    def read(self, n_bytes: int) -> bytes:
        piece = self._stream.read(n_bytes)
        self._n_bytes += len(piece)
        if self._n_bytes > MAX_EXPANDED_BYTES:
            raise ArchiveError(f"it expands to more than {MAX_EXPANDED_BYTES} bytes")
        return piece


class _Member(tarfile.TarInfo):
    """A member whose extended header is small enough to be read into memory."""

    @classmethod
    def frombuf(cls, buf: Any, encoding: str, errors: str) -> _Member:
        member = super().frombuf(buf, encoding, errors)
        if member.type not in tarfile.REGULAR_TYPES and member.size > _MAX_HEADER_BYTES:
            raise ArchiveError("it holds a header that is too long")
        return member
