"""Outlines: at which levels, of which signs, around what."""

from __future__ import annotations

import warnings

import nibabel as nib
import numpy as np
import pytest
from matplotlib.colors import to_rgba

from skerry.errors import ArgumentError, SkerryWarning
from skerry.plotting.displays import ZSlicer
from skerry.plotting.displays.edges import find_edges

pytestmark = pytest.mark.usefixtures("close_figures")


def image(values):
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = -20
    return nib.Nifti1Image(values, affine)


@pytest.fixture
def two_signs():
    """A positive block of 4 x 4 voxels, a negative one of 3 x 3."""
    values = np.zeros((20, 20, 20))
    values[3:7, 3:7, 8:13], values[12:15, 12:15, 8:13] = 4.0, -4.0
    return image(values)


@pytest.fixture
def display():
    return ZSlicer([0.0])


def outlines(display):
    """Give [level, vertices] of every closed outline drawn."""
    return [
        (level, path)
        for drawn in display.axes[0.0].ax.collections
        for level, whole in zip(drawn.levels, drawn.get_paths(), strict=False)
        for path in whole._iter_connected_components()
        if len(path.vertices)
    ]


def test_a_threshold_outlines_both_signs(display, two_signs):
    display.add_contours(two_signs, threshold=2.0, colors="m")
    assert sorted(level for level, _ in outlines(display)) == [-2.0, 2.0]
    negative = display.axes[0.0].ax.collections[1]
    assert negative.get_linestyle()[0][1] is not None, "negative outlines are dashed"
    assert tuple(negative.get_edgecolor()[0]) == to_rgba("m")


def test_given_levels_are_all_that_is_drawn_unless_both_signs_are_asked_for(display, two_signs):
    display.add_contours(two_signs, levels=[2.0])
    assert [level for level, _ in outlines(display)] == [2.0]
    other = ZSlicer([0.0])
    other.add_contours(two_signs, levels=[2.0], both_signs=True)
    assert sorted(level for level, _ in outlines(other)) == [-2.0, 2.0]


def test_each_level_keeps_its_look_below_zero(display, two_signs):
    display.add_contours(
        two_signs, levels=[1.0, 3.0], colors=["r", "b"], linewidths=[1, 2], both_signs=True
    )
    positive, negative = display.axes[0.0].ax.collections
    assert negative.levels.tolist() == [-3.0, -1.0]
    np.testing.assert_array_equal(negative.get_edgecolor(), positive.get_edgecolor()[::-1])
    np.testing.assert_array_equal(negative.get_linewidth(), positive.get_linewidth()[::-1])


@pytest.mark.parametrize("levels", [[2.0], [3.0, 1.0], np.array([2.0]), (2.0,)])
@pytest.mark.parametrize("filled", [False, True])
def test_the_levels_given_stay_as_they_were(display, two_signs, levels, filled):
    before = repr(levels)
    display.add_contours(two_signs, levels=levels, filled=filled, both_signs=True)
    assert repr(levels) == before


def test_an_outline_at_half_height_follows_the_voxels_edges(display, two_signs):
    display.add_contours(two_signs, levels=[2.0])
    ((_, path),) = outlines(display)
    lowest, highest = path.vertices.min(axis=0), path.vertices.max(axis=0)
    # Voxels 3 to 6: centres at -14 to -8 mm, edges at -15 to -7 mm.
    np.testing.assert_allclose(lowest, [-15.0, -15.0])
    np.testing.assert_allclose(highest, [-7.0, -7.0])


def test_an_outline_closes_at_the_edge_of_the_field_of_view(display):
    values = np.zeros((20, 20, 20))
    values[:4, 5:9] = 4.0
    display.add_contours(image(values), levels=[2.0])
    ((_, path),) = outlines(display)
    np.testing.assert_allclose(path.vertices[0], path.vertices[-1])
    assert path.vertices[:, 0].min() == pytest.approx(-21.0)


def test_one_level_is_filled_without_an_upper_end(display, two_signs):
    display.add_contours(two_signs, levels=[2.0], filled=True, both_signs=True, colors=["r"])
    positive, negative = [d.levels for d in display.axes[0.0].ax.collections if d.filled]
    assert (positive[0], negative[-1]) == (2.0, -2.0)
    assert positive[-1] > 4.0
    assert negative[0] < -4.0


def test_line_widths_of_filled_outlines_are_warned_of(display, two_signs):
    with pytest.warns(SkerryWarning, match="'linewidths' is not supported for filled"):
        display.add_contours(two_signs, levels=[2.0], filled=True, linewidths=3)


def test_a_slice_without_the_level_draws_nothing_and_says_nothing(display, two_signs):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        display.add_contours(two_signs, levels=[99.0], filled=True, both_signs=True)
        display.add_contours(image(np.zeros((20, 20, 20))))
        display.add_contours(image(np.ones((1, 20, 20))), levels=[0.5])
    assert [level for level, _ in outlines(display)] == [0.5]


def test_nan_counts_as_nothing(display, two_signs):
    two_signs.get_fdata()[0, 0] = np.nan
    display.add_contours(two_signs, levels=[2.0])
    assert len(outlines(display)) == 1


def test_the_opacity_of_outlines_is_a_number(display, two_signs):
    display.add_contours(two_signs, levels=[2.0], transparency=0.4)
    assert display.axes[0.0].ax.collections[0].get_alpha() == 0.4
    with pytest.raises(ArgumentError, match="must be a number"):
        display.add_contours(two_signs, levels=[2.0], transparency=two_signs)


def test_edges_are_where_a_picture_changes():
    picture = np.zeros((20, 24))
    picture[:, 12:] = 5.0
    before = picture.copy()
    edges = find_edges(picture)
    assert set(np.argwhere(edges)[:, 1]) <= {11, 12}
    assert edges[1:-1].any(axis=1).all()
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize("picture", [np.zeros((9, 9)), np.full((9, 9), np.nan), np.ones((2, 9))])
def test_a_flat_picture_has_no_edges(picture):
    assert not find_edges(picture).any()


def test_edges_are_drawn_in_one_color_over_the_voxels(display, two_signs):
    display.add_edges(two_signs, color="g")
    drawn = display.axes[0.0].ax.images[0]
    assert drawn.get_array().count() > 0
    assert drawn.get_extent() == [-21.0, 19.0, -21.0, 19.0]
    assert drawn.cmap(0.5) == to_rgba("g")
