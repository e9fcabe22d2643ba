"""Move an array from one grid to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from skerry.errors import ArgumentError, GridMismatchError
from skerry.space.grid import Grid
from skerry.space.interpolate import axis_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray, Interpolation

_SPLINE_ORDER: dict[str, Literal[0, 1, 3]] = {"nearest": 0, "linear": 1, "continuous": 3}

# Affines pass through float32 headers: a position this close to a voxel's
# centre or border, in voxels, is meant to be on it.
_SNAP = 1e-4

# One axis as a dense matrix is the fastest way up to here (float64, 128 MB);
# only surfaces stored as volumes have longer axes.
_LARGEST_MATRIX = 2**24

# How far, in voxels, values are spread into holes before a spline is fitted.
# The spline forgets by a factor 0.27 per voxel, so 4 voxels leave 0.5 %.
_HOLE_REACH = 4


def resample(
    values: AnyArray,
    source: Grid,
    target: Grid,
    *,
    interpolation: Interpolation = "linear",
    fill: float = 0.0,
) -> AnyArray:
    """Read a volume at the voxel centres of another grid.

    Grids whose axes are parallel are read axis by axis, which is much faster
    than the general case; where voxel centres coincide (flipped, permuted,
    cropped or padded grids) values are copied as they are.

    Parameters
    ----------
    values : (I, J, K) array
        Values on `source`. Non-finite values are holes: they do not spread
        into their neighbourhood.
    source, target : Grid
        Where the values are, and where they are wanted.
    interpolation : {"nearest", "linear", "continuous"}
        Nearest voxel (halfway: the higher index), trilinear, or cubic spline.
    fill : float
        Value outside the box that the centres of the outer voxels of `source` span.

    Returns
    -------
    array of `target.shape`
        A new array. In the dtype of `values` for `"nearest"`, else float32 for
        float32 and integers of at most 16 bits, float64 for the rest; NaN where
        the nearest voxel is not finite.

    Raises
    ------
    ArgumentError
        If `interpolation` is none of the three.
    GridMismatchError
        If `values` do not have the shape of `source`.

    Examples
    --------
    >>> coarse = Grid((3, 1, 1), np.diag([2.0, 2.0, 2.0, 1.0]))
    >>> fine = Grid((5, 1, 1), np.eye(4))
    >>> values = np.array([0.0, 4.0, 6.0]).reshape(3, 1, 1)
    >>> resample(values, coarse, fine).ravel()
    array([0., 2., 4., 5., 6.])
    """
    if interpolation not in _SPLINE_ORDER:
        raise ArgumentError(
            f"interpolation must be one of {list(_SPLINE_ORDER)}, got {interpolation!r}"
        )
    if values.shape != source.shape:
        raise GridMismatchError(
            f"values of shape {values.shape} cannot lie on a grid of shape {source.shape}"
        )
    values = values.astype(_result_dtype(values.dtype, interpolation), copy=False)
    if source.same_as(target):
        return values.copy()
    if interpolation == "nearest":
        return _resample_finite(values, source, target, interpolation, fill)
    finite = np.isfinite(values)
    if finite.all():
        return _resample_finite(values, source, target, interpolation, fill)
    filled = _resample_finite(_fill_holes(values, finite), source, target, interpolation, fill)
    filled[_resample_finite(~finite, source, target, "nearest", fill=0)] = np.nan
    return filled


def grid_with_resolution(grid: Grid, resolution_mm: float) -> Grid:
    """Give the same field of view in voxels of another size.

    Parameters
    ----------
    grid : Grid
        The field of view, from the centre of its first voxel to its last.
    resolution_mm : float
        Size of the new, isotropic voxels, in mm.

    Returns
    -------
    Grid
        Same axes, same centre of the first voxel; along each axis as many voxels
        as are needed to reach the centre of the last one.

    Raises
    ------
    ArgumentError
        If `resolution_mm` is not a positive number.

    Examples
    --------
    >>> grid = Grid((99, 117, 95), np.diag([2.0, 2.0, 2.0, 1.0]))
    >>> grid_with_resolution(grid, 1).shape
    (197, 233, 189)
    """
    if not (np.isfinite(resolution_mm) and resolution_mm > 0):
        raise ArgumentError(f"resolution_mm must be a positive number of mm, got {resolution_mm}")
    ratios = resolution_mm / grid.voxel_sizes_mm
    # a length of 48.00000001 voxels is 48 voxels
    steps = np.ceil((np.array(grid.shape) - 1) / ratios - _SNAP).astype(int)
    affine = np.array(grid.affine)
    affine[:3, :3] *= ratios
    i, j, k = (int(n) + 1 for n in steps)
    return Grid((i, j, k), affine)


def _result_dtype(
    dtype: np.dtype[np.generic], interpolation: Interpolation
) -> np.dtype[np.generic]:
    native = dtype.newbyteorder("=")
    if interpolation == "nearest" or native in (np.float32, np.float64):
        return native
    small = native.itemsize <= 2
    return np.dtype(np.float32 if small else np.float64)


def _resample_finite(
    values: AnyArray, source: Grid, target: Grid, interpolation: Interpolation, fill: float
) -> AnyArray:
    matrix = source.inverse @ target.affine
    axes = _parallel_axes(matrix, target)
    if axes is None:
        return _resample_oblique(values, matrix, target, interpolation, fill)
    turned = values.transpose(axes)
    positions = [
        _snap(matrix[axis, along] * np.arange(target.shape[along]) + matrix[axis, 3])
        for along, axis in enumerate(axes)
    ]
    if interpolation == "nearest":
        # halfway between two voxels goes to the higher one; outside stays outside
        positions = [
            np.where((at < 0) | (at > n - 1), at, np.floor(at + 0.5))
            for at, n in zip(positions, turned.shape, strict=True)
        ]
    elif any(len(at) * n > _LARGEST_MATRIX for at, n in zip(positions, turned.shape, strict=True)):
        return _resample_oblique(values, matrix, target, interpolation, fill)
    return _read_lines(turned, positions, interpolation, fill)


def _parallel_axes(matrix: NDArray[np.float64], target: Grid) -> tuple[int, int, int] | None:
    """Source axis that runs along each target axis, or None when they are oblique."""
    moves = np.abs(matrix[:3, :3]) * (np.array(target.shape) - 1).clip(1)
    directions = np.abs(matrix[:3, :3]) / np.linalg.norm(matrix[:3, :3], axis=0)
    i, j, k = (int(axis) for axis in directions.argmax(axis=0))
    if sorted((i, j, k)) != [0, 1, 2]:
        return None
    moves[[i, j, k], [0, 1, 2]] = 0.0
    return (i, j, k) if moves.sum(axis=1).max() <= 10 * _SNAP else None


def _snap(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put positions that miss a voxel's centre or border by a rounding error on it."""
    near = np.rint(2 * positions) / 2
    return np.where(np.abs(positions - near) <= _SNAP, near, positions)


def _read_lines(
    values: AnyArray,
    positions: list[NDArray[np.float64]],
    interpolation: Interpolation,
    fill: float,
) -> AnyArray:
    """Read a volume at the crossings of three lists of positions, one per axis."""
    out = np.full([len(at) for at in positions], fill, dtype=values.dtype)
    inside = [
        np.flatnonzero((at >= 0) & (at <= n - 1))
        for at, n in zip(positions, values.shape, strict=True)
    ]
    if min(map(len, inside)) == 0:
        return out
    # the axis that loses most voxels first, so that the others have less to do
    for axis in sorted(range(3), key=lambda axis: len(inside[axis]) / values.shape[axis]):
        at = positions[axis][inside[axis]]
        values = _read_axis(values, at, axis, interpolation)
    out[tuple(slice(part[0], part[-1] + 1) for part in inside)] = values
    return out


def _read_axis(
    values: AnyArray, positions: NDArray[np.float64], axis: int, interpolation: Interpolation
) -> AnyArray:
    if (positions == np.rint(positions)).all():
        return values[(slice(None),) * axis + (_as_slice(positions.astype(np.intp)),)]
    matrix = axis_matrix(positions, values.shape[axis], interpolation).astype(values.dtype)
    if axis == 0:
        lines = np.ascontiguousarray(values).reshape(len(values), -1)
        return np.asarray(matrix @ lines).reshape(-1, *values.shape[1:])
    if axis == 1:
        return np.asarray(np.matmul(matrix, values))
    return np.asarray(values @ matrix.T)


def _as_slice(indices: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """Write evenly spaced indices as a slice, which reads without gathering."""
    steps = np.diff(indices)
    if len(steps) == 0:
        return slice(int(indices[0]), int(indices[0]) + 1)
    step = int(steps[0])
    if step == 0 or (steps != step).any():
        return indices
    stop = int(indices[-1]) + (1 if step > 0 else -1)
    return slice(int(indices[0]), None if stop < 0 else stop, step)


def _resample_oblique(
    values: AnyArray,
    matrix: NDArray[np.float64],
    target: Grid,
    interpolation: Interpolation,
    fill: float,
) -> AnyArray:
    from scipy import ndimage

    return np.asarray(
        ndimage.affine_transform(
            values,
            matrix,
            output_shape=target.shape,
            order=_SPLINE_ORDER[interpolation],
            mode="constant",
            cval=fill,
        )
    )


def _fill_holes(values: AnyArray, finite: NDArray[np.bool_]) -> AnyArray:
    """Spread the values around a hole into it, by the mean of a box."""
    from scipy import ndimage

    width = 2 * _HOLE_REACH + 1
    known = np.where(finite, values, 0)
    total = ndimage.uniform_filter(known.astype(np.float64), width, mode="constant")
    share = ndimage.uniform_filter(finite.astype(np.float64), width, mode="constant")
    hole = ~finite & (share > 0.5 / width**3)
    known[hole] = total[hole] / share[hole]
    return known
