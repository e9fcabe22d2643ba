"""Time limits that hold for a whole exchange with a server."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import http.client

__all__ = ["Deadline"]


class Deadline:
    """Ends an exchange when its time is over, whatever call it waits in.

    A socket's own time limit is for one wait; a server that sends a byte now
    and then never reaches it. So a timer shuts the connection down.

    Parameters
    ----------
    timeout_s : float
        Longest wait for a connection, and for each further byte, in seconds.
    total_s : float
        Time until the exchange is ended, from now, in seconds.
    """

    def __init__(self, timeout_s: float, total_s: float) -> None:
        self.timeout_s = timeout_s
        self.total_s = total_s
        self._end = time.monotonic() + total_s
        self._handle: socket.socket | None = None
        self._timer = threading.Timer(total_s, self._hang_up)
        self._timer.daemon = True
        self._timer.start()

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._end

    def end(self) -> None:
        """Stop the clock: the exchange is done."""
        self._timer.cancel()
        self._release()

    def connection(self, kind: type[http.client.HTTPConnection], *args: Any, **kwargs: Any) -> Any:
        """Make an `http.client` connection that keeps to this deadline."""
        made: Any = kind(*args, **kwargs)
        # The one seam that http.client offers between a name and its socket.
        made._create_connection = self._connect
        return made

    def _connect(self, place: tuple[str, int], *_: Any) -> socket.socket:
        until = min(time.monotonic() + self.timeout_s, self._end)
        fault: OSError = TimeoutError("no answer")
        for family, kind, protocol, _, where in _look_up(place, until - time.monotonic()):
            left_s = until - time.monotonic()
            if left_s <= 0:
                break
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(left_s)
                made.connect(where)
            except OSError as error:
                made.close()
                fault = error
                continue
            made.settimeout(self.timeout_s)
            # A second handle on the same connection: TLS takes the first one over.
            self._release()
            self._handle = made.dup()
            return made
        raise fault

    def _hang_up(self) -> None:
        handle = self._handle  # the exchange may end meanwhile
        if handle is not None:
            with contextlib.suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def _look_up(place: tuple[str, int], timeout_s: float) -> list[Any]:
    """Ask for a host's addresses; the system's own call knows no time limit."""
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put(socket.getaddrinfo(*place, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = found.get(timeout=max(timeout_s, 0.0))
    except queue.Empty:
        raise TimeoutError("the host's name was not found in time") from None
    if isinstance(answer, UnicodeError):
        raise OSError(f"{place[0]!r} is not the name of a host") from answer
    if isinstance(answer, OSError):
        raise answer
    return list(answer)
