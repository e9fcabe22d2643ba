"""Peaks and sub-peaks of clusters, by nilearn's rule, in one pass over their voxels."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.core.label import inside_voxels, label_components
from skerry.io.notice import notice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray

_OUTSIDE_IMAGE = -1


@dataclass(frozen=True)
class Peaks:
    """Local maxima, by cluster, each cluster's strongest first.

    Attributes
    ----------
    cluster : (n,) int
        Label of the cluster, rising.
    ijk : (n, 3) int
        Voxel.
    strength : (n,) float
        Absolute value there.
    """

    cluster: NDArray[np.int32]
    ijk: NDArray[np.intp]
    strength: AnyArray


def find_peaks(values: AnyArray, labels: NDArray[np.int32], n_clusters: int) -> Peaks:
    """Find the local maxima of the absolute values of each cluster.

    A voxel is a local maximum if none of its 26 neighbours in the same
    cluster is stronger. Equal maxima that share faces are one peak, at their
    mean position (at the nearest of them, with a warning, if that is none of
    them). Voxels among nothing but equals are left out, unless their whole
    cluster is of one value.

    Parameters
    ----------
    values : (I, J, K) array
    labels : (I, J, K) int32
        0 outside; each cluster of one sign.
    n_clusters : int
        At least one.

    Returns
    -------
    Peaks
        Equal peaks of a cluster in the order of their voxels, the last axis
        varying fastest.
    """
    corner, labels, strength = _crop(values, labels)
    voxel = _local_maxima(labels.ravel(), strength.ravel(), labels.shape, n_clusters)
    maxima = np.zeros(labels.shape, dtype=np.int32)
    maxima.ravel()[voxel] = labels.ravel()[voxel]
    plateaus, n_plateaus = label_components(maxima, connectivity=6)

    plateau = plateaus.ravel()[voxel] - 1
    ijk = np.stack(np.unravel_index(voxel, labels.shape), axis=1) + corner
    centre = _centres(plateau, n_plateaus, ijk, strength.ravel()[voxel]) - corner
    stray = plateaus[tuple(centre.T)] != np.arange(1, n_plateaus + 1)
    if stray.any():
        notice(
            "At least one of the (sub)peaks falls outside of the cluster body: "
            "the nearest voxel inside is given.",
            UserWarning,
        )
        for number in np.flatnonzero(stray):
            members = ijk[plateau == number] - corner
            apart = np.linalg.norm(members - centre[number], axis=1)
            centre[number] = members[np.argmin(apart)]
    at = tuple(centre.T)
    order = np.lexsort((-strength[at], labels[at]))  # stable: equal peaks keep their order
    return Peaks(labels[at][order], (centre + corner)[order], strength[at][order])


def far_apart(
    xyz: NDArray[np.float64], min_distance_mm: float, max_points: int | None = None
) -> NDArray[np.intp]:
    """Choose points, in their order, that are far from all chosen before.

    Parameters
    ----------
    xyz : (n, 3) float
        mm.
    min_distance_mm : float
        A point is chosen if it lies farther than this from each chosen one.
    max_points : int, optional
        Stop at this many.

    Returns
    -------
    (m,) int
        Indices into `xyz`, rising.

    Examples
    --------
    >>> far_apart(np.array([[0.0, 0, 0], [5, 0, 0], [9, 0, 0]]), 8.0)
    array([0, 2])
    """
    chosen: list[int] = []
    left = np.arange(len(xyz))
    while left.size and (max_points is None or len(chosen) < max_points):
        first, left = int(left[0]), left[1:]
        chosen.append(first)
        apart = np.sqrt(((xyz[left] - xyz[first]) ** 2).sum(axis=1))
        left = left[apart > min_distance_mm]
    return np.array(chosen, dtype=np.intp)


def _crop(
    values: AnyArray, labels: NDArray[np.int32]
) -> tuple[NDArray[np.intp], NDArray[np.int32], AnyArray]:
    """Cut out the clusters and one voxel around, and mark what is no voxel of the image.

    Returns the index of the cut's first voxel, the labels, and absolute values.
    """
    inside = inside_voxels(labels)
    low = np.array([max(int(axis.min()) - 1, 0) for axis in inside])
    high = np.array(
        [min(int(axis.max()) + 2, n) for axis, n in zip(inside, labels.shape, strict=True)]
    )
    box = tuple(slice(start, stop) for start, stop in zip(low, high, strict=True))
    padded = np.pad(labels[box], 1, constant_values=_OUTSIDE_IMAGE)
    cut = values[box]
    if cut.dtype.kind != "f":
        cut = cut.astype(np.float64)
    strength = np.pad(np.abs(cut), 1)
    return low - 1, np.ascontiguousarray(padded), np.ascontiguousarray(strength)


def _local_maxima(
    labels: NDArray[np.int32], strength: AnyArray, shape: tuple[int, ...], n_clusters: int
) -> NDArray[np.intp]:
    """Give the flat indices of the local maxima, rising."""
    voxel = np.flatnonzero(labels > 0)
    high = np.zeros(n_clusters + 1, dtype=strength.dtype)
    low = np.full(n_clusters + 1, np.inf, dtype=strength.dtype)
    np.maximum.at(high, labels[voxel], strength[voxel])
    np.minimum.at(low, labels[voxel], strength[voxel])
    of_one_value = np.isclose(high, low)

    among_equals = np.ones(voxel.size, dtype=bool)
    for step in _steps_to_neighbours(shape):
        # Each step leaves fewer candidates: the first few do nearly all the work.
        own, own_label = strength[voxel], labels[voxel]
        other, other_label = strength[voxel + step], labels[voxel + step]
        same = other_label == own_label
        among_equals &= (other_label == _OUTSIDE_IMAGE) | (same & (other == own))
        stays = ~(same & (other > own))
        voxel, among_equals = voxel[stays], among_equals[stays]
    return voxel[~among_equals | of_one_value[labels[voxel]]]


def _steps_to_neighbours(shape: tuple[int, ...]) -> list[int]:
    """Give the steps in a raveled (C-order) volume to the 26 neighbours, faces first."""
    strides = (shape[1] * shape[2], shape[2], 1)
    offsets = [one for one in itertools.product((-1, 0, 1), repeat=3) if any(one)]
    offsets.sort(key=lambda one: sum(map(abs, one)))
    return [sum(d * s for d, s in zip(one, strides, strict=True)) for one in offsets]


def _centres(
    plateau: NDArray[np.integer[Any]], n_plateaus: int, ijk: NDArray[np.intp], weight: AnyArray
) -> NDArray[np.intp]:
    """Give the voxel at the centre of mass of each plateau; halves go to the even index.

    Weighted sums, though the weights of a plateau are equal: they round as
    those of nilearn do.
    """
    weight = weight.astype(np.float64)
    total = np.bincount(plateau, weight, minlength=n_plateaus)
    sums = [np.bincount(plateau, weight * axis, minlength=n_plateaus) for axis in ijk.T]
    return np.rint(np.stack(sums, axis=1) / total[:, None]).astype(np.intp)
