"""Which addresses a client may ask: one server, over https, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from skerry.errors import ArgumentError, NetworkError
from skerry.io.paths import shown

_DEFAULT_PORT = {"https": 443, "http": 80}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# What may stand in an address as it is; the rest (blanks, letters with
# accents) is percent-encoded, "%" itself excepted.
_URL_CHARACTERS = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that files may come from.

    An address is admitted when it is https at this server's host (or a host
    below it, `media.example.org` for `example.org`) and port. On loopback, for
    mirrors and tests, it may be http, and then the host must be the same.

    Parameters
    ----------
    base : str
        Address that relative ones start from; ends with a slash.
    also : tuple of str
        Further hosts whose files this server is known to send clients to.
    """

    base: str
    also: tuple[str, ...] = ()

    @classmethod
    def parse(cls, address: str, *, name: str) -> Server:
        """Read a server's address as a user gives it.

        Parameters
        ----------
        address : str
            For example `https://neurovault.org`.
        name : str
            Where it was given, for error messages.

        Raises
        ------
        ArgumentError
            If it is not https (or http on loopback), or carries a password.
        """
        parts = _split(address.strip())
        if parts is None or not parts.hostname or "@" in parts.netloc:
            raise ArgumentError(f"{name} must be an address like https://host, got {address!r}")
        if not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts))):
            raise ArgumentError(
                f"{name} must start with https:// (http:// only on this machine), got {address!r}"
            )
        path = parts.path.rstrip("/") + "/"
        return cls(urlunsplit((parts.scheme, parts.netloc, path, "", "")))

    @property
    def host(self) -> str:
        """Name of the host, as in messages."""
        return urlsplit(self.base).netloc

    def admit(self, address: str, *, after: str | None = None) -> str:
        """Give the absolute form of an address if it may be asked.

        Parameters
        ----------
        address : str
            Absolute or relative; from a record or a redirect.
        after : str, optional
            Address it is relative to; the server's base by default.

        Raises
        ------
        NetworkError
            If it leads elsewhere.
        """
        parts = _split(address, after or self.base)
        own = urlsplit(self.base)
        if parts is None or "@" in parts.netloc or parts.scheme not in _DEFAULT_PORT:
            raise self._elsewhere(address)
        if parts.scheme == "http" and own.scheme == "https" and parts.port in (None, 80):
            # NeuroVault, behind a proxy, has written its own addresses with http.
            parts = parts._replace(scheme="https", netloc=parts.hostname or "")
        if not self._same_place(parts, own):
            raise self._elsewhere(address)
        path = quote(parts.path, safe=_URL_CHARACTERS)
        query = quote(parts.query, safe=_URL_CHARACTERS)
        return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))

    def _same_place(self, parts: SplitResult, own: SplitResult) -> bool:
        host, own_host = parts.hostname or "", own.hostname or ""
        same_host = host == own_host
        if own.scheme == "https" and not _is_loopback(own):
            tops = (own_host.removeprefix("www."), *self.also)
            same_host = any(host == top or host.endswith("." + top) for top in tops)
        return same_host and parts.scheme == own.scheme and _port(parts) == _port(own)

    def _elsewhere(self, address: str) -> NetworkError:
        return NetworkError(
            f"{self.host} points to {shown(address)[:200]!r}, which is not on its own https host; "
            "it was not followed"
        )


def is_on_this_machine(address: str) -> bool:
    """Tell whether an address is on loopback, which no proxy is asked for."""
    return _is_loopback(urlsplit(address))


def _split(address: str, base: str = "") -> SplitResult | None:
    if not address.isprintable():
        return None
    try:
        parts = urlsplit(urljoin(base, address))
        _port(parts)
    except ValueError:
        return None
    return parts


def _port(parts: SplitResult) -> int | None:
    return parts.port if parts.port is not None else _DEFAULT_PORT.get(parts.scheme)


def _is_loopback(parts: SplitResult) -> bool:
    return (parts.hostname or "") in _LOOPBACK
