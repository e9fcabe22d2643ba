"""Interpolation along one axis, written as a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import Interpolation

# Sampling weights below this cannot be seen in any result; left in, they
# become denormal numbers in float32, which are slow.
_NEGLIGIBLE = 1e-10


def axis_matrix(
    positions: NDArray[np.float64], n_voxels: int, interpolation: Interpolation
) -> NDArray[np.float64]:
    """Give the matrix that reads a line of voxels at any positions.

    Splines along a volume's axes are separable, so a volume is read on another
    aligned grid by one such matrix per axis.

    Parameters
    ----------
    positions : (M,) float
        Where to read, in voxel indices of the line, from 0 to `n_voxels - 1`.
    n_voxels : int
        Number N of voxels on the line.
    interpolation : {"linear", "continuous"}
        Straight lines, or the cubic spline through the values, mirrored about
        the first and the last voxel.

    Returns
    -------
    (M, N) float
        `axis_matrix(...) @ line` are the values read. A row on a voxel's centre
        is exactly that voxel.

    References
    ----------
    Unser 1999, doi:10.1109/79.799930.
    """
    if interpolation == "linear" or n_voxels == 1:
        return _linear(positions, n_voxels)
    matrix = np.linalg.solve(_spline_values(n_voxels).T, _spline_taps(positions, n_voxels).T).T
    matrix[np.abs(matrix) < _NEGLIGIBLE] = 0.0
    on_centre = np.flatnonzero(positions == np.rint(positions))
    matrix[on_centre] = 0.0
    matrix[on_centre, positions[on_centre].astype(np.intp)] = 1.0
    return np.asarray(matrix, dtype=np.float64)


def _linear(positions: NDArray[np.float64], n_voxels: int) -> NDArray[np.float64]:
    below = np.minimum(positions.astype(np.intp), max(n_voxels - 2, 0))
    share = positions - below
    matrix = np.zeros((len(positions), n_voxels))
    rows = np.arange(len(positions))
    matrix[rows, below] = 1.0 - share
    if n_voxels > 1:
        matrix[rows, below + 1] = share
    return matrix


def _spline_values(n_voxels: int) -> NDArray[np.float64]:
    """(N, N) float, from the coefficients of a cubic spline to its values."""
    return _spline_taps(np.arange(n_voxels, dtype=np.float64), n_voxels)


def _spline_taps(positions: NDArray[np.float64], n_voxels: int) -> NDArray[np.float64]:
    """(M, N) float, weight of each spline coefficient at each position."""
    below = np.floor(positions).astype(np.intp)
    share = positions - below
    weights = (
        (1 - share) ** 3 / 6,
        (4 - 6 * share**2 + 3 * share**3) / 6,
        (4 - 6 * (1 - share) ** 2 + 3 * (1 - share) ** 3) / 6,
        share**3 / 6,
    )
    matrix = np.zeros((len(positions), n_voxels))
    rows = np.arange(len(positions))
    period = 2 * (n_voxels - 1)
    for step, weight in zip((-1, 0, 1, 2), weights, strict=True):
        mirrored = np.abs(below + step) % period
        mirrored = np.minimum(mirrored, period - mirrored)
        np.add.at(matrix, (rows, mirrored), weight)
    return matrix
