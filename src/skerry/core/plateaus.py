"""The one voxel that stands for a flat top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.space.positions import turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.neighbours import Layout
    from skerry.typing import AnyArray

# Squared distances whose ratio is nearer to 1 than this are equal: headers hold the steps in
# single precision, which rounds at 1e-7, and a sum of squares rounds by the order of the axes.
EQUALLY_NEAR = 1e-6


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
    ``size * position - sum of positions`` is exact for whole positions, and
    distances that differ by less than `EQUALLY_NEAR` are equal, so that no
    rounding decides, wherever the file's origin is and whichever way its axes
    run.
    """
    size = np.bincount(group, minlength=n_groups)
    away = np.empty(position.shape, dtype=np.float64)
    for axis in range(3):
        total = np.bincount(group, weights=position[:, axis], minlength=n_groups)
        away[:, axis] = size[group] * position[:, axis] - total[group]
    x, y, z = turn(away, basis).T
    distance = x * x + y * y + z * z
    least = np.full(n_groups, np.inf)
    np.minimum.at(least, group, distance)
    near = np.flatnonzero(distance <= least[group] * (1 + EQUALLY_NEAR))[::-1]
    nearest = np.empty(n_groups, dtype=np.int64)
    nearest[group[near]] = near  # the last one written stays: of equals, the first
    return nearest


def connected_groups(
    layout: Layout, place: NDArray[np.int32], kind: AnyArray
) -> tuple[NDArray[np.int64], int]:
    """Tell apart the connected sets of voxels of the same kind, for few voxels.

    Parameters
    ----------
    layout : Layout
    place : (n,) int32
        Places, rising.
    kind : (n,) array
        Voxels of different kinds do not connect.

    Returns
    -------
    group : (n,) int64
        From 0, in the order of each group's first voxel.
    n_groups : int
    """
    a, b = _pairs(layout, place)
    same = kind[a] == kind[b]
    a, b = a[same], b[same]
    first = np.arange(len(place))
    while True:  # the lowest number spreads over its group
        lowest = first.copy()
        np.minimum.at(lowest, a, first[b])
        np.minimum.at(lowest, b, first[a])
        lowest = lowest[lowest]
        if np.array_equal(lowest, first):
            break
        first = lowest
    firsts, group = np.unique(first, return_inverse=True)
    return group.astype(np.int64), len(firsts)


def _pairs(layout: Layout, place: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the pairs of neighbours among some places."""
    if layout.on_grid:
        n_each = np.full(len(place), len(layout.table))
        beside = (place[:, None] + layout.table).ravel()
    else:
        n_each = np.diff(layout.starts)[place]
        ends = np.cumsum(n_each)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - n_each, n_each)
        beside = layout.table[np.repeat(layout.starts[place], n_each) + within]
    a = np.repeat(np.arange(len(place)), n_each)
    b = np.minimum(np.searchsorted(place, beside), len(place) - 1)
    found = place[b] == beside
    return a[found], b[found]
