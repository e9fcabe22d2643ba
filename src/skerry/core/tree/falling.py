"""Voxels by falling height, equal heights by their position in space."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.core._kernels import compiled, listing, numba_is_loaded, sorting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.neighbours import Layout, Neighbours
    from skerry.space.renumber import Renumbering
    from skerry.typing import AnyArray

# So many show whether heights were computed in double precision.
_FEW = 64
# 64 bits that sort by their upper half first.
_PAIR = np.dtype([("place", "<u4"), ("falls", "<u4")])


class Falling(NamedTuple):
    """Voxels by falling height."""

    place: NDArray[np.int32]
    voxel: NDArray[np.int32]  # index into the raveled values
    height: NDArray[np.floating]
    tied: NDArray[np.int64]  # ranks of the voxels that share their height with another
    level: NDArray[np.int32]  # the first rank of each height, by rank: the same for ties


def sort_falling(heights: AnyArray, layout: Layout, neighbours: Neighbours) -> Falling:
    """Sort voxels by falling height; ties by lower x, then y, then z in mm.

    Parameters
    ----------
    heights : (n,) float32 or float64
        Positive, as `layout` lists the voxels.
    layout : Layout
    neighbours : Neighbours
        What made `layout`.

    Returns
    -------
    Falling

    Notes
    -----
    The bits of a positive float rise with its value. In single precision a voxel's height
    and place share 64 bits, so that numpy's vectorised `sort` (not the slower `argsort`)
    orders both at once; likewise in double precision where no value needs it, as in most
    maps of a file in single precision. Else most bits of the height and the voxel's number
    in the list do; what did not fit is put right after. Ties, which are few, are settled
    last.
    """
    with np.errstate(over="ignore"):
        single = heights.astype(np.float32, copy=False)
    if single is heights or all(
        np.array_equal(single[part], heights[part]) for part in (slice(_FEW), slice(None))
    ):
        height, place = _sort_single(single, layout.place)
        height = height.astype(heights.dtype, copy=False)
    else:
        height, place = _sort_double(heights, layout.place)
    tied, level = _ties(height)
    if len(tied):
        _settle_ties(tied, level, place, layout, neighbours)
    return Falling(place, _renumber(place, layout.to_index), height, tied, level)


def _sort_single(
    heights: AnyArray, places: NDArray[np.int32]
) -> tuple[AnyArray, NDArray[np.int32]]:
    """Sort by falling height, equal ones anyhow."""
    bits = heights.view(np.uint32)
    if not numba_is_loaded():
        pairs = np.empty(len(bits), dtype=_PAIR)
        np.invert(bits, out=pairs["falls"])
        pairs["place"] = places.view(np.uint32)
        pairs.view("<u8").sort()
        return np.invert(pairs["falls"]).view(np.float32), pairs["place"].astype(np.int32)
    keys = np.empty(len(bits), dtype=np.uint64)
    compiled(sorting.key_single)(bits, places, keys)
    keys.sort()
    height, place = np.empty_like(bits), np.empty_like(places)
    compiled(sorting.read_single)(keys, height, place)
    return height.view(np.float32), place


def _sort_double(
    heights: AnyArray, places: NDArray[np.int32]
) -> tuple[AnyArray, NDArray[np.int32]]:
    """Sort by falling height, equal ones anyhow."""
    bits = heights.view(np.uint64)
    n_low = max(len(bits) - 1, 1).bit_length()
    low = np.uint64((1 << n_low) - 1)
    if not numba_is_loaded():
        keys = (~bits & ~low) | np.arange(len(bits), dtype=np.uint64)
        keys.sort()
        number = (keys & low).view(np.int64)
        height, place = heights[number], places[number]
        wrong = bool((height[1:] > height[:-1]).any())
    else:
        keys = np.empty_like(bits)
        compiled(sorting.key_double)(bits, low, keys)
        keys.sort()
        height, place = np.empty_like(heights), np.empty_like(places)
        wrong = compiled(sorting.read_double)(keys, low, heights, places, height, place)
    if wrong:
        _put_right(height, place, keys >> np.uint64(n_low))
    return height, place


def _put_right(height: AnyArray, place: NDArray[np.int32], coarse: NDArray[np.uint64]) -> None:
    """Sort, in place, heights that differ only in the bits that were cut off."""
    wrong = height[1:] > height[:-1]
    where = np.flatnonzero(np.isin(coarse, coarse[1:][wrong]))
    within = where[np.argsort(-height[where])]
    place[where], height[where] = place[within], height[within]


def _renumber(numbers: NDArray[np.int32], by: Renumbering | None) -> NDArray[np.int32]:
    """Do what a layout's renumbering does, in one pass where there is machine code."""
    if by is None or not numba_is_loaded():
        return numbers if by is None else by.of(numbers)
    new = np.empty_like(numbers)
    compiled(listing.renumber)(numbers, *by.reciprocal(), by.rows, int(by.step), new)
    return new


def _ties(height: AnyArray) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Give the ranks of voxels that share their height with another, and each one's level."""
    n = len(height)
    as_before = np.zeros(n + 1, dtype=bool)
    np.equal(height[1:], height[:-1], out=as_before[1:n])
    tied = np.flatnonzero(as_before[:-1] | as_before[1:])
    level = np.arange(n, dtype=np.int32)
    level[tied] = np.maximum.accumulate(np.where(as_before[tied], 0, tied))
    return tied, level


def _settle_ties(
    tied: NDArray[np.int64],
    level: NDArray[np.int32],
    place: NDArray[np.int32],
    layout: Layout,
    neighbours: Neighbours,
) -> None:
    """Sort, in place, voxels of equal height by their x, y and z."""
    run = level[tied].astype(np.int64)
    if neighbours.sorted_in_space:
        run <<= 32
        run |= _renumber(place[tied], layout.to_number)
        run.sort()
        place[tied] = _renumber(run.astype(np.int32), layout.to_place)  # the lower half
    else:
        x, y, z = neighbours.tie_keys(layout.index_of(place[tied]))
        place[tied] = place[tied[np.lexsort((z, y, x, run))]]
