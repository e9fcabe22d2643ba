"""Gaussian smoothing, its width in millimetres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray, FloatArray

__all__ = ["reach_voxels", "smooth"]

_FWHM_OVER_SIGMA = np.sqrt(8 * np.log(2))
_TRUNCATED_AT_SIGMA = 4.0
_SMALL = 500_000  # voxels: done before SciPy's filters have been imported
_LONG_REACH = 8
_BLOCK = 32  # rows of a product: wide enough for speed, narrow enough to skip zeros


def smooth(
    values: AnyArray,
    grid: Grid,
    fwhm_mm: float | None,
    *,
    edge: Literal["reflect", "zero"] = "reflect",
) -> FloatArray:
    """Smooth a map with a Gaussian that is as wide in each direction.

    Parameters
    ----------
    values : (I, J, K) array
        A map, or a box cut out of one. It is not changed. Values that are not
        finite count as 0.
    grid : Grid
        Gives the voxel sizes, mm; the affine's rotation does not matter.
    fwhm_mm : float or None
        Full width of the Gaussian at half its maximum, mm; None or 0 smooths nothing.
    edge : {"reflect", "zero"}
        What lies beyond the array: its mirror image, as in nilearn, or zeros, so
        that the size of the field of view does not matter.

    Returns
    -------
    (I, J, K) float
        float32 and float64 stay what they are; 8-, 16- and 32-bit integers become
        float32, others float64. The Gaussian ends at 4 standard deviations.

    See Also
    --------
    reach_voxels : How far the values of a voxel spread.
    """
    result: FloatArray = np.array(values, dtype=_float_type(values.dtype))
    finite = np.isfinite(result)
    if not finite.all():
        result[~finite] = 0
    for axis, sigma in enumerate(_sigma_voxels(grid, fwhm_mm)):
        if sigma > 0 and edge == "zero" and _reach(sigma) >= _LONG_REACH:
            result = _multiplied(result, sigma, axis)
        elif sigma > 0 and edge == "zero" and result.size <= _SMALL:
            result = _shifted(result, sigma, axis)
        elif sigma > 0:
            from scipy.ndimage import gaussian_filter1d

            mode: Literal["reflect", "constant"] = "reflect" if edge == "reflect" else "constant"
            smooth_lines: Any = gaussian_filter1d  # its stubs know no array to write in
            smooth_lines(
                result, sigma, axis=axis, output=result, mode=mode, truncate=_TRUNCATED_AT_SIGMA
            )
    return result


def reach_voxels(grid: Grid, fwhm_mm: float | None) -> tuple[int, int, int]:
    """Tell how far, along each axis, `smooth` spreads the value of a voxel.

    Parameters
    ----------
    grid : Grid
    fwhm_mm : float or None
        Full width at half maximum, mm.

    Returns
    -------
    (3,) tuple of int
        Voxels; beyond them nothing changes.
    """
    i, j, k = (_reach(sigma) for sigma in _sigma_voxels(grid, fwhm_mm).tolist())
    return i, j, k


def _reach(sigma: float) -> int:
    return int(_TRUNCATED_AT_SIGMA * sigma + 0.5)


def _shifted(values: FloatArray, sigma: float, axis: int) -> FloatArray:
    """Smooth along one axis, zeros beyond: sums of the map moved by one voxel after another.

    For short reaches as fast as a matrix product, whose threads, on busy cores, cost more
    than they save.
    """
    side = _bell(sigma)[_reach(sigma) :].astype(values.dtype)
    stack = _stacked(values, axis)
    result: FloatArray = stack * side[0]
    part = np.empty_like(stack)
    for by in range(1, min(len(side), stack.shape[1])):
        np.multiply(stack, side[by], out=part)
        result[:, by:] += part[:, :-by]
        result[:, :-by] += part[:, by:]
    return result.reshape(values.shape)


def _multiplied(values: FloatArray, sigma: float, axis: int) -> FloatArray:
    """Smooth along one axis, zeros beyond: a banded matrix, multiplied block by block.

    With a reach of 10 voxels several times as fast as SciPy's filter, which goes line
    by line; with a short reach it is slower.
    """
    bell, reach = _bell(sigma), _reach(sigma)
    stack = _stacked(values, axis)
    size = stack.shape[1]
    apart = np.arange(size)[:, None] - np.arange(size)
    band = np.where(np.abs(apart) <= reach, bell[np.clip(apart, -reach, reach) + reach], 0.0)
    band = band.astype(values.dtype)
    result = np.empty_like(stack)
    for start in range(0, size, _BLOCK):
        stop = min(start + _BLOCK, size)
        near = slice(max(0, start - reach), stop + reach)
        rows = band[start:stop, near]
        if stack.shape[2] == 1:
            np.matmul(stack[:, near, 0], rows.T, out=result[:, start:stop, 0])
        else:
            np.matmul(rows, stack[:, near], out=result[:, start:stop])
    return result.reshape(values.shape)


def _bell(sigma: float) -> NDArray[np.float64]:
    """Give the Gaussian from one end of its reach to the other, its sum 1."""
    reach = _reach(sigma)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.asarray(bell / bell.sum(), dtype=np.float64)


def _stacked(values: FloatArray, axis: int) -> FloatArray:
    """Give (planes, size, columns) of a map: the axis to smooth in the middle."""
    planes = int(np.prod(values.shape[:axis]))
    stack: FloatArray = np.ascontiguousarray(values).reshape(planes, values.shape[axis], -1)
    return stack


def _sigma_voxels(grid: Grid, fwhm_mm: float | None) -> NDArray[np.float64]:
    if fwhm_mm is None:
        return np.zeros(3)
    return np.asarray(fwhm_mm / (_FWHM_OVER_SIGMA * grid.voxel_sizes_mm), dtype=np.float64)


def _float_type(dtype: np.dtype[np.generic]) -> type[np.floating]:
    if dtype.kind == "f":
        return np.float32 if dtype.itemsize <= 4 else np.float64
    return np.float32 if dtype.itemsize <= 4 and dtype.kind in "bui" else np.float64
