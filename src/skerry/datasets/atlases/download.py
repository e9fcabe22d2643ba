"""Where the files of an atlas come from: addresses, and which server is asked for them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from skerry.datasets.web.server import Server
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Download", "server_of"]

MIRROR_VARIABLE = "SKERRY_ATLAS_MIRROR"
# Where these sites send those who ask for a file.
_FILE_HOSTS = {
    "osf.io": ("storage.googleapis.com",),
    "ndownloader.figshare.com": ("s3-eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"),
}


@dataclass(frozen=True, slots=True)
class Download:
    """Files that arrive together.

    Attributes
    ----------
    urls : tuple of str
        Where they are; the next is asked when one fails.
    names : tuple of str
        The files kept, by their path below the atlas's folder, with "/". Of an
        archive the members of these names; a single file gets the only one.
    is_archive : bool
        Whether it is a zip or a gzipped tar.
    """

    urls: tuple[str, ...]
    names: tuple[str, ...]
    is_archive: bool

    @classmethod
    def archive(cls, names: Iterable[str], *urls: str) -> Download:
        """Take these files out of an archive."""
        return cls(urls, tuple(names), is_archive=True)

    @classmethod
    def file(cls, name: str, *urls: str) -> Download:
        """Name the one file of these addresses."""
        return cls(urls, (name,), is_archive=False)


def server_of(url: str) -> tuple[Server, str]:
    """Give the server that an address is asked from, and the address there.

    The environment variable `SKERRY_ATLAS_MIRROR` names a server that holds
    copies under `<host>/<path>`; then no other is asked.

    Raises
    ------
    ArgumentError
        If the address, or the mirror's, is not https (or http on loopback).
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # brackets that are not those of an IPv6 address
        host = ""
    if not host:
        raise ArgumentError(f"url must be an address like https://host/file, got {url!r}")
    if mirror := os.environ.get(MIRROR_VARIABLE):
        server = Server.parse(mirror, name=MIRROR_VARIABLE)
        return server, f"{server.base}{host}{parts.path}"
    root = Server.parse(f"{parts.scheme}://{parts.netloc}", name="url")
    return Server(root.base, _FILE_HOSTS.get(host, ())), url
