"""The files of an atlas: what a text or the name of a file says of them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from skerry.atlas.cifti import is_dlabel
from skerry.atlas.named import EMBEDDED, FETCHED
from skerry.errors import ArgumentError, MissingFileError
from skerry.io.paths import at_home, shown, stem_of

if TYPE_CHECKING:
    from skerry.typing import PathLike

__all__ = ["image_and_labels", "labels_beside", "space_of_name"]

_SIDECARS = (".tsv", ".csv", ".txt", ".lut", ".xml")


def image_and_labels(text: str) -> tuple[str, str | None]:
    """Split ``IMAGE:LABELS`` where both sides are files; drives and names may hold colons.

    Raises
    ------
    MissingFileError
        If there is no such image, or no such file of labels.
    """
    if os.path.exists(whole := at_home(text)):  # noqa: PTH110
        return whole, None
    without_labels = None
    for colon in reversed([at for at, c in enumerate(text) if c == ":"]):
        image, labels = at_home(text[:colon]), at_home(text[colon + 1 :])
        if os.path.isfile(image):  # noqa: PTH113
            if os.path.isfile(labels):  # noqa: PTH113
                return image, labels
            without_labels = without_labels or (image, labels)
    if without_labels is not None:
        image, labels = without_labels
        raise MissingFileError(f"no file of labels at {shown(labels)}, given for {shown(image)}")
    raise MissingFileError(
        f"no atlas '{shown(text)}': there is no such file, and known by name are only "
        f"{', '.join((*EMBEDDED, *FETCHED))}; write IMAGE or IMAGE:LABELS"
    )


def labels_beside(path: str) -> str | None:
    """Give the file beside an atlas image that names its labels; None where there is none.

    Raises
    ------
    ArgumentError
        If there are several.
    """
    if is_dlabel(path):  # it holds its names
        return None
    folder = os.path.dirname(path)  # noqa: PTH120
    stem = os.path.join(folder, stem_of(path))  # noqa: PTH118
    # TemplateFlow has one table for all resolutions.
    stems = dict.fromkeys((stem, re.sub(r"_res-[A-Za-z0-9]+(?=_[^/\\]*$)", "", stem)))
    there = [
        stem + suffix
        for stem in stems
        for suffix in _SIDECARS
        if os.path.isfile(stem + suffix)  # noqa: PTH113
    ]
    if len(there) > 1:
        raise ArgumentError(
            f"several files may name the labels of {shown(path)}: "
            f"{', '.join(map(shown, there))}; give one, as IMAGE:LABELS"
        )
    return there[0] if there else None


def space_of_name(path: PathLike) -> str | None:
    """Give the BIDS `space-` or TemplateFlow `tpl-` entity of a file's name."""
    base = os.path.basename(os.fspath(path))  # noqa: PTH119
    found = re.search(r"(?:^|_)(?:space|tpl)-([A-Za-z0-9]+)(?=[_.])", base)
    return None if found is None else found[1]
