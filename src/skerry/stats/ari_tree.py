"""All-resolutions inference on a merge tree: bounds for every cluster of every threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.errors import ArgumentError
from skerry.stats.ari_family import Family, calibrate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from skerry.core.tree import MergeTree
    from skerry.stats.ari_family import Method

__all__ = ["Bounds", "LargestRegions", "bounds_of_tree", "largest_regions"]


class Bounds(NamedTuple):
    """Bounds for the island of every voxel of a tree when the sea stands at its height.

    Where heights tie, the last rank of an island at that height has the island whole.
    """

    found: NDArray[np.int32]  # (n,) by rank: at least so many true discoveries
    extent: NDArray[np.int32]  # (n,) by rank: voxels


class LargestRegions(NamedTuple):
    """The largest clusters with a proportion of true discoveries."""

    labels: NDArray[np.int32]  # of the tree's shape: 1 for the highest peak; 0 outside
    height: NDArray[np.float64]  # (n,) the highest threshold at which each is one cluster
    found: NDArray[np.int64]  # (n,) at least so many true discoveries
    extent: NDArray[np.int64]  # (n,) voxels


def bounds_of_tree(
    tree: MergeTree,
    p_values: ArrayLike,
    *,
    alpha: float = 0.05,
    method: Method = "simes",
    family: Family | None = None,
) -> Bounds:
    """Bound the true discoveries of every cluster of every threshold, in one pass.

    Parameters
    ----------
    tree : MergeTree
    p_values : array of the tree's shape
        Of the whole mask, NaN outside; two-sided where both signs are looked at.
    alpha, method
        See `skerry.stats.ari.discoveries`.
    family : Family, optional
        From `skerry.stats.ari.calibrate` on the same p values, where it is there already.

    Returns
    -------
    Bounds

    Raises
    ------
    ArgumentError
        If the shapes differ, or a p value or an option is out of range.

    Notes
    -----
    As in `discoveries` for each cluster, but in O(n log n) for all of them:
    where islands join, the smaller one is added to the larger.

    References
    ----------
    Chen, Goeman, Krebs, Meijer & Weeda 2022, doi:10.48550/arXiv.2206.13587.
    """
    from skerry.core._kernels import ari, machine_code_pays, runner

    p_values = np.asarray(p_values, dtype=np.float64)
    if p_values.shape != tree.shape:
        raise ArgumentError(f"p values have shape {p_values.shape}, the tree {tree.shape}")
    if family is None:
        family = calibrate(p_values, alpha=alpha, method=method)
    n = tree.n_voxels
    machine_code = machine_code_pays(n)
    deadline = _deadlines_by_rank(tree, p_values.reshape(-1), family)
    extent, n_jobs = np.ones(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
    found, path = (np.full(n, -1, dtype=np.int32) for _ in range(2))
    first = np.empty(tree.n_peaks + 1, dtype=np.int32)  # a path begins at a peak
    n_paths = runner(ari.plan_paths, machine_code)(
        tree.parent, deadline, extent, n_jobs, found, path, first
    )
    joining = n_jobs  # done with: its memory serves again
    joining.fill(-1)
    days = int(first[n_paths])
    runner(ari.count_discoveries, machine_code)(
        tree.parent,
        deadline,
        path,
        first,
        np.empty(days, dtype=np.int32),
        np.full(days, -1, dtype=np.int32),
        joining,
        np.empty(n_paths, dtype=np.int32),
        np.empty(n_paths, dtype=np.int32),
        found,
    )
    return Bounds(found, extent)


def _deadlines_by_rank(
    tree: MergeTree, p_values: NDArray[np.float64], family: Family
) -> NDArray[np.int32]:
    """Give `Family.deadlines` along the ranks of a tree.

    `n_counting` tests of the family count. Where p rises as height falls, these are the first
    ranks; if all of these count, no other can, and most p values need not be looked at.
    """
    first = family.deadlines(p_values[tree.order[: family.n_counting]])
    if first.min(initial=0) < 0:
        return family.deadlines(p_values[tree.order])
    deadline = np.full(tree.n_voxels, -1, dtype=np.int32)
    deadline[: len(first)] = first
    return deadline


def largest_regions(
    tree: MergeTree,
    p_values: ArrayLike,
    *,
    tdp: float = 0.7,
    alpha: float = 0.05,
    method: Method = "simes",
    family: Family | None = None,
) -> LargestRegions:
    """Find the largest clusters of which a proportion is truly active, each at its own height.

    Among the clusters of all thresholds, those of which at least `tdp` are true
    discoveries and which no larger such cluster holds: they do not overlap.

    Parameters
    ----------
    tree : MergeTree
    p_values : array of the tree's shape
        Of the whole mask, NaN outside; two-sided where both signs are looked at.
    tdp : float
        True discovery proportion, above 0, at most 1; inclusive.
    alpha, method, family
        See `bounds_of_tree`.

    Returns
    -------
    LargestRegions

    Raises
    ------
    ArgumentError
        If the shapes differ, or a p value or an option is out of range.

    References
    ----------
    Chen, Goeman, Krebs, Meijer & Weeda 2022, doi:10.48550/arXiv.2206.13587.
    """
    from skerry.core._kernels import ari, machine_code_pays, runner

    if not 0 < tdp <= 1:
        raise ArgumentError(f"tdp must lie above 0 and be at most 1, got {tdp}")
    found, extent = bounds_of_tree(tree, p_values, alpha=alpha, method=method, family=family)
    below = tree.parent
    is_whole = (below < 0) | (tree.height[below] < tree.height)
    wanted = is_whole & (found / extent >= tdp)
    largest = np.empty(tree.n_voxels, dtype=np.int32)
    machine_code = machine_code_pays(tree.n_voxels)
    runner(ari.find_largest, machine_code)(below, wanted, largest)
    inside = np.flatnonzero(largest >= 0)
    # The first voxel of a region by rank is its peak, which decides its number.
    last, peak, region = np.unique(largest[inside], return_index=True, return_inverse=True)
    by_peak = np.argsort(peak)
    number = np.empty(len(last), dtype=np.int32)
    number[by_peak] = np.arange(1, len(last) + 1)
    labels = np.zeros(tree.n_voxels, dtype=np.int32)
    labels[inside] = number[region]
    last = last[by_peak]
    return LargestRegions(
        labels=tree.paint(labels),
        height=tree.height[last].astype(np.float64),
        found=found[last].astype(np.int64),
        extent=extent[last].astype(np.int64),
    )
