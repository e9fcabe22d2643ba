"""Every local maximum of some regions, with its prominence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.statmap import StatMap
    from skerry.typing import AnyArray, Connectivity, Sign


@dataclass(frozen=True, slots=True)
class RegionPeaks:
    """The peaks of some regions, by region and falling height.

    Attributes
    ----------
    region : (n,) int32
        Number of the region that holds the peak.
    ijk : (n, 3) int64
        Voxel of the peak; of a plateau, the one nearest to its mean position.
    value : (n,) float64
        Value there.
    prominence : (n,) float64
        How far the peak rises above the highest saddle to a higher peak; for
        the highest of a connected set, above the threshold (of regions that
        have a `height` of their own, above that).
    """

    region: NDArray[np.int32]
    ijk: NDArray[np.int64]
    value: NDArray[np.float64]
    prominence: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.region)


def find_peaks(
    statmap: StatMap,
    labels: NDArray[np.int32],
    position: NDArray[np.intp],
    *,
    sign: Sign,
    connectivity: Connectivity,
    threshold: float,
    height: AnyArray | None = None,
) -> RegionPeaks:
    """Find every local maximum of some regions.

    Parameters
    ----------
    statmap : StatMap
    labels : (I, J, K) int32
        Regions of the map: their numbers, 0 outside.
    position : (n + 1,) int
        Where the region of each number comes.
    sign, connectivity, threshold
        As of `Regions`.
    height : (n_regions,) float, optional
        The heights of the regions, by position, where they have their own.

    Returns
    -------
    RegionPeaks
        A plateau is one peak. Equal peaks: the one with the lower x, y, z in
        mm first.
    """
    from skerry.core.tree import build_tree
    from skerry.space.neighbours import GridNeighbours

    neighbours = GridNeighbours(statmap.grid, connectivity)
    inside = labels > 0
    found = []
    for side in ("positive", "negative"):
        if sign not in ("both", side):
            continue
        tree = build_tree(statmap.values, neighbours, sign=side, mask=inside, floor=threshold)
        peaks = tree.peaks(threshold)
        where = np.unravel_index(peaks.voxel, statmap.grid.shape)
        prominence = peaks.prominence.astype(np.float64)
        if height is not None:
            own = height[position[labels[where]]]
            above = np.zeros(len(own))  # infinity above infinity is 0
            np.subtract(peaks.height, own, out=above, where=peaks.height != own)
            prominence = np.where(peaks.region == peaks.leaf, above, prominence)
        found.append(
            (
                labels[where],
                np.stack(where, axis=-1).astype(np.int64),
                statmap.values[where].astype(np.float64),
                prominence,
            )
        )
    region, ijk, value, prominence = (np.concatenate(parts) for parts in zip(*found, strict=True))
    # Stable: within a region the tree's order, the highest first, stays.
    order = np.argsort(position[region], kind="stable")
    return RegionPeaks(region[order], ijk[order], value[order], prominence[order])
