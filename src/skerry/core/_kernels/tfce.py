"""The loops of threshold-free cluster enhancement, on a merge tree by rank.

All arrays are one-dimensional and of one length; ``parent[r]`` is above r, or -1.
"""

from __future__ import annotations

from typing import Any

__all__ = ["collect_extents", "sum_to_the_sea"]


def collect_extents(parent: Any, extent: Any) -> None:
    """Count, in place, the voxels that come to each rank along `parent`.

    No checks: `extent` (float64) starts as ones.
    """
    for rank in range(len(parent)):
        if parent[rank] >= 0:
            extent[parent[rank]] += extent[rank]


def sum_to_the_sea(parent: Any, weight: Any, rise: Any, score: Any) -> None:
    """Add up `weight` over the stretches of `rise` from each rank to the last.

    No checks: all but `parent` are float64.
    """
    for rank in range(len(parent) - 1, -1, -1):
        below = parent[rank]
        if below < 0:
            score[rank] = weight[rank] * rise[rank]
        else:
            score[rank] = score[below] + weight[rank] * (rise[rank] - rise[below])
