"""Find images by their numbers, or by what is known of them: on disk, then on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skerry.datasets.neurovault.archive import is_id
from skerry.datasets.neurovault.failures import Failures
from skerry.io.notice import notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skerry.datasets.neurovault.archive import Archive
    from skerry.datasets.neurovault.filters import ResultFilter
    from skerry.datasets.neurovault.gather import Gatherer
    from skerry.datasets.neurovault.shelf import FetchedImage

    Record = dict[str, Any]

__all__ = ["by_filter", "by_number"]

# What the server can filter by, of collections.
_SERVER_TERMS = ("DOI", "name", "owner")


def by_number(
    gather: Gatherer, collection_ids: list[int], image_ids: list[int], *, mode: str
) -> list[FetchedImage]:
    """Give the images of collections, then further images, each once."""
    if mode == "offline":
        return _by_number_offline(gather, collection_ids, image_ids)
    failures = Failures()
    found = gather.all_of(collection_ids, image_ids, failures)
    failures.raise_if_any()
    return found


def _by_number_offline(
    gather: Gatherer, collection_ids: list[int], image_ids: list[int]
) -> list[FetchedImage]:
    found: dict[int, FetchedImage] = {}
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
        notice(f"not on disk, and not fetched in mode 'offline': {', '.join(absent[:10])}")
    return list(found.values())


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
        notice(f"{failures}; the others are given")
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


def _collection_of(image: FetchedImage) -> int:
    return int(image.path.parent.name.removeprefix("collection_"))
