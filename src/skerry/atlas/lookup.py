"""Read an atlas at places of another grid: the nearest voxel, however axes are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray

# A place halfway between two voxels goes to the one with the higher x, y, z in
# mm. "Higher index", the usual rule, would depend on how files store their axes.
_NUDGE_MM = 1e-3
_BLOCK_VOXELS = 2**20


def nearest_voxels(xyz: AnyArray, source: Grid) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Give the voxel that holds each place, and whether there is one.

    Parameters
    ----------
    xyz : (n, 3) float
        RAS+ mm.
    source : Grid

    Returns
    -------
    ijk : (n, 3) int
        0, 0, 0 where there is none.
    inside : (n,) bool
    """
    ijk = np.rint(source.ijk(np.asarray(xyz, dtype=np.float64) + _NUDGE_MM))
    inside = np.asarray(((ijk >= 0) & (ijk < source.shape)).all(axis=1))
    return np.where(inside[:, None], ijk, 0).astype(np.intp), inside


def values_at(values: AnyArray, source: Grid, xyz: AnyArray) -> AnyArray:
    """Read a volume (or several) at places in mm; 0 outside of it."""
    ijk, inside = nearest_voxels(xyz, source)
    found = np.asarray(values[tuple(ijk.T)])
    found[~inside] = 0
    return found


def on_grid(values: AnyArray, source: Grid, target: Grid) -> AnyArray:
    """Read a volume at all voxel centres of another grid by nearest neighbour.

    Parameters
    ----------
    values : (I, J, K) array
        On `source`.
    source, target : Grid

    Returns
    -------
    array of `target.shape`
        In the dtype of `values`; 0 outside of `source`. The same array where
        the grids are the same.
    """
    if source.same_as(target):
        return values
    matrix = source.inverse @ target.affine
    axes = _parallel(source, target, matrix)
    if axes is None:
        return _block_by_block(values, source, target)
    turned = values.transpose(axes)  # axis a of the target runs along axes[a] of the source
    indices, insides = [], []
    for along, axis in enumerate(axes):
        index = _nearest_along(source, matrix, axis, along, np.arange(target.shape[along]))
        inside = (index >= 0) & (index < values.shape[axis])
        indices.append(index[inside].astype(np.intp))
        insides.append(np.flatnonzero(inside))
    out = np.zeros(target.shape, dtype=values.dtype)
    if min(map(len, insides)):
        # np.ix_ on both sides would gather twice; what is inside is one box.
        box = tuple(slice(part[0], part[-1] + 1) for part in insides)
        out[box] = turned[np.ix_(*indices)]
    return out


def voxels_held(source: Grid, target: Grid, box: tuple[slice, slice, slice]) -> NDArray[np.intp]:
    """Count the voxels of another grid in each voxel of this one, as if the other had no end.

    Parameters
    ----------
    source, target : Grid
        The voxels that hold, and those that are held (by their centres).
    box : three slices
        Voxels of `source`, with start and stop.

    Returns
    -------
    (I, J, K) int
        For each voxel of the box how many voxels of `target` it is the nearest of.
    """
    lengths = [part.stop - part.start for part in box]
    if source.same_as(target):
        return np.ones(lengths, dtype=np.intp)
    matrix = source.inverse @ target.affine
    axes = _parallel(source, target, matrix)
    if axes is None:
        return _held_block_by_block(source, target, box)
    counts = [np.empty(0, dtype=np.intp)] * 3
    for along, axis in enumerate(axes):
        part, step, first = box[axis], matrix[axis, along], matrix[axis, 3]
        ends = sorted(((edge - 0.5 - first) / step) for edge in (part.start, part.stop))
        at = np.arange(np.floor(ends[0]) - 1, np.ceil(ends[1]) + 2)
        index = _nearest_along(source, matrix, axis, along, at) - part.start
        inside = (index >= 0) & (index < lengths[axis])
        counts[axis] = np.bincount(index[inside].astype(np.intp), minlength=lengths[axis])
    i, j, k = np.ix_(*counts)
    return np.asarray(i * j * k)


def _nearest_along(
    source: Grid, matrix: AnyArray, axis: int, along: int, at: AnyArray
) -> NDArray[np.float64]:
    """Give the source index along an axis of places along the target axis parallel to it."""
    nudge = source.inverse[axis, :3].sum() * _NUDGE_MM
    return np.asarray(np.rint(matrix[axis, along] * at + matrix[axis, 3] + nudge))


def _parallel(source: Grid, target: Grid, matrix: AnyArray) -> tuple[int, int, int] | None:
    """Give the source axis along each target axis; None where grids are oblique."""
    i, j, k = (int(axis) for axis in np.abs(matrix[:3, :3]).argmax(axis=0))
    if sorted((i, j, k)) != [0, 1, 2]:
        return None
    aside_mm = np.abs(matrix[:3, :3]) * source.voxel_sizes_mm[:, None] * target.shape
    aside_mm[[i, j, k], [0, 1, 2]] = 0
    # Affines made of quaternions are off by rounding; less than the nudge decides nothing.
    return (i, j, k) if aside_mm.sum(axis=1).max() < _NUDGE_MM / 2 else None


def _block_by_block(values: AnyArray, source: Grid, target: Grid) -> AnyArray:
    out = np.zeros(target.n_voxels, dtype=values.dtype)
    for start in range(0, target.n_voxels, _BLOCK_VOXELS):
        flat = np.arange(start, min(start + _BLOCK_VOXELS, target.n_voxels))
        ijk = np.stack(np.unravel_index(flat, target.shape), axis=1)
        out[flat] = values_at(values, source, target.xyz(ijk))
    return out.reshape(target.shape)


def _held_block_by_block(
    source: Grid, target: Grid, box: tuple[slice, slice, slice]
) -> NDArray[np.intp]:
    edges = [(part.start - 0.5, part.stop - 0.5) for part in box]
    corners = target.ijk(source.xyz(np.array(np.meshgrid(*edges)).reshape(3, -1).T))
    lowest = np.floor(corners.min(axis=0)) - 1
    i, j, k = (int(n) for n in np.ceil(corners.max(axis=0)) - lowest + 2)
    start = np.array([part.start for part in box])
    lengths = tuple(part.stop - part.start for part in box)
    counts = np.zeros(lengths, dtype=np.intp)
    for first in range(0, i * j * k, _BLOCK_VOXELS):
        flat = np.arange(first, min(first + _BLOCK_VOXELS, i * j * k))
        at = np.stack(np.unravel_index(flat, (i, j, k)), axis=1) + lowest
        ijk, inside = nearest_voxels(target.xyz(at), source)
        ijk = ijk[inside] - start
        ijk = ijk[((ijk >= 0) & (ijk < lengths)).all(axis=1)]
        held = np.bincount(np.ravel_multi_index(tuple(ijk.T), lengths), minlength=counts.size)
        counts += held.reshape(lengths)
    return counts
