"""How often each voxel is in a region, over many maps on one grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from skerry.errors import GridMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from skerry.regions.regions import Regions
    from skerry.space.grid import Grid
    from skerry.typing import BoolArray

Side: TypeAlias = Literal["positive", "negative"]
SIDES: tuple[Side, Side] = ("positive", "negative")


class RegionVoxels(NamedTuple):
    """The voxels of a map's regions; one element a voxel, no voxel twice."""

    id: str
    voxel: NDArray[np.int64]  # index into the raveled grid (C order)
    region: NDArray[np.integer[Any]]  # number of the region that it is in
    is_positive: BoolArray  # the sign of that region

    def of(self, side: Side) -> NDArray[np.int64]:
        """Give the voxels in regions of one sign."""
        return self.voxel[self.is_positive if side == "positive" else ~self.is_positive]


def voxels_of(regions: Regions, name: str) -> RegionVoxels:
    """List the voxels of regions in memory."""
    labels = regions.labels.reshape(-1)  # C order, whatever the layout
    voxel = np.flatnonzero(labels)
    region = labels[voxel].astype(np.int64)
    sign = regions.columns["sign"][regions.positions[region]] if len(region) else region
    return RegionVoxels(name, voxel, region, sign > 0)


@dataclass(frozen=True, eq=False)
class Frequency:
    """In how many maps each voxel is in a region, each sign by itself.

    Attributes
    ----------
    grid : Grid
        That all the maps share.
    n_maps : int
        Maps that were counted, those without a region too.
    positive, negative : (I, J, K) int32
        Number of maps in which the voxel is in a region of that sign. Read-only.
    """

    grid: Grid
    n_maps: int
    positive: NDArray[np.int32] = field(repr=False)
    negative: NDArray[np.int32] = field(repr=False)

    def __post_init__(self) -> None:
        self.positive.setflags(write=False)
        self.negative.setflags(write=False)

    def counts(self, side: Side) -> NDArray[np.int32]:
        """Give the number of maps for one sign."""
        return self.positive if side == "positive" else self.negative

    def highest(self, side: Side) -> int:
        """Give the number of maps at the voxel that most of them share."""
        return int(self.counts(side).max(initial=0))

    def count_img(self, side: Side) -> Any:
        """Give the number of maps as an int32 image."""
        return self._img(self.counts(side), f"maps with a {side} region")

    def share_img(self, side: Side) -> Any:
        """Give the share of the maps, 0 to 1, as a float32 image."""
        share = self.counts(side) / np.float32(max(self.n_maps, 1))
        return self._img(share.astype(np.float32), f"share with a {side} region")

    def _img(self, values: Any, what: str) -> Any:
        from skerry.space.nifti import nifti_image

        img = nifti_image(values, self.grid.affine)
        img.header["descrip"] = what.encode()
        return img


def count_voxels(maps: Iterable[RegionVoxels], grid: Grid) -> Frequency:
    """Count over maps on one grid, one map in memory at a time.

    Parameters
    ----------
    maps : iterable of RegionVoxels
    grid : Grid

    Returns
    -------
    Frequency

    Raises
    ------
    GridMismatchError
        If a voxel lies outside the grid.
    """
    counts = {side: np.zeros(grid.n_voxels, dtype=np.int32) for side in SIDES}
    n_maps = 0
    for one in maps:
        check_inside(one, grid)
        for side in SIDES:
            counts[side][one.of(side)] += 1  # no voxel is listed twice
        n_maps += 1
    return Frequency(
        grid, n_maps, *(counts[side].reshape(grid.shape) for side in ("positive", "negative"))
    )


def check_inside(one: RegionVoxels, grid: Grid) -> None:
    """Refuse a map whose voxels are not those of the grid.

    Raises
    ------
    GridMismatchError
    """
    if len(one.voxel) and not (one.voxel.min() >= 0 and one.voxel.max() < grid.n_voxels):
        shape = " x ".join(map(str, grid.shape))
        raise GridMismatchError(f"map {one.id!r} has regions outside the grid of {shape} voxels")
