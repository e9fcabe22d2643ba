"""Arguments of the NeuroVault fetchers, checked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from skerry.checks import is_whole_number
from skerry.datasets import cache
from skerry.datasets.folders import data_folders
from skerry.datasets.neurovault.archive import Archive, as_ids
from skerry.datasets.neurovault.filters import ResultFilter, basic_collection_terms
from skerry.datasets.neurovault.gather import Gatherer
from skerry.datasets.web.fetch import Patience
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.io.notice import notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.typing import Interpolation, PathLike

    Record = dict[str, Any]
    Filter = Callable[[Any], Any]

__all__ = [
    "checked_ids",
    "checked_interpolation",
    "checked_limit",
    "checked_mode",
    "filters",
    "gatherer",
    "mode_that_can_be",
]

_MODES = ("download_new", "overwrite", "offline")
_INTERPOLATIONS = ("continuous", "linear", "nearest")


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
    cache.make_folder(gather.root)
    if os.access(gather.root, os.W_OK):
        return mode
    notice(
        f"the folder {gather.root} cannot be written: nothing is fetched, what is there is given"
    )
    return "offline"


def checked_ids(given: object, name: str) -> list[int]:
    """Take a list of numbers of images or collections."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise ArgumentTypeError(f"{name} must be a list of numbers, got {given!r}")
    return as_ids(given, name)


def checked_limit(max_images: object) -> int | None:
    """Take a `max_images` argument."""
    if max_images is None:
        return None
    if not is_whole_number(max_images):
        raise ArgumentTypeError(
            f"max_images must be a whole number or None, got {type(max_images).__name__}"
        )
    return int(max_images)


def checked_interpolation(interpolation: Interpolation) -> Interpolation:
    """Take an `interpolation` argument."""
    if interpolation not in _INTERPOLATIONS:
        raise ArgumentError(
            f"interpolation must be one of {list(_INTERPOLATIONS)}, got {interpolation!r}"
        )
    return interpolation


def filters(
    collection_terms: Record | None,
    collection_filter: Filter | None,
    image_terms: Record,
    image_filter: Filter | None,
) -> tuple[ResultFilter, ResultFilter]:
    """Make the two filters from what a user gave; a collection's number is a term of it."""
    of_collection = dict(basic_collection_terms() if collection_terms is None else collection_terms)
    of_image = dict(image_terms)
    if "id" in of_collection:
        of_collection["id"] = _as_number(of_collection["id"])
    if "collection_id" in of_image:
        number = _as_number(of_image["collection_id"])
        if of_collection.setdefault("id", number) == number:
            del of_image["collection_id"]
        else:
            notice("collection_id and the id of collection_terms contradict each other")
    return ResultFilter(of_collection, collection_filter), ResultFilter(of_image, image_filter)


def _as_number(value: Any) -> Any:
    """Give a number that is written as text, or is NumPy's, as an int; all else as it is."""
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, str) and value.isdecimal() else value
