"""connected_regions splits components between their peaks, and loses none."""

from __future__ import annotations

import warnings

import nibabel as nib
import numpy as np
import pytest

from skerry.datasets import load_sample_motor_activation_image
from skerry.image import threshold_img
from skerry.regions import connected_regions


@pytest.fixture(scope="module")
def motor():
    return threshold_img(load_sample_motor_activation_image(), "97%")


def blobs(peaks, shape=(40, 20, 20), voxel_mm=3.0, width_mm=9.0):
    """Signed Gaussian blobs at places in mm, cut at |1|."""
    ijk = np.indices(shape).reshape(3, -1).T * voxel_mm
    values = sum(
        height * np.exp(-((ijk - place) ** 2).sum(axis=1) / (2 * width_mm**2))
        for place, height in peaks
    ).reshape(shape)
    values[np.abs(values) < 1] = 0
    return nib.Nifti1Image(values.astype(np.float32), np.diag([voxel_mm] * 3 + [1]))


def signs_of(img):
    data = img.get_fdata()
    return [int(np.sign(data[..., n].sum())) for n in range(data.shape[3])]


def test_a_negative_blob_is_found_as_a_positive_one_is():
    img, index = connected_regions(blobs([((30, 30, 30), 8), ((90, 30, 30), -8)]), 100)
    assert index == [0, 0]
    assert signs_of(img) == [1, -1]
    all_negative, _ = connected_regions(blobs([((30, 30, 30), -8)]), 100)
    assert signs_of(all_negative) == [-1]


def test_a_low_cluster_beside_a_high_one_is_not_lost():
    img, _ = connected_regions(blobs([((30, 30, 30), 30), ((90, 30, 30), 2)]), 100)
    assert img.shape[3] == 2


def test_a_component_with_two_far_peaks_is_split_and_loses_no_voxel():
    source = blobs([((25, 30, 30), 8), ((75, 30, 30), 7)], width_mm=15.0)
    img, index = connected_regions(source, 100)
    assert index == [0, 0]
    np.testing.assert_array_equal(img.get_fdata().sum(axis=3), source.get_fdata())


@pytest.mark.parametrize("voxel_mm", [3.0, 2.0, 1.5])
def test_with_a_seed_distance_in_mm_the_voxel_size_does_not_matter(voxel_mm):
    shape = tuple(int(n / voxel_mm) for n in (120, 60, 60))
    source = blobs([((30, 30, 30), 8), ((54, 30, 30), 7)], shape, voxel_mm, width_mm=8.0)
    assert connected_regions(source, 100, seed_distance_mm=30.0)[1] == [0]
    finer = connected_regions(source, 100, seed_distance_mm=9.0)
    assert finer[1] == [0, 0]


def test_regions_of_the_motor_map_hold_each_voxel_once_with_its_value(motor):
    img, _ = connected_regions(motor, 0)
    data = np.asanyarray(img.dataobj)
    values = motor.get_fdata(dtype=np.float32)
    assert ((data != 0).sum(axis=3) == (values != 0)).all()
    np.testing.assert_array_equal(data.sum(axis=3), values)
    signs = signs_of(img)
    assert signs == sorted(signs, reverse=True)
    assert set(signs) == {1, -1}


def test_the_exact_mode_gives_nilearns_regions_of_the_motor_map(motor):
    theirs = pytest.importorskip("nilearn.regions").connected_regions
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected, their_index = theirs(motor, 1500)
    img, index = connected_regions(motor, 1500, nilearn_exact=True)
    assert index == their_index
    mine, theirs_data = img.get_fdata(), expected.get_fdata()
    # Its solver stops at a residual of 1e-3: a few voxels on borders may differ.
    differing = (mine != theirs_data).any(axis=3)
    assert differing.sum() <= 0.005 * (theirs_data != 0).sum()


def test_regions_of_several_maps_tell_their_map(motor):
    joined = [motor, motor]
    img, index = connected_regions(joined, 1500)
    single, _ = connected_regions(motor, 1500)
    n = single.shape[3]
    assert index == [0] * n + [1] * n
    np.testing.assert_array_equal(img.get_fdata()[..., n:], single.get_fdata())
