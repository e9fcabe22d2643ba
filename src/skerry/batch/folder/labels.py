"""Label images of a batch: written as maps are done, or made again from the parts."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

import numpy as np

from skerry.batch.asked.ids import file_name_of
from skerry.errors import ImageFileError
from skerry.io.hashing import sha256_of
from skerry.io.save import packed_image, whole_file
from skerry.space.nifti import nifti_image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from skerry.batch.folder.resume import Kept

__all__ = ["LABELS", "label_path", "mend_labels", "save_labels"]

LABELS = "labels"
_SUFFIX = "_regions.nii.gz"


def label_path(out: Path, id_: str) -> Path:
    """Say where the label image of a map lies."""
    return out / LABELS / f"{file_name_of(id_)}{_SUFFIX}"


def save_labels(out: Path, id_: str, data: bytes) -> None:
    """Write the label image of a map."""
    with whole_file(label_path(out, id_)) as stream:
        stream.write(data)


def mend_labels(
    out: Path, ids: Sequence[str], keys: Sequence[str | None], kept: Kept, *, wanted: bool
) -> None:
    """Let the folder hold the label images of these maps as they are now, and no others.

    Parameters
    ----------
    out : Path
    ids : sequence of str
    keys : sequence of (str or None)
        Of each map's result; None for one that failed.
    kept : Kept
    wanted : bool
        Whether those that are missing or out of date are made; else the latter go.
    """
    if not wanted and not (out / LABELS).is_dir():
        return
    current = set()
    for id_, key in zip(ids, keys, strict=True):
        path = label_path(out, id_)
        if key is None or not (wanted or path.is_file()):
            continue
        if not _is_of(path, key, kept):
            if not wanted:
                continue
            save_labels(out, id_, _made_again(key, kept))
        current.add(path.name)
    for path in (out / LABELS).glob(f"*{_SUFFIX}"):
        if path.name not in current:
            with contextlib.suppress(OSError):
                path.unlink()


def _is_of(path: Path, key: str, kept: Kept) -> bool:
    """Tell whether a file is the label image of a result."""
    try:
        found = sha256_of(path)
    except ImageFileError:
        return False
    expected = kept.labels_sha256.get(key)
    if expected is None:  # found when no label images were wanted
        expected = hashlib.sha256(_made_again(key, kept)).hexdigest()
    return found == expected


def _made_again(key: str, kept: Kept) -> bytes:
    """Make the label image of a map from its voxels."""
    name, row = kept.where[key]
    part = kept.shelf.part(name)
    grid, voxels = part.grid(row), part.voxels(row)
    labels = np.zeros(grid.shape, dtype=np.int32)
    labels.reshape(-1)[np.concatenate([voxels.positive, voxels.negative])] = voxels.region
    return packed_image(nifti_image(labels, grid.affine))
