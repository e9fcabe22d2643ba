"""Images in every form nilearn takes, and new images like them."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest

from skerry.errors import ArgumentTypeError, DimensionError, GridMismatchError, MissingFileError
from skerry.image.niimg import check_niimg, image_data, new_img_like

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


def image(values, affine=AFFINE):
    return nib.Nifti1Image(np.asarray(values, dtype=np.float32), affine)


def test_an_image_in_memory_comes_back_as_it_is():
    img = image(np.zeros((2, 3, 4)))
    assert check_niimg(img) is img
    assert image_data(check_niimg(img)) is image_data(img)


def test_a_path_and_a_pattern_are_read(tmp_path):
    for number in range(2):
        image(np.full((2, 3, 4), number)).to_filename(tmp_path / f"map{number}.nii")
    assert check_niimg(tmp_path / "map1.nii").shape == (2, 3, 4)
    joined = check_niimg(str(tmp_path / "map*.nii"))
    assert joined.shape == (2, 3, 4, 2)
    assert image_data(joined)[0, 0, 0].tolist() == [0, 1]
    with pytest.raises(MissingFileError, match="pattern"):
        check_niimg(str(tmp_path / "nothing*.nii"))


@pytest.mark.parametrize("turn", [1, -1])
def test_images_of_several_types_are_joined_without_loss(turn):
    whole = nib.Nifti1Image(np.full((2, 3, 4), 9, dtype=np.int16), np.eye(4))
    parts = nib.Nifti1Image(np.full((2, 3, 4), 2.75), np.eye(4))
    joined = image_data(check_niimg([whole, parts][::turn]))
    assert joined[0, 0, 0].tolist() == [9, 2.75][::turn]


def test_one_volume_of_four_axes_passes_for_a_volume():
    assert check_niimg(image(np.zeros((2, 3, 4, 1))), ensure_ndim=3).shape == (2, 3, 4)
    assert check_niimg(image(np.zeros((2, 3, 4))), atleast_4d=True).shape == (2, 3, 4, 1)


def test_the_wrong_number_of_axes_is_said():
    with pytest.raises(DimensionError, match="3D and you provided a 4D"):
        check_niimg(image(np.zeros((2, 3, 4, 2))), ensure_ndim=3)


def test_a_wrong_number_of_axes_is_said_of_the_file_that_has_it(tmp_path):
    path = tmp_path / "two.nii.gz"
    image(np.zeros((2, 3, 4, 2))).to_filename(path)
    with pytest.raises(DimensionError, match=r"a 4D image\. The image is .*two\.nii\.gz"):
        check_niimg(path, ensure_ndim=3)


def test_a_sequence_must_share_a_grid():
    small = np.zeros((2, 3, 4))
    assert check_niimg([image(small), image(small)], ensure_ndim=4).shape[3] == 2
    with pytest.raises(GridMismatchError, match="image 1 of maps"):
        check_niimg([image(small), image(small, np.eye(4))], name="maps")
    with pytest.raises(ArgumentTypeError, match="empty"):
        check_niimg([])


@pytest.mark.parametrize("thing", [None, 3, object(), {"a": 1}])
def test_other_things_are_refused_by_name(thing):
    with pytest.raises(ArgumentTypeError, match="stat_img"):
        check_niimg(thing, name="stat_img")


@pytest.mark.parametrize("stored", [np.int16, np.uint8, np.float32])
def test_zeros_stay_zeros_through_a_file_of_any_type(tmp_path, stored):
    model = image(np.zeros((2, 3, 4)))
    model.header.set_data_dtype(stored)
    model.header["scl_slope"] = 0.5
    values = np.linspace(-8, 8, 24).reshape(2, 3, 4)
    values[np.abs(values) < 3] = 0
    new_img_like(model, values).to_filename(tmp_path / "new.nii.gz")
    back = nib.load(tmp_path / "new.nii.gz")
    assert back.get_data_dtype() == np.float64
    np.testing.assert_array_equal(back.get_fdata(), values)


def test_other_header_fields_are_kept_or_left():
    model = image(np.zeros((2, 3, 4)))
    model.header["descrip"] = b"SPM{T}"
    new = new_img_like(model, np.full((2, 3, 4), 5.0, dtype=np.float32))
    assert new.header["descrip"] == b"SPM{T}"
    assert (new.header["cal_min"], new.header["cal_max"]) == (5, 5)
    bare = new_img_like(model, np.ones((2, 3, 4), dtype=np.float32), copy_header=False)
    assert bare.header["descrip"] == b""


def test_a_class_that_cannot_be_written_becomes_nifti():
    class ReadOnly(nib.Nifti1Image):
        rw = False

    model = ReadOnly(np.zeros((2, 3, 4), dtype=np.float32), AFFINE)
    new = new_img_like(model, np.ones((2, 3, 4), dtype=np.float32))
    assert type(new) is nib.Nifti1Image
    np.testing.assert_array_equal(new.affine, AFFINE)


def test_copy_header_must_be_a_truth_value():
    with pytest.raises(TypeError, match="copy_header"):
        new_img_like(image(np.zeros((2, 3, 4))), np.zeros((2, 3, 4)), copy_header="yes")
