"""How much of each region lies in each label, and how much of each label in each region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions

# Counts of all pairs of a region and a label fit in memory up to here (64 MB).
_MOST_CELLS = 2**23
_BLOCK_VOXELS = 2**16


@dataclass(frozen=True)
class Overlaps:
    """Pairs of a region and a label that share voxels; by region, largest first.

    Attributes
    ----------
    region : (p,) int
        Position of the region in `Regions`.
    label : (p,) int
        1 + the position of the label in the atlas's names, 0 outside.
    n_voxels : (p,) float
        Voxels shared; of a probabilistic atlas, the sum of the probabilities.
    of_region : (p,) float
        The same as a share of the region.
    of_label : (p,) float
        The same as a share of the label; NaN outside the atlas.
    """

    region: NDArray[np.intp]
    label: NDArray[np.intp]
    n_voxels: NDArray[np.float64]
    of_region: NDArray[np.float64]
    of_label: NDArray[np.float64]


def overlaps(regions: Regions, placed: AtlasOnMap) -> Overlaps:
    """Count the voxels that regions and labels share.

    Parameters
    ----------
    regions : Regions
    placed : AtlasOnMap
        On the grid of the regions.

    Returns
    -------
    Overlaps
        A pair for every region and label that share voxels, and one for what of
        a region lies outside of all labels. Equal shares come in the order of the labels.
    """
    flat = np.flatnonzero(regions.labels)
    region = regions.positions[regions.labels.ravel()[flat]]
    if placed.atlas.is_probabilistic:
        pair_region, label, shared = _sums(region, flat, len(regions), placed)
    else:
        pair_region, label, shared = _counts(region, flat, len(regions), placed)
    sizes = np.asarray(regions.columns["n_voxels"], dtype=np.float64)
    label_sizes = np.concatenate([[np.nan], placed.label_voxels])
    order = np.lexsort((label, -shared, label == 0, pair_region))
    pair_region, label, shared = pair_region[order], label[order], shared[order]
    return Overlaps(
        pair_region, label, shared, shared / sizes[pair_region], shared / label_sizes[label]
    )


def _counts(
    region: NDArray[np.intp], flat: NDArray[np.intp], n_regions: int, placed: AtlasOnMap
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    width = len(placed.atlas) + 1
    pair = region * width + placed.positions.ravel()[flat]
    if n_regions * width <= _MOST_CELLS:
        counts = np.bincount(pair, minlength=1)
        found = np.flatnonzero(counts)
        counted = counts[found]
    else:
        found, counted = np.unique(pair, return_counts=True)
    return found // width, found % width, counted.astype(np.float64)


def _sums(
    region: NDArray[np.intp], flat: NDArray[np.intp], n_regions: int, placed: AtlasOnMap
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Add up probabilities; a voxel is outside as far as they do not reach 1."""
    width = len(placed.atlas) + 1
    sums = np.zeros((n_regions, width))
    for start in range(0, len(flat), _BLOCK_VOXELS):
        part = slice(start, start + _BLOCK_VOXELS)
        ijk = np.stack(np.unravel_index(flat[part], placed.grid.shape), axis=1)
        probabilities = placed.probabilities(ijk).astype(np.float64)
        outside = (1 - probabilities.sum(axis=1)).clip(min=0)
        everything = np.column_stack([outside, probabilities])
        everything[everything < 1e-6] = 0  # what float32 leaves of 1 - 1
        order = np.argsort(region[part], kind="stable")
        numbers, starts = np.unique(region[part][order], return_index=True)
        sums[numbers] += np.add.reduceat(everything[order], starts, axis=0)
    found_region, label = np.nonzero(sums)
    return found_region, label, sums[found_region, label]
