"""The merge tree: every island at every sea level, in flat arrays."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from skerry.checks import is_number
from skerry.core._kernels import machine_code_pays, runner
from skerry.core._kernels import tree as kernels
from skerry.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from skerry.typing import AnyArray

__all__ = ["MergeTree", "Peaks"]


class Peaks(NamedTuple):
    """The peaks above a threshold, the highest first; one element each.

    A peak's region is named by its highest peak, its leaf in the tree.
    """

    leaf: NDArray[np.int32]  # number of the peak in the tree
    voxel: NDArray[np.int32]  # index into the raveled values (C order)
    height: NDArray[np.float64]
    prominence: NDArray[np.float64]  # above the saddle, or the threshold for a region's highest
    saddle_height: NDArray[np.float64]  # NaN for a region's highest peak
    saddle_voxel: NDArray[np.int32]  # index likewise; -1 for a region's highest peak
    region: NDArray[np.int32]  # leaf of the region's highest peak


@dataclass(frozen=True, slots=True, eq=False)
class MergeTree:
    """The merge tree of the voxels of one sign.

    Parameters
    ----------
    shape : tuple of int
        Shape of the array of values.
    sign : {"positive", "negative"}
        Which voxels; heights are ``|value|``.
    floor : float
        Voxels below this height are not in the tree.
    order : (n,) int32
        Voxels by falling height, as indices into the raveled values (C order).
        A voxel's number in this order is its *rank*. Equal heights: the lower
        x, then y, then z in mm first.
    height : (n,) float32 or float64
        By rank.
    parent : (n,) int32
        By rank: the rank of the next voxel that joins the island of this one,
        -1 for the last. The voxels from which following `parent` leads to rank r
        are the island that holds r when the sea stands at its height.
    leaf : (n,) int32
        By rank: the peak (a leaf of the tree) that the steepest path leads to.
    node : (n,) int32
        By rank: the node that the voxel lies on.
    node_parent : (m,) int32
        The node that each node joins, a higher number; -1 for a root. The
        first nodes are the leaves, by falling height; then come the merges.
    node_rank : (m,) int32
        Rank of the voxel that opens a node: the peak of a leaf, the saddle of a
        merge. A node lasts from there down to just above its parent's height.
    saddle : (p,) int32
        Per leaf: rank of the voxel at which it meets a higher peak, -1 if never.
    elder : (p,) int32
        Per leaf: the highest peak of the island that it meets there, -1 if none.
    saddle_from, saddle_to : (p,) int32
        Per leaf: the basin on its own side of that saddle, and the one beyond.

    Notes
    -----
    n voxels, p peaks, m <= 2p - 1 nodes. A plateau (a connected set of equal
    heights) is one voxel in all of this: its peak is its voxel nearest to its
    mean position in mm.
    """

    shape: tuple[int, ...]
    sign: Literal["positive", "negative"]
    floor: float
    order: NDArray[np.int32]
    height: NDArray[np.floating]
    parent: NDArray[np.int32]
    leaf: NDArray[np.int32]
    node: NDArray[np.int32]
    node_parent: NDArray[np.int32]
    node_rank: NDArray[np.int32]
    saddle: NDArray[np.int32]
    elder: NDArray[np.int32]
    saddle_from: NDArray[np.int32]
    saddle_to: NDArray[np.int32]

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # Made anew, so that the arrays of an unpickled tree cannot be changed either.
        return MergeTree, tuple(getattr(self, name) for name in self.__slots__)

    def __repr__(self) -> str:
        return (
            f"MergeTree({self.n_voxels} {self.sign} voxels, {self.n_peaks} peaks, "
            f"{self.n_nodes} nodes)"
        )

    @property
    def n_voxels(self) -> int:
        """Number of voxels."""
        return len(self.order)

    @property
    def n_peaks(self) -> int:
        """Number of peaks, which are the leaves."""
        return len(self.saddle)

    @property
    def n_nodes(self) -> int:
        """Number of nodes: leaves and merges."""
        return len(self.node_parent)

    @property
    def node_height(self) -> AnyArray:
        """(m,) height at which each node begins: of its peak or its saddle."""
        return np.asarray(self.height[self.node_rank])

    def n_above(self, threshold: float) -> int:
        """Count the voxels at or above a threshold; their ranks are lower than this.

        Raises
        ------
        ArgumentError
            If `threshold` is NaN or below the tree's floor, where it knows no voxel.
        ArgumentTypeError
            If it is no number.
        """
        if not is_number(threshold):
            raise ArgumentTypeError(f"threshold must be a number, got {threshold!r}")
        if not threshold >= self.floor:
            raise ArgumentError(
                f"threshold {float(threshold):g} is not at or above the floor of the tree, "
                f"{self.floor:g}: grow the tree with a lower floor"
            )
        return bisect_left(self.height, True, key=lambda height: bool(height < threshold))

    def regions_at(self, threshold: float) -> NDArray[np.int32]:
        """Name the region of every voxel at or above a threshold.

        Parameters
        ----------
        threshold : float
            Height, inclusive.

        Returns
        -------
        (k,) int32
            By rank: the leaf of the highest peak of the voxel's region.

        Raises
        ------
        ArgumentError, ArgumentTypeError
            As `n_above` does.
        """
        n_above = self.n_above(threshold)
        return self._highest_peak(n_above)[self.leaf[:n_above]]

    def cut(self, threshold: float) -> NDArray[np.int32]:
        """Label the regions at a threshold.

        Parameters
        ----------
        threshold : float
            Height, inclusive.

        Returns
        -------
        int32 array of `shape`
            1 for the region with the highest peak, and so on by falling height;
            0 elsewhere.

        Raises
        ------
        ArgumentError, ArgumentTypeError
            As `n_above` does.
        """
        return self.paint(number_in_order(self.regions_at(threshold)))

    def paint(self, by_rank: AnyArray) -> NDArray[np.int32]:
        """Put numbers of the first ranks where their voxels are; 0 elsewhere.

        Parameters
        ----------
        by_rank : (k,) int
            Numbers of ranks 0 to k - 1.

        Returns
        -------
        int32 array of `shape`
        """
        painted = np.zeros(int(np.prod(self.shape)), dtype=np.int32)
        painted[self.order[: len(by_rank)]] = by_rank
        return painted.reshape(self.shape)

    def peaks(self, threshold: float | None = None, *, min_prominence: float = 0.0) -> Peaks:
        """Give the peaks of the regions at a threshold.

        Parameters
        ----------
        threshold : float, optional
            Height, inclusive; by default the tree's floor.
        min_prominence : float
            A region's other peaks stay when they rise at least this much above
            their saddle; its highest peak always stays.

        Returns
        -------
        Peaks

        Raises
        ------
        ArgumentError, ArgumentTypeError
            As `n_above` does.
        """
        threshold = self.floor if threshold is None else threshold
        n_above = self.n_above(threshold)
        leaves = np.arange(int(np.searchsorted(self.node_rank[: self.n_peaks], n_above)))
        region = self._highest_peak(n_above)[leaves]
        height = self.height[self.node_rank[leaves]].astype(np.float64)
        is_highest = region == leaves
        saddle = np.where(is_highest, 0, self.saddle[leaves])
        # In double precision: a threshold may lie between two float32 heights.
        saddle_height = np.where(
            is_highest, float(threshold), self.height[saddle].astype(np.float64, copy=False)
        )
        prominence = _above(height, saddle_height)
        kept = is_highest | (prominence >= min_prominence)
        columns = Peaks(
            leaf=leaves.astype(np.int32),
            voxel=self.order[self.node_rank[leaves]],
            height=height,
            prominence=prominence,
            saddle_height=np.where(is_highest, np.nan, saddle_height),
            saddle_voxel=np.where(is_highest, -1, self.order[saddle]).astype(np.int32),
            region=region,
        )
        return Peaks(*(column[kept] for column in columns))

    def node_extent(self) -> NDArray[np.int64]:
        """(m,) voxels of each node's island just before it joins its parent."""
        return self._gathered(np.bincount(self.node, minlength=self.n_nodes)).astype(np.int64)

    def node_mass(self) -> NDArray[np.float64]:
        """(m,) sum of the heights of each node's island just before it joins its parent."""
        return self._gathered(np.bincount(self.node, weights=self.height, minlength=self.n_nodes))

    def node_peak(self) -> NDArray[np.int32]:
        """(m,) leaf of the highest peak of each node's island."""
        best = np.arange(self.n_nodes)
        best[self.n_peaks :] = self.n_peaks
        # A child's number is lower than its parent's, so that one pass is enough.
        for child, parent in enumerate(self.node_parent.tolist()):
            if parent >= 0:
                best[parent] = min(best[parent], best[child])
        return best.astype(np.int32)

    def node_at(self, index: ArrayLike, height: float) -> NDArray[np.int32]:
        """Find the node that holds voxels when the sea stands at a height.

        Parameters
        ----------
        index : (...) int
            Indices into the raveled values (C order).
        height : float

        Returns
        -------
        (...) int32
            -1 where the voxel is below the sea or not in the tree.

        Raises
        ------
        ArgumentError, ArgumentTypeError
            As `n_above` does.
        """
        rank_of = np.full(int(np.prod(self.shape)), -1, dtype=np.int32)
        rank_of[self.order] = np.arange(self.n_voxels, dtype=np.int32)
        rank = rank_of[np.asarray(index)]
        dry = (rank >= 0) & (rank < self.n_above(height))
        node = np.full(rank.shape, -1, dtype=np.int32)
        node[dry] = self.node[rank[dry]]
        reaches = np.append(self.node_height[self.node_parent] >= height, False)
        reaches[:-1] &= self.node_parent >= 0
        while reaches[node].any():
            node[reaches[node]] = self.node_parent[node[reaches[node]]]
        return node

    def _highest_peak(self, n_above: int) -> NDArray[np.int32]:
        """(p,) leaf of the highest peak of each leaf's region among the first ranks."""
        met = (self.saddle >= 0) & (self.saddle < n_above)
        peak = np.where(met, self.elder, np.arange(self.n_peaks, dtype=np.int32))
        further = peak[peak]
        while not np.array_equal(further, peak):
            peak, further = further, further[further]
        return peak

    def _gathered(self, own: AnyArray) -> NDArray[np.float64]:
        """Add to each node's own amount those of the nodes above it."""
        total = own.astype(np.float64)
        machine_code = machine_code_pays(self.n_nodes)
        runner(kernels.accumulate, machine_code)(self.node_parent, total)
        return total


def number_in_order(names: AnyArray) -> NDArray[np.int32]:
    """Replace names by 1, 2, ... for the lowest name, the next, and so on."""
    taken = np.zeros(int(names.max(initial=-1)) + 2, dtype=np.int32)
    taken[names] = 1
    return np.cumsum(taken, dtype=np.int32)[names]


def _above(height: NDArray[np.float64], base: AnyArray) -> NDArray[np.float64]:
    """Give height - base, where infinity above infinity is 0."""
    apart = np.zeros(len(height), dtype=np.float64)
    np.subtract(height, base, out=apart, where=height != base)
    return apart
