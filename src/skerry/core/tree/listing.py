"""The voxels of a set in the order of memory, and where they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from skerry.core._kernels import compiled, listing, numba_is_loaded
from skerry.core.box import bounding_box
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
    box = bounding_box(flat.reshape(shape))
    low, end = np.array([along.start for along in box]), np.array([along.stop for along in box])
    empty, to_place = neighbours.lay_out_box(low, end - low, transposed)
    n, n_in_words = np.count_nonzero(flat), flat.size // 8 * 8
    words, rest = flat[:n_in_words].view(np.uint64), flat[n_in_words:].view(np.uint8)
    listed, place = np.empty(n + 1, dtype=np.int64), np.empty(n, dtype=np.int32)
    place_voxels = compiled(listing.place_voxels)
    place_voxels(words, rest, *to_place.reciprocal(), to_place.rows, listed, place)
    return listed[:n], replace(empty, place=place)
