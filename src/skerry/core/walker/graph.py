"""The graph that a random walk goes on: voxels, and edges with weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray, BoolArray, FloatArray

__all__ = ["Graph", "voxel_graph"]

# However steep the map, a walk can take any step: the graph stays connected.
_LEAST_WEIGHT = 1e-10


@dataclass(frozen=True)
class Graph:
    """An undirected graph whose edges have weights.

    Parameters
    ----------
    n_nodes : int
    first, second : (m,) int
        The nodes that each edge joins; no edge is given twice.
    weights : (m,) float
        Positive.
    """

    n_nodes: int
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    weights: NDArray[np.float64]


def voxel_graph(
    values: FloatArray,
    inside: BoolArray,
    steepness: tuple[float, float, float],
    conductance: tuple[float, float, float],
) -> Graph:
    """Join the voxels of a set that share a face; `split` says with what weights."""
    number = np.full(inside.shape, -1, np.int32)
    n_voxels = int(np.count_nonzero(inside))
    number[inside] = np.arange(n_voxels, dtype=np.int32)
    ends: list[tuple[AnyArray, AnyArray]] = []
    weights = []
    for axis in range(3):
        before = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
        after = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
        both = inside[before] & inside[after]
        ends.append((number[before][both], number[after][both]))
        difference = values[before][both].astype(np.float64) - values[after][both]
        weight = np.exp(-steepness[axis] * difference**2) + _LEAST_WEIGHT
        weights.append(conductance[axis] * weight)
    return Graph(
        n_voxels,
        np.concatenate([first for first, _ in ends]),
        np.concatenate([second for _, second in ends]),
        np.concatenate(weights),
    )
