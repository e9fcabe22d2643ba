"""The loops of permutation tests: the map of one arrangement, the clusters of one tree."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["collect_clusters", "statistic_map"]

# Voxels that are worked on together: their sums stay in the first cache.
STRETCH = 1024
# Residuals are not taken for smaller than this share of the data: no value is infinite.
LEAST_SHARE = 1e-13


def statistic_map(
    data: Any, weights: Any, squares: Any, n_tested: int, df: float, statistic: Any
) -> None:
    """Fit orthonormal regressors to every voxel's data: t for one tested, else F.

    No checks: `data` is (n, V); `weights` (m, n) times the data fits the regressors, the
    `n_tested` tested ones first; `squares` (V,) is the sum of squares of what is fitted;
    `statistic` (V,) float64 takes the result. Sums run over the rows in their order, in
    double precision.
    """
    n, n_voxels = data.shape
    total, tested, left = np.empty(STRETCH), np.empty(STRETCH), np.empty(STRETCH)
    for begin in range(0, n_voxels, STRETCH):
        size = min(STRETCH, n_voxels - begin)
        for v in range(size):
            tested[v] = 0.0
            left[v] = squares[begin + v]
        for j in range(len(weights) - 1, -1, -1):  # the tested ones last
            for v in range(size):
                total[v] = 0.0
            for i in range(n):
                weight = weights[j, i]
                row = data[i, begin : begin + size]
                for v in range(size):
                    total[v] += weight * row[v]
            for v in range(size):
                left[v] -= total[v] * total[v]
            if j < n_tested:
                for v in range(size):
                    tested[v] += total[v] * total[v]
        for v in range(size):
            variance = max(left[v], LEAST_SHARE * squares[begin + v]) / df
            if n_tested == 1:
                statistic[begin + v] = total[v] / np.sqrt(variance)
            else:
                statistic[begin + v] = tested[v] / n_tested / variance


def collect_clusters(parent: Any, height: Any, threshold: float, extent: Any, excess: Any) -> None:
    """Gather extent and excess mass of the clusters of a merge tree's first ranks.

    No checks: `extent` and `excess` (float64) are as long as the ranks above `threshold`.
    What is gathered at the lowest rank of a cluster is the cluster's.
    """
    n_above = len(extent)
    for rank in range(n_above):
        extent[rank] = 1.0
        excess[rank] = height[rank] - threshold
    for rank in range(n_above):
        below = parent[rank]
        if 0 <= below < n_above:
            extent[below] += extent[rank]
            excess[below] += excess[rank]
