"""The merge tree of one map in every type and layout of its array."""

from __future__ import annotations

import numpy as np
import pytest

from core.landscapes import in_space
from skerry.core.tree import build_tree
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours, MeshNeighbours

SHAPE = (7, 9, 6)
GRID = Grid(SHAPE, np.diag([-2.0, 3.0, 2.0, 1.0]))


def whole(largest=20):
    return np.random.default_rng(0).integers(-largest, largest, SHAPE)


def tree_of(values, sign="positive"):
    return in_space(build_tree(values, GridNeighbours(GRID, 18), sign=sign), GRID)


SIGNED = ["i1", "<i2", ">i2", "<i4", ">i8", "<f2", ">f2", "<f4", ">f4", ">f8", "g"]
UNSIGNED = ["u1", "<u2", ">u2", ">u4", "<u8"]


@pytest.mark.parametrize("dtype", SIGNED)
def test_every_type_gives_the_same_tree(dtype):
    for sign in ("positive", "negative"):
        assert tree_of(whole().astype(dtype), sign) == tree_of(whole().astype(float), sign)


@pytest.mark.parametrize("dtype", UNSIGNED)
def test_values_without_a_sign_have_a_positive_tree_alone(dtype):
    values = np.maximum(whole(), 0)
    assert tree_of(values.astype(dtype)) == tree_of(values.astype(float))
    assert tree_of(values.astype(dtype), "negative")["order"] == []


def test_yes_and_no_are_one_height():
    values = whole() > 3
    assert tree_of(values) == tree_of(values.astype(float))


@pytest.mark.parametrize("layout", ["Fortran", "every other", "backwards", "transposed", "mapped"])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<i2"])
def test_every_layout_gives_the_same_tree(tmp_path, layout, dtype):
    plain = whole().astype(dtype)
    if layout == "Fortran":
        values = np.asfortranarray(plain)
    elif layout == "every other":
        values = np.zeros([2 * n for n in SHAPE], dtype)[::2, 1::2, ::2]
        values[...] = plain
    elif layout == "backwards":
        values = plain[:, ::-1, ::-1].copy()[:, ::-1, ::-1]
    elif layout == "transposed":
        values = plain.transpose(2, 0, 1).copy().transpose(1, 2, 0)
    else:
        plain.tofile(tmp_path / "values")
        values = np.memmap(tmp_path / "values", dtype, "r", shape=SHAPE)
    before = values.copy()
    assert tree_of(values) == tree_of(plain)
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize("dtype", ["i1", "<i2", "<i4", "<i8"])
def test_the_lowest_integer_has_its_full_height(dtype):
    lowest = np.iinfo(dtype).min
    row = np.array([lowest, -3, 0, 7], dtype=dtype).reshape(-1, 1, 1)
    tree = build_tree(row, GridNeighbours(Grid(row.shape, np.eye(4))), sign="negative")
    assert tree.height.tolist() == [-float(lowest), 3.0]


def test_the_smallest_numbers_are_heights_and_negative_zero_is_none():
    tiny = np.array([5e-324, 1e-310, -0.0, 0.0, -5e-324, 2e-323]).reshape(-1, 1, 1)
    neighbours = GridNeighbours(Grid(tiny.shape, np.eye(4)))
    assert build_tree(tiny, neighbours).height.tolist() == [1e-310, 2e-323, 5e-324]
    assert build_tree(tiny, neighbours, sign="negative").height.tolist() == [5e-324]
    single = np.array([1e-45, -0.0, 3e-45, 0, -1e-45, 0], np.float32).reshape(-1, 1, 1)
    assert build_tree(single, neighbours).order.tolist() == [2, 0]


@pytest.mark.parametrize("shape", [(1, 5000, 1), (5000, 1, 1), (1, 1, 5000), (2, 1, 2500)])
@pytest.mark.parametrize("connectivity", [6, 26])
def test_maps_that_are_one_row_of_voxels_are_paths(shape, connectivity):
    heights = np.random.default_rng(1).integers(-5, 6, 5000)
    along = np.ones(5000, bool) if 2 not in shape else np.arange(5000) < 2500
    values = np.where(along, heights, 0).reshape(shape)
    tree = build_tree(values, GridNeighbours(Grid(shape, np.eye(4)), connectivity))
    row = np.where(along, heights, 0)[along]
    n = len(row)
    beside = [[b for b in (v - 1, v + 1) if 0 <= b < n] for v in range(n)]
    starts = np.cumsum([0, *map(len, beside)])
    path = build_tree(row, MeshNeighbours(starts, np.concatenate(beside)))
    for name in ("order", "height", "parent", "leaf", "node_parent", "node_rank", "saddle"):
        np.testing.assert_array_equal(getattr(tree, name), getattr(path, name), err_msg=name)
