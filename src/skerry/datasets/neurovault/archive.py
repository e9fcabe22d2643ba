"""What NeuroVault says: records and lists of records, checked before they are used."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from skerry.checks import is_whole_number
from skerry.datasets.web.fetch import Patience, get_record
from skerry.datasets.web.server import Server
from skerry.errors import ArgumentError, NetworkError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Archive", "as_ids", "is_id"]

SERVER_VARIABLE = "SKERRY_NEUROVAULT_URL"
_DEFAULT_SERVER = "https://neurovault.org"
_PAGE_LENGTH = 100
_LONGEST_LIST = 1_000_000
_LARGEST_ID = 10**12
# What contributors write where there is nothing to say.
_NOTHING = re.compile(r"$|n/?a$|none|null", re.IGNORECASE)


class Archive:
    """A server that speaks NeuroVault's API.

    Parameters
    ----------
    patience : Patience
        Time limits, for each record.
    address : str, optional
        The server; by default the one that `SKERRY_NEUROVAULT_URL` names, else
        https://neurovault.org.

    Raises
    ------
    ArgumentError
        If the address is not https (or http on loopback).
    """

    def __init__(self, patience: Patience, address: str | None = None) -> None:
        name = SERVER_VARIABLE if address is None else "--server"
        address = address or os.environ.get(SERVER_VARIABLE) or _DEFAULT_SERVER
        server = Server.parse(address, name=name)
        if not server.base.endswith("/api/"):
            server = Server(server.base + "api/")
        self.server = server
        self.patience = patience

    @property
    def host(self) -> str:
        """Name of the host, as in messages."""
        return self.server.host

    def image(self, image_id: int) -> dict[str, Any]:
        """Give the record of an image."""
        # With the slash at the end, without which NeuroVault redirects.
        record = get_record(self.server, f"images/{image_id}/", self.patience)
        return cleaned(self.checked_image(record, image_id))

    def checked_image(self, record: dict[str, Any], image_id: int) -> dict[str, Any]:
        """Give a record back if a file can be fetched with it.

        Raises
        ------
        NetworkError
            If not.
        """
        good = record.get("id") == image_id and is_id(record.get("collection_id"))
        if not (good and isinstance(record.get("file"), str)):
            raise NetworkError(
                f"{self.host} has no usable record of image {image_id}: its id, collection_id or "
                "file is missing or wrong"
            )
        self.server.admit(record["file"])
        return record

    def collection(self, collection_id: int) -> dict[str, Any]:
        """Give the record of a collection."""
        record = get_record(self.server, f"collections/{collection_id}/", self.patience)
        if record.get("id") != collection_id:
            raise NetworkError(f"{self.host} has no usable record of collection {collection_id}")
        return cleaned(record)

    def collections(self, terms: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Give the records of all collections, less those that the server leaves out.

        Parameters
        ----------
        terms : dict
            What the server can filter by.
        """
        for record in self._list("collections/", terms):
            yield cleaned(record)

    def images_of(self, collection_id: int) -> Iterator[dict[str, Any]]:
        """Give the records of all images of a collection, page by page.

        They are not checked for the means to fetch a file (`checked_image`): one
        image without a file does not spoil the others.
        """
        address = f"collections/{collection_id}/images/"
        for record in self._list(address, {}):
            if record.get("collection_id") != collection_id:
                raise NetworkError(
                    f"{self.host} lists image {record['id']} for collection {collection_id}, "
                    "to which it does not belong"
                )
            yield cleaned(record)

    def _list(self, address: str, terms: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        seen: set[int] = set()
        count = 1
        n_listed = 0
        while n_listed < count:
            query = urlencode({**terms, "limit": _PAGE_LENGTH, "offset": n_listed})
            page = get_record(self.server, f"{address}?{query}", self.patience)
            count, records = self._page(page, address)
            for record in records:
                if record["id"] in seen:
                    raise NetworkError(f"{self.host} repeats itself in its list of {address}")
                seen.add(record["id"])
            n_listed += len(records)
            if n_listed < count and not records:
                raise NetworkError(
                    f"{self.host} announced {count} records for {address} and lists {n_listed}"
                )
            yield from records

    def _page(self, page: dict[str, Any], address: str) -> tuple[int, list[dict[str, Any]]]:
        count, records = page.get("count"), page.get("results")
        good = (
            isinstance(count, int)
            and 0 <= count <= _LONGEST_LIST
            and isinstance(records, list)
            and all(isinstance(record, dict) and is_id(record.get("id")) for record in records)
        )
        if not good or count is None or records is None:
            raise NetworkError(f"{self.host} has no usable list of {address}")
        return count, records


def cleaned(record: dict[str, Any]) -> dict[str, Any]:
    """Say None where a record says nothing; keep no paths that a server made up."""
    return {
        name: None if isinstance(value, str) and _NOTHING.match(value) else value
        for name, value in record.items()
        if "relative_path" not in name and "absolute_path" not in name
    }


def is_id(value: object) -> bool:
    """Tell whether a value is the number of an image or a collection."""
    return is_whole_number(value) and 0 < value < _LARGEST_ID


def as_ids(given: Iterable[Any], name: str) -> list[int]:
    """Give numbers as plain int, each once, in the order given.

    Raises
    ------
    ArgumentError
        If one is not a positive whole number.
    """
    numbers = [value.item() if hasattr(value, "item") else value for value in given]
    for number in numbers:
        if not is_id(number):
            raise ArgumentError(f"{name}: {number!r} is not a positive whole number")
    return list(dict.fromkeys(numbers))
