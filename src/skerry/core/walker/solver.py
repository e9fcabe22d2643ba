"""The seed that a random walk on a weighted graph reaches first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.core.walker.layers import cost_of_layers, solve_by_layers
from skerry.core.walker.sparse import solve_iteratively

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from skerry.core.walker.graph import Graph

    Floats = NDArray[np.float64]

__all__ = ["TIE", "first_reached"]

# A later seed takes a node from an earlier one only if its probability is higher
# by more than this. Probabilities are solved to about a tenth of it.
TIE = 1e-6
_ACCURACY = 1e-7

# Up to this cost the dense solver is done before numba has been imported and its
# machine code loaded (0.7 s).
_LAYERS_UP_TO = 4e8


def first_reached(
    graph: Graph,
    seed_of: NDArray[np.int32],
    n_seeds: int,
    order: NDArray[np.intp] | None = None,
    layer: NDArray[np.integer] | None = None,
) -> NDArray[np.int32]:
    """Give each node the seed that a random walk from it most probably reaches first.

    The probabilities solve, for each seed, the Laplace equation of the graph with 1
    at that seed and 0 at the others [1]_. For few nodes in thin layers they come from a
    dense direct solver, refined; beyond that from conjugate gradients with a
    sampled Cholesky factor [2]_, whose time and memory grow in proportion to the
    number of nodes and whose speed does not depend on how unequal the weights are.

    Parameters
    ----------
    graph : Graph
        Each node must be connected with a seed.
    seed_of : (n_nodes,) int
        Number of the seed that a node belongs to, from 0, and -1 elsewhere.
    n_seeds : int
        Number of seeds.
    order : (n_nodes,) int, optional
        A good order of elimination (neighbours far apart in it); it changes the
        time, not the result.
    layer : (n_nodes,) int, optional
        Layers, from 0, such that a node has at most one edge to the layer before its
        own, at most one to the next, and none further; it changes the time alone.

    Returns
    -------
    (n_nodes,) int32
        Numbers of seeds. Among seeds whose probabilities are equal within `TIE` the
        one with the lower number wins.

    References
    ----------
    .. [1] Grady 2006, doi:10.1109/TPAMI.2006.233.
    .. [2] Gao, Kyng, Spielman 2023, doi:10.48550/arXiv.2303.00709.
    """
    unknown = seed_of < 0
    if layer is not None and cost_of_layers(layer, unknown) <= _LAYERS_UP_TO:
        nodes = np.flatnonzero(unknown)
        nodes = nodes[np.argsort(layer[nodes], kind="stable")]
        solved = iter([solve_by_layers(graph, seed_of, layer, nodes, n_seeds, _ACCURACY)])
    else:
        if order is None:
            order = np.arange(graph.n_nodes)
        nodes = order[unknown[order]]
        solved = solve_iteratively(graph, seed_of, nodes, n_seeds, _ACCURACY)
    result = seed_of.astype(np.int32)
    result[nodes] = _most_probable(solved, len(nodes))
    return result


def _most_probable(solved: Iterator[Floats], n_nodes: int) -> NDArray[np.int32]:
    """Give the seed of the highest probability; that of the last seed is what is left."""
    winner = np.zeros(n_nodes, np.int32)
    highest = np.full(n_nodes, -np.inf)
    rest = np.ones(n_nodes)
    seed = 0
    for probabilities in solved:
        for probability in probabilities.T:
            _take_over(winner, highest, seed, probability)
            rest -= probability
            seed += 1
    _take_over(winner, highest, seed, rest)
    return winner


def _take_over(winner: NDArray[np.int32], highest: Floats, seed: int, probability: Floats) -> None:
    higher = probability > highest + TIE
    winner[higher] = seed
    np.maximum(highest, probability, out=highest)
