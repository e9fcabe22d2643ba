"""What is asked of the NeuroVault fetchers: arguments checked, and answered."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

from skerry.datasets import _cache
from skerry.datasets._archive import Archive, is_id
from skerry.datasets._fetch import Patience
from skerry.datasets._folders import data_folders
from skerry.datasets._gather import Failures, Gatherer
from skerry.datasets.neurovault_filters import ResultFilter, basic_collection_terms
from skerry.errors import ArgumentError, SkerryWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from skerry.datasets._shelf import FetchedImage
    from skerry.typing import Interpolation, PathLike

    Record = dict[str, Any]
    Filter = Callable[[Any], Any]

__all__ = ["by_filter", "by_number", "checked_mode", "gatherer"]

_MODES = ("download_new", "overwrite", "offline")
_SERVER_TERMS = ("DOI", "name", "owner")


def checked_mode(mode: object) -> str:
    """Take a `mode` argument."""
    text = mode.lower() if isinstance(mode, str) else mode
    if text not in _MODES:
        raise ArgumentError(f"'mode' must be one of {list(_MODES)}, got {mode!r}")
    return str(text)


def gatherer(
    data_dir: PathLike | None,
    timeout: float,
    *,
    mode: str = "download_new",
    resampled: Interpolation | None = None,
    verbose: int = 1,
    server: str | None = None,
) -> Gatherer:
    """Make what gets images into the data folder."""
    archive = Archive(Patience.checked(timeout), server)
    overwrite = mode == "overwrite"
    return Gatherer(data_folders(data_dir), archive, overwrite, resampled, verbose)


def mode_that_can_be(mode: str, gather: Gatherer) -> str:
    """Work offline, with a warning, where the folder is there and cannot be written."""
    if mode == "offline":
        return mode
    _cache.make_folder(gather.root)
    if os.access(gather.root, os.W_OK):
        return mode
    warnings.warn(
        f"the folder {gather.root} cannot be written: nothing is fetched, what is there is given",
        SkerryWarning,
        stacklevel=4,
    )
    return "offline"


def by_number(
    gather: Gatherer, collection_ids: list[int], image_ids: list[int], *, mode: str
) -> list[FetchedImage]:
    """Give the images of collections, then further images, each once."""
    failures = Failures()
    found: dict[int, FetchedImage] = {}
    if mode == "offline":
        _by_number_offline(gather, collection_ids, image_ids, found)
        return list(found.values())
    for collection_id in collection_ids:
        for image in gather.collection(collection_id, failures):
            found.setdefault(image.image_meta["id"], image)
    missing = [image_id for image_id in image_ids if image_id not in found]
    for number, image_id in enumerate(missing, start=1):
        place = f"[{number}/{len(missing)}] " if len(missing) > 1 else ""
        with failures.noted(image_id):
            found[image_id] = gather.image(image_id, place=place)
    failures.raise_if_any()
    return list(found.values())


def _by_number_offline(
    gather: Gatherer,
    collection_ids: list[int],
    image_ids: list[int],
    found: dict[int, FetchedImage],
) -> None:
    places: dict[int, list[FetchedImage]] = {number: [] for number in collection_ids}
    single: dict[int, FetchedImage] = {}
    for candidate in gather.candidates():
        image_id = candidate.image_meta["id"]
        collection = places.get(_collection_of(candidate))
        if image_id in single or (collection is None and image_id not in image_ids):
            continue
        if (image := gather.ready(candidate)) is not None:
            single[image_id] = image
            if collection is not None:
                collection.append(image)
    for images in places.values():
        found.update((image.image_meta["id"], image) for image in images)
    found.update((number, single[number]) for number in image_ids if number in single)
    absent = [f"image {number}" for number in image_ids if number not in found]
    absent += [f"collection {number}" for number, images in places.items() if not images]
    if absent:
        warnings.warn(
            f"not on disk, and not fetched in mode 'offline': {', '.join(absent[:10])}",
            SkerryWarning,
            stacklevel=4,
        )


def by_filter(
    gather: Gatherer,
    collection_wanted: ResultFilter,
    image_wanted: ResultFilter,
    *,
    mode: str,
    max_images: int | None,
) -> list[FetchedImage]:
    """Give the images that two filters want, those on disk first."""
    failures = Failures()
    found: dict[int, FetchedImage] = {}
    limit = float("inf") if max_images is None or max_images < 0 else max_images
    if mode != "overwrite" and limit:
        for candidate in gather.candidates():
            if candidate.image_meta["id"] in found:
                continue
            if not collection_wanted(candidate.collection_meta):
                continue
            if not image_wanted(candidate.image_meta):
                continue
            with failures.noted(candidate.image_meta["id"]):
                if image := gather.ready(candidate):
                    found[image.image_meta["id"]] = image
            if len(found) >= limit:
                break
    if mode != "offline" and len(found) < limit:
        for collection, record in _asked_for(gather.archive, collection_wanted, image_wanted):
            if record["id"] in found:
                continue
            with failures.noted(record["id"]):
                found[record["id"]] = gather.image(record["id"], record, collection)
            if len(found) >= limit:
                break
    if failures:
        if not found:
            failures.raise_if_any()
        warnings.warn(f"{failures}; the others are given", SkerryWarning, stacklevel=3)
    return list(found.values())


def _asked_for(
    archive: Archive, collection_wanted: ResultFilter, image_wanted: ResultFilter
) -> Iterator[tuple[Record, Record]]:
    """Scroll through the server's collections and their images."""
    for collection in _collections(archive, collection_wanted):
        if collection_wanted(collection):
            for image in archive.images_of(collection["id"]):
                if image_wanted(image):
                    yield collection, image


def _collections(archive: Archive, wanted: ResultFilter) -> Iterator[Record]:
    terms = wanted.query_terms_
    if is_id(terms.get("id")):  # its list of one is asked for as itself
        return iter([archive.collection(terms["id"])])
    return archive.collections(
        {name: terms[name] for name in _SERVER_TERMS if isinstance(terms.get(name), (str, int))}
    )


def filters(
    collection_terms: Record | None,
    collection_filter: Filter | None,
    image_terms: Record,
    image_filter: Filter | None,
) -> tuple[ResultFilter, ResultFilter]:
    """Make the two filters from what a user gave; a collection's number is a term of it."""
    collection_terms = dict(
        basic_collection_terms() if collection_terms is None else collection_terms
    )
    image_terms = dict(image_terms)
    if "collection_id" in image_terms:
        number = image_terms["collection_id"]
        if "id" not in collection_terms or collection_terms["id"] == number:
            collection_terms["id"] = _as_number(image_terms.pop("collection_id"))
        else:
            warnings.warn(
                "collection_id and the id of collection_terms contradict each other",
                SkerryWarning,
                stacklevel=4,
            )
    if "id" in collection_terms:
        collection_terms["id"] = _as_number(collection_terms["id"])
    return (
        ResultFilter(collection_terms, collection_filter),
        ResultFilter(image_terms, image_filter),
    )


def _as_number(value: Any) -> Any:
    """Give a number that is written as text, or is NumPy's, as an int; all else as it is."""
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _collection_of(image: FetchedImage) -> int:
    return int(image.path.parent.name.removeprefix("collection_"))
