"""Labels measured, sorted and numbered by the one rule: the columns of `Regions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.neighbours import GridNeighbours
    from skerry.space.statmap import StatMap
    from skerry.typing import AnyArray


class Numbered(NamedTuple):
    """Regions in their final order."""

    labels: NDArray[np.int32]  # (I, J, K)
    columns: dict[str, AnyArray]  # as `Regions.columns`
    came_from: NDArray[np.int64]  # (n,) label that each region had before
    n_voxels: int  # in labels of any size


def number_labels(
    labels: NDArray[np.int32],
    n_labels: int,
    statmap: StatMap,
    neighbours: GridNeighbours,
    least: float = 0.0,
) -> Numbered:
    """Measure labels and number them 1 to n.

    Parameters
    ----------
    labels : (I, J, K) int32
        0 outside; 1 to `n_labels`, each of them at least once and of one sign.
    n_labels : int
    statmap : StatMap
    neighbours : GridNeighbours
        Of the map's grid.
    least : float
        Labels of fewer voxels are dropped.

    Returns
    -------
    Numbered
        Positive before negative, by falling |peak|; ties by falling volume,
        then by the peak's lowest x, y, z in mm.
    """
    from skerry.core.measure import measure

    measures = measure(labels, statmap.values, n_labels, neighbours)
    peak_ijk = np.stack(np.unravel_index(measures.peak, statmap.grid.shape), axis=-1)
    peak_value = statmap.values[tuple(peak_ijk.T)].astype(np.float64)
    x, y, z = neighbours.tie_keys(measures.peak)
    order = np.lexsort((z, y, x, -measures.extent, -abs(peak_value), peak_value < 0))
    order = order[measures.extent[order] >= least]
    number = np.zeros(n_labels + 1, dtype=np.int32)
    number[order + 1] = np.arange(1, len(order) + 1)
    columns = {
        "region": np.arange(1, len(order) + 1),
        "sign": np.sign(peak_value[order]).astype(np.int8),
        "n_voxels": measures.extent[order],
        "volume_mm3": measures.extent[order] * statmap.grid.voxel_volume_mm3,
        "peak_ijk": peak_ijk[order],
        "peak_value": peak_value[order],
        "mean_value": measures.mean[order],
        "mass": measures.mass[order],
        "centroid_xyz": measures.centroid[order],
        "cog_xyz": measures.cog[order],
    }
    return Numbered(_changed(labels, number), columns, order + 1, int(measures.extent.sum()))


def _changed(labels: NDArray[np.int32], number: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give labels new numbers; only the voxels inside are looked at, which mostly are few."""
    changed = np.zeros_like(labels, order="K")
    turned = labels.flags.f_contiguous
    old, new = (labels.T, changed.T) if turned else (labels, changed)
    old, new = old.reshape(-1), new.reshape(-1)
    inside = np.flatnonzero(old != 0)
    new[inside] = number[old[inside]]
    return changed
