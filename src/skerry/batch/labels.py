"""Label images of a batch: written as maps are done, or made again from the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.batch.ids import file_name_of
from skerry.errors import ImageFileError
from skerry.io.hashing import sha256_of
from skerry.io.save import packed_image, whole_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from skerry.batch.parts import Part
    from skerry.batch.resume import Kept

__all__ = ["LABELS", "label_path", "mend_labels", "save_labels"]

LABELS = "labels"


def label_path(out: Path, id_: str) -> Path:
    """Say where the label image of a map lies."""
    return out / LABELS / f"{file_name_of(id_)}_regions.nii.gz"


def save_labels(out: Path, id_: str, data: bytes) -> None:
    """Write the label image of a map."""
    with whole_file(label_path(out, id_)) as stream:
        stream.write(data)


def mend_labels(out: Path, ids: Sequence[str], keys: Sequence[str | None], kept: Kept) -> None:
    """Write the label images that are missing, or not those that were written."""
    for id_, key in zip(ids, keys, strict=True):
        if key is not None and not _is_whole(label_path(out, id_), kept.labels_sha256.get(key)):
            name, row = kept.where[key]
            save_labels(out, id_, _made_again(kept.shelf.part(name), row))


def _is_whole(path: Path, sha256: str | None) -> bool:
    try:
        return sha256 is not None and sha256_of(path) == sha256
    except ImageFileError:
        return False


def _made_again(part: Part, row: int) -> bytes:
    """Make the label image of a map from its voxels."""
    import nibabel

    grid, voxels = part.grid(row), part.voxels(row)
    labels = np.zeros(grid.shape, dtype=np.int32)
    labels.reshape(-1)[np.concatenate([voxels.positive, voxels.negative])] = voxels.region
    img = nibabel.Nifti1Image(labels, grid.affine)
    img.header.set_xyzt_units("mm")
    return packed_image(img)
