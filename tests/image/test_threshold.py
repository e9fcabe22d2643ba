"""threshold_img: where it departs from nilearn, and what it refuses."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest

from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.image import threshold_img


def image(values, dtype=np.float64):
    return nib.Nifti1Image(np.asarray(values, dtype=dtype), np.eye(4))


@pytest.mark.parametrize("stored", [np.int16, np.uint8])
def test_zeros_of_an_integer_stored_map_survive_saving(tmp_path, stored):
    values = np.abs(np.random.default_rng(0).normal(size=(9, 9, 9)))
    img = image(values)
    img.header.set_data_dtype(stored)
    img.to_filename(tmp_path / "map.nii")
    cut = threshold_img(tmp_path / "map.nii", 2.0)
    cut.to_filename(tmp_path / "cut.nii.gz")
    back = nib.load(tmp_path / "cut.nii.gz").get_fdata()
    assert 0 < np.count_nonzero(back) < 100
    np.testing.assert_array_equal(back, cut.get_fdata())


@pytest.mark.parametrize(
    ("values", "threshold", "sign"),
    [(-1.0, 2, "positive"), (-1.0, "50%", "positive"), (1.0, -2, "negative")],
)
def test_a_map_of_the_other_sign_is_empty_with_a_warning(values, threshold, sign):
    img = image(np.full((2, 2, 2), values))
    with pytest.warns(UserWarning, match=f"no {sign} values"):
        cut = threshold_img(img, threshold, two_sided=False)
    assert not cut.get_fdata().any()


def test_values_that_are_not_finite_count_as_zero_with_a_warning():
    img = image([[[np.nan, np.inf, -np.inf, 3.0]]])
    with pytest.warns(UserWarning, match="3 of 4"):
        cut = threshold_img(img, 2)
    assert cut.get_fdata().ravel().tolist() == [0, 0, 0, 3]
    assert np.isnan(img.get_fdata()[0, 0, 0])


def test_without_copy_the_image_in_memory_is_changed_and_a_file_is_not(tmp_path):
    img = image([[[1.0, 3.0]]])
    img.to_filename(tmp_path / "map.nii")
    cut = threshold_img(img, 2, copy=False)
    assert cut.dataobj is img.dataobj
    assert img.get_fdata().ravel().tolist() == [0, 3]
    threshold_img(nib.load(tmp_path / "map.nii"), 2, copy=False)
    assert nib.load(tmp_path / "map.nii").get_fdata().ravel().tolist() == [1, 3]


def test_touching_clusters_of_two_signs_are_counted_apart():
    img = image([[[5, 5, -5, -5, -5]]])
    assert threshold_img(img, 1, cluster_threshold=3).get_fdata().ravel().tolist() == [
        0, 0, -5, -5, -5,
    ]  # fmt: skip


@pytest.mark.parametrize("threshold", ["101%", "nan%", "%", "3", float("nan"), -1])
def test_a_threshold_without_a_meaning_is_refused(threshold):
    with pytest.raises(ArgumentError, match="threshold"):
        threshold_img(image([[[1, 2]]]), threshold)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"threshold": True}, "threshold"),
        ({"cluster_threshold": 2.5}, "cluster_threshold"),
        ({"cluster_threshold": True}, "cluster_threshold"),
        ({"copy_header": 1}, "copy_header"),
        ({"img": [image([[[1]]])]}, "img"),
    ],
)
def test_a_wrong_type_is_refused_by_name(options, name):
    arguments = {"img": image([[[1, 2]]]), "threshold": 1} | options
    with pytest.raises(ArgumentTypeError, match=f"'{name}'"):
        threshold_img(**arguments)


@pytest.mark.parametrize("mask", [[0, 0], [1, 2], [0, 1, 2]])
def test_a_mask_that_is_none_is_refused(mask):
    values = np.arange(len(mask))[None, None]
    with pytest.raises(ArgumentError, match="mask"):
        threshold_img(image(values), 1, mask_img=image([[mask]]))


def test_big_endian_and_narrow_integers_keep_their_type():
    for dtype in (">f4", ">i2", np.int8):
        img = image([[[-128, 3, 100]]], dtype)
        cut = threshold_img(img, "40%")
        assert np.asanyarray(cut.dataobj).dtype == np.dtype(dtype)
        assert np.asanyarray(cut.dataobj).ravel().tolist() == [-128, 0, 100]
