"""Where to cut regions so that each of them is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.plotting.cuts.cover import choose_planes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import IntArray

# Display modes of one cut an axis -> the axes, in the order of their `cut_coords`.
_ONE_CUT_EACH = {"ortho": "xyz", "tiled": "xyz", "xz": "xz", "yx": "yx", "yz": "yz"}
_USUAL_NUMBER_OF_CUTS = 7


@dataclass(frozen=True, slots=True)
class RegionVoxels:
    """The voxels of some regions.

    Parameters
    ----------
    ijk : sequence of (n, 3) int
        For each region its voxels, none of them empty.
    grid : Grid
        What they are voxels of.
    """

    ijk: Sequence[IntArray]
    grid: Grid


def cuts_through_regions(regions: RegionVoxels, display_mode: str, cut_coords: Any = None) -> Any:
    """Choose the cuts of a display that the user leaves open.

    Parameters
    ----------
    regions : RegionVoxels
        What the cuts should meet.
    display_mode : str
        A mode of the slicers.
    cut_coords : anything
        What the user gave.

    Returns
    -------
    cut_coords for that mode, RAS+ mm
        Along one axis: as many positions as asked (7 by default) that together
        meet every region if so many can, else those with the largest volume. One
        cut an axis: through a voxel of a region, from where most regions are met.
        What was given, where it says where to cut, or does not fit the mode.
    """
    if not regions.ijk:
        return cut_coords
    if display_mode in _ONE_CUT_EACH and cut_coords is None:
        point = _best_point(regions, _ONE_CUT_EACH[display_mode])
        return tuple(point["xyz".index(axis)] for axis in _ONE_CUT_EACH[display_mode])
    if display_mode in ("x", "y", "z"):
        count = _as_count(_USUAL_NUMBER_OF_CUTS if cut_coords is None else cut_coords)
        return cut_coords if count is None else _cuts_along(regions, display_mode, count)
    if display_mode == "mosaic":
        return _mosaic_cuts(regions, cut_coords)
    return cut_coords


def _as_count(cut_coords: Any) -> int | None:
    if isinstance(cut_coords, (int, np.integer)) and cut_coords > 0:
        return int(cut_coords)
    return None


def _mosaic_cuts(regions: RegionVoxels, cut_coords: Any) -> Any:
    asked = _USUAL_NUMBER_OF_CUTS if cut_coords is None else cut_coords
    asked = list(asked) if isinstance(asked, (list, tuple, np.ndarray)) else [asked] * 3
    counts = [_as_count(count) for count in asked]
    if len(counts) != 3 or None in counts:
        return cut_coords
    return {
        axis: _cuts_along(regions, axis, count)
        for axis, count in zip("xyz", counts, strict=True)
        if count is not None
    }


def _cuts_along(regions: RegionVoxels, axis: str, n_cuts: int) -> list[float]:
    areas, first_mm, step_mm = _areas(regions, axis)
    return [first_mm + step_mm * plane for plane in choose_planes(areas, n_cuts, step_mm=step_mm)]


def _best_point(regions: RegionVoxels, axes: str) -> NDArray[np.float64]:
    """(3,) mm of the voxel nearest to the centre of the region whose planes meet most."""
    points = np.array([_middle_voxel(regions.grid.xyz(ijk)) for ijk in regions.ijk])
    met = np.zeros((len(points), len(points)), dtype=bool)  # point, region
    for axis in axes:
        areas, first_mm, step_mm = _areas(regions, axis)
        planes = np.rint((points[:, "xyz".index(axis)] - first_mm) / step_mm).astype(int)
        met |= areas[:, planes].T > 0
    sizes = np.array([len(ijk) for ijk in regions.ijk])
    order = np.lexsort((-sizes, -(met @ sizes), -met.sum(axis=1)))
    return np.asarray(points[order[0]])


def _middle_voxel(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    away = ((xyz - xyz.mean(axis=0)) ** 2).sum(axis=1)
    return np.asarray(xyz[away.argmin()])


def _areas(regions: RegionVoxels, axis: str) -> tuple[NDArray[np.int64], float, float]:
    """(n_regions, n_planes) voxels of each region in each plane; first plane and step, mm.

    Planes cover the field of view, as thick as its voxels along that axis.
    """
    grid, column = regions.grid, "xyz".index(axis)
    corners = grid.xyz(np.array(np.meshgrid(*[(0, n - 1) for n in grid.shape])).reshape(3, -1).T)
    first, last = corners[:, column].min(), corners[:, column].max()
    step = float(np.abs(grid.affine[column, :3]).max())
    n_planes = int(np.rint((last - first) / step)) + 1
    areas = np.zeros((len(regions.ijk), n_planes), dtype=np.int64)
    for row, ijk in zip(areas, regions.ijk, strict=True):
        planes = np.rint((grid.xyz(ijk)[:, column] - first) / step).astype(int)
        row += np.bincount(planes.clip(0, n_planes - 1), minlength=n_planes)
    return areas, float(first), step
