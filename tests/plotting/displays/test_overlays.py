"""What an overlay puts into the views: arrays, places, colours, opacity."""

from __future__ import annotations

import warnings

import nibabel as nib
import numpy as np
import pytest

from skerry.errors import ArgumentError, DimensionError, SkerryWarning
from skerry.plotting.displays import OrthoSlicer, XSlicer, ZSlicer
from skerry.plotting.displays.overlay import hide_below

pytestmark = pytest.mark.usefixtures("close_figures")


def image(values, size=2.0, origin=(-10.0, -10.0, -10.0)):
    affine = np.diag([size, size, size, 1.0])
    affine[:3, 3] = origin
    return nib.Nifti1Image(values, affine)


@pytest.fixture
def values():
    made = np.zeros((10, 10, 10))
    made[2, 7, 5], made[3, 7, 5], made[6, 2, 5] = 4.0, 2.0, -3.0
    return made


def drawn(display, key=0.0, number=-1):
    return display.axes[key].ax.images[number]


def test_a_voxel_is_drawn_around_its_centre_on_every_grid():
    fine, coarse = np.zeros((40, 40, 40)), np.zeros((10, 10, 10))
    coarse[4, 6, 5] = 1.0  # centre at -68 + 4 * 4 = -52 mm and so on
    display = ZSlicer([-48.0])
    display.add_overlay(image(fine, 1.0, (-69.5, -69.5, -69.5)), threshold=None)
    display.add_overlay(image(coarse, 4.0, (-68.0, -68.0, -68.0)))
    shown = drawn(display, -48.0)
    left, right, _, top = shown.get_extent()
    assert (left, right) == (-70.0, -30.0)
    row, column = np.argwhere(~shown.get_array().mask)[0]
    assert left + (column + 0.5) * 4.0 == -52.0
    assert top - (row + 0.5) * 4.0 == -44.0
    assert drawn(display, -48.0, 0).get_extent() == [-70.0, -30.0, -70.0, -30.0]


def test_values_up_to_the_threshold_are_hidden_on_both_sides(values):
    display = ZSlicer([0.0])
    display.add_overlay(image(values), threshold=2.0)
    shown = drawn(display).get_array()
    assert sorted(shown.compressed()) == [-3.0, 4.0]


def test_colours_range_over_what_is_visible_alike_in_all_views(values):
    values[0, 0, 7] = 9.0
    display = ZSlicer([0.0, 4.0])
    display.add_overlay(image(values), threshold=2.0)
    assert [drawn(display, cut).get_clim() for cut in (0.0, 4.0)] == [(-3.0, 9.0)] * 2


def test_an_image_is_neither_copied_nor_changed(values):
    before = values.copy()
    img = image(values)
    display = OrthoSlicer((0, 0, 0))
    display.add_overlay(img, threshold=1.0, vmax=3.0)
    drawn(display, "z").get_array()[:] = 77.0
    np.testing.assert_array_equal(values, before)


def test_nan_is_not_drawn_and_infinity_takes_the_last_colour(values):
    values[0, 0, 5], values[1, 0, 5] = np.nan, np.inf
    display = ZSlicer([0.0])
    display.add_overlay(image(values), threshold=None)
    shown = drawn(display)
    assert shown.get_clim() == (-3.0, 4.0)
    assert shown.get_array().mask[-1, 0]
    assert shown.get_array()[-1, 1] == 4.0


def test_unsigned_integers_are_thresholded_as_numbers():
    stored = np.full((10, 10, 10), 10, dtype=np.uint8)
    stored[0, 0, 5] = 3
    display = ZSlicer([0.0])
    display.add_overlay(image(stored), threshold=5)
    hidden = np.argwhere(drawn(display).get_array().mask)
    assert hidden.tolist() == [[9, 0]]


def test_an_empty_map_draws_nothing_and_has_no_colour_bar():
    display = ZSlicer([0.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        display.add_overlay(image(np.zeros((10, 10, 10))), vmin=0, vmax=0, colorbar=True)
        display.frame_axes.figure.canvas.draw()
    assert drawn(display).get_array().count() == 0
    assert display._cbar is None


def test_a_view_that_the_map_does_not_reach_stays_empty(values):
    display = ZSlicer([0.0, 200.0])
    display.add_overlay(image(values))
    assert len(display.axes[200.0].ax.images) == 0


def test_a_map_of_several_volumes_is_an_error():
    with pytest.raises(DimensionError, match="3D"):
        ZSlicer([0.0]).add_overlay(image(np.zeros((4, 4, 4, 2))))


def test_a_fourth_axis_of_one_volume_is_no_matter(values):
    display = ZSlicer([0.0])
    display.add_overlay(image(values[..., np.newaxis]))
    assert drawn(display).get_array().count() == 3


def test_a_second_colour_bar_is_an_error(values):
    display = ZSlicer([0.0])
    display.add_overlay(image(values), colorbar=True)
    with pytest.raises(ArgumentError, match="already has an overlay with a colorbar"):
        display.add_overlay(image(values), colorbar=True)


def test_a_negative_threshold_is_an_error(values):
    with pytest.raises(ArgumentError, match="non-negative"):
        ZSlicer([0.0]).add_overlay(image(values), threshold=-1)


@pytest.mark.parametrize(
    ("vmin", "vmax", "left"),
    [(None, None, [-2, 2, 3]), (0.0, None, [2, 3]), (2.5, None, [3]), (None, 0.0, [-2])],
)
def test_a_range_of_one_sign_hides_the_other(vmin, vmax, left):
    values = np.array([-2.0, 0.5, 2.0, 3.0])
    shown = hide_below(values, 1.0, vmin, vmax)
    assert shown.compressed().tolist() == left
    assert values.tolist() == [-2.0, 0.5, 2.0, 3.0]


@pytest.mark.parametrize("given", [(1.0, 3.0), [1.0, 3.0]])
def test_an_image_gives_the_opacity_over_a_range_that_stays_as_it_was(values, given):
    strength = np.zeros((10, 10, 10))
    strength[2, 7, 5], strength[3, 7, 5], strength[6, 2, 5] = 2.0, 9.0, -1.0
    display = ZSlicer([0.0])
    display.add_overlay(image(values), transparency=image(strength), transparency_range=given)
    opacity = drawn(display).get_alpha()
    assert [opacity[9 - 7, 2], opacity[9 - 7, 3], opacity[9 - 2, 6]] == [0.5, 1.0, 0.0]
    assert list(given) == [1.0, 3.0]


@pytest.mark.parametrize(("strengths", "seen"), [((2.0, 4.0), 0.5), ((4.0, 4.0), 1.0)])
def test_an_image_that_is_nowhere_0_gives_its_part_of_its_maximum(values, strengths, seen):
    strength = np.full((10, 10, 10), strengths[1])
    strength[2, 7, 5] = strengths[0]
    display = ZSlicer([0.0])
    display.add_overlay(image(values), transparency=image(strength))
    opacity = drawn(display).get_alpha()
    assert (opacity[9 - 7, 2], opacity.max()) == (seen, 1.0)


def test_opacity_on_another_grid_is_read_where_the_pixels_are(values):
    strength = np.zeros((5, 5, 5))
    strength[1, 3, 2] = 1.0  # holds voxels 2 and 3, 6 and 7, 4 and 5 of the map
    display = ZSlicer([0.0])
    display.add_overlay(image(values), transparency=image(strength, 4.0, (-9.0, -9.0, -9.0)))
    opacity = drawn(display).get_alpha()
    assert opacity.shape == (10, 10)
    assert np.argwhere(opacity).tolist() == [[2, 2], [2, 3], [3, 2], [3, 3]]


@pytest.mark.parametrize("given", [(3.0, 1.0), (1.0,), (20.0, 30.0)])
def test_a_range_of_opacity_that_holds_nothing_is_an_error(values, given):
    with pytest.raises(ArgumentError, match="'transparency_range' must be"):
        ZSlicer([0.0]).add_overlay(
            image(values), transparency=image(np.abs(values)), transparency_range=given
        )


def test_opacity_is_brought_into_its_range_with_a_word(values):
    display = ZSlicer([0.0])
    with pytest.warns(SkerryWarning, match=r"Setting it to 1.0"):
        display.add_overlay(image(values), transparency=3)
    assert drawn(display).get_alpha() == 1.0


def test_radiological_views_are_mirrored_and_say_so(values):
    display = OrthoSlicer((0, 0, 0), radiological=True)
    display.add_overlay(image(values))
    display.annotate()
    for direction in "yz":
        ax = display.axes[direction].ax
        assert ax.get_xlim()[0] > ax.get_xlim()[1]
        letters = {text.get_text(): text.get_position()[0] for text in ax.texts}
        assert letters["R"] < letters["L"]
    ax = display.axes["x"].ax
    assert ax.get_xlim()[0] < ax.get_xlim()[1]
    display.add_overlay(image(values, 5.0))  # a wider field of view
    ax = display.axes["z"].ax
    assert ax.get_xlim()[0] > ax.get_xlim()[1]


def test_left_of_the_picture_is_left_of_the_brain_whatever_the_file_says(values):
    flipped = nib.Nifti1Image(
        values[::-1], np.array([[-2, 0, 0, 8.0], [0, 2, 0, -10], [0, 0, 2, -10], [0, 0, 0, 1]])
    )
    display = ZSlicer([0.0])
    display.add_overlay(flipped)
    columns = np.argwhere(~drawn(display).get_array().mask)[:, 1]
    left, right, _, _ = drawn(display).get_extent()
    assert left < right
    assert sorted(columns) == [2, 3, 6]


def test_sagittal_views_look_at_the_front_on_the_right(values):
    display = XSlicer([-6.0])
    display.add_overlay(image(values))
    (row, column), *_ = np.argwhere(~drawn(display, -6.0).get_array().mask)
    assert (row, column) == (9 - 5, 7)


def test_the_cold_and_hot_map_is_known_by_name(values):
    display = ZSlicer([0.0])
    display.add_overlay(image(values), cmap="cold_hot", vmin=-4, vmax=4)
    colours = drawn(display).cmap
    assert colours(0.25)[2] > colours(0.25)[0]
    assert colours(0.75)[2] < colours(0.75)[0]
