"""The random walker's solver against dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.core.walker import solver, sparse
from skerry.core.walker.graph import Graph
from skerry.core.walker.solver import TIE, first_reached


def grid_graph(shape, rng, decades):
    """A box of voxels with weights spread evenly over so many powers of ten."""
    number = np.arange(np.prod(shape)).reshape(shape)
    first = [number[:-1], number[:, :-1], number[:, :, :-1]]
    second = [number[1:], number[:, 1:], number[:, :, 1:]]
    first, second = (np.concatenate([a.ravel() for a in ends]) for ends in (first, second))
    return Graph(number.size, first, second, 10.0 ** -(decades * rng.random(len(first))))


def dense_probabilities(graph, seed_of, n_seeds):
    adjacency = np.zeros((graph.n_nodes,) * 2)
    adjacency[graph.first, graph.second] = adjacency[graph.second, graph.first] = graph.weights
    laplacian = np.diag(adjacency.sum(axis=1)) - adjacency
    free = seed_of < 0
    seeds = np.eye(n_seeds)[seed_of[~free]]
    result = np.zeros((graph.n_nodes, n_seeds))
    result[~free] = seeds
    result[free] = np.linalg.solve(
        laplacian[np.ix_(free, free)], adjacency[np.ix_(free, ~free)] @ seeds
    )
    return result


def assert_best(winner, probability):
    """The winner is the first of those within TIE of the best, up to rounding at that edge."""
    best = probability.max(axis=1)
    chosen = probability[np.arange(len(winner)), winner]
    assert (chosen >= best - 2 * TIE).all()
    clear = np.sort(probability, axis=1)[:, -2] < best - 2 * TIE
    np.testing.assert_array_equal(winner[clear], probability.argmax(axis=1)[clear])


@pytest.mark.parametrize("way", ["layers", "iterative"])
@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    shape=st.tuples(*[st.integers(2, 7)] * 3),
    n_seeds=st.integers(2, 11),
    decades=st.sampled_from([0.0, 3.0, 9.0]),
)
def test_both_ways_equal_the_dense_solution(way, seed, shape, n_seeds, decades):
    rng = np.random.default_rng(seed)
    graph = grid_graph(shape, rng, decades)
    n_seeds = min(n_seeds, graph.n_nodes - 1)
    seed_of = np.full(graph.n_nodes, -1, np.int32)
    seed_of[rng.permutation(graph.n_nodes)[:n_seeds]] = np.arange(n_seeds)
    layer = np.indices(shape)[1].ravel() if way == "layers" else None
    winner = first_reached(
        graph, seed_of, n_seeds, order=rng.permutation(graph.n_nodes), layer=layer
    )
    assert_best(winner, dense_probabilities(graph, seed_of, n_seeds))


def test_the_two_ways_agree_where_the_dense_solution_is_out_of_reach():
    rng = np.random.default_rng(0)
    shape = (16, 15, 14)
    graph = grid_graph(shape, rng, decades=8.0)
    seed_of = np.full(graph.n_nodes, -1, np.int32)
    seed_of[rng.permutation(graph.n_nodes)[:10]] = np.arange(10)
    winners = [
        first_reached(graph, seed_of, 10, layer=layer)
        for layer in (None, np.indices(shape)[0].ravel())
    ]
    np.testing.assert_array_equal(*winners)


def test_when_iterations_run_out_the_direct_solver_takes_over(monkeypatch):
    rng = np.random.default_rng(3)
    graph = grid_graph((5, 5, 5), rng, decades=2.0)
    seed_of = np.full(graph.n_nodes, -1, np.int32)
    seed_of[[0, 60, 124]] = [0, 1, 2]
    expected = first_reached(graph, seed_of, 3)
    monkeypatch.setattr(sparse, "_MOST_STEPS", 1)
    np.testing.assert_array_equal(first_reached(graph, seed_of, 3), expected)


def test_thick_layers_are_left_to_the_iteration(monkeypatch):
    graph = grid_graph((4, 4, 4), np.random.default_rng(1), decades=1.0)
    seed_of = np.full(graph.n_nodes, -1, np.int32)
    seed_of[[0, 63]] = [0, 1]
    monkeypatch.setattr(solver, "solve_by_layers", None)
    monkeypatch.setattr(solver, "_LAYERS_UP_TO", 1.0)
    assert first_reached(graph, seed_of, 2, layer=np.indices((4, 4, 4))[0].ravel()).max() == 1


def test_a_tie_goes_to_the_lower_number():
    chain = Graph(5, np.arange(4), np.arange(1, 5), np.ones(4))
    for left, right in ((0, 1), (1, 0)):
        seed_of = np.array([left, -1, -1, -1, right], np.int32)
        assert first_reached(chain, seed_of, 2)[2] == 0


def test_a_node_behind_the_weakest_leak_follows_its_only_way_out():
    # 0 and 3 are seeds; 4 and 5 form a pocket that hangs on node 2 by 1e-10.
    graph = Graph(
        6, np.array([0, 1, 2, 4, 2]), np.array([1, 2, 3, 5, 4]), np.array([1, 1, 3, 1, 1e-10])
    )
    winner = first_reached(graph, np.array([0, -1, -1, 1, -1, -1], np.int32), 2)
    assert winner.tolist() == [0, 0, 1, 1, 1, 1]
