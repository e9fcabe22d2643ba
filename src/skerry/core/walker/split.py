"""Split one connected set of voxels among several seeds by a random walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.core.box import bounding_box
from skerry.core.walker.graph import voxel_graph
from skerry.core.walker.solver import first_reached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray, BoolArray, FloatArray, IntArray

__all__ = ["split"]

_MOST_HALVINGS = 8


def split(
    values: FloatArray,
    inside: BoolArray,
    seeds: IntArray,
    seed_numbers: IntArray,
    n_seeds: int,
    *,
    steepness: tuple[float, float, float],
    conductance: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> NDArray[np.int32]:
    """Give each voxel of a connected set to the seed that a random walk reaches first.

    A walk steps from a voxel to a face neighbour with a chance proportional to
    ``conductance * (exp(-steepness * difference**2) + 1e-10)``, `difference` being
    that of the two values [1]_.

    Parameters
    ----------
    values : (I, J, K) float
        A map; finite in the set.
    inside : (I, J, K) bool
        The set: every voxel hangs together with a seed by faces.
    seeds : (m, 3) int
        Voxels of the seeds.
    seed_numbers : (m,) int
        Number of the seed that each belongs to, from 0; where seeds are equally
        probable (within 1e-6) the lower number wins.
    n_seeds : int
    steepness, conductance : (3,) tuple of float
        For steps along each axis.

    Returns
    -------
    (n,) int32
        Seed numbers of the voxels of the set, the last axis varying fastest.

    References
    ----------
    .. [1] Grady 2006, doi:10.1109/TPAMI.2006.233.
    """
    box = bounding_box(inside)
    inside = inside[box]
    graph = voxel_graph(values[box], inside, steepness, conductance)
    seed_of = np.full(inside.shape, -1, np.int32)
    seed_of[tuple((seeds - [side.start for side in box]).T)] = seed_numbers
    longest = int(np.argmax(inside.shape))
    layer: AnyArray = np.arange(inside.shape[longest]).reshape(
        [-1 if axis == longest else 1 for axis in range(3)]
    )
    return first_reached(
        graph,
        seed_of[inside],
        n_seeds,
        order=_coarse_last(inside),
        layer=np.broadcast_to(layer, inside.shape)[inside],
    )


def _coarse_last(inside: BoolArray) -> NDArray[np.intp]:
    """Order voxels so that those on coarser and coarser grids come later.

    Voxels that are eliminated early then have few neighbours: half the entries in
    the factor that the order of storage gives.
    """
    halvings = []
    for axis, size in enumerate(inside.shape):
        at = np.arange(size)
        times = np.zeros(size, np.int64)
        for power in range(1, _MOST_HALVINGS + 1):
            times += at % (1 << power) == 0
        halvings.append(times.reshape([-1 if a == axis else 1 for a in range(3)]))
    least = np.minimum(np.minimum(halvings[0], halvings[1]), halvings[2])
    level = least * (3 * _MOST_HALVINGS + 1) + sum(halvings)
    return np.argsort(level[inside], kind="stable")
