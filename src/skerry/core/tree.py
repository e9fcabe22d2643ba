"""The merge tree: every island at every sea level, in flat arrays."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from skerry.core._kernels import machine_code_pays, runner
from skerry.core._kernels import tree as kernels
from skerry.core.basins import find_basins
from skerry.core.falling import sort_falling
from skerry.core.sweep import join_basins
from skerry.core.threshold import passes
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from skerry.core.falling import Falling
    from skerry.space.neighbours import Neighbours
    from skerry.typing import AnyArray, BoolArray

__all__ = ["MergeTree", "Peaks", "build_tree"]


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
        """Count the voxels at or above a threshold; their ranks are lower than this."""
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
        """
        threshold = self.floor if threshold is None else float(threshold)
        n_above = self.n_above(threshold)
        leaves = np.arange(int(np.searchsorted(self.node_rank[: self.n_peaks], n_above)))
        region = self._highest_peak(n_above)[leaves]
        height = self.height[self.node_rank[leaves]].astype(np.float64)
        is_highest = region == leaves
        saddle = np.where(is_highest, 0, self.saddle[leaves])
        # In double precision: a threshold may lie between two float32 heights.
        saddle_height = np.where(
            is_highest, threshold, self.height[saddle].astype(np.float64, copy=False)
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


def build_tree(
    values: AnyArray,
    neighbours: Neighbours,
    *,
    sign: Literal["positive", "negative"] = "positive",
    mask: BoolArray | None = None,
    floor: float = 0.0,
) -> MergeTree:
    """Build the merge tree of the voxels of one sign.

    Sorts the voxels by falling height, sends each up to its peak, and joins the
    basins that meet by union-find: O(n log n).

    Parameters
    ----------
    values : array of any real type, of the shape of `neighbours`
        A statistic; NaN and 0 belong to no sign, infinite values are the highest.
    neighbours : Neighbours
        `GridNeighbours` for a volume, `MeshNeighbours` for a surface.
    sign : {"positive", "negative"}
        Which voxels; heights are ``|value|``.
    mask : bool array of the same shape, optional
        Voxels outside it are left out.
    floor : float
        Leave out voxels whose height is below it: nothing can be asked there.

    Returns
    -------
    MergeTree

    Raises
    ------
    ArgumentError
        If a shape differs from that of `neighbours`, `sign` is another word, or
        `floor` is negative or NaN.

    References
    ----------
    Carr, Snoeyink & Axen 2003, doi:10.1016/S0925-7721(02)00093-7 (sweep and
    union-find). Edelsbrunner, Letscher & Zomorodian 2002,
    doi:10.1007/s00454-002-2885-2 (prominence, there persistence).

    Examples
    --------
    >>> from skerry.space.neighbours import MeshNeighbours
    >>> path = MeshNeighbours([0, 1, 3, 5, 7, 8], [1, 0, 2, 1, 3, 2, 4, 3])
    >>> tree = build_tree(np.array([1.0, 5.0, 2.0, 4.0, 1.0]), path)
    >>> tree.peaks().height, tree.peaks().prominence
    (array([5., 4.]), array([5., 2.]))
    >>> tree.cut(3.0)
    array([0, 1, 0, 2, 0], dtype=int32)
    """
    _check(values, neighbours, sign, mask, floor)
    inside = passes(values, floor, sign)
    if mask is not None:
        np.logical_and(inside, mask, out=inside)
    transposed = inside.flags.f_contiguous  # as most files are: read in the order of memory
    listed = np.flatnonzero(inside.T if transposed else inside)
    del inside
    heights = _heights((values.T if transposed else values).reshape(-1)[listed], sign)
    layout = neighbours.lay_out(listed, transposed)
    del listed
    falling = sort_falling(heights, layout, neighbours)
    del heights
    level = _levels(falling)
    n = len(level)
    volume = np.full(layout.n_places, n, dtype=np.int32)
    machine_code = machine_code_pays(n)
    basins = find_basins(layout, neighbours, falling, level, volume, machine_code)
    joined = join_basins(layout, falling, basins, level, volume, machine_code)
    return MergeTree(
        shape=tuple(neighbours.shape),
        sign=sign,
        floor=float(floor),
        order=falling.voxel,
        height=falling.height,
        leaf=basins.leaf,
        **joined._asdict(),
    )


def number_in_order(names: AnyArray) -> NDArray[np.int32]:
    """Replace names by 1, 2, ... for the lowest name, the next, and so on."""
    taken = np.zeros(int(names.max(initial=-1)) + 2, dtype=np.int32)
    taken[names] = 1
    return np.cumsum(taken, dtype=np.int32)[names]


def _check(
    values: AnyArray,
    neighbours: Neighbours,
    sign: str,
    mask: BoolArray | None,
    floor: float,
) -> None:
    if values.shape != tuple(neighbours.shape):
        raise ArgumentError(
            f"values have shape {values.shape}, their neighbours {tuple(neighbours.shape)}"
        )
    if mask is not None and mask.shape != values.shape:
        raise ArgumentError(f"mask has shape {mask.shape}, values have {values.shape}")
    if sign not in ("positive", "negative"):
        raise ArgumentError(f"sign must be 'positive' or 'negative', got {sign!r}")
    if not floor >= 0:
        raise ArgumentError(f"floor must be 0 or more, got {floor}")


def _heights(chosen: AnyArray, sign: str) -> AnyArray:
    """|values| in a type that holds them exactly and whose bits rise with them."""
    exact = np.promote_types(chosen.dtype, np.float32)
    heights = chosen.astype(np.float32 if exact == np.float32 else np.float64, copy=False)
    return np.negative(heights) if sign == "negative" else heights


def _levels(falling: Falling) -> NDArray[np.int32]:
    """(n,) the first rank of each height, by rank: the same number for ties."""
    level = np.arange(len(falling.height), dtype=np.int32)
    tied = falling.tied
    new = np.ones(len(tied), dtype=bool)
    new[1:] = falling.height[tied[1:]] != falling.height[tied[:-1]]
    level[tied] = np.maximum.accumulate(np.where(new, tied, 0))
    return level


def _above(height: NDArray[np.float64], base: AnyArray) -> NDArray[np.float64]:
    """Give height - base, where infinity above infinity is 0."""
    apart = np.zeros(len(height), dtype=np.float64)
    np.subtract(height, base, out=apart, where=height != base)
    return apart
