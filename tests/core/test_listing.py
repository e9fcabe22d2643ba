"""Lists of voxels by machine code and by numpy against a plain walk through memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skerry.core.tree.listing as listing_module
from core.landscapes import maps
from reference.listing import walk
from skerry.core._kernels import compiled
from skerry.core._kernels.listing import renumber
from skerry.core.tree.listing import list_voxels
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours
from skerry.space.renumber import Renumbering, renumbering

quick = settings(deadline=None, derandomize=True, max_examples=100)


def listed_twice(inside, neighbours, transposed):
    """By numpy, then by machine code."""
    for loaded in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(listing_module, "numba_is_loaded", lambda loaded=loaded: loaded)
            yield list_voxels(inside, neighbours, transposed)


@quick
@given(maps(), st.booleans())
def test_machine_code_and_numpy_list_the_voxels_that_a_walk_meets(drawn, transposed):
    values, grid = drawn
    inside = np.nan_to_num(values) > 0
    expected = walk(inside.T if transposed else inside)
    (plain, layout), (fast, same) = listed_twice(inside, GridNeighbours(grid), transposed)
    assert plain.tolist() == fast.tolist() == expected
    assert layout.place.tolist() == same.place.tolist()
    assert same.place.dtype == np.int32
    assert layout.n_places == same.n_places
    assert layout.block.tolist() == same.block.tolist()
    assert np.array_equal(layout.index_of(layout.place), same.index_of(same.place))


def test_a_set_of_many_islands_is_listed_alike_in_every_storage():
    rng = np.random.default_rng(0)
    affine = np.array([[0, -2.0, 0, 30], [0, 0, 3.0, -9], [4.0, 0, 0, 5], [0, 0, 0, 1]])
    inside = np.zeros((31, 40, 35), dtype=bool)
    inside[3:30, 8:33, 2:31] = rng.random((27, 25, 29)) < 0.4
    neighbours = GridNeighbours(Grid(inside.shape, affine))
    for stored in (inside, np.asfortranarray(inside), inside[::-1, :, ::-1]):
        for transposed in (False, True):
            (plain, layout), (fast, same) = listed_twice(stored, neighbours, transposed)
            assert np.array_equal(plain, fast)
            assert np.array_equal(layout.place, same.place)


@quick
@given(st.tuples(*[st.integers(1, 40)] * 3), st.randoms(use_true_random=False))
def test_machine_code_renumbers_every_voxel_of_a_box_as_numpy_does(shape, random):
    numbers = np.arange(np.prod(shape), dtype=np.int32)
    rows = renumbering(shape, [random.randint(-900, 900) for _ in range(3)], 7)
    new = np.empty_like(numbers)
    compiled(renumber)(numbers, *rows.reciprocal(), rows.rows, int(rows.step), new)
    assert np.array_equal(new, rows.of(numbers))


@pytest.mark.parametrize("n_last", [1, 2, 3, 7, 91, 999, 1000, 2**20 - 1])
def test_the_ends_of_the_last_rows_of_a_large_grid_are_not_taken_for_the_next_row(n_last):
    n_rows = min((2**31 - 1) // n_last, 2**24)
    rows = np.arange(n_rows, dtype=np.int32)
    begins = (rows[-5000:].astype(np.int64) * n_last).astype(np.int32)
    numbers = np.concatenate([begins, begins + np.int32(n_last - 1)])
    new = np.empty_like(numbers)
    reciprocal = Renumbering(np.int32(n_last), np.int32(0), rows).reciprocal()
    compiled(renumber)(numbers, *reciprocal, rows, 0, new)
    assert np.array_equal(new, numbers // n_last)


@quick
@given(st.integers(1, 2**31 - 1), st.integers(0, 2**31 - 1))
def test_a_product_and_a_shift_divide_every_number(n_last, number):
    factor, shift = Renumbering(np.int32(n_last), np.int32(0), np.empty(0, np.int32)).reciprocal()
    for near in {number, number // n_last * n_last, max(number // n_last * n_last - 1, 0)}:
        assert near * int(factor) < 2**64
        assert (near * int(factor)) >> int(shift) == near // n_last
