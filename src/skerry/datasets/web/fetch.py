"""Records and files from a server: bounded, retried, checked."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TypeVar

from skerry.checks import is_number
from skerry.datasets.web.get import OutOfReachError, TransientError, get
from skerry.datasets.web.progress import Progress
from skerry.errors import ArgumentError, ArgumentTypeError, NetworkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.datasets.web.server import Server

__all__ = ["Patience", "get_file", "get_record"]

Result = TypeVar("Result")

MAX_RECORD_BYTES = 16 * 1024**2
MAX_FILE_BYTES = 1024**3
_PAUSES_S = (0.5, 1.0, 2.0)  # between four attempts
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server.

    Parameters
    ----------
    timeout_s : float
        Longest wait for a connection and for each further byte. A record may
        take 10 times as long in all, a file 60 times.
    """

    timeout_s: float

    @classmethod
    def checked(cls, timeout: object) -> Patience:
        """Take a `timeout` argument."""
        if not is_number(timeout):
            raise ArgumentTypeError(
                f"timeout must be a number of seconds, got {type(timeout).__name__}"
            )
        seconds = float(timeout)
        if not (math.isfinite(seconds) and seconds > 0):
            raise ArgumentError(f"timeout must be a positive number of seconds, got {timeout}")
        return cls(seconds)

    @property
    def record_total_s(self) -> float:
        """Longest time for a record, s."""
        return 10 * self.timeout_s

    @property
    def file_total_s(self) -> float:
        """Longest time for a file, s."""
        return 60 * self.timeout_s


class _OtherFileError(Exception):
    """What arrives is not the kind of file that was asked for."""


def get_record(server: Server, address: str, patience: Patience) -> dict[str, Any]:
    """Get a JSON object.

    Parameters
    ----------
    server : Server
        Who is asked.
    address : str
        Relative to the server's base.
    patience : Patience
        Time limits.

    Returns
    -------
    dict
        NaN and infinities, which are not JSON, are None.

    Raises
    ------
    NetworkError
        If there is none, or it is not a JSON object of at most 16 MB.
    """

    def attempt() -> bytes:
        times = {"timeout_s": patience.timeout_s, "total_s": patience.record_total_s}
        with get(server, address, **times) as answer:
            return b"".join(answer.chunks(max_bytes=MAX_RECORD_BYTES))

    record = parse_record(_with_retries(attempt, patience))
    if record is None:
        raise NetworkError(
            f"{server.host} answers {address} with something that is not a JSON object "
            "(a login page or a proxy's message, perhaps)"
        )
    return record


def parse_record(text: bytes) -> dict[str, Any] | None:
    """Read a JSON object; None if the bytes are something else."""
    try:
        record = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, numbers or nesting without end
        return None
    return record if isinstance(record, dict) else None


def get_file(
    server: Server,
    address: str,
    stream: IO[bytes],
    patience: Patience,
    *,
    n_bytes: int | None = None,
    check: Callable[[], None],
    verbose: int = 0,
    begins: tuple[bytes, ...] = (_GZIP_MAGIC,),
    what: str = "a gzipped file",
) -> str:
    """Get a file.

    Parameters
    ----------
    server : Server
        Who is asked.
    address : str
        Absolute, or relative to the server's base.
    stream : binary file
        Written from its beginning; its old content goes.
    patience : Patience
        Time limits.
    n_bytes : int, optional
        The size that a record announces.
    check : callable
        Called when all bytes are in the file; raises `TransientError` if they
        are damaged, which is tried again.
    verbose : int
        Above 0, a long download shows its progress on a terminal.
    begins : tuple of bytes
        How the file may begin, by default as gzip does; without any, at will.
    what : str
        What it is, for the message if it begins otherwise.

    Returns
    -------
    str
        The sha256 of the bytes, 64 hexadecimal digits.

    Raises
    ------
    NetworkError
        If there is no such file, or it does not arrive whole.
    """

    def attempt() -> str:
        stream.seek(0)
        stream.truncate()
        try:
            digest = _receive(
                server, address, stream, patience, n_bytes=n_bytes, verbose=verbose, begins=begins
            )
        except _OtherFileError as error:
            raise NetworkError(
                f"{server.host} answers {address} with something that is not {what} "
                "(a login page, perhaps)"
            ) from error
        stream.flush()
        check()
        return digest

    return _with_retries(attempt, patience)


def _receive(
    server: Server,
    address: str,
    stream: IO[bytes],
    patience: Patience,
    *,
    n_bytes: int | None,
    verbose: int,
    begins: tuple[bytes, ...],
) -> str:
    digest, received, head = hashlib.sha256(), 0, b""
    longest = max(map(len, begins), default=0)
    times = {"timeout_s": patience.timeout_s, "total_s": patience.file_total_s}
    with get(server, address, **times) as answer:
        if None not in (n_bytes, answer.n_bytes) and n_bytes != answer.n_bytes:
            raise _wrong_size(server, address, n_bytes, answer.n_bytes)
        limit = MAX_FILE_BYTES if n_bytes is None else min(n_bytes, MAX_FILE_BYTES)
        progress = Progress(f"from {server.host}", n_bytes or answer.n_bytes, verbose=verbose)
        with contextlib.closing(progress):
            for chunk in answer.chunks(max_bytes=limit):
                if received < longest:  # the first piece may be a single byte
                    head += chunk[: longest - received]
                    if not any(head.startswith(b) or b.startswith(head) for b in begins):
                        raise _OtherFileError
                stream.write(chunk)
                digest.update(chunk)
                received += len(chunk)
                progress.update(received)
    if begins and not head.startswith(begins):
        raise _OtherFileError
    if n_bytes is not None and received != n_bytes:
        raise _wrong_size(server, address, n_bytes, received)
    return digest.hexdigest()


def _wrong_size(server: Server, address: str, announced: int | None, got: int | None) -> Exception:
    return TransientError(
        f"{server.host} announced {announced} bytes for {address} and sends {got}"
    )


def _with_retries(attempt: Callable[[], Result], patience: Patience) -> Result:
    for pause_s in _PAUSES_S:
        try:
            return attempt()
        except TransientError as fault:
            # A server may ask for a longer pause, up to what the caller would wait anyway.
            time.sleep(max(pause_s, min(fault.pause_s, patience.timeout_s)))
    try:
        return attempt()
    except TransientError as fault:
        raise OutOfReachError(
            f"{fault}; {len(_PAUSES_S) + 1} attempts failed, try again later"
        ) from fault
