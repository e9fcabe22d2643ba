"""A map is values, a grid and a mask, and does not change."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from skerry.errors import ArgumentError, GridMismatchError
from skerry.space.grid import Grid
from skerry.space.statmap import StatMap

GRID = Grid((2, 3, 4), np.diag([2.0, 2, 3, 1]))


@pytest.fixture
def values():
    found = np.zeros((2, 3, 4), np.float32)
    found[0, 0] = [1, -2, np.nan, np.inf]
    return found


def test_without_a_mask_what_is_neither_nan_nor_zero_counts(values):
    found = StatMap(values, GRID)
    assert found.mask[0, 0].tolist() == [True, True, False, True]
    assert (found.n_in_mask, found.n_nan, found.n_infinite) == (3, 1, 1)


def test_nan_is_taken_out_of_a_given_mask(values):
    found = StatMap(values, GRID, np.ones((2, 3, 4), bool))
    assert (found.n_in_mask, found.n_nan) == (23, 1)


def test_infinity_outside_the_mask_is_not_counted(values):
    inside = np.zeros((2, 3, 4), bool)
    assert StatMap(values, GRID, inside).n_infinite == 0


def test_values_and_mask_are_read_only_and_the_callers_array_is_not(values):
    found = StatMap(values, GRID)
    for array in (found.values, found.mask):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0, 0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.kind = "z"  # type: ignore[misc]
    values[1, 1, 1] = 5  # still the caller's


def test_no_values_are_copied(values):
    assert np.shares_memory(StatMap(values, GRID).values, values)


@pytest.mark.parametrize("dtype", [np.int16, np.float16, np.complex64, bool])
def test_values_are_float32_or_float64(values, dtype):
    with pytest.raises(ArgumentError, match="must be float32 or float64"):
        StatMap(np.nan_to_num(values, posinf=9).astype(dtype), GRID)


def test_one_shape_for_values_mask_and_grid(values):
    with pytest.raises(GridMismatchError, match="the values of a map have shape"):
        StatMap(values[:, :, :2], GRID)
    with pytest.raises(GridMismatchError, match="the mask of a map has shape"):
        StatMap(values, GRID, np.ones((2, 3, 3), bool))


def test_its_image_holds_the_same_values_and_place(values):
    image = StatMap(values, GRID).to_img()
    assert image.get_data_dtype() == np.float32
    assert np.array_equal(image.dataobj, values, equal_nan=True)
    assert np.array_equal(image.affine, GRID.affine)


@pytest.mark.parametrize(
    ("kind", "df", "said"),
    [
        (None, None, "unknown kind"),
        ("z", None, "z"),
        ("t", 21.0, "t (21 df)"),
        ("F", (3.0, 40.0), "F (3, 40 df)"),
    ],
)
def test_its_repr_is_short_and_says_what_it_is(values, kind, df, said):
    found = StatMap(values, GRID, kind=kind, df=df, name="a")
    assert repr(found) == f"StatMap('a', {said}, 2 x 3 x 4 voxels of 2 x 2 x 3 mm, 3 in mask)"
