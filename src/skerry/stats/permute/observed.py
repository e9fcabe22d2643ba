"""The observed maps and clusters of a permutation test."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.core.measure import measure
from skerry.stats.tfce import score_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.stats.permute.measurer import Measurer
    from skerry.typing import AnyArray


class Observed(NamedTuple):
    """Maps by voxel of the mask, clusters in their order; see `PermutationTest`."""

    maps: dict[str, NDArray[np.float64]]
    labels: NDArray[np.int32] | None
    clusters: dict[str, AnyArray] | None
    first_voxel: NDArray[np.int64]  # of each cluster, a voxel of the mask
    peak_voxel: NDArray[np.int64]


def observed(measurer: Measurer, order: NDArray[np.int64], sign: NDArray[np.float64]) -> Observed:
    """Measure the map, its clusters and its enhancement in one arrangement."""
    values = measurer.statistic(order, sign)
    maps = {name: np.zeros(len(values)) for name in measurer.names}
    maps[measurer.model.statistic] = values
    place = np.full(int(np.prod(measurer.field.neighbours.shape)), -1, dtype=np.int64)
    place[measurer.field.inside] = np.arange(len(values))
    parts: list[NDArray[np.int32]] = []
    names = np.zeros(len(values), dtype=np.int32)
    for side in measurer.sides if len(maps) > 1 else ():
        tree = measurer.tree(values, side)
        voxel = place[tree.order]
        turn = 1.0 if side == "positive" else -1.0
        if measurer.tfce:
            E, H = measurer.tfce
            maps["tfce"][voxel] = turn * score_tree(tree, E=E, H=H)
        if measurer.threshold is not None:
            region = tree.regions_at(measurer.threshold)
            n_before = sum(map(len, parts))
            leaves, number = np.unique(region, return_inverse=True)
            parts.append(leaves)
            above = voxel[: len(region)]
            names[above] = n_before + 1 + number
            excess = tree.height[: len(region)] - measurer.threshold
            for name, amounts in (("extent", None), ("excess_mass", excess)):
                total = np.bincount(number, weights=amounts, minlength=len(leaves))
                maps[name][above] = turn * total[number]
    if measurer.threshold is None:
        none = np.empty(0, dtype=np.int64)
        return Observed(maps, None, None, none, none)
    labels, clusters, peak = _clusters(measurer, names, values, maps, sum(map(len, parts)), place)
    _, first = np.unique(labels, return_index=True)
    first = first[len(first) - len(peak) :]
    return Observed(maps, labels, clusters, first, peak)


def _clusters(
    measurer: Measurer,
    names: NDArray[np.int32],
    values: NDArray[np.float64],
    maps: dict[str, NDArray[np.float64]],
    n_clusters: int,
    place: NDArray[np.int64],
) -> tuple[NDArray[np.int32], dict[str, AnyArray], NDArray[np.int64]]:
    """Give the clusters numbers in their order, and measure them."""
    neighbours, inside = measurer.field.neighbours, measurer.field.inside
    volume, painted = np.zeros(neighbours.shape), np.zeros(neighbours.shape, dtype=np.int32)
    volume.reshape(-1)[inside] = values
    painted.reshape(-1)[inside] = names
    found = measure(painted, volume, n_clusters, neighbours)
    peak = place[found.peak]
    height = values[peak]
    # Ties stay as the tree has them: by the lower x, y, z of the peak.
    by_rank = np.lexsort((-found.extent, -np.abs(height), height < 0))
    number = np.zeros(n_clusters + 1, dtype=np.int32)
    number[by_rank + 1] = np.arange(1, n_clusters + 1)
    corner = [side.start for side in measurer.field.box]
    peak_ijk = np.stack(np.unravel_index(found.peak[by_rank], neighbours.shape), axis=-1) + corner
    peak_xyz = measurer.field.grid.xyz(peak_ijk)
    peak = peak[by_rank]
    columns: dict[str, AnyArray] = {
        "region": np.arange(1, n_clusters + 1),
        "sign": np.where(values[peak] > 0, "positive", "negative"),
        "n_voxels": found.extent[by_rank],
        "volume_mm3": found.extent[by_rank] * measurer.field.grid.voxel_volume_mm3,
        **{f"peak_{axis}": peak_xyz[:, k] for k, axis in enumerate("xyz")},
        **{f"peak_{axis}": peak_ijk[:, k] for k, axis in enumerate("ijk")},
        "peak_value": values[peak],
        "excess_mass": np.abs(maps["excess_mass"][peak]),
    }
    if measurer.tfce:
        columns["peak_tfce"] = maps["tfce"][peak]
    return number[names], columns, peak
