"""What is shown of merge trees: which peaks, and the number of the region of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skerry.plotting.tree.layout import Branch, Places, branches_of, places_of

if TYPE_CHECKING:
    from skerry.core.tree import MergeTree
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray, BoolArray, IntArray

#: So many peaks are shown, the most prominent ones, unless the user says which.
MOST_PEAKS = 60


def region_numbers(
    trees: list[MergeTree], regions: Regions | None, threshold: float | None
) -> list[IntArray]:
    """Give the number of the region that each peak of each tree is in.

    Parameters
    ----------
    trees : list of MergeTree
    regions : Regions, optional
        Their numbers; without, those that `find_regions` would give regions of
        any size at the threshold, in the order of the trees.
    threshold : float, optional
        Without, there are no regions.

    Returns
    -------
    list of (p,) int
        By leaf; 0 for none.
    """
    if threshold is None:
        return [np.zeros(tree.n_peaks, dtype=np.int64) for tree in trees]
    if regions is not None:
        labels = np.asarray(regions.labels).reshape(-1)
        return [labels[tree.order[tree.node_rank[: tree.n_peaks]]] for tree in trees]
    numbers, n_before = [], 0
    for tree in trees:
        number = _numbers_at(tree, threshold)
        numbers.append(np.where(number > 0, number + n_before, 0))
        n_before += int(number.max(initial=0))
    return numbers


def _numbers_at(tree: MergeTree, threshold: float) -> IntArray:
    """(p,) numbers from 1 by falling peak, then falling extent, then x, y, z."""
    peaks = tree.peaks(threshold)
    extent = np.bincount(tree.regions_at(threshold), minlength=tree.n_peaks)
    head = np.flatnonzero(peaks.region == peaks.leaf)
    order = np.lexsort((peaks.leaf[head], -extent[peaks.leaf[head]], -peaks.height[head]))
    number = np.zeros(tree.n_peaks, dtype=np.int64)
    number[peaks.leaf[head[order]]] = np.arange(1, len(head) + 1)
    numbers = np.zeros(tree.n_peaks, dtype=np.int64)
    numbers[peaks.leaf] = number[peaks.region]
    return numbers


@dataclass(frozen=True, slots=True)
class Forest:
    """What is shown of a tree.

    Attributes
    ----------
    sign : {"positive", "negative"}
    n_peaks : int
        Of the whole tree.
    branches : list of Branch
        By falling peak.
    number : (n,) int
        Of the region that holds the peak of each branch, 0 for none.
    is_head : (n,) bool
        Whether this peak is the highest of its region.
    places : Places
        Where the branches stand.
    """

    sign: str
    n_peaks: int
    branches: list[Branch]
    number: IntArray
    is_head: BoolArray
    places: Places


def forests_of(
    trees: list[MergeTree], numbers: list[IntArray], min_prominence: float | None
) -> tuple[list[Forest], float]:
    """Choose what to show of some trees.

    Parameters
    ----------
    trees : list of MergeTree
    numbers : list of (p,) int
        What `region_numbers` gives.
    min_prominence : float, optional
        Peaks of a lower prominence are hidden; by default all but `MOST_PEAKS`.

    Returns
    -------
    list of Forest, and the prominence below which peaks are hidden
    """
    prominences = [tree.peaks().prominence for tree in trees]
    least = (
        least_prominence(np.concatenate(prominences), MOST_PEAKS)
        if min_prominence is None
        else float(min_prominence)
    )
    heads = [_heads(number) for number in numbers]
    together = np.concatenate([p[h] for p, h in zip(prominences, heads, strict=True)])
    least_head = least_prominence(together, MOST_PEAKS)
    finite = [tree.height[np.isfinite(tree.height)].max(initial=0.0) for tree in trees]
    ceiling = 1.1 * max([*map(float, finite), *(tree.floor for tree in trees)]) or 1.0
    forests = []
    for tree, number, prominence, head in zip(trees, numbers, prominences, heads, strict=True):
        leaves = shown_leaves(tree, (prominence >= least) | (head & (prominence >= least_head)))
        branches = branches_of(tree, leaves, ceiling)
        places = places_of(branches)
        forests.append(
            Forest(tree.sign, tree.n_peaks, branches, number[leaves], head[leaves], places)
        )
    return forests, least


def _heads(number: IntArray) -> BoolArray:
    """(p,) bool: whether a leaf is the highest of its region; leaves are by falling height."""
    head = np.zeros(len(number), dtype=bool)
    head[np.unique(number, return_index=True)[1]] = True
    return head & (number > 0)


def least_prominence(prominences: AnyArray, most: int) -> float:
    """Give the lowest prominence that at most so many peaks reach; 0 if that is all.

    Examples
    --------
    >>> least_prominence(np.array([5.0, 1.0, 3.0, 1.0]), 3)
    3.0
    """
    if len(prominences) <= most:
        return 0.0
    falling = np.sort(prominences)[::-1]
    reached = falling[:most][falling[:most] > falling[most]]
    return float(reached[-1]) if len(reached) else float(np.nextafter(falling[most], np.inf))


def shown_leaves(tree: MergeTree, kept: BoolArray) -> IntArray:
    """Give the leaves to show: those kept, and every higher peak that one of them joins."""
    shown = kept.copy()
    new: IntArray = np.flatnonzero(kept)
    while len(new):
        elders = np.unique(tree.elder[new])
        new = elders[(elders >= 0) & ~shown[elders]]
        shown[new] = True
    return np.flatnonzero(shown)
