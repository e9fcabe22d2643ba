"""The one voxel that stands for a flat top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.space.neighbours import turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray


def middle_voxels(
    position: AnyArray, basis: NDArray[np.float64], group: AnyArray, n_groups: int
) -> NDArray[np.int64]:
    """Find the voxel of each group that is nearest to the group's mean position.

    Parameters
    ----------
    position : (n, 3) int or float
        Voxels, those with the lower x, then y, then z in mm first within a group.
    basis : (3, 3) float
        From a difference of positions to mm.
    group : (n,) int
        Group of each voxel, 0 to ``n_groups - 1``; none is empty.
    n_groups : int

    Returns
    -------
    (n_groups,) int64
        Number of the voxel; of equally near ones, the first.

    Notes
    -----
    ``size * position - sum of positions`` is exact for whole positions, so that
    no rounding decides, wherever the file's origin is and whichever way its
    axes run.
    """
    size = np.bincount(group, minlength=n_groups)
    away = np.empty(position.shape, dtype=np.float64)
    for axis in range(3):
        total = np.bincount(group, weights=position[:, axis], minlength=n_groups)
        away[:, axis] = size[group] * position[:, axis] - total[group]
    x, y, z = turn(away, basis).T
    distance = x * x + y * y + z * z
    by_group = np.lexsort((distance, group))  # stable: of equal distances the first stays first
    first = np.zeros(n_groups, dtype=np.int64)
    first[1:] = np.cumsum(size)[:-1]
    return by_group[first]
