"""Where the branches of a merge tree stand in a picture, and how wide they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.core.tree import MergeTree
    from skerry.typing import AnyArray, IntArray

# Heights at which the outline of a branch is drawn.
_STEPS = 80

# Room of a branch that is narrower, and between branches, in mean widths.
_LEAST_ROOM, _GAP = 0.5, 0.15


@dataclass(frozen=True, slots=True)
class Branch:
    """A peak of a merge tree, from the saddle where it meets a higher one.

    Attributes
    ----------
    leaf : int
        Number of the peak in the tree.
    elder : int
        Position, among the branches, of the one that it joins; -1 at a root.
    heights : (n,) float
        From its base (its saddle, or the floor of the tree) to its peak; finite.
    extents : (n,) int
        Voxels of the island at each of these heights.
    """

    leaf: int
    elder: int
    heights: NDArray[np.float64]
    extents: NDArray[np.int64]

    @property
    def base(self) -> float:
        """Height at which it joins a higher branch."""
        return float(self.heights[0])

    @property
    def top(self) -> float:
        """Height of its peak."""
        return float(self.heights[-1])


def branches_of(tree: MergeTree, leaves: IntArray, ceiling: float) -> list[Branch]:
    """Follow the islands of some peaks from their tops to where they join a higher one.

    Parameters
    ----------
    tree : MergeTree
    leaves : (k,) int
        Rising; with each peak the one that it joins (`skerry.plotting.tree.forest.shown_leaves`).
    ceiling : float
        Height at which infinite values are drawn.

    Returns
    -------
    list of Branch
        In the order of `leaves`.
    """
    position = np.full(tree.n_peaks, -1)
    position[leaves] = np.arange(len(leaves))
    arrivals = _arrivals(tree, position)
    branches = []
    for leaf, (ranks, amounts) in zip(leaves.tolist(), arrivals, strict=True):
        elder = int(tree.elder[leaf])
        top = float(tree.height[tree.node_rank[leaf]])
        base = float(tree.height[tree.saddle[leaf]]) if elder >= 0 else tree.floor
        heights = np.linspace(min(base, ceiling), min(top, ceiling), _STEPS)
        order = np.argsort(ranks, kind="stable")
        total = np.cumsum(amounts[order])
        # Ranks rise as heights fall: the island at a height is all that came before.
        n_above = np.searchsorted(-tree.height[ranks[order]], -heights, side="right")
        branches.append(
            Branch(
                leaf,
                int(position[elder]) if elder >= 0 else -1,
                heights,
                total[np.maximum(n_above, 1) - 1].astype(np.int64),
            )
        )
    return branches


def _arrivals(tree: MergeTree, position: IntArray) -> list[tuple[IntArray, IntArray]]:
    """For each shown leaf: the ranks at which its island grows, and by how many voxels.

    It grows by its own voxels, one by one, and by each island that joins it, whole.
    """
    branch = tree.node_peak()[tree.node]  # by rank: the leaf that the voxel's island is named by
    own = np.bincount(branch, minlength=tree.n_peaks)
    total = own.copy()
    # A leaf's elder has a lower number, so that one pass is enough.
    for leaf in range(tree.n_peaks - 1, 0, -1):
        if tree.elder[leaf] >= 0:
            total[tree.elder[leaf]] += total[leaf]
    ranks = np.split(np.argsort(branch, kind="stable"), np.cumsum(own)[:-1])
    joined = np.flatnonzero(tree.elder >= 0)
    by_elder = joined[np.argsort(tree.elder[joined], kind="stable")]
    starts = np.searchsorted(tree.elder[by_elder], np.arange(tree.n_peaks + 1))
    found = []
    for leaf in np.flatnonzero(position >= 0).tolist():
        children = by_elder[starts[leaf] : starts[leaf + 1]]
        found.append(
            (
                np.concatenate([ranks[leaf], tree.saddle[children]]),
                np.concatenate([np.ones(len(ranks[leaf]), dtype=np.int64), total[children]]),
            )
        )
    return found


def widths_of(branch: Branch) -> NDArray[np.float64]:
    """(n,) width at each height: that of a cube of as many voxels."""
    return np.cbrt(branch.extents)


class Places(NamedTuple):
    """The middle of each branch, and how much room they take together.

    In the unit of `widths_of`, from 0.
    """

    middle: NDArray[np.float64]
    breadth: float


def places_of(branches: Sequence[Branch]) -> Places:
    """Place branches side by side so that no line crosses another.

    Each branch stands beside the one that it joins, the first to join nearest,
    on the side where there is less so far. What lies between a branch and the one
    that it joins has joined before, so higher up, and the line between them passes
    beneath.

    Parameters
    ----------
    branches : sequence of Branch
        Each after the one that it joins.

    Returns
    -------
    Places
    """
    if not branches:
        return Places(np.empty(0), 1.0)
    widths = np.array([float(widths_of(branch).max()) for branch in branches])
    least = _LEAST_ROOM * widths.mean()
    room = np.maximum(widths, least) + _GAP * widths.mean()
    children: list[list[int]] = [[] for _ in branches]
    roots: list[int] = []
    for place, branch in enumerate(branches):
        (children[branch.elder] if branch.elder >= 0 else roots).append(place)
    groups: list[list[int]] = [[] for _ in branches]
    for place in range(len(branches) - 1, -1, -1):
        joining = sorted(children[place], key=lambda child: -branches[child].base)
        groups[place] = _beside(place, [groups[child] for child in joining], room)
    order = _beside(None, [groups[root] for root in roots], room)
    middle = np.empty(len(branches))
    middle[order] = np.cumsum(room[order]) - room[order] / 2
    return Places(middle, float(room.sum()))


def _beside(middle: int | None, groups: list[list[int]], room: AnyArray) -> list[int]:
    left: list[list[int]] = []
    right: list[list[int]] = []
    taken = [0.0, 0.0]
    for group in groups:
        side = int(taken[1] <= taken[0])
        (left, right)[side].append(group)
        taken[side] += float(room[group].sum())
    first = [] if middle is None else [middle]
    return [*(p for group in reversed(left) for p in group), *first, *(p for g in right for p in g)]
