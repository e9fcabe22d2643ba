"""A random walk solved by conjugate gradients, with sparse matrices: for sets of any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from skerry.core.walker.graph import Graph
    from skerry.typing import AnyArray

    Floats = NDArray[np.float64]

__all__ = ["solve_iteratively"]

_MOST_STEPS = 1000  # 35 are usual; past this the direct solver has the word
_MOST_ROUNDS = 5
_RANDOM_SEED = 88172645463325252  # any constant: the same input gives the same bytes


def solve_iteratively(
    graph: Graph,
    seed_of: NDArray[np.int32],
    nodes: NDArray[np.intp],
    n_seeds: int,
    accuracy: float,
) -> Iterator[Floats]:
    """Give the probability that a walk reaches each seed first, but for the last seed.

    Parameters
    ----------
    graph : Graph
    seed_of : (n_nodes,) int
        -1 where unknown.
    nodes : (n,) int
        The unknown nodes, in the order of their elimination.
    n_seeds : int
    accuracy : float
        Of each probability.

    Yields
    ------
    (n, up to 8) float64
        Of `nodes`, for the next seeds each time.
    """
    from skerry.core._kernels.walker import WIDTH

    system = _grounded_system(graph, seed_of, nodes, n_seeds)
    precondition, advance = _iteration(system)
    n = len(system.ground)
    for first in range(0, n_seeds - 1, WIDTH):
        last = min(first + WIDTH, n_seeds - 1)
        residual = np.zeros((n, WIDTH))
        residual[:, : last - first] = system.to_seeds[:, first:last].toarray()
        x, image, direction = np.zeros((n, WIDTH)), np.empty((n, WIDTH)), np.zeros((n, WIDTH))
        z, step = np.empty((n + 1, WIDTH), np.float32), np.empty((1, WIDTH))
        products, before = np.zeros(WIDTH), np.zeros(WIDTH)
        for _ in range(_MOST_STEPS):
            # The preconditioned residual is the factor's estimate of the error.
            if precondition(residual, z, products) <= accuracy:
                yield x[:, : last - first]
                break
            growth = np.divide(products, before, out=np.zeros(WIDTH), where=before > 0)
            before[:] = products
            advance(z, growth, products, direction, image, step, x, residual)
        else:
            yield _directly(system, first, last, accuracy)


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


def _directly(system: _System, start: int, stop: int, accuracy: float) -> Floats:
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
    for _ in range(_MOST_ROUNDS):
        flow = difference.T @ (w[:, None] * (difference @ x))
        change = factor.solve(right - system.ground[:, None] * x - flow)
        x += change
        if np.abs(change).max(initial=0.0) < accuracy:
            break
    return x


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
