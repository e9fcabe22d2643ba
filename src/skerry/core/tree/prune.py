"""A simpler tree: which peaks stay when small ones are merged into their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.core._kernels import basins as kernels
from skerry.core._kernels import numba_is_loaded, runner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.core.tree.merge_tree import MergeTree

# Up to this many saddles plain Python is faster than importing numba.
FEW = 100_000


def prune(
    tree: MergeTree,
    threshold: float | None = None,
    *,
    min_prominence: float = 0.0,
    min_extent: int = 0,
) -> NDArray[np.int32]:
    """Merge the basins of small peaks, over their highest saddle first.

    First the basins whose peak rises less than `min_prominence` above its
    saddle; then, of what that makes, the basins of fewer than `min_extent`
    voxels. A region keeps one basin, whatever its size.

    Parameters
    ----------
    tree : MergeTree
    threshold : float, optional
        Height, inclusive: only voxels there count and only saddles there join;
        by default the tree's floor.
    min_prominence : float
        In units of the map.
    min_extent : int
        Voxels or vertices.

    Returns
    -------
    (p,) int32
        For each leaf, the leaf whose peak its basin now belongs to: itself if
        the peak stays. Leaves below the threshold stay as they are.
    """
    threshold = tree.floor if threshold is None else float(threshold)
    n_above = tree.n_above(threshold)
    owner = np.arange(tree.n_peaks, dtype=np.int32)
    joined = np.flatnonzero((tree.saddle >= 0) & (tree.saddle < n_above))
    saddle = tree.saddle[joined]
    side, beyond = tree.saddle_from[joined], tree.saddle_to[joined]
    # At one voxel several basins may meet its own: the highest of them first.
    own = tree.leaf[saddle]
    joined = joined[np.lexsort((np.where(side == own, beyond, side), saddle))]
    if min_prominence > 0:
        peak, saddle = tree.node_rank[joined], tree.saddle[joined]
        with np.errstate(invalid="ignore"):  # inf - inf: both are as high, so it goes
            rise = tree.height[peak].astype(np.float64) - tree.height[saddle]
        _merge(tree, joined, ~(rise >= min_prominence), np.zeros(tree.n_peaks), 0, owner)
    if min_extent > 1:
        size = np.bincount(owner[tree.leaf[:n_above]], minlength=tree.n_peaks)
        _merge(tree, joined, np.zeros(len(joined), dtype=bool), size, min_extent, owner)
    return owner


def _merge(
    tree: MergeTree,
    joined: NDArray[np.int64],
    loses: NDArray[np.bool_],
    size: NDArray[np.generic],
    min_extent: int,
    owner: NDArray[np.int32],
) -> None:
    merge = runner(kernels.merge_leaves, numba_is_loaded() or len(joined) > FEW)
    merge(
        tree.saddle_from[joined],
        tree.saddle_to[joined],
        loses,
        size.astype(np.int64),
        int(min_extent),
        owner,
    )
