"""Territories against a greedy watershed on small maps full of ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.landscapes import connectivities, maps, slow
from skerry.core.tree import build_tree
from skerry.core.tree.prune import prune
from skerry.core.tree.territories import territories_at
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours, MeshNeighbours


@settings(deadline=None, derandomize=True, max_examples=80)
@given(
    maps(max_height=7),
    connectivities,
    st.sampled_from([1.0, 2.0]),
    st.sampled_from([0.0, 1.0, 2.0, 3.0]),
    st.sampled_from([0, 2, 4, 9]),
)
def test_territories_are_those_of_the_greedy_watershed(
    drawn, connectivity, threshold, min_prominence, min_extent
):
    values, grid = drawn
    twin = slow(values, grid, connectivity)
    tree = build_tree(values, GridNeighbours(grid, connectivity))
    found = territories_at(tree, threshold, min_prominence=min_prominence, min_extent=min_extent)
    peak_of = tree.order[tree.node_rank[: tree.n_peaks]]
    sets = {}
    for rank, leaf in enumerate(found.tolist()):
        sets.setdefault(int(peak_of[leaf]), set()).add(int(tree.order[rank]))
    expected = twin.territories(threshold, min_prominence, min_extent)
    assert {frozenset(s): p for p, s in sets.items()} == expected


def hills():
    """Three hills in a row: 9, a saddle 4, 5, a saddle 3, 8."""
    values = np.array([9.0, 4, 5, 3, 8, 7, 7]).reshape(7, 1, 1)
    return build_tree(values, GridNeighbours(Grid((7, 1, 1), np.eye(4)), 6))


def test_a_low_hill_goes_over_its_highest_saddle():
    tree = hills()
    assert tree.paint(territories_at(tree) + 1).ravel().tolist() == [1, 1, 3, 2, 2, 2, 2]
    assert prune(tree, min_prominence=1.5).tolist() == [0, 1, 0]
    assert prune(tree, min_prominence=1.0).tolist() == [0, 1, 2]
    assert prune(tree, min_prominence=50).tolist() == [0, 0, 0]


def test_a_small_hill_goes_over_its_highest_saddle_and_a_saddle_below_the_threshold_joins_nothing():
    tree = hills()
    assert prune(tree, min_extent=2).tolist() == [0, 1, 0]
    assert prune(tree, 4.5, min_extent=2).tolist() == [0, 1, 2]


def graph(heights, edges):
    """A tree of vertices that edges join."""
    beside = [
        [b for pair in edges for b in pair if v in pair and b != v] for v in range(len(heights))
    ]
    starts = np.cumsum([0, *map(len, beside)])
    return build_tree(np.array(heights), MeshNeighbours(starts, np.concatenate(beside)))


@pytest.mark.parametrize(("along_y", "along_x"), [(8, 9), (9, 8)])
def test_a_flat_shoulder_between_two_hills_goes_to_the_higher(along_y, along_x):
    values = np.zeros((4, 3, 1))
    values[:3, 0, 0] = values[1, 1, 0] = 2
    values[1, 2, 0], values[3, 0, 0] = along_y, along_x
    tree = build_tree(values, GridNeighbours(Grid(values.shape, np.eye(4)), 6))
    parts = np.where(values > 0, tree.paint(tree.leaf + 1), 0)[:, :, 0]
    assert parts[1, 1:].tolist() == ([1, 1] if along_y == 9 else [2, 2])
    assert parts[2:, 0].tolist() == ([1, 1] if along_x == 9 else [2, 2])
    assert parts[:2, 0].tolist() == [1, 1]  # the shoulder, beside both


def test_where_three_islands_meet_at_one_voxel_the_basin_of_the_higher_peak_comes_first():
    # Vertices 0, 1 are basin A; 2, 3 are C; B has two basins, 4 to 7 and 8 to 11, and vertex 1
    # touches the lower of them: C comes first, though B's highest peak is above C's.
    heights = [9.0, 1, 7, 3, 8, 6, 5.5, 2, 5, 4, 3.5, 3.2]
    edges = [(0, 1), (1, 2), (2, 3), (1, 8), (4, 5), (5, 6), (4, 7), (7, 8), (8, 9), (9, 10)]
    tree = graph(heights, [*edges, (10, 11)])
    peak = tree.node_rank[: tree.n_peaks]
    assert tree.height[peak].tolist() == [9, 8, 7, 5]
    parts = territories_at(tree, min_extent=4)
    owner = dict(zip(tree.order.tolist(), tree.height[peak][parts].tolist(), strict=True))
    assert [owner[v] for v in range(12)] == [9, 9, 9, 9, 8, 8, 8, 8, 5, 5, 5, 5]


def test_a_hill_that_meets_two_basins_of_one_island_at_one_voxel_joins_the_higher():
    edges = [(0, 1), (1, 2), (0, 3), (2, 4), (5, 6), (6, 3), (6, 4)]
    tree = graph([9, 7, 8, 4.5, 4.4, 5, 4], edges)
    assert tree.leaf.tolist() == [0, 1, 0, 2, 0, 1, 2]  # by rank: 9, 8, 7, 5, 4.5, 4.4, 4
    assert prune(tree, min_prominence=1.0).tolist() == [0, 1, 2]
    assert prune(tree, min_prominence=1.1).tolist() == [0, 0, 0]
    assert tree.saddle_to.tolist() == [-1, 0, 0]
    assert prune(tree, 4.0, min_extent=3).tolist() == [0, 0, 0]
