"""A random walk solved layer by layer: exact, dense, with numpy alone.

The nodes come in layers, and edges join nodes of one layer or of two that
follow each other: a set of voxels cut across its longest side. Eliminating one
layer after another then needs one small dense inverse a layer. For the sets
that a 3 or 2 mm map holds this is done before SciPy's sparse matrices, let
alone numba, have been imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.core.walker.graph import Graph

    Floats = NDArray[np.float64]

__all__ = ["cost_of_layers", "solve_by_layers"]

_MOST_ROUNDS = 5


def cost_of_layers(layer: NDArray[np.integer], unknown: NDArray[np.bool_]) -> float:
    """Sum over layers of the cube of their unknown nodes: half the multiplications.

    Parameters
    ----------
    layer : (n_nodes,) int
        Layer of each node, from 0.
    unknown : (n_nodes,) bool

    Returns
    -------
    float
    """
    sizes = np.bincount(layer[unknown]).astype(np.float64)
    return float((sizes**3).sum())


def solve_by_layers(
    graph: Graph,
    seed_of: NDArray[np.int32],
    layer: NDArray[np.integer],
    nodes: NDArray[np.intp],
    n_seeds: int,
    accuracy: float,
) -> Floats:
    """Give the probability that a walk reaches each seed first, but for the last seed.

    Parameters
    ----------
    graph : Graph
        A node has at most one edge to the layer before its own and one to the next.
    seed_of : (n_nodes,) int
        -1 where unknown.
    layer : (n_nodes,) int
        Layer of each node, from 0.
    nodes : (n,) int
        The unknown nodes, by rising layer.
    n_seeds : int
    accuracy : float
        Refine until no probability changes by more.

    Returns
    -------
    (n, n_seeds - 1) float64
        Of `nodes`, in their order.
    """
    walk = _walk(graph, seed_of, nodes, n_seeds)
    factor = _Factor(walk, layer[nodes])
    x = factor.solve(walk.to_seeds)
    # Rounding of the diagonal swamps a pocket whose leaks are 1e-10 of its inner
    # weights; the residual through differences does not suffer from it.
    for _ in range(_MOST_ROUNDS):
        change = factor.solve(walk.residual(x))
        x += change
        if np.abs(change).max(initial=0.0) < accuracy:
            break
    return x


@dataclass(frozen=True)
class _Walk:
    """Unknown nodes, renumbered; edges among them, and ties to the seeds."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    weights: Floats
    to_seeds: Floats  # (n, n_seeds - 1)
    ground: Floats  # (n,), sum of the weights to all seeds

    @property
    def diagonal(self) -> Floats:
        n = len(self.ground)
        return (
            self.ground
            + np.bincount(self.first, self.weights, n)
            + np.bincount(self.second, self.weights, n)
        )

    def residual(self, x: Floats) -> Floats:
        result = self.to_seeds - self.ground[:, None] * x
        n = len(x)
        for column in range(x.shape[1]):
            flow = self.weights * (x[self.first, column] - x[self.second, column])
            result[:, column] += np.bincount(self.second, flow, n) - np.bincount(
                self.first, flow, n
            )
        return result


def _walk(graph: Graph, seed_of: NDArray[np.int32], nodes: NDArray[np.intp], n_seeds: int) -> _Walk:
    rank = np.full(graph.n_nodes, -1, dtype=np.intp)
    rank[nodes] = np.arange(len(nodes))
    i, j, w = rank[graph.first], rank[graph.second], graph.weights
    inner = (i >= 0) & (j >= 0)
    to_seeds = np.zeros((len(nodes), n_seeds))
    for known, unknown, node in ((i < 0, j, graph.first), (j < 0, i, graph.second)):
        tie = known & (unknown >= 0)
        np.add.at(to_seeds, (unknown[tie], seed_of[node[tie]]), w[tie])
    return _Walk(i[inner], j[inner], w[inner], to_seeds[:, :-1], to_seeds.sum(axis=1))


class _Factor:
    """The inverse of each layer's block, those before it eliminated."""

    def __init__(self, walk: _Walk, layer: NDArray[np.integer]) -> None:
        self.starts = np.searchsorted(layer, np.arange(int(layer.max(initial=-1)) + 2))
        swap = layer[walk.first] > layer[walk.second]
        low = np.where(swap, walk.second, walk.first)
        high = np.where(swap, walk.first, walk.second)
        across = layer[low] != layer[high]
        diagonal = walk.diagonal
        self.inverses: list[Floats] = []
        self.bridges: list[tuple[NDArray[np.intp], NDArray[np.intp], Floats]] = []
        at = layer[low]
        for number in range(len(self.starts) - 1):
            start, stop = self.starts[number : number + 2]
            block = np.diag(diagonal[start:stop])
            own = (at == number) & ~across
            i, j = low[own] - start, high[own] - start
            block[i, j] = block[j, i] = -walk.weights[own]
            if number:
                c, r, w = self.bridges[-1]
                block[np.ix_(r, r)] -= w[:, None] * self.inverses[-1][np.ix_(c, c)] * w
            self.inverses.append(np.asarray(np.linalg.inv(block), dtype=np.float64))
            bridge = (at == number) & across
            self.bridges.append((low[bridge] - start, high[bridge] - stop, walk.weights[bridge]))

    def solve(self, right: Floats) -> Floats:
        x = right.copy()
        parts = [
            x[start:stop] for start, stop in zip(self.starts[:-1], self.starts[1:], strict=True)
        ]
        for number in range(1, len(parts)):
            c, r, w = self.bridges[number - 1]
            parts[number][r] += w[:, None] * (self.inverses[number - 1] @ parts[number - 1])[c]
        for number in range(len(parts) - 1, -1, -1):
            c, r, w = self.bridges[number]
            if number + 1 < len(parts):
                parts[number][c] += w[:, None] * parts[number + 1][r]
            parts[number][:] = self.inverses[number] @ parts[number]
        return x
