"""The part of a volume that a region fills, as a small image of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.plotting.inputs.drawable import image_in_memory

if TYPE_CHECKING:
    from skerry.space.grid import Grid
    from skerry.typing import AnyArray, BoolArray, IntArray


def cropped_image(values: AnyArray, ijk: IntArray, grid: Grid) -> Any:
    """Cut a box around some voxels out of a volume.

    Drawing a small region of a large volume so costs little, and a contour
    closes where the region touches the border of the field of view.

    Parameters
    ----------
    values : (I, J, K) array
        The volume.
    ijk : (n, 3) int
        The voxels, at least one.
    grid : Grid
        Of the volume.

    Returns
    -------
    nibabel.Nifti1Image
        The box and one voxel more on each side: of the volume where it has
        them, else zeros.
    """
    first, last = ijk.min(axis=0) - 1, ijk.max(axis=0) + 1
    inner_first, inner_last = np.maximum(first, 0), np.minimum(last, np.array(grid.shape) - 1)
    box = values[tuple(slice(a, b + 1) for a, b in zip(inner_first, inner_last, strict=True))]
    padding = list(zip(inner_first - first, last - inner_last, strict=True))
    affine = grid.affine.copy()
    affine[:3, 3] = grid.xyz(first)
    return image_in_memory(np.pad(box, padding), affine)


def signed_mask(values: AnyArray, inside: BoolArray) -> AnyArray:
    """Give 1 where a positive voxel is inside, -1 for a negative one, else 0; float32."""
    return np.where(inside, np.sign(values), 0).astype(np.float32)


def voxels_of_labels(values: AnyArray) -> dict[float, IntArray]:
    """Give the (n, 3) voxel indices of each value but 0, by rising value."""
    ijk = np.argwhere(values)
    labels = values[tuple(ijk.T)]
    order = np.argsort(labels, kind="stable")
    numbers, starts = np.unique(labels[order], return_index=True)
    parts = np.split(ijk[order], starts[1:])
    return {float(number): part for number, part in zip(numbers, parts, strict=False)}
