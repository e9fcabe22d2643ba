"""Where atlases come from: addresses, terms, and the files of a download."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from skerry.datasets._server import Server
from skerry.errors import ArgumentError

__all__ = ["Download", "Source", "server_of"]

MIRROR_VARIABLE = "SKERRY_ATLAS_MIRROR"
# Where these sites send those who ask for a file.
_FILE_HOSTS = {
    "osf.io": ("storage.googleapis.com",),
    "ndownloader.figshare.com": ("s3-eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """An atlas as its authors publish it.

    Attributes
    ----------
    folder : str
        Name of its folder on disk, the one that nilearn uses.
    title : str
        What it is called.
    about : str
        What it holds.
    licence : str
        What its authors say of its use.
    reference : str
        What to cite.
    """

    folder: str
    title: str
    about: str
    licence: str
    reference: str

    @property
    def terms(self) -> str:
        """What is said once: licence and reference, on one line."""
        return f"{self.title}. Licence: {self.licence}. Please cite {self.reference}."

    @property
    def description(self) -> str:
        """What the item `description` says."""
        return (
            f"{self.title}\n\n{self.about}\n\nLicence: {self.licence}.\n\n"
            f"Reference: {self.reference}.\n"
        )


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
    is_archive: bool = True


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
