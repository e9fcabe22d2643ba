"""Measures of labels against a loop over voxels, and their independence of storage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.landscapes import all_xyz, as_mesh, connectivities, maps, slow, turn, turns
from reference.measures import slow_measures
from skerry.core.measure import measure
from skerry.core.tree import build_tree
from skerry.errors import ArgumentError
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours

quick = settings(deadline=None, derandomize=True, max_examples=80)


@quick
@given(maps(), connectivities, st.booleans(), st.booleans())
def test_measures_are_those_of_a_loop_over_voxels(drawn, connectivity, on_mesh, negative):
    values, grid = drawn
    twin = slow(values, grid, connectivity)
    labels = build_tree(values, GridNeighbours(grid, connectivity)).cut(1.0)
    neighbours = GridNeighbours(grid, connectivity)
    signed = -values if negative else values
    if on_mesh:
        neighbours = as_mesh(grid, connectivity)
        labels, signed = labels.ravel(), signed.ravel()
    found = measure(labels, signed, int(labels.max(initial=0)), neighbours)

    def plateau_middle(tops):
        return min((twin.middle(twin.plateau(v)) for v in tops), key=lambda v: twin.xyz[v])

    expected = slow_measures(labels, signed, all_xyz(grid), plateau_middle)
    assert len(found.extent) == len(expected)
    for label, columns in expected.items():
        for name, value in columns.items():
            np.testing.assert_allclose(
                getattr(found, name)[label - 1], value, rtol=1e-12, atol=1e-9
            )


@quick
@given(maps(), connectivities, turns, st.integers(0, 2), st.booleans())
def test_measures_are_the_same_to_the_bit_however_the_file_stores_the_map(
    drawn, connectivity, how, width, fortran
):
    values, grid = drawn
    values = values.astype(np.float64) * 1.1
    labels = build_tree(values, GridNeighbours(grid, connectivity)).cut(1.0)
    one = measure(labels, values, labels.max(initial=0), GridNeighbours(grid, connectivity))
    turned, turned_grid = turn(values, grid, how)
    turned_labels, _ = turn(labels, grid, how)
    affine = turned_grid.affine.copy()
    affine[:3, 3] -= affine[:3, :3] @ np.full(3, width)
    turned, turned_labels = np.pad(turned, width), np.pad(turned_labels, width)
    if fortran:
        turned, turned_labels = np.asfortranarray(turned), np.asfortranarray(turned_labels)
    other_grid = Grid(turned.shape, affine)
    other = measure(
        turned_labels, turned, labels.max(initial=0), GridNeighbours(other_grid, connectivity)
    )
    for name in ("extent", "mass", "mean", "centroid", "cog"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.array_equal(all_xyz(grid)[one.peak], all_xyz(other_grid)[other.peak])


def test_the_tree_and_the_labels_agree_on_extents_and_masses():
    values = np.random.default_rng(0).normal(size=(12, 13, 14))
    neighbours = GridNeighbours(Grid(values.shape, np.eye(4)), 18)
    tree = build_tree(values, neighbours)
    labels = tree.cut(0.8)
    found = measure(labels, values, labels.max(), neighbours)
    regions = tree.regions_at(0.8)
    names = np.unique(regions)
    extents = np.bincount(regions)[names]
    assert found.extent.tolist() == extents.tolist()
    heights = tree.height[: len(regions)]
    np.testing.assert_allclose(found.mass, np.bincount(regions, weights=heights)[names], rtol=1e-12)
    assert found.peak.tolist() == tree.order[tree.node_rank[names]].tolist()


def test_opposite_signs_of_one_height_do_not_form_one_plateau():
    values = np.array([2.0, -2.0, 2.0]).reshape(3, 1, 1)
    labels = np.ones((3, 1, 1), dtype=np.int32)
    found = measure(labels, values, 1, GridNeighbours(Grid((3, 1, 1), np.eye(4))))
    assert found.peak.tolist() == [0]


def test_an_absent_label_is_empty_and_no_label_gives_no_row():
    values = np.ones((2, 2, 2))
    neighbours = GridNeighbours(Grid((2, 2, 2), np.eye(4)))
    labels = np.zeros((2, 2, 2), dtype=np.int32)
    assert len(measure(labels, values, 0, neighbours).extent) == 0
    labels[0, 0, 0] = 2
    found = measure(labels, values, 3, neighbours)
    assert found.extent.tolist() == [0, 1, 0]
    assert found.peak.tolist() == [-1, 0, -1]
    assert np.isnan(found.cog).any(axis=1).tolist() == [True, False, True]
    assert measure(0 * labels, values, 2, neighbours).extent.tolist() == [0, 0]


def test_an_infinite_value_is_the_peak_and_leaves_no_weighted_centre():
    values = np.array([1.0, np.inf, 2.0]).reshape(3, 1, 1)
    labels = np.ones((3, 1, 1), dtype=np.int32)
    found = measure(labels, values, 1, GridNeighbours(Grid((3, 1, 1), np.eye(4))))
    assert found.peak.tolist() == [1]
    assert found.centroid.tolist() == [[1, 0, 0]]
    assert np.isnan(found.cog).any()


def test_wrong_arrays_are_named():
    neighbours = GridNeighbours(Grid((2, 1, 1), np.eye(4)))
    labels = np.array([1, 2], dtype=np.int32).reshape(2, 1, 1)
    with pytest.raises(ArgumentError, match="shape"):
        measure(labels.ravel(), labels.ravel(), 2, neighbours)
    with pytest.raises(ArgumentError, match="between 0 and 1"):
        measure(labels, labels, 1, neighbours)
    with pytest.raises(ArgumentError, match="between"):
        measure(-labels, labels, 2, neighbours)
