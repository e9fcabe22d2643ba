"""Local regions of a thresholded map: its components, split between their peaks.

This is the engine behind ``connected_regions(extract_type="local_regions")``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skerry.core.box import bounding_box
from skerry.core.label import label_components
from skerry.core.peaks import box_maxima, face_groups
from skerry.core.smooth import reach_voxels, smooth
from skerry.core.walker.nilearn import (
    BETA,
    SEED_DISTANCE_VOXELS,
    SEED_SHARE_OF_MAXIMUM,
    nilearn_regions,
)
from skerry.core.walker.split import split
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import BoolArray, FloatArray

__all__ = ["local_regions"]

# That of the maps that nilearn's weights were made for.
_NILEARN_VOXEL_MM = 3.0
# The share of the field of view above nilearn's usual threshold, "97%".
_SHARE_ABOVE = 0.03


def local_regions(
    values: FloatArray,
    grid: Grid,
    *,
    smoothing_fwhm_mm: float | None,
    nilearn_exact: bool = False,
    seed_distance_mm: float | None = None,
) -> NDArray[np.int32]:
    """Split the connected components of a thresholded map between their peaks.

    Each sign is taken by itself, as if the other were 0. The seeds of a component
    are its voxels that are the highest of a box in the smoothed map, and more than a
    tenth of that map's maximum. A component with no seed or one seed is a region;
    one with several is divided: each voxel goes to the seed that a random walk from
    it most probably reaches first [1]_, the probabilities being solved exactly.

    Parameters
    ----------
    values : (I, J, K) float
        A thresholded map, 0 outside; finite.
    grid : Grid
        Its grid; the affine is in RAS+ mm.
    smoothing_fwhm_mm : float or None
        Full width at half maximum of the Gaussian before seeds are sought, mm;
        None or 0 for none. The walk sees the map as it is.
    nilearn_exact : bool, default=False
        Follow nilearn in everything: see Notes.
    seed_distance_mm : float or None, default=None
        Half the side of the box that a seed dominates, mm. None is nilearn's
        10 voxels, whatever their size: finer maps are then cut into more regions.
        A distance (30.0 is the 10 voxels of a 3 mm map) seeds every grid alike.

    Returns
    -------
    (I, J, K) int32
        0 outside, regions 1 to n in the memory order of `values`: first those of
        positive sign, each sign's by the place of their seeds, the last axis
        varying fastest (for a component without a seed, the place of its maximum).

    Raises
    ------
    ArgumentError
        If a value is NaN or infinite, or a size is negative.

    Notes
    -----
    **The walk.** Between face neighbours along an axis with voxels of h mm it steps
    with the weight ``c * (exp(-13 (3 d / h)**2 / s**2) + 1e-10)``. d is the
    difference of the values. s**2 is ``0.03 <v**2> - 0.03**2 <v>**2``, means being
    over the sign's voxels: the variance of the map in a field of view of which it
    fills 3 %. c is ``(product of the three h)**(2/3) / h**2``: 1 for cubes.
    nilearn's weight is ``exp(-13 d**2 / s) + 1e-10`` with s the standard deviation
    over the whole array. At 3 mm, for a map of one sign of which 97 % are 0, the two
    differ only in s**2 against s, so not at all where s is 1; and padding with
    zeros, another unit or another voxel size change the splits of nilearn's alone.

    **Ties.** A voxel whose seeds are equally probable, within 1e-6, goes to the seed
    with the lower x, then y, then z in mm. Values of the smoothed map that are equal
    in single precision are one plateau: a plateau's voxels that hang together by
    faces are one seed.

    **nilearn_exact.** Both signs form common components; seeds are positive maxima
    of a box of 21 voxels; components without a seed are dropped, and so are those
    that consist of a seed alone; ties go to the seed that comes first. The numbers
    are those that nilearn's conjugate gradients are on the way to when they stop at
    a residual of 1e-3, so that some voxels may differ where those have not converged.

    References
    ----------
    .. [1] Grady 2006, Random walks for image segmentation,
       doi:10.1109/TPAMI.2006.233.

    Examples
    --------
    >>> from skerry.space.grid import Grid
    >>> values = np.zeros((1, 1, 9))
    >>> values[0, 0] = [5, 4, 0, -3, -4, -3, 0, 1, 0]
    >>> local_regions(values, Grid(values.shape, np.eye(4)), smoothing_fwhm_mm=None)
    array([[[1, 1, 0, 3, 3, 3, 0, 2, 0]]], dtype=int32)
    """
    for name, size in (
        ("smoothing_fwhm_mm", smoothing_fwhm_mm),
        ("seed_distance_mm", seed_distance_mm),
    ):
        if size is not None and not (np.isfinite(size) and size >= 0):
            raise ArgumentError(f"{name} must be None or at least 0 mm, got {size!r}")
    if values.ndim != 3:
        raise ArgumentError(f"a map has three axes, got an array of shape {values.shape}")
    if not np.isfinite(values).all():
        raise ArgumentError("the map holds NaN or infinite values; set them to 0 or a number first")
    if nilearn_exact:
        return nilearn_regions(values, grid, smoothing_fwhm_mm)
    rule = _Rule(grid, smoothing_fwhm_mm, seed_distance_mm)
    labels = np.zeros_like(values, dtype=np.int32)
    n_regions = 0
    for inside in (values > 0, values < 0):
        if inside.any():
            n_regions += _label_sign(labels, values, inside, rule, n_regions)
    return labels


@dataclass(frozen=True)
class _Rule:
    """How one sign's components are seeded and split."""

    grid: Grid
    smoothing_fwhm_mm: float | None
    seed_distance_mm: float | None

    @property
    def seed_distance_voxels(self) -> tuple[int, int, int]:
        if self.seed_distance_mm is None:
            return SEED_DISTANCE_VOXELS
        i, j, k = np.rint(self.seed_distance_mm / self.grid.voxel_sizes_mm).astype(int).tolist()
        return max(i, 1), max(j, 1), max(k, 1)

    def steepness(self, heights: FloatArray) -> tuple[float, float, float]:
        """How fast weights fall with squared differences, along each axis."""
        above = heights[heights > 0]
        variance = _SHARE_ABOVE * np.mean(above**2) - (_SHARE_ABOVE * np.mean(above)) ** 2
        per_mm = (_NILEARN_VOXEL_MM / self.grid.voxel_sizes_mm) ** 2
        i, j, k = (BETA * per_mm / variance).tolist()
        return i, j, k

    @property
    def conductance(self) -> tuple[float, float, float]:
        """Area over length of the step along each axis, 1 for cubes."""
        sizes = self.grid.voxel_sizes_mm
        i, j, k = (np.prod(sizes) ** (2 / 3) / sizes**2).tolist()
        return i, j, k


def _label_sign(
    labels: NDArray[np.int32], values: FloatArray, inside: BoolArray, rule: _Rule, offset: int
) -> int:
    """Write the regions of one sign into `labels`, from `offset` + 1; give their number."""
    box = bounding_box(inside)
    inside = np.ascontiguousarray(inside[box])
    heights = np.abs(values[box], dtype=np.float64) * inside
    components, n_components = label_components(inside, connectivity=6)
    seeds = _seeds(heights, rule)
    group = face_groups(seeds)
    component = components[tuple(seeds.T)]
    n_groups = np.zeros(n_components + 1, np.intp)
    np.add.at(n_groups, component[np.unique(group, return_index=True)[1]], 1)

    # Where a region comes in the order: at its seed, or else at its maximum.
    place = np.ravel_multi_index(tuple(seeds.T), inside.shape)
    places = _maxima(heights, components, n_components)
    _, first = np.unique(component, return_index=True)
    places[component[first] - 1] = place[first]
    regions, steepness = components, rule.steepness(heights)
    for split_up in np.flatnonzero(n_groups > 1):
        mine = component == split_up
        own = components == split_up
        number, groups = _by_position(seeds[mine], group[mine], box, rule.grid)
        parts = split(
            heights,
            own,
            seeds[mine],
            number,
            len(groups),
            steepness=steepness,
            conductance=rule.conductance,
        )
        # The first part keeps the component's number; the others get new ones.
        new = np.concatenate([[split_up], len(places) + 1 + np.arange(len(groups) - 1)])
        regions[own] = new[parts]
        started = np.array([place[group == one].min() for one in groups])
        places[split_up - 1] = started[0]
        places = np.concatenate([places, started[1:]])
    rank = np.zeros(len(places) + 1, np.int32)
    rank[1 + np.argsort(places)] = 1 + offset + np.arange(len(places), dtype=np.int32)
    labels[box] += rank[regions]
    return len(places)


def _seeds(heights: FloatArray, rule: _Rule) -> NDArray[np.intp]:
    """(m, 3) voxels of the seeds in the map, in the order of storage.

    The map is padded by the Gaussian's reach, so that the field of view does not
    matter; it is scaled to a maximum of 1 and rounded to single precision, so that
    neither the unit nor the order of the axes breaks ties.
    """
    reach = reach_voxels(rule.grid, rule.smoothing_fwhm_mm)
    padded = np.pad(heights, [(margin, margin) for margin in reach])
    smoothed = smooth(padded, rule.grid, rule.smoothing_fwhm_mm, edge="zero")
    smoothed /= smoothed.max()
    found = box_maxima(
        smoothed.astype(np.float32), rule.seed_distance_voxels, above=SEED_SHARE_OF_MAXIMUM
    )
    found = found - reach
    in_box = ((found >= 0) & (found < heights.shape)).all(axis=1)
    seeds = found[in_box]
    return np.asarray(seeds[heights[tuple(seeds.T)] > 0], dtype=np.intp)


def _maxima(
    heights: FloatArray, components: NDArray[np.int32], n_components: int
) -> NDArray[np.intp]:
    """Flat index of the first maximum of each component."""
    voxel = np.flatnonzero(components)
    label = components.ravel()[voxel]
    order = np.lexsort((voxel, -heights.ravel()[voxel], label))
    first = np.searchsorted(label[order], np.arange(1, n_components + 1))
    return np.asarray(voxel[order[first]])


def _by_position(
    seeds: NDArray[np.intp], group: NDArray[np.intp], box: tuple[slice, ...], grid: Grid
) -> tuple[NDArray[np.intp], list[int]]:
    """Give numbers to seeds by their lowest x, then y, then z: the lower wins a tie."""
    xyz = np.round(grid.xyz(seeds + [side.start for side in box]), 6)
    order = np.lexsort((xyz[:, 2], xyz[:, 1], xyz[:, 0]))
    groups = list(dict.fromkeys(group[order].tolist()))
    number = {one: at for at, one in enumerate(groups)}
    return np.array([number[one] for one in group.tolist()]), groups
