"""The voxels of a map's regions as runs along the array: small on disk, exact when read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.core.label import inside_voxels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray

__all__ = ["Runs", "Voxels", "runs_of", "voxels_of"]


class Runs(NamedTuple):
    """Runs of voxels of one region that follow one another in C order; one element each."""

    gap: NDArray[np.uint32]  # voxels between the end of the run before and the start of this one
    length: NDArray[np.uint32]
    region: NDArray[np.int32]


class Voxels(NamedTuple):
    """Which voxels of a grid lie in the regions of a map.

    Attributes
    ----------
    positive, negative : (n,) and (m,) int64
        Indices into the raveled grid (C order: k varies fastest), rising; the
        voxels of positive regions and of negative ones.
    region : (n + m,) int32
        The region that each lies in, the positive ones first.
    """

    positive: NDArray[np.int64]
    negative: NDArray[np.int64]
    region: NDArray[np.int32]


def runs_of(labels: AnyArray) -> Runs:
    """Write a label image as runs.

    Parameters
    ----------
    labels : (I, J, K) int32
        0 outside; in a region, its number.
    """
    where = inside_voxels(labels)
    index = np.ravel_multi_index(where, labels.shape)
    region = labels[where]
    if not labels.flags.c_contiguous:
        rising = np.argsort(index)
        index, region = index[rising], region[rising]
    # A run ends where the next voxel is another region's, or not the next one.
    starts = np.ones(len(index), dtype=bool)
    starts[1:] = (np.diff(index) != 1) | (np.diff(region) != 0)
    first = np.flatnonzero(starts)
    length = np.diff(first, append=len(index))
    begin = index[first]
    gap = np.diff(begin, prepend=0)
    gap[1:] -= length[:-1]
    return Runs(gap.astype(np.uint32), length.astype(np.uint32), region[first].astype(np.int32))


def voxels_of(runs: Runs, n_positive: int) -> Voxels:
    """Give the voxels of runs, by sign.

    Parameters
    ----------
    runs : Runs
    n_positive : int
        Regions 1 to `n_positive` are positive, those after them negative.
    """
    length = runs.length.astype(np.int64)
    before = np.cumsum(length) - length
    begin = np.cumsum(runs.gap.astype(np.int64)) + before
    index = np.repeat(begin - before, length) + np.arange(int(length.sum()))
    region = np.repeat(runs.region, length)
    is_positive = region <= n_positive
    return Voxels(
        index[is_positive],
        index[~is_positive],
        np.concatenate([region[is_positive], region[~is_positive]]),
    )
