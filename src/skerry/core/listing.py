"""The voxels of a set in the order of memory, and where they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from skerry.core._kernels import compiled, listing, numba_is_loaded
from skerry.space.neighbours import GridNeighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.neighbours import Layout, Neighbours
    from skerry.typing import BoolArray


def list_voxels(
    inside: BoolArray, neighbours: Neighbours, transposed: bool
) -> tuple[NDArray[np.int64], Layout]:
    """List the voxels of a set and lay them out.

    Parameters
    ----------
    inside : bool array of the shape of `neighbours`
    neighbours : Neighbours
    transposed : bool
        List them by rising index into the raveled transpose.

    Returns
    -------
    (n,) int64, Layout
        Index of each voxel into the raveled values, or their transpose.
    """
    flat = (inside.T if transposed else inside).reshape(-1)
    if isinstance(neighbours, GridNeighbours) and numba_is_loaded():
        return _list_with_numba(flat, neighbours, transposed)
    listed = np.flatnonzero(flat)
    return listed, neighbours.lay_out(listed, transposed)


def _list_with_numba(
    flat: BoolArray, neighbours: GridNeighbours, transposed: bool
) -> tuple[NDArray[np.int64], Layout]:
    """Do in a pass over the set what numpy does in a dozen over its voxels."""
    shape = neighbours.shape[::-1] if transposed else neighbours.shape
    low, high = _ends(flat.reshape(shape))
    empty, to_place, to_number = neighbours.lay_out_box(low, high + 1 - low, transposed)
    n = np.count_nonzero(flat)
    listed = np.empty(n + 1, dtype=np.int64)
    place, number = np.empty((2, n), dtype=np.int32)
    compiled(listing.number_voxels)(
        flat, shape[1], shape[2], low, high, to_place.rows, to_number.rows,
        int(to_number.step), listed, place, number,
    )  # fmt: skip
    return listed[:n], replace(empty, place=place, number=number)


def _ends(inside: BoolArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the lowest and the highest position of a set along each axis of a C array."""
    plane = np.asarray(inside.any(axis=0))  # this and the next read whole stretches of memory
    first = inside.reshape(len(inside), -1).any(axis=1)
    taken = [np.flatnonzero(along) for along in (first, plane.any(axis=1), plane.any(axis=0))]
    if not len(taken[0]):
        return np.zeros(3, dtype=np.int64), np.full(3, -1, dtype=np.int64)
    low, high = [along[0] for along in taken], [along[-1] for along in taken]
    return np.array(low, dtype=np.int64), np.array(high, dtype=np.int64)
