"""Regions split along their valleys: the part that belongs to each peak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skerry.core.tree.prune import prune

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from skerry.core.tree.merge_tree import MergeTree


def territories_at(
    tree: MergeTree,
    threshold: float | None = None,
    *,
    min_prominence: float = 0.0,
    min_extent: int = 0,
) -> NDArray[np.int32]:
    """Name the territory of every voxel at or above a threshold.

    A watershed: every voxel belongs to the peak that its steepest path leads
    to, and the basins of peaks that are too small go to their neighbours.

    Parameters
    ----------
    tree : MergeTree
    threshold : float, optional
        Height, inclusive; by default the tree's floor.
    min_prominence : float
        Basins whose peak rises less above its saddle are merged over their
        highest saddle.
    min_extent : int
        So are, after that, basins of fewer voxels.

    Returns
    -------
    (k,) int32
        By rank: the leaf of the territory's peak. `MergeTree.paint` makes a map
        of numbers by rank.
    """
    threshold = tree.floor if threshold is None else float(threshold)
    owner = prune(tree, threshold, min_prominence=min_prominence, min_extent=min_extent)
    return owner[tree.leaf[: tree.n_above(threshold)]]
