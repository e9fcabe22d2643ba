"""Voxels that nothing in a box around them exceeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import FloatArray

__all__ = ["box_maxima", "face_groups"]


def box_maxima(
    values: FloatArray, half_widths: tuple[int, int, int], *, above: float
) -> NDArray[np.intp]:
    """Find the voxels that are the highest of the box around them.

    Parameters
    ----------
    values : (I, J, K) float
        Finite.
    half_widths : (3,) tuple of int
        The box reaches this many voxels to both sides along each axis: 10 means a
        box of 21 voxels. At the array's edge it is cut.
    above : float
        Only voxels with a greater value than this.

    Returns
    -------
    (n, 3) int
        Voxel indices, the last axis varying fastest. All voxels of a plateau are
        given, and so are equal peaks that lie in each other's boxes.
    """
    candidates = _not_below_neighbours(values, np.argwhere(values > above), half_widths)
    box_voxels = np.prod([2 * half + 1 for half in half_widths])
    # A box looked at costs about a hundredth of a voxel filtered, per voxel.
    if len(candidates) * box_voxels <= 100 * values.size:
        looked_at = [_is_highest(values, voxel, half_widths) for voxel in candidates.tolist()]
        highest = np.array(looked_at, dtype=bool)
    else:
        ceiling = _box_maximum(values, half_widths)
        highest = values[tuple(candidates.T)] == ceiling[tuple(candidates.T)]
    return np.asarray(candidates[highest], dtype=np.intp)


def face_groups(voxels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give voxels that hang together by faces the same number.

    Parameters
    ----------
    voxels : (n, 3) int
        Voxel indices, none twice, the last axis varying fastest.

    Returns
    -------
    (n,) int
        Numbers from 0, by the first voxel of each set.
    """
    number = {tuple(voxel): at for at, voxel in enumerate(voxels.tolist())}
    group = np.full(len(voxels), -1, dtype=np.intp)
    n_groups = 0
    for first, voxel in enumerate(number):
        if group[first] >= 0:
            continue
        group[first] = n_groups
        edge = [voxel]
        while edge:
            i, j, k = edge.pop()
            along_i, along_j = ((i - 1, j, k), (i + 1, j, k)), ((i, j - 1, k), (i, j + 1, k))
            for beside in (*along_i, *along_j, (i, j, k - 1), (i, j, k + 1)):
                at = number.get(beside)
                if at is not None and group[at] < 0:
                    group[at] = n_groups
                    edge.append(beside)
        n_groups += 1
    return group


def _not_below_neighbours(
    values: FloatArray, voxels: NDArray[np.intp], half_widths: tuple[int, int, int]
) -> NDArray[np.intp]:
    """Keep the voxels that no face neighbour in their box exceeds."""
    for axis in np.flatnonzero(half_widths):
        for step in (-1, 1):
            beside = voxels.copy()
            # At the edge a voxel is its own neighbour, which never exceeds it.
            beside[:, axis] = np.clip(beside[:, axis] + step, 0, values.shape[axis] - 1)
            voxels = voxels[values[tuple(voxels.T)] >= values[tuple(beside.T)]]
    return voxels


def _box_maximum(values: FloatArray, half_widths: tuple[int, int, int]) -> FloatArray:
    from scipy.ndimage import maximum_filter1d

    for axis, half in enumerate(half_widths):
        values = maximum_filter1d(values, 2 * half + 1, axis=axis, mode="nearest")
    return values


def _is_highest(values: FloatArray, voxel: list[int], half_widths: tuple[int, int, int]) -> bool:
    box = tuple(
        slice(max(0, at - half), at + half + 1) for at, half in zip(voxel, half_widths, strict=True)
    )
    return bool(values[tuple(voxel)] >= values[box].max())
