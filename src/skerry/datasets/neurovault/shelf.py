"""Maps and their records on disk, in the layout that nilearn uses.

`collection_<number>/` holds `collection_metadata.json`, and of each image
`image_<number>.nii.gz`, `image_<number>_resampled.nii.gz` (either or both) and
`image_<number>_metadata.json`. skerry adds a sha256 beside each map, and
`collection_images.json`: the images that the server listed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from skerry.datasets import cache
from skerry.datasets.neurovault.archive import is_id
from skerry.datasets.web.fetch import MAX_RECORD_BYTES, parse_record

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FetchedImage", "keep_list", "keep_records", "kept", "kept_list", "located"]

_LIST = "collection_images.json"


class FetchedImage(NamedTuple):
    """A map on disk, and what NeuroVault knows of it and of its collection."""

    path: Path
    image_meta: dict[str, Any]
    collection_meta: dict[str, Any]

    @property
    def resampled_path(self) -> Path:
        """Where the map on the 3 mm grid is, or would be."""
        return Path(self.image_meta["resampled_absolute_path"])


def kept(root: Path, image_id: int | None = None) -> Iterator[FetchedImage]:
    """Find images that have their records and at least one of their two files.

    Parameters
    ----------
    root : Path
        Folder of the collections.
    image_id : int, optional
        The image; by default all, by number of collection and image.
    """
    name = f"image_{image_id or '*'}_metadata.json"
    for path in sorted(root.glob(f"collection_*/{name}"), key=_numbers):
        image = read_record(path)
        collection = read_record(path.with_name("collection_metadata.json"))
        numbers = _numbers(path)
        if image is None or collection is None or not numbers:
            continue
        found = located(root, numbers[1], numbers[0], image, collection)
        if image.get("id") != numbers[1]:
            continue
        if found.path.is_file() or found.resampled_path.is_file():
            yield found


def read_record(path: Path) -> dict[str, Any] | None:
    """Read a record; None where there is none."""
    try:
        with path.open("rb") as stream:
            return parse_record(stream.read(MAX_RECORD_BYTES))
    except OSError:
        return None


def located(
    root: Path, image_id: int, collection_id: int, image: dict[str, Any], collection: dict[str, Any]
) -> FetchedImage:
    """Add where things are, under nilearn's names, to what NeuroVault says."""
    folder = f"collection_{collection_id}"
    paths = {
        "": f"{folder}/image_{image_id}.nii.gz",
        "resampled_": f"{folder}/image_{image_id}_resampled.nii.gz",
    }
    here = dict(image)
    for prefix, relative in paths.items():
        here[f"{prefix}relative_path"] = relative
        here[f"{prefix}absolute_path"] = str(root / relative)
    held = {**collection, "relative_path": folder, "absolute_path": str(root / folder)}
    return FetchedImage(root / paths[""], here, held)


def keep_records(found: FetchedImage) -> None:
    """Keep what NeuroVault says; the image's own record comes last: where it is, all is there."""
    folder = found.path.parent
    _keep_record(found.collection_meta, folder / "collection_metadata.json")
    _keep_record(found.image_meta, folder / f"image_{found.image_meta['id']}_metadata.json")


def kept_list(root: Path, collection_id: int) -> list[int] | None:
    """Give the images that the server listed for a collection, where that is known."""
    record = read_record(root / f"collection_{collection_id}" / _LIST) or {}
    listed = record.get("image_ids")
    good = isinstance(listed, list) and record.get("id") == collection_id
    return listed if good and all(is_id(number) for number in listed or ()) else None


def keep_list(root: Path, collection_id: int, image_ids: list[int]) -> None:
    """Keep the images that the server lists for a collection."""
    folder = root / f"collection_{collection_id}"
    cache.make_folder(folder)
    record = {"id": collection_id, "image_ids": image_ids}
    cache.keep_text(json.dumps(record) + "\n", folder / _LIST)


def _keep_record(record: dict[str, Any], path: Path) -> None:
    movable = {name: value for name, value in record.items() if "absolute_path" not in name}
    cache.keep_text(json.dumps(movable) + "\n", path)


def _numbers(path: Path) -> tuple[int, int] | tuple[()]:
    """Read the numbers of collection and image from where a record is."""
    found = re.fullmatch(
        r"collection_([1-9][0-9]{0,11})/image_([1-9][0-9]{0,11})_metadata\.json",
        f"{path.parent.name}/{path.name}",
    )
    return (int(found[1]), int(found[2])) if found else ()
