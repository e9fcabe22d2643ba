"""A cut is a direction and a coordinate; it gives an array placed in millimetres."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.errors import ArgumentError
from skerry.plotting.displays.slices import ACROSS_AND_UP, THROUGH, Slice, cut, stand_upright

SHAPE = (4, 5, 6)
ORIGIN = np.array([10.0, -20.0, 30.0])
SIZES = np.array([2.0, 3.0, 4.0])


def upright_affine(sizes=SIZES, origin=ORIGIN):
    affine = np.diag([*sizes, 1.0])
    affine[:3, 3] = origin
    return affine


def numbered(shape=SHAPE):
    return np.arange(np.prod(shape), dtype=float).reshape(shape)


def stored_as(values, affine, order, flips):
    """Store the same volume with other axes: i.e. in the file of another scanner."""
    values = values.transpose(order)
    columns = affine[:3, :3][:, order]
    origin = affine[:3, 3].copy()
    for axis, flip in enumerate(flips):
        if flip:
            values = np.flip(values, axis)
            origin += columns[:, axis] * (values.shape[axis] - 1)
            columns[:, axis] *= -1
    stored = np.eye(4)
    stored[:3, :3], stored[:3, 3] = columns, origin
    return np.ascontiguousarray(values), stored


def value_at(picture, across_mm, up_mm):
    left, right, bottom, top = picture.extent_mm
    rows, columns = picture.values.shape
    column = int((across_mm - left) / (right - left) * columns)
    row = int((top - up_mm) / (top - bottom) * rows)
    return picture.values[row, column]


@pytest.mark.parametrize("direction", "xyz")
def test_each_pixel_lies_around_its_voxels_centre(direction):
    values = numbered()
    volume = stand_upright(values, upright_affine())
    through, (across, up) = THROUGH[direction], ACROSS_AND_UP[direction]
    for ijk in np.ndindex(SHAPE):
        xyz = ORIGIN + SIZES * ijk
        picture = cut(volume, direction, xyz[through])
        left, right, bottom, top = picture.extent_mm
        assert (right - left) / picture.values.shape[1] == SIZES[across]
        assert (top - bottom) / picture.values.shape[0] == SIZES[up]
        for shift in (-0.49, 0.0, 0.49):
            at = xyz + shift * SIZES
            assert value_at(picture, at[across], at[up]) == values[ijk]


@pytest.mark.parametrize("flips", list(itertools.product([False, True], repeat=3)))
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_how_a_file_stores_its_axes_changes_nothing(order, flips):
    values, affine = numbered(), upright_affine()
    stored, stored_affine = stored_as(values, affine, list(order), flips)
    volume = stand_upright(stored, stored_affine)
    assert volume.upright
    for direction in "xyz":
        coordinate = ORIGIN[THROUGH[direction]] + SIZES[THROUGH[direction]]
        here = cut(stand_upright(values, affine), direction, coordinate)
        there = cut(volume, direction, coordinate)
        np.testing.assert_array_equal(there.values, here.values)
        np.testing.assert_allclose(there.extent_mm, here.extent_mm)


def test_a_slice_is_a_view_of_the_array():
    values, affine = stored_as(numbered(), upright_affine(), [2, 0, 1], (True, False, True))
    for direction in "xyz":
        coordinate = ORIGIN[THROUGH[direction]]
        assert np.shares_memory(
            cut(stand_upright(values, affine), direction, coordinate).values, values
        )


@pytest.mark.parametrize("direction", "xyz")
def test_a_cut_on_the_border_of_two_voxels_shows_the_lower_however_stored(direction):
    through = THROUGH[direction]
    border = ORIGIN[through] + 1.5 * SIZES[through]
    for flips in itertools.product([False, True], repeat=3):
        stored, affine = stored_as(numbered(), upright_affine(), [0, 1, 2], flips)
        volume = stand_upright(stored, affine)
        shown = cut(volume, direction, border).values
        np.testing.assert_array_equal(shown, cut(volume, direction, border - 0.1).values)
        assert not np.array_equal(shown, cut(volume, direction, border + 0.1).values)


@pytest.mark.parametrize("direction", "xyz")
def test_a_cut_outside_the_field_of_view_shows_nothing(direction):
    volume = stand_upright(numbered(), upright_affine())
    lowest, highest = volume.bounds_mm()[THROUGH[direction]]
    assert cut(volume, direction, lowest - 0.1) is None
    assert cut(volume, direction, lowest + 0.1) is not None
    assert cut(volume, direction, highest - 0.1) is not None
    assert cut(volume, direction, highest + 0.1) is None


def test_an_unknown_direction_is_an_error():
    with pytest.raises(ArgumentError, match="'direction' must be one of"):
        cut(stand_upright(numbered(), upright_affine()), "w", 0.0)


def turned(degrees, sizes=SIZES):
    angle = np.deg2rad(degrees)
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return turn @ upright_affine(sizes)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    degrees=st.floats(5, 85),
    direction=st.sampled_from("xyz"),
    place=st.tuples(*[st.floats(0.05, 0.95)] * 3),
)
def test_an_oblique_volume_shows_the_nearest_voxel(degrees, direction, place):
    values = numbered()
    volume = stand_upright(values, turned(degrees))
    assert not volume.upright
    bounds = volume.bounds_mm()
    xyz = bounds[:, 0] + np.array(place) * (bounds[:, 1] - bounds[:, 0])
    picture = cut(volume, direction, xyz[THROUGH[direction]])
    if picture is None:
        return
    # At the centre of the pixel that holds the point.
    for axis, low, size in zip(
        ACROSS_AND_UP[direction],
        (picture.extent_mm[0], picture.extent_mm[2]),
        (SIZES.min(), SIZES.min()),
        strict=True,
    ):
        xyz[axis] = low + (np.floor((xyz[axis] - low) / size) + 0.5) * size
    index = np.floor(volume.grid.ijk(xyz) + 0.5).astype(int)
    across, up = ACROSS_AND_UP[direction]
    shown = value_at(picture, xyz[across], xyz[up])
    if ((index < 0) | (index >= SHAPE)).any():
        assert shown is np.ma.masked
    else:
        assert shown == values[tuple(index)]


def test_linear_sampling_shows_no_value_beyond_those_of_the_map():
    values = np.random.default_rng(0).normal(size=(8, 8, 8))
    picture = cut(stand_upright(values, turned(30, (2, 2, 2))), "z", 34.0, "continuous")
    assert picture.values.min() >= values.min()
    assert picture.values.max() <= values.max()
    assert not np.isin(picture.values.compressed(), values).all()


def test_a_hundredth_of_a_degree_is_not_oblique():
    assert stand_upright(numbered(), turned(0.01)).upright


@pytest.mark.parametrize("degrees", [0, 20])
def test_bounds_hold_the_visible_voxels(degrees):
    values = np.zeros((7, 8, 9))
    values[2, 3, 4], values[4, 3, 6], values[0, 0, 0] = 5.0, -5.0, np.nan
    volume = stand_upright(values, turned(degrees))
    bounds = volume.bounds_above_mm(1.0)
    for ijk in [(2, 3, 4), (4, 3, 6)]:
        at = volume.grid.xyz(ijk)
        assert (bounds[:, 0] < at).all()
        assert (at < bounds[:, 1]).all()
    if not degrees:
        np.testing.assert_allclose(bounds[:, 1] - bounds[:, 0], SIZES * [3, 1, 3])


def test_bounds_of_an_empty_map_are_those_of_its_field_of_view():
    volume = stand_upright(np.zeros(SHAPE), upright_affine())
    np.testing.assert_array_equal(volume.bounds_above_mm(1.0), volume.bounds_mm())


def test_a_slice_is_read_at_the_pixels_of_another():
    coarse = Slice(np.array([[1, 2], [3, 4]]), (0.0, 4.0, 0.0, 4.0))
    fine = Slice(np.zeros((6, 4)), (0.0, 4.0, -2.0, 4.0))
    expected = [[1, 1, 2, 2]] * 2 + [[3, 3, 4, 4]] * 2 + [[0, 0, 0, 0]] * 2
    np.testing.assert_array_equal(coarse.matched_to(fine), expected)
