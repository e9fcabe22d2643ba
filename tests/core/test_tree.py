"""The merge tree against its definition, on small maps full of ties."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skerry.core.tree.build as tree_module
import skerry.core.tree.falling as falling_module
import skerry.core.tree.listing as listing_module
from core.landscapes import all_xyz, as_mesh, connectivities, in_space, maps, slow, turn, turns
from skerry.core.tree import build_tree
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours, MeshNeighbours

quick = settings(deadline=None, derandomize=True, max_examples=60)


def labelled(labels):
    flat = labels.ravel()
    return {
        frozenset(np.flatnonzero(flat == i).tolist()) for i in range(1, flat.max(initial=0) + 1)
    }


def subtree(parent, rank):
    """Ranks whose path leads to `rank`."""
    found = {rank}
    for r in range(rank - 1, -1, -1):
        if parent[r] in found:
            found.add(r)
    return found


@quick
@given(maps(), connectivities)
def test_cut_gives_the_islands_at_every_height_numbered_by_falling_peak(drawn, connectivity):
    values, grid = drawn
    twin = slow(values, grid, connectivity)
    tree = build_tree(values, GridNeighbours(grid, connectivity))
    for height in [0.5, *set(twin.height.values())]:
        labels = tree.cut(height)
        assert labelled(labels) == twin.islands(height)
        tops = [values[labels == i].max() for i in range(1, labels.max(initial=0) + 1)]
        assert tops == sorted(tops, reverse=True)


@quick
@given(maps(), connectivities, st.sampled_from([0.0, 1.0, 1.5, 2.0]))
def test_peaks_prominences_and_saddles_are_those_of_the_definition(drawn, connectivity, threshold):
    values, grid = drawn
    twin = slow(values, grid, connectivity)
    peaks = build_tree(values, GridNeighbours(grid, connectivity)).peaks(threshold)
    expected = [p for p in twin.peaks() if twin.height[p] >= threshold]
    assert peaks.voxel.tolist() == expected
    assert peaks.height.tolist() == [twin.height[p] for p in expected]
    for peak, prominence, height, saddle, region in zip(
        peaks.voxel,
        peaks.prominence,
        peaks.saddle_height,
        peaks.saddle_voxel,
        peaks.region,
        strict=True,
    ):
        level = twin.saddle_height(int(peak), threshold)
        assert prominence == twin.height[peak] - (threshold if level is None else level)
        if level is None:
            assert np.isnan(height)
            assert saddle == -1
        else:
            assert height == level == twin.height[saddle]
            assert saddle in twin.island(int(peak), level)
        highest = min(
            (p for p in expected if p in twin.island(int(peak), max(threshold, 0.5))), key=twin.key
        )
        assert peaks.voxel[peaks.leaf.tolist().index(region)] == highest


@quick
@given(maps(), connectivities)
def test_every_voxel_knows_its_island_its_basin_and_its_node(drawn, connectivity):
    values, grid = drawn
    twin = slow(values, grid, connectivity)
    tree = build_tree(values, GridNeighbours(grid, connectivity))
    assert tree.order.tolist() == sorted(twin.height, key=twin.key)
    extents, masses = tree.node_extent(), tree.node_mass()
    peaks = tree.peaks()
    for rank, voxel in enumerate(tree.order.tolist()):
        height, above = tree.height[rank], tree.parent[rank]
        assert height == twin.height[voxel]
        assert above == -1 or above > rank
        if above == -1 or tree.height[above] < height:  # the last of its height in its island
            island = {int(tree.order[r]) for r in subtree(tree.parent, rank)}
            assert island == twin.island(voxel, height)
        assert peaks.voxel[tree.leaf[rank]] == twin.basin(voxel)
        node = tree.node[rank]
        parent = tree.node_parent[node]
        bottom = tree.node_height[parent] if parent >= 0 else 0
        assert bottom < height <= tree.node_height[node]
        island = twin.flood(voxel, lambda v, bottom=bottom: twin.height[v] > bottom)
        assert int(tree.order[tree.node_rank[node]]) in island
        assert extents[node] == len(island)
        assert masses[node] == sum(twin.height[v] for v in island)
        assert peaks.voxel[tree.node_peak()[node]] == min(island & set(twin.peaks()), key=twin.key)


@quick
@given(maps(), connectivities)
def test_the_node_of_a_voxel_at_a_height_holds_its_island(drawn, connectivity):
    values, grid = drawn
    twin = slow(values, grid, connectivity)
    tree = build_tree(values, GridNeighbours(grid, connectivity))
    voxels = np.arange(values.size)
    for height in (1.0, 1.5, 2.0, 3.0):
        nodes = tree.node_at(voxels, height)
        for voxel, node in zip(voxels.tolist(), nodes.tolist(), strict=True):
            if twin.height.get(voxel, 0) < height:
                assert node == -1
                continue
            parent = tree.node_parent[node]
            assert tree.node_height[node] >= height
            assert parent == -1 or tree.node_height[parent] < height
            assert int(tree.order[tree.node_rank[node]]) in twin.island(voxel, height)


@quick
@given(maps(), connectivities)
def test_merge_nodes_have_two_children_or_more_and_fall_in_height(drawn, connectivity):
    values, grid = drawn
    tree = build_tree(values, GridNeighbours(grid, connectivity))
    n_children = np.bincount(tree.node_parent[tree.node_parent >= 0], minlength=tree.n_nodes)
    assert (n_children[: tree.n_peaks] == 0).all()
    assert (n_children[tree.n_peaks :] >= 2).all()
    inner = tree.node_parent >= 0
    assert (tree.node_parent[inner] > np.flatnonzero(inner)).all()
    assert (tree.node_height[inner] > tree.node_height[tree.node_parent[inner]]).all()


@quick
@given(maps(), connectivities, turns)
def test_the_tree_is_the_same_however_the_file_stores_its_axes(drawn, connectivity, how):
    values, grid = drawn
    turned, turned_grid = turn(values, grid, how)
    one = build_tree(values, GridNeighbours(grid, connectivity))
    other = build_tree(turned, GridNeighbours(turned_grid, connectivity))
    assert in_space(one, grid) == in_space(other, turned_grid)


@quick
@given(maps(), connectivities, turns)
def test_an_oblique_grid_gives_the_same_tree_in_any_storage(drawn, connectivity, how):
    values, grid = drawn
    angle = np.deg2rad(20)
    oblique = grid.affine.copy()
    rotation = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    )
    oblique[:3, :3] = rotation @ grid.affine[:3, :3]
    grid = Grid(grid.shape, oblique)
    turned, turned_grid = turn(values, grid, how)
    one = build_tree(values, GridNeighbours(grid, connectivity))
    other = build_tree(turned, GridNeighbours(turned_grid, connectivity))
    assert in_space(one, grid) == in_space(other, turned_grid)
    xyz = np.round(all_xyz(grid)[one.order], 6)
    keys = list(zip((-one.height).tolist(), *xyz.T.tolist(), strict=True))
    assert keys == sorted(keys)


@quick
@given(maps(), connectivities, st.integers(1, 3), st.sampled_from([0.5, 3.0, 1 + 2.0**-40]))
def test_padding_and_scaling_change_nothing(drawn, connectivity, width, factor):
    # The last factor makes values that single precision cannot hold: they are sorted otherwise.
    values, grid = drawn
    affine = grid.affine.copy()
    affine[:3, 3] -= grid.affine[:3, :3] @ np.full(3, width)
    padded = np.pad(values.astype(np.float64) * factor, width)
    padded_grid = Grid(padded.shape, affine)
    one = in_space(build_tree(values, GridNeighbours(grid, connectivity)), grid)
    other = in_space(build_tree(padded, GridNeighbours(padded_grid, connectivity)), padded_grid)
    one["height"] = [h * factor for h in one["height"]]
    assert one == other


@quick
@given(maps(), connectivities)
def test_a_mesh_with_the_grids_neighbours_gives_the_grids_tree(drawn, connectivity):
    values, grid = drawn
    one = build_tree(values, GridNeighbours(grid, connectivity))
    other = build_tree(values.ravel(), as_mesh(grid, connectivity))
    assert in_space(one, grid) == in_space(other, grid)


@quick
@given(maps(), connectivities, st.booleans(), st.sampled_from([1, 1.1, np.float64(1 + 2**-40)]))
def test_machine_code_and_plain_python_agree(drawn, connectivity, on_mesh, factor):
    values, grid = drawn
    values = values * factor
    neighbours = as_mesh(grid, connectivity) if on_mesh else GridNeighbours(grid, connectivity)
    values = values.ravel() if on_mesh else values
    trees = []
    for loaded in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tree_module, "machine_code_pays", lambda _n, pays=loaded: pays)
            for module in (listing_module, falling_module):
                patch.setattr(module, "numba_is_loaded", lambda pays=loaded: pays)
            trees.append(build_tree(values, neighbours))
            trees[-1].node_mass()
    for name in trees[0].__slots__:
        assert np.array_equal(getattr(trees[0], name), getattr(trees[1], name)), name


@quick
@given(maps(), connectivities, st.sampled_from([1.0, 2.0, 2.5]))
def test_a_floor_and_a_mask_leave_voxels_out(drawn, connectivity, floor):
    values, grid = drawn
    neighbours = GridNeighbours(grid, connectivity)
    mask = np.arange(values.size).reshape(values.shape) % 5 > 0
    with np.errstate(invalid="ignore"):
        kept = np.where(mask & (values >= floor), values, 0)
    one = in_space(build_tree(values, neighbours, mask=mask, floor=floor), grid)
    assert one == in_space(build_tree(kept, neighbours), grid)


@quick
@given(maps(), connectivities)
def test_the_negative_side_is_the_positive_side_of_minus_the_map(drawn, connectivity):
    values, grid = drawn
    neighbours = GridNeighbours(grid, connectivity)
    one = build_tree(values, neighbours, sign="negative")
    assert one.sign == "negative"
    assert in_space(one, grid) == in_space(build_tree(-values, neighbours), grid)


def test_a_rough_map_of_each_type_agrees_with_flooding():
    rng = np.random.default_rng(0)
    grid = Grid((9, 8, 7), np.diag([-2.0, 2.0, 2.0, 1.0]))
    rough = rng.normal(size=grid.shape) * 100
    for dtype in (np.float16, np.float32, np.float64, np.int8, np.int32, np.int64):
        values = rough.astype(dtype)
        for connectivity in (6, 18, 26):
            twin = slow(values, grid, connectivity)
            tree = build_tree(values, GridNeighbours(grid, connectivity))
            for height in (1, 30, 100):
                assert labelled(tree.cut(height)) == twin.islands(height)


@pytest.mark.parametrize("loaded", [False, True])
def test_heights_that_differ_in_their_last_bits_are_told_apart(monkeypatch, loaded):
    monkeypatch.setattr(falling_module, "numba_is_loaded", lambda: loaded)
    base = 1.0 + np.arange(64) * 2.0**-52
    values = np.random.default_rng(1).permutation(base).reshape(4, 4, 4)
    tree = build_tree(values, GridNeighbours(Grid((4, 4, 4), np.eye(4))))
    assert (np.diff(tree.height) < 0).all()


@pytest.mark.parametrize(
    "values", [np.zeros((3, 3, 3)), np.full((2, 2, 2), np.nan), -np.ones((1, 1, 1))]
)
def test_a_map_without_a_voxel_gives_an_empty_tree(values):
    tree = build_tree(values, GridNeighbours(Grid(values.shape, np.eye(4))))
    assert (tree.n_voxels, tree.n_peaks, tree.n_nodes) == (0, 0, 0)
    assert not tree.cut(0.0).any()
    assert len(tree.peaks().voxel) == 0
    assert tree.node_extent().tolist() == []
    assert (tree.node_at(np.arange(values.size), 0.0) == -1).all()


def test_a_constant_map_is_one_peak_in_its_middle():
    grid = Grid((5, 5, 5), np.diag([2.0, 3.0, 4.0, 1.0]))
    tree = build_tree(np.ones((5, 5, 5), dtype=np.float32), GridNeighbours(grid, 6))
    assert tree.n_peaks == tree.n_nodes == 1
    assert np.unravel_index(tree.peaks().voxel[0], (5, 5, 5)) == (2, 2, 2)
    assert tree.node_extent().tolist() == [125]


def test_infinite_values_are_a_plateau_above_all_others():
    values = np.array([np.inf, np.inf, 1.0, 5.0, 2.0, np.inf]).reshape(6, 1, 1)
    peaks = build_tree(values, GridNeighbours(Grid((6, 1, 1), np.eye(4)))).peaks()
    assert peaks.voxel.tolist() == [0, 5, 3]
    assert peaks.prominence.tolist() == [np.inf, np.inf, 3.0]


def test_prominence_is_above_the_threshold_itself_not_above_the_nearest_float32():
    values = np.array([[[0.5, 1.5, 0.5]]], dtype=np.float32)
    tree = build_tree(values, GridNeighbours(Grid((1, 1, 3), np.eye(4)), 26))
    assert tree.peaks(0.1).prominence.tolist() == [1.5 - 0.1]


def test_equal_plateaus_are_ordered_by_their_middle_voxel():
    # The long plateau begins at the lower x, but its middle lies beyond the single voxel's x.
    values = np.zeros((9, 3, 1))
    values[:, 0, 0] = 2
    values[2, 2, 0] = 2
    values[2, 1, 0] = 1
    tree = build_tree(values, GridNeighbours(Grid(values.shape, np.eye(4)), 6))
    assert [np.unravel_index(i, values.shape)[:2] for i in tree.peaks().voxel] == [(2, 2), (4, 0)]
    assert tree.peaks().prominence.tolist() == [2.0, 1.0]


def test_the_arrays_of_a_tree_cannot_be_changed():
    tree = build_tree(np.ones((2, 2, 2)), GridNeighbours(Grid((2, 2, 2), np.eye(4))))
    with pytest.raises(ValueError, match="read-only"):
        tree.order[0] = 1


def test_an_unpickled_tree_is_the_same_and_cannot_be_changed_either():
    tree = build_tree(np.arange(27.0).reshape(3, 3, 3), GridNeighbours(Grid((3, 3, 3), np.eye(4))))
    again = pickle.loads(pickle.dumps(tree))  # noqa: S301  # made here
    for name in tree.__slots__:
        assert np.array_equal(getattr(again, name), getattr(tree, name)), name
    with pytest.raises(ValueError, match="read-only"):
        again.height[0] = 1


@pytest.mark.parametrize(
    ("threshold", "said"),
    [
        (1.9, "threshold 1.9 is not at or above the floor of the tree, 2"),
        (np.nan, "threshold nan is not"),
        ("3", "threshold must be a number, got '3'"),
        (True, "threshold must be a number, got True"),
    ],
)
def test_a_tree_is_asked_at_heights_that_it_knows(threshold, said):
    values = np.arange(27.0).reshape(3, 3, 3)
    tree = build_tree(values, GridNeighbours(Grid((3, 3, 3), np.eye(4))), floor=2)
    asked = (tree.n_above, tree.regions_at, tree.cut, tree.peaks, lambda at: tree.node_at(5, at))
    for ask in asked:
        with pytest.raises((ArgumentError, ArgumentTypeError), match=said):
            ask(threshold)
    assert tree.n_above(2) == tree.n_above(np.float32(2)) == 25


def test_wrong_arguments_are_named():
    neighbours = GridNeighbours(Grid((2, 2, 2), np.eye(4)))
    values = np.ones((2, 2, 2))
    with pytest.raises(ArgumentError, match=r"shape \(8,\)"):
        build_tree(values.ravel(), neighbours)
    with pytest.raises(ArgumentError, match="mask has shape"):
        build_tree(values, neighbours, mask=np.ones(8, dtype=bool))
    with pytest.raises(ArgumentError, match="sign"):
        build_tree(values, neighbours, sign="both")
    with pytest.raises(ArgumentError, match="floor"):
        build_tree(values, neighbours, floor=float("nan"))
    with pytest.raises(ArgumentError, match="6, 18 or 26"):
        GridNeighbours(Grid((2, 2, 2), np.eye(4)), 8)
    with pytest.raises(ArgumentError, match="starts"):
        MeshNeighbours([0, 1], [0, 0])
    with pytest.raises(ArgumentError, match="vertices from 0 to 0"):
        MeshNeighbours([0, 1], [7])
    with pytest.raises(ArgumentError, match="xyz_mm"):
        MeshNeighbours([0, 0], [], [[0, 0]])


def test_many_small_trees_are_worth_machine_code(monkeypatch):
    from skerry.core import _kernels

    monkeypatch.setattr(_kernels, "numba_is_loaded", lambda: False)
    monkeypatch.setattr(_kernels, "_interpreted_so_far", 0)
    answers = [_kernels.machine_code_pays(100_000) for _ in range(6)]
    assert answers == [False] * 4 + [True] * 2
    assert _kernels.machine_code_pays(200_000)
