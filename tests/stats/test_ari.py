"""All-resolutions inference: closed testing, the peer's fixture, every cluster of a tree."""

from __future__ import annotations

from functools import cache

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from core.landscapes import connectivities, grid_neighbours, maps
from reference.ari import closed_testing, true_discoveries
from reference.ari import harmonic as slow_harmonic
from skerry.core.tree import build_tree
from skerry.errors import ArgumentError
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours
from skerry.stats.ari import Family, calibrate, discoveries
from skerry.stats.ari_tree import bounds_of_tree, largest_regions

# Few distinct values, many of them on the very line that a test compares with.
p_values = st.one_of(
    st.sampled_from([0.0, 0.005, 0.01, 0.02, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0]),
    st.floats(0, 1),
    st.floats(0, 0.05),
)
alphas = st.sampled_from([0.05, 0.1, 0.2])


@given(st.lists(p_values, min_size=1, max_size=7), alphas, st.integers(1, 127))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_simes_bounds_equal_closed_testing(p, alpha, chosen):
    labels = np.array([chosen >> i & 1 for i in range(len(p))])
    expected = true_discoveries(
        frozenset(np.flatnonzero(labels).tolist()), closed_testing(p, alpha)
    )
    found = discoveries(np.array(p), labels, alpha=alpha)
    assert found.tolist() == ([expected] if labels.any() else [])


@given(st.lists(p_values, min_size=1, max_size=7), alphas, st.integers(1, 127))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_hommel_bounds_never_claim_more_than_closed_testing(p, alpha, chosen):
    labels = np.array([chosen >> i & 1 for i in range(len(p))])
    most = true_discoveries(
        frozenset(np.flatnonzero(labels).tolist()), closed_testing(p, alpha, "hommel")
    )
    found = discoveries(np.array(p), labels, alpha=alpha, method="hommel").sum()
    assert found <= most
    assert found <= discoveries(np.array(p), labels, alpha=alpha).sum()


@given(st.lists(p_values, max_size=40), alphas, st.sampled_from(["simes", "hommel"]))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_the_largest_set_of_noise_is_found_by_trying_all_sizes(p, alpha, method):
    ranked, m = sorted(p), len(p)

    def may_be_noise(i):
        cost = i * (slow_harmonic(i) if method == "hommel" else 1.0)
        return all(cost * ranked[m - i + j - 1] > j * alpha for j in range(1, i + 1))

    largest = max(i for i in range(m + 1) if i == 0 or may_be_noise(i))
    assert calibrate(p, alpha=alpha, method=method).n_null == largest


@pytest.mark.parametrize("n", [1, 2, 99, 100, 101, 5000])
def test_the_price_of_hommel_is_the_harmonic_number(n):
    family = Family(n, 0.05, "hommel", n_null=n, n_counting=0)
    assert family.cost(n) == pytest.approx(n * slow_harmonic(n), rel=1e-14)


@cache
def arib(pairs):
    """z, mask and clusters of ARIbrain's example."""
    folder = pairs / "fsl_cluster_labels_z3p2"
    z, mask, clusters = (
        nibabel.load(folder / f"{name}.nii.gz") for name in ("zstat", "mask", "cluster_th_3.2")
    )
    labels = np.asarray(clusters.dataobj).astype(int)
    return z.get_fdata(), np.asarray(mask.dataobj) > 0, labels, z.affine


@pytest.fixture
def aribrain(shared_data):
    return arib(shared_data / "pairs")


def test_bounds_equal_those_of_aribrains_vignette(aribrain):
    z, mask, clusters, _ = aribrain
    p = np.where(mask, ndtr(-z), np.nan)
    family = calibrate(p)
    assert (family.n_tests, family.n_null) == (145872, 135015)
    assert np.count_nonzero(family.deadlines(p[mask]) == 0) == 3387
    assert discoveries(p, mask.astype(int)).tolist() == [10857]
    assert discoveries(p, ((clusters == 0) & mask).astype(int)).tolist() == [0]
    found = dict(zip(np.bincount(clusters.ravel())[1:], discoveries(p, clusters), strict=True))
    assert {n: int(found[n]) for n in (6907, 4607, 385, 249)} == {
        6907: 5179,
        4607: 3409,
        385: 0,
        249: 15,
    }


def test_every_node_of_a_real_map_has_the_bound_of_its_voxels(aribrain):
    z, mask, _, affine = aribrain
    p = np.where(mask, 2 * ndtr(-abs(z)), np.nan)
    tree = build_tree(z, GridNeighbours(Grid(z.shape, affine)), mask=mask)
    bounds = bounds_of_tree(tree, p)
    # Of each node, the last rank: there its island is whole, just before it joins its parent.
    last = tree.n_voxels - 1 - np.unique(tree.node[::-1], return_index=True)[1]
    found = bounds.found[last]
    np.testing.assert_array_equal(bounds.extent[last], tree.node_extent())
    assert np.count_nonzero(found) > 20
    for node in [*np.argsort(-found)[:12], *range(0, tree.n_nodes, 40)]:
        label = np.zeros(z.size, dtype=int)
        label[tree.order[np.isin(tree.node, nodes_above(tree, node))]] = 1
        assert discoveries(p, label.reshape(z.shape)).tolist() == [found[node]]


def nodes_above(tree, node):
    above = {int(node)}
    for child in range(int(node), -1, -1):
        if tree.node_parent[child] in above:
            above.add(child)
    return list(above)


def monotone_p(values, low):
    """p values that fall as |value| rises, some of them small; NaN outside the map."""
    table = np.array([1.0, 0.3, low, low / 4, low / 50])
    p = table[np.minimum(np.nan_to_num(abs(values)).astype(int), 4)]
    return np.where(np.nan_to_num(values) == 0, np.nan, p)


@given(maps(max_side=4), connectivities, st.sampled_from([0.01, 0.05, 0.1]), st.booleans())
@settings(deadline=None, derandomize=True, max_examples=150)
def test_every_island_of_every_height_has_the_bound_of_its_voxels(drawn, connectivity, low, mixed):
    values, grid = drawn
    p = monotone_p(values, low)
    if mixed:  # p values that do not follow the heights, as of another map
        p = np.random.default_rng(0).permutation(p.ravel()).reshape(p.shape)
    tree = build_tree(values, grid_neighbours(grid, connectivity))
    bounds = bounds_of_tree(tree, p)
    for rank in range(tree.n_voxels):
        above = tree.order[island(tree, rank)]
        label = np.zeros(values.size, dtype=int)
        label[above] = 1
        expected = discoveries(p, label.reshape(p.shape))
        assert bounds.found[rank] == expected[0]
        assert bounds.extent[rank] == len(above)


def island(tree, rank):
    """Ranks from which following `parent` leads to a rank."""
    above = {rank}
    for other in range(rank - 1, -1, -1):
        if tree.parent[other] in above:
            above.add(other)
    return sorted(above)


@given(maps(max_side=4), connectivities, st.sampled_from([0.01, 0.05]), st.floats(0.05, 1))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_largest_regions_are_the_maximal_clusters_of_all_thresholds(drawn, connectivity, low, tdp):
    values, grid = drawn
    p = monotone_p(values, low)
    tree = build_tree(values, grid_neighbours(grid, connectivity))
    regions = largest_regions(tree, p, tdp=tdp)
    good = set()
    for height in np.unique(tree.height):
        cut = tree.cut(height)
        found = discoveries(p, cut)
        for label, n_found in enumerate(found, start=1):
            voxels = frozenset(np.flatnonzero(cut == label).tolist())
            if n_found / len(voxels) >= tdp:
                good.add((voxels, float(height), int(n_found)))
    maximal = {one for one in good if not any(one[0] < other[0] for other in good)}
    ours = {
        (
            frozenset(np.flatnonzero(regions.labels == label).tolist()),
            float(regions.height[label - 1]),
            int(regions.found[label - 1]),
        )
        for label in range(1, len(regions.height) + 1)
    }
    # A cluster that lasts over a range of heights is listed at each of them above.
    assert {one[0] for one in ours} == {one[0] for one in maximal}
    assert ours <= maximal
    assert [len(one) for one in map(np.flatnonzero, label_masks(regions))] == list(regions.extent)


def label_masks(regions):
    return [regions.labels == label for label in range(1, len(regions.height) + 1)]


def test_regions_are_numbered_by_falling_peak():
    values = np.array([0.0, 5, 0, 7, 0, 6, 0]).reshape(7, 1, 1)
    tree = build_tree(values, GridNeighbours(Grid(values.shape, np.eye(4))))
    regions = largest_regions(tree, np.where(values > 0, 1e-6, np.nan), tdp=1.0)
    assert regions.labels.ravel().tolist() == [0, 3, 0, 1, 0, 2, 0]
    assert regions.height.tolist() == [7, 6, 5]


def test_a_map_of_noise_has_no_discoveries_and_one_strong_voxel_has_one():
    noise = np.random.default_rng(1).uniform(0.05, 1, 1000)
    labels = np.ones(1000, dtype=int)
    assert discoveries(noise, labels).tolist() == [0]
    noise[7] = 1e-6
    assert discoveries(noise, labels).tolist() == [1]
    values = noise.reshape(10, 10, 10)
    tree = build_tree(1 - values, GridNeighbours(Grid(values.shape, np.eye(4))))
    assert largest_regions(tree, values, tdp=1.0).extent.tolist() == [1]


def test_where_all_is_active_every_voxel_is_a_discovery():
    assert discoveries(np.full(50, 1e-4), np.repeat([1, 2], 25)).tolist() == [25, 25]
    assert calibrate(np.full(50, 1e-4)).n_null == 0


def test_nan_is_no_test():
    p = np.array([1e-4, np.nan, 0.5, np.nan])
    assert calibrate(p).n_tests == 2
    assert discoveries(p, np.array([1, 1, 2, 2])).tolist() == [1, 0]


def test_labels_without_voxels_and_maps_without_tests_have_no_discoveries():
    assert discoveries(np.array([1e-4, 0.5]), np.array([3, 0])).tolist() == [0, 0, 1]
    assert discoveries(np.full(2, np.nan), np.array([1, 2])).tolist() == [0, 0]
    assert discoveries(np.empty(0), np.empty(0, dtype=int)).tolist() == []


def test_a_tree_without_voxels_has_no_regions():
    values = np.zeros((2, 2, 2))
    tree = build_tree(values, GridNeighbours(Grid(values.shape, np.eye(4))))
    regions = largest_regions(tree, values + 0.5)
    assert len(regions.height) == 0
    assert not regions.labels.any()


@pytest.mark.parametrize(
    ("p", "labels", "options", "told"),
    [
        ([0.5, 1.5], [1, 1], {}, "1 do not .the first is 1.5."),
        ([-0.1], [1], {}, "p values lie from 0 to 1"),
        ([0.5], [1, 1], {}, r"labels have shape \(2,\), p values \(1,\)"),
        ([0.5], [1.5], {}, "labels must be whole numbers"),
        ([0.5], [-1], {}, "labels must not be negative, got -1"),
        ([0.5], [1], {"alpha": 0}, "alpha must lie between 0 and 1"),
        ([0.5], [1], {"alpha": "5%"}, "alpha must be a number"),
        ([0.5], [1], {"method": "bh"}, 'method must be "simes" or "hommel"'),
    ],
)
def test_bad_input_is_told_in_one_line(p, labels, options, told):
    with pytest.raises(ArgumentError, match=told) as error:
        discoveries(p, labels, **options)
    assert "\n" not in str(error.value)


def test_trees_refuse_p_values_of_another_shape_and_senseless_proportions():
    values = np.ones((2, 2, 2))
    tree = build_tree(values, GridNeighbours(Grid(values.shape, np.eye(4))))
    with pytest.raises(ArgumentError, match=r"p values have shape \(8,\), the tree \(2, 2, 2\)"):
        bounds_of_tree(tree, np.ones(8))
    for tdp in (0, 1.01, np.nan):
        with pytest.raises(ArgumentError, match="tdp must lie above 0"):
            largest_regions(tree, values, tdp=tdp)
