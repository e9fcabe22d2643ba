"""The seed that a random walk on a weighted graph reaches first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.core.walker_layers import cost_of_layers, solve_by_layers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from skerry.typing import AnyArray

    Floats = NDArray[np.float64]

__all__ = ["TIE", "Graph", "first_reached"]

# A later seed takes a node from an earlier one only if its probability is higher
# by more than this. Probabilities are solved to about a tenth of it.
TIE = 1e-6
_ACCURACY = 1e-7

# Up to this cost the dense solver is done before numba has been imported and its
# machine code loaded (0.7 s).
_LAYERS_UP_TO = 4e8

_MOST_STEPS = 1000  # 35 are usual; past this the direct solver has the word
_RANDOM_SEED = 88172645463325252  # any constant: the same input gives the same bytes


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
    weights: Floats


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
        solved = _iteratively(_grounded_system(graph, seed_of, nodes, n_seeds), 0, n_seeds - 1)
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


@dataclass(frozen=True)
class _System:
    """Unknown nodes of a graph, in order of elimination, and their ties to the seeds."""

    adjacency: Any  # scipy CSR, (n, n), symmetric, weights of the edges, sorted indices
    to_seeds: Any  # scipy CSC, (n, n_seeds)
    ground: Floats  # (n,), sum of the weights to all seeds


def _grounded_system(
    graph: Graph, seed_of: AnyArray, nodes: NDArray[np.intp], n_seeds: int
) -> _System:
    from scipy import sparse

    n = len(nodes)
    rank = np.full(graph.n_nodes, -1, np.int32)
    rank[nodes] = np.arange(n, dtype=np.int32)
    i, j = rank[graph.first], rank[graph.second]
    inner = (i >= 0) & (j >= 0)
    i_inner, j_inner, w_inner = i[inner], j[inner], graph.weights[inner]
    adjacency = sparse.csr_matrix(
        (
            np.concatenate([w_inner, w_inner]),
            (np.concatenate([i_inner, j_inner]), np.concatenate([j_inner, i_inner])),
        ),
        shape=(n, n),
    )
    adjacency.sort_indices()
    out, back = (i >= 0) & (j < 0), (i < 0) & (j >= 0)
    to_seeds = sparse.csc_matrix(
        (
            np.concatenate([graph.weights[out], graph.weights[back]]),
            (
                np.concatenate([i[out], j[back]]),
                np.concatenate([seed_of[graph.second[out]], seed_of[graph.first[back]]]),
            ),
        ),
        shape=(n, n_seeds),
    )
    ground = np.asarray(to_seeds.sum(axis=1), dtype=np.float64).ravel()
    return _System(adjacency, to_seeds, ground)


def _take_over(winner: AnyArray, highest: Floats, seed: int, probability: Floats) -> None:
    higher = probability > highest + TIE
    winner[higher] = seed
    np.maximum(highest, probability, out=highest)


def _directly(system: _System, start: int, stop: int) -> Iterator[Floats]:
    """Solve by a sparse LU factor, should the iteration ever not converge."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    adjacency = system.adjacency
    diagonal = np.asarray(adjacency.sum(axis=1)).ravel() + system.ground
    factor = splu(
        sparse.csc_matrix(sparse.diags(diagonal) - adjacency),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    ends = adjacency.tocoo()
    one_way = ends.row < ends.col
    i, j, w = ends.row[one_way], ends.col[one_way], ends.data[one_way]
    m = np.arange(len(w))
    signs, ends_of = np.repeat((1.0, -1.0), len(w)), np.concatenate([i, j])
    difference = sparse.csr_matrix(
        (signs, (np.concatenate([m, m]), ends_of)), shape=(len(w), len(diagonal))
    )
    right = system.to_seeds[:, start:stop].toarray()
    x = factor.solve(right)
    # Rounding of the diagonal swamps a pocket whose leaks are 1e-10 of its inner
    # weights; the residual through differences does not suffer from it.
    for _ in range(5):
        flow = difference.T @ (w[:, None] * (difference @ x))
        change = factor.solve(right - system.ground[:, None] * x - flow)
        x += change
        if np.abs(change).max(initial=0.0) < _ACCURACY:
            break
    yield x


def _iteratively(system: _System, start: int, stop: int) -> Iterator[Floats]:
    """Solve by preconditioned conjugate gradients, eight seeds at a time."""
    from skerry.core._kernels.walker import WIDTH

    precondition, advance = _iteration(system)
    n = len(system.ground)
    for first in range(start, stop, WIDTH):
        last = min(first + WIDTH, stop)
        residual = np.zeros((n, WIDTH))
        residual[:, : last - first] = system.to_seeds[:, first:last].toarray()
        x, image, direction = np.zeros((n, WIDTH)), np.empty((n, WIDTH)), np.zeros((n, WIDTH))
        z, step = np.empty((n + 1, WIDTH), np.float32), np.empty((1, WIDTH))
        products, before = np.zeros(WIDTH), np.zeros(WIDTH)
        for _ in range(_MOST_STEPS):
            # The preconditioned residual is the factor's estimate of the error.
            if precondition(residual, z, products) <= _ACCURACY:
                yield x[:, : last - first]
                break
            growth = np.divide(products, before, out=np.zeros(WIDTH), where=before > 0)
            before[:] = products
            advance(z, growth, products, direction, image, step, x, residual)
        else:
            yield from _directly(system, first, last)


def _iteration(system: _System) -> tuple[Callable[..., float], Callable[..., None]]:
    """Bind the kernels to one matrix and its factor."""
    from skerry.core._kernels import walker as kernels

    a = system.adjacency
    graph = (a.indptr, a.indices, a.data, system.ground)
    factor = _sampled_factor(*graph)

    def precondition(residual: Floats, z: AnyArray, products: Floats) -> float:
        return float(kernels.apply_factor(*factor, residual, z, products))

    def advance(*state: AnyArray) -> None:
        kernels.advance(*graph, *state)

    return precondition, advance


def _sampled_factor(
    indptr: AnyArray, indices: AnyArray, weights: Floats, ground: Floats
) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    from skerry.core._kernels.walker import sampled_factor

    n = len(ground)
    n_edges = len(weights) // 2 + n
    room = 4 * n_edges  # enough for voxel graphs; pages that stay empty cost nothing
    pointers = np.empty(n + 1, np.int64)
    inverse_diagonal = np.empty(n, np.float32)
    while True:
        rows, entries = np.empty(room, np.int32), np.empty(room, np.float32)
        n_entries = sampled_factor(
            indptr, indices, weights, ground, _RANDOM_SEED,
            np.full(n + 1, -1, np.int32), np.empty(n_edges, np.int32),
            np.empty(n_edges, np.int32), np.empty(n_edges),
            np.full(n + 1, -1, np.int32), np.empty(n + 1, np.int32),
            np.empty(n + 1), np.empty(n + 1),
            pointers, rows, entries, inverse_diagonal,
        )  # fmt: skip
        if n_entries >= 0:
            return pointers, rows, entries, inverse_diagonal
        room *= 2
