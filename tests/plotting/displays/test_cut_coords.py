"""Where a display is asked to cut, and what it makes of it."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest

from skerry.errors import ArgumentError, SkerryWarning
from skerry.plotting.displays import (
    MosaicSlicer,
    OrthoSlicer,
    XSlicer,
    XZSlicer,
    YSlicer,
    YXSlicer,
    YZSlicer,
    ZSlicer,
    get_slicer,
)

MODES = ["ortho", "tiled", "mosaic", "xz", "yz", "yx", "x", "y", "z"]


@pytest.fixture
def blob():
    """A map with one blob at (8, -6, 20) mm, in a field of view of -20 to 40 mm."""
    values = np.zeros((30, 30, 30))
    values[13:16, 6:9, 19:22] = 5.0
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = -20
    return nib.Nifti1Image(values, affine)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_chooses_cuts_through_what_is_there(mode, blob, close_figures):
    display = get_slicer(mode)(blob, threshold=1.0, cut_coords=1 if mode in list("xyz") else None)
    display.add_overlay(blob, threshold=1.0)
    assert any(view.ax.images[0].get_array().count() for view in display.axes.values())


@pytest.mark.parametrize(
    ("slicer", "asked", "keys"),
    [
        (OrthoSlicer, (1, 2, 3), ["x", "y", "z"]),
        (XZSlicer, (1, 3), ["x", "z"]),
        (YXSlicer, (1, 2), ["x", "y"]),
        (YZSlicer, (2, 3), ["y", "z"]),
        (ZSlicer, (1, -2), [1.0, -2.0]),
        (MosaicSlicer, {"x": [1], "y": [2], "z": [3]}, [("x", 1.0), ("y", 2.0), ("z", 3.0)]),
    ],
)
def test_views_are_found_by_direction_or_coordinate(slicer, asked, keys, close_figures):
    display = slicer(asked)
    assert list(display.axes) == keys


@pytest.mark.parametrize(
    ("slicer", "asked"),
    [
        (OrthoSlicer, [3, 4, 5]),
        (YSlicer, [4, 4, 2]),
        (MosaicSlicer, {"x": [1, 1], "y": [2], "z": [3]}),
    ],
)
@pytest.mark.filterwarnings("ignore:Dropping duplicates")
def test_what_the_caller_gave_stays_as_it_was(slicer, asked, close_figures):
    before = repr(asked)
    slicer(asked)
    assert repr(asked) == before


def test_repeated_cuts_are_dropped_with_a_word():
    with pytest.warns(SkerryWarning, match="Dropping duplicates cuts from"):
        assert XSlicer.find_cut_coords(cut_coords=(5, 5, 1)) == [5, 1]


def test_cuts_that_all_miss_the_image_are_an_error_that_says_where_it_is(blob):
    with pytest.raises(ArgumentError, match=r"out of the bounds.*z: \[-21.00, 39.00\]"):
        ZSlicer.find_cut_coords(blob, cut_coords=[200, -90])


def test_a_cut_within_the_outermost_voxel_is_inside(blob):
    assert ZSlicer.find_cut_coords(blob, cut_coords=[38.9]) == [38.9]


def test_an_unknown_mode_is_an_error_that_lists_the_modes():
    with pytest.raises(ArgumentError, match=r"wxyz is not a valid display_mode.*'mosaic'"):
        get_slicer("wxyz")
