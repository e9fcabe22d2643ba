"""Reading an atlas on another grid: the nearest voxel, by the same rule on every path."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.atlas.lookup import on_grid, values_at
from skerry.space.grid import Grid

VALUES = np.arange(1, 5 * 6 * 7 + 1).reshape(5, 6, 7)


@st.composite
def grids(draw):
    """Grids along x, y, z, however stored; voxel centres often halfway between others."""
    order = draw(st.sampled_from(list(permutations(range(3)))))
    affine = np.eye(4)
    affine[:3, :3] = 0
    for axis in range(3):
        affine[order[axis], axis] = draw(st.sampled_from([-3.0, -1.0, 0.5, 1.0, 2.0]))
        affine[axis, 3] = draw(st.sampled_from([-1.5, -0.5, 0.0, 0.25, 2.0, 9.0]))
    return Grid(tuple(draw(st.integers(1, 8)) for _ in range(3)), affine)


def read_one_by_one(source, target):
    """Take for each voxel the source voxel that is nearest, the one higher in mm of two."""
    out = np.zeros(target.shape, dtype=VALUES.dtype)
    for ijk in np.ndindex(target.shape):
        near = np.rint(source.ijk(target.xyz(ijk) + 1e-3)).astype(int)
        if (near >= 0).all() and (near < source.shape).all():
            out[ijk] = VALUES[tuple(near)]
    return out


@settings(deadline=None, derandomize=True, max_examples=150)
@given(grids(), grids())
def test_every_path_takes_the_nearest_voxel(source, target):
    source = Grid(VALUES.shape, source.affine)
    expected = read_one_by_one(source, target)
    np.testing.assert_array_equal(on_grid(VALUES, source, target), expected)
    ijk = np.argwhere(np.ones(target.shape, dtype=bool))
    there = values_at(VALUES, source, target.xyz(ijk))
    np.testing.assert_array_equal(there.reshape(target.shape), expected)


def test_the_same_grid_is_not_read_again():
    grid = Grid(VALUES.shape, np.eye(4))
    assert on_grid(VALUES, grid, grid) is VALUES


def test_affines_that_rounding_made_oblique_are_read_axis_by_axis(monkeypatch):
    rng = np.random.default_rng(0)
    source = Grid(VALUES.shape, np.diag([2.0, -2.0, 2.0, 1.0]))
    turned = source.affine.copy()
    turned[:3, :3] += rng.uniform(-2e-5, 2e-5, (3, 3))
    turned[:3, 3] += 1.0  # halfway between two voxels
    target = Grid((6, 7, 8), turned)
    expected = read_one_by_one(source, target)
    monkeypatch.setattr("skerry.atlas.lookup._block_by_block", None)
    np.testing.assert_array_equal(on_grid(VALUES, source, target), expected)
