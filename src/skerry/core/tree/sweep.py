"""The sweep that joins basins where they meet: the inner part of the merge tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.core._kernels import runner
from skerry.core._kernels import tree as kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.core.tree.basins import Basins
    from skerry.core.tree.falling import Falling
    from skerry.space.neighbours import Layout

# Where the step of each voxel of a block stands.
_SLOTS = (1 << np.arange(27)) % kernels.N_BITS


class Joined(NamedTuple):
    """What the sweep finds; `skerry.core.tree.MergeTree` says what each array is."""

    parent: NDArray[np.int32]
    node: NDArray[np.int32]
    node_parent: NDArray[np.int32]
    node_rank: NDArray[np.int32]
    saddle: NDArray[np.int32]
    elder: NDArray[np.int32]
    saddle_from: NDArray[np.int32]
    saddle_to: NDArray[np.int32]


def join_basins(
    layout: Layout,
    falling: Falling,
    basins: Basins,
    volume: NDArray[np.int32],
    machine_code: bool,
) -> Joined:
    """Add the voxels by falling height and join the basins that meet.

    Parameters
    ----------
    layout : Layout
    falling : Falling
        The voxels by rank.
    basins : Basins
    volume : (n_places,) int32
        Rank at each place; n where there is no voxel.
    machine_code : bool
        Use numba.

    Returns
    -------
    Joined
    """
    leaf, peak, gates = basins
    level = falling.level
    n, n_leaves = len(level), len(peak)
    numbers = np.arange(n_leaves, dtype=np.int32)
    last = np.full(n_leaves, -1, dtype=np.int32)
    saddle, elder, saddle_from, saddle_to = (last.copy() for _ in range(4))
    parent = np.full(n, -1, dtype=np.int32)
    node = np.empty(n, dtype=np.int32)
    node_parent = np.full(2 * n_leaves, -1, dtype=np.int32)
    node_rank = np.concatenate([peak, peak])
    forward = np.full(2 * n_leaves, -1, dtype=np.int32)
    found = np.empty(layout.most, dtype=np.int32)
    touched = np.empty(layout.most, dtype=np.int32)
    n_nodes = runner(kernels.join, machine_code)(
        volume, gates, _steps_by_bit(layout), layout.starts, layout.table, falling.place,
        leaf, level, numbers.copy(), last, numbers.copy(), found, touched,
        parent, node, node_parent, node_rank, forward,
        saddle, elder, saddle_from, saddle_to,
    )  # fmt: skip
    node_parent, node_rank = node_parent[:n_nodes].copy(), node_rank[:n_nodes].copy()
    node, node_parent, node_rank = _one_node_a_height(
        node, node_parent, node_rank, forward[:n_nodes], level, falling.tied
    )
    return Joined(parent, node, node_parent, node_rank, saddle, elder, saddle_from, saddle_to)


def _steps_by_bit(layout: Layout) -> NDArray[np.int32]:
    """Give the step of bit k of a block at ``2**k % N_BITS``; nothing on a mesh."""
    steps = np.zeros(kernels.N_BITS if layout.on_grid else 0, dtype=np.int32)
    steps[_SLOTS[: len(layout.block)]] = layout.block
    return steps


def _one_node_a_height(
    node: NDArray[np.int32],
    node_parent: NDArray[np.int32],
    node_rank: NDArray[np.int32],
    forward: NDArray[np.int32],
    level: NDArray[np.int32],
    tied: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Make one node of those that were opened at one height in one island.

    A node holds the voxels above its parent's height: those at that height,
    which came before the islands met, go to the parent.
    """
    if not len(tied):
        return node, node_parent, node_rank
    kept = forward < 0
    if not kept.all():
        goal = np.where(kept, np.arange(len(forward), dtype=np.int32), forward)
        while not np.array_equal(goal, goal[goal]):
            goal = goal[goal]
        number = (np.cumsum(kept, dtype=np.int32) - 1)[goal].astype(np.int32)
        node_parent, node_rank = node_parent[kept], node_rank[kept]
        inner = node_parent >= 0
        node_parent[inner] = number[node_parent[inner]]
        node = number[node]
    above = node_parent[node[tied]]
    level_above = np.where(above >= 0, level[node_rank[above]], -1)
    late = level_above == level[tied]
    node[tied[late]] = above[late]
    return node, node_parent, node_rank
