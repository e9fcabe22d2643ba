"""The MNI152 template and mask that travel with the package."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.datasets import load_mni152_brain_mask, load_mni152_template
from skerry.errors import ArgumentError, ArgumentTypeError


@pytest.mark.parametrize(
    ("resolution", "shape", "size_mm"),
    [
        (None, (197, 233, 189), 1),
        (1, (197, 233, 189), 1),
        (2, (99, 117, 95), 2),
        (3, (67, 79, 64), 3),
        (2.5, (80, 94, 77), 2.5),
        (np.int64(4), (50, 59, 48), 4),
    ],
)
def test_the_grid_is_nilearns_at_every_resolution(resolution, shape, size_mm):
    for img in (load_mni152_template(resolution), load_mni152_brain_mask(resolution)):
        assert img.shape == shape
        assert img.header.get_zooms() == (size_mm, size_mm, size_mm)
        np.testing.assert_array_equal(img.affine[:3, :3], np.eye(3) * size_mm)
        np.testing.assert_array_equal(img.affine[:3, 3], [-98, -134, -72])
        assert img.header["sform_code"] == img.header["qform_code"] == 4


@pytest.mark.parametrize("resolution", [1, 2, 3])
def test_values_are_float32_from_0_to_1_with_background_0(resolution):
    values = np.asarray(load_mni152_template(resolution).dataobj)
    assert values.dtype == np.float32
    assert values.min() == 0
    assert 0.9 < values.max() <= 1
    assert not values[0].any()
    assert 0.2 < np.count_nonzero(values) / values.size < 0.23


def test_values_at_2_mm_are_nilearns():
    theirs = pytest.importorskip("nilearn.datasets").load_mni152_template(resolution=2)
    ours = load_mni152_template(resolution=2)
    np.testing.assert_allclose(ours.get_fdata(), theirs.get_fdata(), atol=1e-6)
    np.testing.assert_array_equal(ours.affine, theirs.affine)


def test_values_at_1_mm_are_near_nilearns_and_the_edge_is_sharp():
    theirs = pytest.importorskip("nilearn.datasets").load_mni152_template().get_fdata()
    ours = load_mni152_template().get_fdata()
    brain = theirs > 0
    assert np.sqrt(np.mean((ours - theirs)[brain] ** 2)) < 0.026
    assert not ours[~brain].any()


@pytest.mark.parametrize(("resolution", "differ"), [(1, 0.002), (2, 0.0), (3, 0.002)])
def test_the_mask_is_nilearns_up_to_a_few_voxels_of_the_edge(resolution, differ):
    nilearn = pytest.importorskip("nilearn.datasets")
    theirs = np.asarray(nilearn.load_mni152_brain_mask(resolution=resolution).dataobj)
    ours = np.asarray(load_mni152_brain_mask(resolution=resolution).dataobj)
    assert ours.dtype == np.int8
    assert set(np.unique(ours)) == {0, 1}
    assert np.count_nonzero(ours != theirs) <= differ * np.count_nonzero(theirs)


def test_a_higher_threshold_gives_a_smaller_mask_inside_the_first():
    low = np.asarray(load_mni152_brain_mask(resolution=2, threshold=0).dataobj)
    high = np.asarray(load_mni152_brain_mask(resolution=2, threshold=0.6).dataobj)
    assert 0 < high.sum() < low.sum()
    assert not (high & ~low).any()


def test_changing_an_image_does_not_change_the_next_one():
    first = load_mni152_template(resolution=2)
    first.dataobj[:] = 7
    assert np.asarray(load_mni152_template(resolution=2).dataobj).max() < 1


@pytest.mark.parametrize("resolution", [0, -1, 0.1, float("nan"), float("inf")])
def test_a_resolution_that_makes_no_sense_is_refused(resolution):
    with pytest.raises(ArgumentError, match=r"resolution must be at least 0\.25 mm"):
        load_mni152_template(resolution)


@pytest.mark.parametrize("resolution", ["2", True, (2, 2, 2)])
def test_a_resolution_of_another_type_is_refused(resolution):
    with pytest.raises(ArgumentTypeError, match="resolution must be a number"):
        load_mni152_template(resolution)


def test_a_threshold_of_another_type_is_refused():
    with pytest.raises(ArgumentTypeError, match="threshold must be a number"):
        load_mni152_brain_mask(2, threshold="20%")
