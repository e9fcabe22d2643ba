"""Turn volumes so that their axes run to the right, to the front and up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.space.grid import Grid
from skerry.space.resample import resample

if TYPE_CHECKING:
    from skerry.typing import AnyArray, Interpolation

# An axis is oblique when it strays from its direction by more than this many
# millimetres per voxel.
_OBLIQUE_MM = 1e-3


def is_oblique(grid: Grid) -> bool:
    """Tell whether some axis of a grid is not parallel to x, y or z.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    bool
    """
    return not bool(((np.abs(grid.affine[:3, :3]) > _OBLIQUE_MM).sum(axis=0) == 1).all())


def to_ras(
    values: AnyArray, grid: Grid, *, interpolation: Interpolation = "continuous"
) -> tuple[AnyArray, Grid]:
    """Turn a volume so that its axes run along x, y and z.

    Parameters
    ----------
    values : (I, J, K) array
        Values on `grid`.
    grid : Grid
        Any orientation.
    interpolation : {"nearest", "linear", "continuous"}
        How values are read where axes are oblique: they are resampled then, on
        voxels of about the same size that cover the same field of view, 0 outside it.

    Returns
    -------
    values : array
        A view of the input unless the axes are oblique.
    grid : Grid
        With a diagonal, positive affine (plus the origin).
    """
    if is_oblique(grid):
        target = _box_around(grid)
        return resample(values, grid, target, interpolation=interpolation), target
    columns = np.abs(grid.affine[:3, :3]).argmax(axis=1)
    steps = grid.affine[[0, 1, 2], columns]
    turned = values.transpose(columns)[tuple(slice(None, None, int(np.sign(s))) for s in steps)]
    affine = np.diag([*np.abs(steps), 1.0])
    backwards = np.where(steps < 0, steps * (np.array(turned.shape) - 1), 0.0)
    affine[:3, 3] = grid.affine[:3, 3] + backwards
    i, j, k = turned.shape
    return turned, Grid((i, j, k), affine)


def _box_around(grid: Grid) -> Grid:
    """RAS+ grid over the centres of all voxels of an oblique one."""
    # The voxel sizes are those along the axes that come nearest to x, y and z.
    directions, lengths = np.linalg.qr(grid.affine[:3, :3])
    sizes = np.abs(np.diag(lengths))[np.abs(directions).argmax(axis=1)]
    corners = np.array(np.meshgrid(*[(0, n - 1) for n in grid.shape])).reshape(3, -1).T
    low, high = grid.xyz(corners).min(axis=0), grid.xyz(corners).max(axis=0)
    i, j, k = (int(n) + 1 for n in np.ceil((high - low) / sizes - 1e-9))
    affine = np.diag([*sizes, 1.0])
    affine[:3, 3] = low
    return Grid((i, j, k), affine)
