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
    axes = _parallel(matrix[:3, :3], target.shape)
    if axes is None:
        return _block_by_block(values, source, target)
    nudge = source.inverse[:3, :3] @ np.full(3, _NUDGE_MM)
    turned = values.transpose(axes)  # axis a of the target runs along axes[a] of the source
    indices, insides = [], []
    for along, axis in enumerate(axes):
        at = np.arange(target.shape[along])
        index = np.rint(matrix[axis, along] * at + matrix[axis, 3] + nudge[axis])
        inside = (index >= 0) & (index < values.shape[axis])
        indices.append(index[inside].astype(np.intp))
        insides.append(np.flatnonzero(inside))
    out = np.zeros(target.shape, dtype=values.dtype)
    if min(map(len, insides)):
        # np.ix_ on both sides would gather twice; what is inside is one box.
        box = tuple(slice(part[0], part[-1] + 1) for part in insides)
        out[box] = turned[np.ix_(*indices)]
    return out


def _parallel(matrix: AnyArray, shape: tuple[int, int, int]) -> tuple[int, int, int] | None:
    """Give the source axis along each target axis; None where grids are oblique."""
    i, j, k = (int(axis) for axis in np.abs(matrix).argmax(axis=0))
    if sorted((i, j, k)) != [0, 1, 2]:
        return None
    rest = np.abs(matrix) * np.array(shape)
    rest[[i, j, k], [0, 1, 2]] = 0
    return (i, j, k) if rest.max() < 1e-6 else None


def _block_by_block(values: AnyArray, source: Grid, target: Grid) -> AnyArray:
    out = np.zeros(target.n_voxels, dtype=values.dtype)
    for start in range(0, target.n_voxels, _BLOCK_VOXELS):
        flat = np.arange(start, min(start + _BLOCK_VOXELS, target.n_voxels))
        ijk = np.stack(np.unravel_index(flat, target.shape), axis=1)
        out[flat] = values_at(values, source, target.xyz(ijk))
    return out.reshape(target.shape)
