"""The box around a set of voxels, which is often half of the field of view."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from skerry.typing import BoolArray

__all__ = ["Box", "bounding_box"]

Box: TypeAlias = tuple[slice, slice, slice]


def bounding_box(inside: BoolArray) -> Box:
    """Give the smallest box of an array that holds all voxels of a set.

    Parameters
    ----------
    inside : (I, J, K) bool

    Returns
    -------
    (3,) tuple of slice
        Empty where nothing is inside.
    """
    if inside.flags.f_contiguous and not inside.flags.c_contiguous:
        k, j, i = bounding_box(inside.T)  # 20 times faster along the memory than across it
        return i, j, k
    plane = np.asarray(inside.any(axis=0))
    along = (inside.any(axis=(1, 2)), plane.any(axis=1), plane.any(axis=0))
    ends = [np.flatnonzero(flag) for flag in along]
    i, j, k = (slice(int(at[0]), int(at[-1]) + 1) if at.size else slice(0, 0) for at in ends)
    return i, j, k
