"""nilearn's local regions, voxel for voxel, with its equations solved to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.core.box import bounding_box
from skerry.core.label import label_components
from skerry.core.peaks import box_maxima, face_groups
from skerry.core.smooth import reach_voxels, smooth
from skerry.core.walker.split import split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import BoolArray, FloatArray

__all__ = ["BETA", "SEED_DISTANCE_VOXELS", "SEED_SHARE_OF_MAXIMUM", "nilearn_regions"]

SEED_DISTANCE_VOXELS = (10, 10, 10)
SEED_SHARE_OF_MAXIMUM = 0.1
BETA = 130 / 10


def nilearn_regions(
    values: FloatArray, grid: Grid, smoothing_fwhm_mm: float | None
) -> NDArray[np.int32]:
    """Label a thresholded map as nilearn 0.14.1's ``local_regions`` does.

    Parameters
    ----------
    values : (I, J, K) float32 or float64
        A thresholded map, 0 outside; its precision decides near ties of the seeds.
    grid : Grid
        Voxel sizes, for the smoothing.
    smoothing_fwhm_mm : float or None
        Full width at half maximum, mm.

    Returns
    -------
    (I, J, K) int32
        1..n in the order of nilearn's regions; 0 outside and where nilearn drops.
    """
    labels = np.zeros_like(values, dtype=np.int32)
    inside = values != 0
    if not inside.any():
        return labels
    box = _with_margin(bounding_box(inside), reach_voxels(grid, smoothing_fwhm_mm), values.shape)
    here = np.ascontiguousarray(values[box])
    inside = np.ascontiguousarray(inside[box])
    seeds, number = _seeds(here, inside, grid, smoothing_fwhm_mm)
    if len(seeds) == 0:
        return labels
    found = np.zeros(here.shape, np.int32)
    components, n_components = label_components(inside, connectivity=6)
    component = components[tuple(seeds.T)]
    sizes = np.bincount(components.ravel(), minlength=n_components + 1)
    n_seed_voxels = np.bincount(component, minlength=n_components + 1)
    # A component that is nothing but seeds has nothing to divide and is left out,
    # unless there is nothing to divide anywhere.
    divided = (n_seed_voxels > 0) & (n_seed_voxels < sizes)
    if not divided[1:].any():
        found[tuple(seeds.T)] = number + 1
    steepness = (BETA / float(values.std()),) * 3
    whole = np.zeros(n_components + 1, np.int32)
    for one in np.flatnonzero(divided[1:]) + 1:
        mine = component == one
        present = np.unique(number[mine])
        if len(present) == 1:
            whole[one] = present[0] + 1
            continue
        own = components == one
        among = np.searchsorted(present, number[mine])
        parts = split(here, own, seeds[mine], among, len(present), steepness=steepness)
        found[own] = present[parts] + 1
    found += whole[components]
    used = np.bincount(found.ravel()) > 0
    used[0] = False
    labels[box] = np.cumsum(used, dtype=np.int32)[found]
    return labels


def _seeds(
    values: FloatArray, inside: BoolArray, grid: Grid, smoothing_fwhm_mm: float | None
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Voxels of the seeds, (m, 3), and the number of the seed that each belongs to."""
    smoothed = smooth(values, grid, smoothing_fwhm_mm)
    highest = smoothed.max()
    constant = inside.shape == grid.shape and highest == smoothed.min()
    if highest <= 0 or constant:
        return np.empty((0, 3), np.intp), np.empty(0, np.intp)
    # The maximum and its tenth in the map's own precision, as nilearn has them.
    seeds = box_maxima(smoothed, SEED_DISTANCE_VOXELS, above=highest * SEED_SHARE_OF_MAXIMUM)
    group = face_groups(seeds)
    # A plateau may reach beyond the map: there it still joins, but seeds nothing.
    kept = inside[tuple(seeds.T)]
    return seeds[kept], group[kept]


def _with_margin(
    box: tuple[slice, slice, slice], margin: tuple[int, int, int], shape: tuple[int, ...]
) -> tuple[slice, slice, slice]:
    i, j, k = (
        slice(max(0, side.start - more), min(size, side.stop + more))
        for side, more, size in zip(box, margin, shape, strict=True)
    )
    return i, j, k
