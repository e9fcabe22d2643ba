"""Size, mass, peak and centre of every label in one pass, with numpy alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.core.plateaus import connected_groups, middle_voxels
from skerry.errors import ArgumentError
from skerry.space.positions import turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.neighbours import Layout, Neighbours
    from skerry.typing import AnyArray

__all__ = ["Measures", "measure", "measure_listed"]


class Measures(NamedTuple):
    """What each label holds; one element each, label 1 first."""

    extent: NDArray[np.int64]  # voxels or vertices
    mass: NDArray[np.float64]  # sum of |value|
    mean: NDArray[np.float64]  # of the values with their sign; NaN for an empty label
    peak: NDArray[np.int64]  # index into the raveled values (C order); -1 for an empty label
    centroid: NDArray[np.float64]  # (n, 3) RAS+ mm, mean of the voxel centres
    cog: NDArray[np.float64]  # (n, 3) RAS+ mm, weighted by |value|; NaN beside infinite values


def measure(
    labels: NDArray[np.int32], values: AnyArray, n_labels: int, neighbours: Neighbours
) -> Measures:
    """Measure every label of an array.

    Parameters
    ----------
    labels : int array, of the shape of `neighbours`
        0 is background.
    values : array of the same shape
        No NaN where there is a label.
    n_labels : int
        Labels 1 to `n_labels` are measured.
    neighbours : Neighbours
        Where the voxels are, and which of equal height form one plateau.

    Returns
    -------
    Measures

    Raises
    ------
    ArgumentError
        If a shape differs or a label is negative or above `n_labels`.

    Notes
    -----
    Sums run in double precision over voxels by rising x, then y, then z, so
    that the same map gives the same bits however its file stores it. The peak
    is the voxel with the largest |value|; of a plateau, the voxel nearest to
    the plateau's mean position; of several plateaus, the one whose such voxel
    has the lowest x, then y, then z.
    """
    if labels.shape != tuple(neighbours.shape) or values.shape != labels.shape:
        raise ArgumentError(
            f"labels have shape {labels.shape} and values {values.shape}, "
            f"their neighbours {tuple(neighbours.shape)}"
        )
    transposed = labels.flags.f_contiguous
    stored = labels.T if transposed else labels
    listed = np.flatnonzero(stored != 0)  # of bool: in a fifth of the time
    label = stored.reshape(-1)[listed]
    if label.max(initial=0) > n_labels or label.min(initial=1) < 1:
        raise ArgumentError(f"labels must lie between 0 and {n_labels}")
    value = (values.T if transposed else values).reshape(-1)[listed]
    return measure_listed(listed, label, value, n_labels, neighbours, transposed)


def measure_listed(
    listed: NDArray[np.int64],
    label: AnyArray,
    value: AnyArray,
    n_labels: int,
    neighbours: Neighbours,
    transposed: bool,
) -> Measures:
    """Measure labels whose voxels are listed; see `measure`.

    Parameters
    ----------
    listed : (n,) int64
        Rising indices into the raveled array; into its transpose if `transposed`.
    label : (n,) int
        Label of each, 1 to `n_labels`.
    value : (n,) array
    n_labels : int
    neighbours : Neighbours
    transposed : bool

    Returns
    -------
    Measures
    """
    label, value = label.astype(np.int64), value.astype(np.float64)
    layout = neighbours.lay_out(listed, transposed)
    in_space = np.argsort(layout.number_of(layout.place))
    place = layout.place[in_space]
    return _measure(
        _Voxels(layout.index_of(place), place, label[in_space] - 1, value[in_space]),
        n_labels,
        layout,
        neighbours,
    )


class _Voxels(NamedTuple):
    """Voxels in the order of `Neighbours.raster`."""

    voxel: NDArray[np.int32]  # index into the raveled values
    place: NDArray[np.int32]
    label: NDArray[np.int64]  # from 0
    value: NDArray[np.float64]


def _measure(voxels: _Voxels, n_labels: int, layout: Layout, neighbours: Neighbours) -> Measures:
    label, value = voxels.label, voxels.value
    weight = np.abs(value)
    extent = np.bincount(label, minlength=n_labels)
    mass = np.bincount(label, weights=weight, minlength=n_labels).astype(np.float64)
    # Positions count from one voxel of each label: sums stay small, and a wider
    # field of view does not change a bit of them.
    position = neighbours.position(voxels.voxel)
    first = np.zeros(n_labels, dtype=np.int64)
    first[label[::-1]] = np.arange(len(label))[::-1]
    start = position[first] if len(label) else np.zeros((n_labels, 3), dtype=np.int64)
    away = position - start[label]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.bincount(label, weights=value, minlength=n_labels) / extent
        centroid = _means(away, label, np.ones(len(label)), extent)
        cog = _means(away, label, weight, mass)
    centroid[extent == 0] = np.nan
    cog[extent == 0] = np.nan
    peak = _peaks(voxels, weight, n_labels, layout, neighbours)
    has_peak = peak >= 0
    peak[has_peak] = voxels.voxel[peak[has_peak]]
    corner = neighbours.xyz(start)
    return Measures(
        extent=extent.astype(np.int64),
        mass=mass,
        mean=mean,
        peak=peak,
        centroid=corner + turn(centroid, neighbours.steps_mm),
        cog=corner + turn(cog, neighbours.steps_mm),
    )


def _means(
    position: AnyArray, label: NDArray[np.int64], weight: NDArray[np.float64], total: AnyArray
) -> NDArray[np.float64]:
    """(n_labels, 3) weighted mean position of each label."""
    n_labels = len(total)
    return np.stack(
        [
            np.bincount(label, weights=weight * position[:, axis], minlength=n_labels) / total
            for axis in range(3)
        ],
        axis=-1,
    )


def _peaks(
    voxels: _Voxels,
    weight: NDArray[np.float64],
    n_labels: int,
    layout: Layout,
    neighbours: Neighbours,
) -> NDArray[np.int64]:
    """(n_labels,) number of the voxel that is each label's peak; -1 if it is empty."""
    highest = np.full(n_labels, -np.inf)
    np.maximum.at(highest, voxels.label, weight)
    tops = np.flatnonzero(weight == highest[voxels.label])
    peak = np.full(n_labels, -1, dtype=np.int64)
    peak[voxels.label[tops]] = tops
    if len(tops) == np.count_nonzero(peak >= 0):
        return peak
    many = np.bincount(voxels.label[tops], minlength=n_labels)[voxels.label[tops]] > 1
    tops = _by_space(tops[many], voxels, neighbours)
    by_place = np.argsort(voxels.place[tops])
    kind = np.sign(voxels.value[tops]) * (voxels.label[tops] + 1)
    group = np.empty(len(tops), dtype=np.int64)
    group[by_place], n_groups = connected_groups(
        layout, voxels.place[tops][by_place], kind[by_place]
    )
    position = neighbours.position(voxels.voxel[tops])
    middle = np.sort(middle_voxels(position, neighbours.basis, group, n_groups))[::-1]
    peak[voxels.label[tops[middle]]] = tops[middle]  # the lowest x, y, z is written last
    return peak


def _by_space(
    some: NDArray[np.int64], voxels: _Voxels, neighbours: Neighbours
) -> NDArray[np.int64]:
    """Order voxels by rising x, then y, then z in mm."""
    if neighbours.sorted_in_space:
        return some
    x, y, z = neighbours.tie_keys(voxels.voxel[some])
    return some[np.lexsort((z, y, x))]
