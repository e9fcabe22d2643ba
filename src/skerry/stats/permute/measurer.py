"""What a permutation test measures of the data in one arrangement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from skerry.core._kernels import compiled
from skerry.core._kernels import permute as kernels
from skerry.core.box import Box, bounding_box
from skerry.core.tree import MergeTree, build_tree
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours
from skerry.stats.tfce import score_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.stats.permute.model import Model
    from skerry.typing import AnyArray, BoolArray, Connectivity, Sign

__all__ = ["Field", "Measurer"]


@dataclass(frozen=True)
class Field:
    """Where the tests of a map are: voxels of a mask, and who is next to whom.

    Parameters
    ----------
    grid : Grid
    mask : (I, J, K) bool
        At least one voxel.
    connectivity : {6, 18, 26}
    """

    grid: Grid
    mask: BoolArray
    connectivity: Connectivity

    @cached_property
    def box(self) -> Box:
        """The smallest box that holds the mask."""
        return bounding_box(self.mask)

    @cached_property
    def inside(self) -> NDArray[np.int64]:
        """(V,) the mask's voxels as indices into the raveled box (C order)."""
        return np.flatnonzero(self.mask[self.box])

    @cached_property
    def neighbours(self) -> GridNeighbours:
        """Neighbours within the box."""
        affine = self.grid.affine.copy()
        affine[:3, 3] = self.grid.xyz([side.start for side in self.box])
        i, j, k = (side.stop - side.start for side in self.box)
        return GridNeighbours(Grid((i, j, k), affine), self.connectivity)


@dataclass(frozen=True, slots=True)
class Measurer:
    """What is measured of the data in one arrangement.

    Attributes
    ----------
    data : (n, V) float32 or float64
        Shared by all threads.
    squares : (V,) float64
        Sum of squares of what the nuisance leaves of each voxel's data.
    model : Model
    field : Field
    sign : {"both", "positive", "negative"}
        Which side counts.
    threshold : float or None
        Cluster-forming height.
    tfce : (E, H) or None
    """

    data: AnyArray
    squares: NDArray[np.float64]
    model: Model
    field: Field
    sign: Sign
    threshold: float | None
    tfce: tuple[float, float] | None

    @property
    def sides(self) -> tuple[Literal["positive", "negative"], ...]:
        """The sides that count."""
        return ("positive", "negative") if self.sign == "both" else (self.sign,)

    @property
    def names(self) -> tuple[str, ...]:
        """What is measured: `t` or `F`, then `extent` and `excess_mass`, then `tfce`."""
        clusters = ("extent", "excess_mass") if self.threshold is not None else ()
        return (self.model.statistic, *clusters, *(("tfce",) if self.tfce else ()))

    def statistic(self, order: NDArray[np.int64], sign: NDArray[np.float64]) -> NDArray[np.float64]:
        """(V,) the statistic of every voxel, with its sign."""
        weights = self.model.arranged(order, sign)
        values = np.empty(self.data.shape[1])
        compiled(kernels.statistic_map)(
            self.data, weights, self.squares, len(self.model.tested), float(self.model.df), values
        )
        return values

    def tree(self, values: NDArray[np.float64], side: Literal["positive", "negative"]) -> MergeTree:
        """Merge tree of one side, down to the threshold, or to 0 for TFCE."""
        neighbours = self.field.neighbours
        volume = np.zeros(neighbours.shape)
        volume.reshape(-1)[self.field.inside] = values
        floor = 0.0 if self.tfce or self.threshold is None else self.threshold
        return build_tree(volume, neighbours, sign=side, floor=floor)

    def clusters(self, tree: MergeTree) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Extents and excess masses gathered along the ranks above the threshold."""
        threshold = self.threshold or 0.0
        n_above = tree.n_above(threshold)
        extent, excess = np.empty(n_above), np.empty(n_above)
        compiled(kernels.collect_clusters)(tree.parent, tree.height, threshold, extent, excess)
        return extent, excess

    def maxima(self, order: NDArray[np.int64], sign: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k,) the highest value of each of `names` in an arrangement; 0 where there is none."""
        values = self.statistic(order, sign)
        highest = np.zeros(len(self.names))
        for side in self.sides:
            top = values.max() if side == "positive" else -values.min()
            highest[0] = max(highest[0], top)
            if len(highest) == 1:
                continue
            tree = self.tree(values, side)
            found = []
            if self.threshold is not None:
                found += [gathered.max(initial=0.0) for gathered in self.clusters(tree)]
            if self.tfce:
                E, H = self.tfce
                found.append(score_tree(tree, E=E, H=H).max(initial=0.0))
            highest[1:] = np.maximum(highest[1:], found)
        return highest
