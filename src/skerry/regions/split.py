"""split_regions: each region into the territories of its peaks."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from skerry.checks import check_not_negative
from skerry.errors import ArgumentError
from skerry.regions.numbered import number_labels
from skerry.regions.regions import Regions, check_regions

if TYPE_CHECKING:
    from skerry.core.tree import MergeTree
    from skerry.space.neighbours import GridNeighbours
    from skerry.typing import BoolArray

Side: TypeAlias = Literal["positive", "negative"]


def split_regions(
    regions: Regions,
    *,
    min_prominence: float | None = None,
    min_volume_mm3: float = 0.0,
    smoothing_fwhm_mm: float | None = None,
) -> Regions:
    """Split regions along their valleys, one part for each peak.

    A watershed on the merge tree: every voxel goes to the peak that its
    steepest path leads to; then the parts of peaks that are too low, and after
    them the parts that are too small, are merged over their highest saddle.

    Parameters
    ----------
    regions : Regions
        As `skerry.find_regions` gives them.
    min_prominence : float, optional
        A part stays when its peak rises at least this much above its saddle, in
        units of the map (of the smoothed map, with `smoothing_fwhm_mm`). By
        default every local maximum has its own part.
    min_volume_mm3 : float
        A part stays when its volume is at least this, mm3. A region that is
        smaller as a whole stays whole.
    smoothing_fwhm_mm : float, optional
        Find peaks and valleys on the map smoothed by a Gaussian of this width,
        mm, the other sign taken as 0. Which voxels belong to the regions, and
        every number of the result, are still those of the map itself.

    Returns
    -------
    Regions
        The parts, numbered anew by the rule of `skerry.find_regions`; its
        column `part_of` holds the number of the region that each was cut from.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense, or a region that is to be smoothed holds
        an infinite value.

    References
    ----------
    Vincent & Soille 1991, doi:10.1109/34.87344 (watershed). Edelsbrunner,
    Letscher & Zomorodian 2002, doi:10.1007/s00454-002-2885-2 (prominence).

    Examples
    --------
    >>> from skerry import find_regions
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> regions = find_regions(load_sample_motor_activation_image(), 3.0, min_volume_mm3=1500)
    >>> parts = split_regions(regions, min_prominence=1.0, min_volume_mm3=1500)
    >>> len(regions), len(parts)
    (4, 7)
    """
    from skerry.core.tree.territories import territories_at
    from skerry.space.neighbours import GridNeighbours

    check_regions(regions)
    prominence = _checked("min_prominence", min_prominence)
    fwhm_mm = _checked("smoothing_fwhm_mm", smoothing_fwhm_mm)
    volume_mm3 = _checked("min_volume_mm3", min_volume_mm3)
    statmap = regions.statmap
    neighbours = GridNeighbours(statmap.grid, regions.connectivity)
    min_extent = math.ceil(volume_mm3 / statmap.grid.voxel_volume_mm3 * (1 - 1e-9))
    labels = np.zeros(statmap.grid.shape, dtype=np.int32)
    came_from: list[int] = []
    sides: tuple[tuple[int, Side], ...] = ((1, "positive"), (-1, "negative"))
    for sign, side in sides:
        inside = _inside(regions, sign)
        if inside is None:
            continue
        tree = _tree(regions, side, inside, neighbours, fwhm_mm)
        leaf = territories_at(tree, min_prominence=prominence, min_extent=min_extent)
        whole = regions.labels.reshape(-1)[tree.order].astype(np.int64)
        # A part lies in one region, also where regions that were split before touch.
        parts, part = np.unique(whole << 32 | leaf, return_inverse=True)
        labels.reshape(-1)[tree.order] = part + 1 + len(came_from)
        came_from += (parts >> 32).tolist()
    found = number_labels(labels, len(came_from), statmap, neighbours)
    origin = np.array(came_from, dtype=np.int64)[found.came_from - 1]
    columns = found.columns | {"part_of": origin}
    if "height" in regions.columns:
        columns["height"] = regions.columns["height"][regions.positions[origin]]
    return replace(regions, labels=found.labels, columns=columns)


def _inside(regions: Regions, sign: int) -> BoolArray | None:
    """Mark the voxels of the regions of one sign; None if there are none."""
    chosen = regions.columns["region"][regions.columns["sign"] == sign]
    if not len(chosen):
        return None
    is_chosen = np.zeros(int(regions.labels.max()) + 1, dtype=bool)
    is_chosen[chosen] = True
    return np.asarray(is_chosen[regions.labels])


def _tree(
    regions: Regions, side: Side, inside: BoolArray, neighbours: GridNeighbours, fwhm_mm: float
) -> MergeTree:
    """Build the merge tree of the voxels of some regions, of the smoothed map if asked."""
    from skerry.core.smooth import smooth
    from skerry.core.tree import build_tree

    statmap = regions.statmap
    if not fwhm_mm:
        return build_tree(statmap.values, neighbours, sign=side, mask=inside)
    if not np.isfinite(statmap.values[inside]).all():
        raise ArgumentError(
            "a region holds an infinite value, which cannot be smoothed; "
            "leave smoothing_fwhm_mm out or mask the voxel"
        )
    heights = statmap.values if side == "positive" else -statmap.values
    heights = np.where(statmap.mask & np.isfinite(heights), np.maximum(heights, 0), 0)
    smoothed = smooth(heights, statmap.grid, fwhm_mm, edge="zero")
    return build_tree(smoothed, neighbours, mask=inside)


def _checked(name: str, value: float | None) -> float:
    """Give a finite number that is not negative; None is 0."""
    if value is None:
        return 0.0
    return check_not_negative(name, value)
