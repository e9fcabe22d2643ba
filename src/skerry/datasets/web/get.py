"""One GET over HTTP, within a deadline.

The standard library does it (`http.client` under `urllib.request`, which knows
proxies) and not pooch or requests: those follow redirects to any host and have
neither a limit on bytes nor a deadline for the whole exchange, so a server that
sends a byte now and then would hold them for ever.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import os
import ssl
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from skerry.datasets.web.deadline import Deadline
from skerry.datasets.web.server import is_on_this_machine
from skerry.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skerry.datasets.web.server import Server

OFFLINE_VARIABLE = "SKERRY_OFFLINE"
_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 1 << 16
_LONGEST_PAUSE_S = 60.0


class TransientError(Exception):
    """A fault that may be gone in a moment: worth another try."""

    def __init__(self, message: str, *, pause_s: float = 0.0) -> None:
        super().__init__(message)
        self.pause_s = pause_s


class OutOfReachError(NetworkError):
    """A server does not answer, or not in time: it need not be this one file's fault."""


class Answer:
    """The answer to a GET, whose body is read once."""

    def __init__(self, response: Any, server: Server, deadline: Deadline) -> None:
        self._response = response
        self._server = server
        self._deadline = deadline
        self.n_bytes: int | None = response.length  # None: the server does not say

    def chunks(self, *, max_bytes: int) -> Iterator[bytes]:
        """Give the body in pieces, and make sure that it is whole.

        Raises
        ------
        NetworkError
            If it is longer than `max_bytes`, or comes too slowly.
        TransientError
            If it ends before the length that the server announced.
        """
        received = 0
        if (self.n_bytes or 0) > max_bytes:
            raise self._too_long(max_bytes)
        while chunk := self._next_chunk():
            received += len(chunk)
            if received > max_bytes:
                raise self._too_long(max_bytes)
            yield chunk
        if received == self.n_bytes:
            return
        if self._deadline.passed:  # the connection was ended from this side
            raise _explained(TimeoutError(), self._server, self._deadline)
        if self.n_bytes is not None:
            raise TransientError(
                f"{self._server.host} sent {received} of {self.n_bytes} bytes and hung up"
            )

    def _next_chunk(self) -> bytes:
        try:
            return bytes(self._response.read1(_CHUNK_BYTES))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _explained(error, self._server, self._deadline) from error

    def _too_long(self, max_bytes: int) -> NetworkError:
        return NetworkError(
            f"{self._server.host} sends more than the {max_bytes} bytes allowed for this answer"
        )


def is_offline() -> bool:
    """Tell whether the environment variable `SKERRY_OFFLINE` is set, to anything but 0."""
    return os.environ.get(OFFLINE_VARIABLE, "") not in ("", "0")


@contextlib.contextmanager
def get(server: Server, address: str, *, timeout_s: float, total_s: float) -> Iterator[Answer]:
    """Ask for an address and follow at most 5 redirects on the same server.

    Parameters
    ----------
    server : Server
        Judges every address before it is asked.
    address : str
        Absolute, or relative to the server's base.
    timeout_s : float
        Longest wait for a connection, and for each further byte, in seconds.
    total_s : float
        Longest time from the first connection to the end of the `with` block,
        redirects and body included.

    Yields
    ------
    Answer
        With status 200.

    Raises
    ------
    NetworkError
        If the server cannot be reached, is too slow, or answers otherwise; or
        if the environment variable `SKERRY_OFFLINE` is set (to anything but 0).
    TransientError
        If it is overloaded (429, 5xx) or hangs up.
    """
    if is_offline():
        raise OutOfReachError(f"{server.host} was not asked: {OFFLINE_VARIABLE} is set")
    deadline = Deadline(timeout_s, total_s)
    try:
        try:
            response = _follow(server, address, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _explained(error, server, deadline) from error
        with contextlib.closing(response):
            yield Answer(response, server, deadline)
    finally:
        deadline.end()


def _follow(server: Server, address: str, deadline: Deadline) -> Any:
    url = server.admit(address)
    for _ in range(_MAX_REDIRECTS + 1):
        response = _open(url, deadline)
        if response.status == 200:
            return response
        with contextlib.closing(response):
            if response.status not in _REDIRECTS:
                raise _refusal(response, server, url)
            target = response.headers.get("Location")
        if not target:
            raise NetworkError(f"{server.host} redirects {url} without saying where")
        url = server.admit(target, after=url)
    raise NetworkError(f"{server.host} redirects more than {_MAX_REDIRECTS} times from {address}")


def _open(url: str, deadline: Deadline) -> Any:
    import skerry

    opener = urllib.request.OpenerDirector()  # bare: no file:, no ftp:, no redirects
    if not is_on_this_machine(url):
        opener.add_handler(urllib.request.ProxyHandler())
    opener.add_handler(_HTTPHandler(deadline))
    opener.add_handler(_HTTPSHandler(deadline))
    opener.addheaders = [("User-Agent", f"skerry/{skerry.__version__}"), ("Accept", "*/*")]
    return opener.open(url, timeout=deadline.timeout_s)


class _HTTPHandler(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._connection = functools.partial(deadline.connection, http.client.HTTPConnection)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _HTTPSHandler(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._connection = functools.partial(deadline.connection, http.client.HTTPSConnection)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req, context=_tls())


@functools.cache
def _tls() -> ssl.SSLContext:
    """Trust the system's certificates, and certifi's where the system has none."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _refusal(response: Any, server: Server, url: str) -> Exception:
    status = f"{response.status} {str(response.reason)[:80]}".rstrip()
    if response.status == 429 or response.status >= 500:
        return TransientError(f"{server.host} answers {status!r}", pause_s=_retry_after(response))
    if response.status in (404, 410):
        return NetworkError(f"{server.host} has no {url} ({status})")
    return NetworkError(f"{server.host} answers {status!r} to {url}")


def _retry_after(response: Any) -> float:
    try:
        pause_s = float(response.headers.get("Retry-After", ""))
    except ValueError:  # absent, or a date: our own pauses will do
        return 0.0
    return min(max(pause_s, 0.0), _LONGEST_PAUSE_S)


def _explained(error: Exception, server: Server, deadline: Deadline) -> Exception:
    """Turn what the standard library raises into one line."""
    if isinstance(error, NetworkError):
        return error
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if deadline.passed:
        return OutOfReachError(
            f"{server.host} did not finish within {deadline.total_s:g} s; "
            "try again later or give a longer timeout"
        )
    if isinstance(reason, TimeoutError):
        return OutOfReachError(
            f"{server.host} did not answer within {deadline.timeout_s:g} s; "
            "try again later or give a longer timeout"
        )
    if isinstance(reason, ssl.SSLCertVerificationError):
        return NetworkError(
            f"the certificate of {server.host} is not trusted ({reason.verify_message})"
        )
    if isinstance(reason, (ConnectionResetError, BrokenPipeError, http.client.IncompleteRead)):
        return TransientError(f"{server.host} hung up before its answer was whole")
    if isinstance(reason, OSError):
        why = reason.strerror or str(reason) or type(reason).__name__
        return OutOfReachError(f"{server.host} cannot be reached ({why}); check the network")
    return NetworkError(f"{server.host} sent an answer that is not HTTP")
