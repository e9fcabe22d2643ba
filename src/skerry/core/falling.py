"""Voxels by falling height, equal heights by their position in space."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.neighbours import Layout, Neighbours
    from skerry.typing import AnyArray


class Falling(NamedTuple):
    """Voxels by falling height."""

    place: NDArray[np.int32]
    voxel: NDArray[np.int32]  # index into the raveled values
    height: NDArray[np.floating]


def sort_falling(
    heights: AnyArray, layout: Layout, neighbours: Neighbours, at_place: NDArray[np.int32]
) -> Falling:
    """Sort voxels by falling height; ties by lower x, then y, then z in mm.

    Parameters
    ----------
    heights : (n,) float32 or float64
        Positive, as `layout` lists the voxels.
    layout : Layout
    neighbours : Neighbours
        What made `layout`.
    at_place : (n_places,) int32
        Work space.

    Returns
    -------
    Falling

    Notes
    -----
    The bits of a positive float rise with its value. Height and place share one
    64-bit number, so that numpy's vectorised `sort` (not the slower `argsort`)
    orders both at once; what did not fit into the number is put right after.
    """
    keys, n_bits = _keys(heights, layout)
    keys.sort()
    place = (keys & np.uint64((1 << n_bits) - 1)).view(np.int64)
    if heights.dtype == np.float32:
        keys >>= np.uint64(32)
        height = (~keys.astype(np.uint32)).view(np.float32)
        del keys
    else:
        at_place[layout.place] = np.arange(len(heights), dtype=np.int32)
        height = heights[at_place[place]]
        keys >>= np.uint64(n_bits)
        wrong = height[1:] > height[:-1]
        if wrong.any():
            where = np.flatnonzero(np.isin(keys, keys[1:][wrong]))
            within = where[np.lexsort((place[where], -height[where]))]
            place[where], height[where] = place[within], height[within]
        del keys
    at_place[layout.place] = layout.index
    voxel = at_place[place]
    if not neighbours.sorted_in_space:
        where = _tied(height)
        if len(where):
            x, y, z = neighbours.tie_keys(voxel[where])
            within = where[np.lexsort((z, y, x, -height[where]))]
            place[where], voxel[where] = place[within], voxel[within]
    return Falling(place.astype(np.int32), voxel, height)


def _keys(heights: AnyArray, layout: Layout) -> tuple[NDArray[np.uint64], int]:
    """Height above, place below, in one number that rises as the height falls."""
    if heights.dtype == np.float32:
        n_bits = 32
        keys = (~heights.view(np.uint32)).astype(np.uint64)
        keys <<= np.uint64(n_bits)
    else:
        n_bits = layout.n_places.bit_length()
        keys = ~heights.view(np.uint64)
        keys &= ~np.uint64((1 << n_bits) - 1)
    keys |= layout.place.astype(np.uint64)
    return keys, n_bits


def _tied(height: AnyArray) -> NDArray[np.int64]:
    """Positions of the values that equal the one before or after."""
    same = height[1:] == height[:-1]
    tied = np.zeros(len(height), dtype=bool)
    tied[1:] |= same
    tied[:-1] |= same
    return np.flatnonzero(tied)
