"""Measure every label of a label image in one pass, with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skerry.core.plateaus import middle_voxels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.neighbours import GridNeighbours
    from skerry.typing import AnyArray


@dataclass(frozen=True, slots=True)
class Measures:
    """What labels 1 to n measure, one row each.

    Attributes
    ----------
    extent : (n,) int64
        Number of voxels.
    mass : (n,) float64
        Sum of |value|.
    mean : (n,) float64
        Mean value.
    peak : (n,) int64
        Index into the raveled map (C order) of the voxel of the largest
        |value|; of a plateau, the voxel nearest to its mean position; of two
        equal plateaus, the one whose peak has the lower x, y, z in mm.
    centroid : (n, 3) float64
        Mean of the voxel centres, RAS+ mm.
    cog : (n, 3) float64
        The same weighted by |value|; NaN where a value is infinite.
    """

    extent: NDArray[np.int64]
    mass: NDArray[np.float64]
    mean: NDArray[np.float64]
    peak: NDArray[np.int64]
    centroid: NDArray[np.float64]
    cog: NDArray[np.float64]


def measure(
    labels: NDArray[np.int32], values: AnyArray, n_labels: int, neighbours: GridNeighbours
) -> Measures:
    """Measure the labels of a volume.

    Parameters
    ----------
    labels : (I, J, K) int32
        0 outside; 1 to `n_labels`, each of them at least once.
    values : (I, J, K) float
        Of one sign within a label, not NaN.
    n_labels : int
    neighbours : GridNeighbours
        The grid, and which equal values make one plateau.

    Returns
    -------
    Measures
        Sums are taken in the order of the voxels in space, so that they do not
        depend on how a file stores its axes.
    """
    index = np.flatnonzero(labels.ravel(order="C"))
    x, y, z = neighbours.tie_keys(index)
    index = index[np.lexsort((z, y, x))]
    where = np.unravel_index(index, labels.shape)
    label = labels[where] - 1
    value = values[where].astype(np.float64)
    height = abs(value)

    def total(weights: AnyArray) -> NDArray[np.float64]:
        return np.bincount(label, weights=weights, minlength=n_labels)

    grid = neighbours.grid
    extent = np.bincount(label, minlength=n_labels).astype(np.int64)
    mass = total(height)
    xyz = grid.xyz(np.stack(where, axis=-1)).T
    with np.errstate(invalid="ignore"):  # an infinite value: inf / inf, 0 * inf
        cog = np.stack([total(height * axis) / mass for axis in xyz], axis=-1)
    return Measures(
        extent=extent,
        mass=mass,
        mean=total(value) / extent,
        peak=index[_peaks(label, height, index, n_labels, neighbours)],
        centroid=np.stack([total(axis) / extent for axis in xyz], axis=-1),
        cog=cog,
    )


def _peaks(
    label: NDArray[np.int32],
    height: NDArray[np.float64],
    index: NDArray[np.int64],
    n_labels: int,
    neighbours: GridNeighbours,
) -> NDArray[np.int64]:
    """Find the peak of each label, as positions in `label`; voxels come in the order of space."""
    highest = np.zeros(n_labels)
    np.maximum.at(highest, label, height)
    top = np.flatnonzero(height == highest[label])
    top = top[np.argsort(label[top], kind="stable")]
    n_top = np.bincount(label[top], minlength=n_labels)
    first = np.zeros(n_labels, dtype=np.int64)
    first[1:] = np.cumsum(n_top)[:-1]
    peaks = top[first]
    tied = np.flatnonzero(n_top > 1)
    if len(tied):
        flat = top[n_top[label[top]] > 1]
        peaks[tied] = flat[_middle_of_first_plateau(label[flat], index[flat], neighbours)]
    return peaks


def _middle_of_first_plateau(
    label: NDArray[np.int32], index: NDArray[np.int64], neighbours: GridNeighbours
) -> NDArray[np.int64]:
    """Take, for each label, the plateau whose middle comes first in space."""
    import cc3d

    where = np.stack(np.unravel_index(index, neighbours.shape))
    low = where.min(axis=1, keepdims=True)
    box = np.zeros(tuple((where - low).max(axis=1) + 1), dtype=np.uint32)
    inside = tuple(where - low)
    box[inside] = label + 1
    found = cc3d.connected_components(box, connectivity=neighbours.connectivity)
    _, plateau = np.unique(found[inside], return_inverse=True)
    middles = middle_voxels(
        neighbours.position(index), neighbours.basis, plateau, int(plateau.max()) + 1
    )
    # Voxels come in the order of space, so the lowest number is the first in space.
    middles = np.sort(middles)
    _, chosen = np.unique(label[middles], return_index=True)
    return middles[chosen]
