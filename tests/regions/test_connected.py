"""connected_regions: nilearn's components, without its losses."""

from __future__ import annotations

import warnings

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.errors import ArgumentError
from skerry.regions import connected_regions

AFFINE = np.diag([2.0, -2.0, 2.0, 1.0])


def image(values, affine=AFFINE):
    return nib.Nifti1Image(np.asarray(values), affine)


def components(*args, **options):
    return connected_regions(*args, extract_type="connected_components", **options)


def thresholded(seed, *, one_sign, shape=(7, 8, 9), dtype=np.float32):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=shape) * (rng.random(shape) < 0.45)
    return (np.abs(values) if one_sign else values).astype(dtype)


def nilearns(img, *args, **options):
    theirs = pytest.importorskip("nilearn.regions")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return theirs.connected_regions(img, *args, extract_type="connected_components", **options)


def assert_same(ours, expected):
    (img, index), (their_img, their_index) = ours, expected
    assert index == their_index
    if img is None:
        assert their_img is None
        return
    data, theirs = np.asanyarray(img.dataobj), np.asanyarray(their_img.dataobj)
    assert data.dtype == theirs.dtype == np.float32
    assert data.flags.f_contiguous
    np.testing.assert_array_equal(data, theirs)
    np.testing.assert_array_equal(img.affine, their_img.affine)
    for field in ("cal_min", "cal_max", "dim", "pixdim"):
        np.testing.assert_array_equal(img.header[field], their_img.header[field])


@pytest.mark.filterwarnings("ignore:No supra threshold")
@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.integers(0, 2**32),
    st.sampled_from([(7, 8, 9), (5, 6, 7, 3), (1, 6, 5, 1)]),
    st.sampled_from([np.float32, np.float64, np.int16]),
    st.sampled_from([0, 8, 16, 23.5, 1e5]),
    st.booleans(),
)
def test_components_of_one_sign_equal_nilearns(seed, shape, dtype, min_region_size, masked):
    img = image(thresholded(seed, one_sign=True, shape=shape, dtype=dtype))
    mask = None
    if masked:
        inside = np.random.default_rng(seed + 1).random(shape[:3]) < 0.8
        mask = image(inside.astype(np.uint8))
    assert_same(
        components(img, min_region_size, mask_img=mask),
        nilearns(img, min_region_size, mask_img=mask),
    )


@pytest.mark.filterwarnings("ignore:No supra threshold")
@settings(deadline=None, derandomize=True, max_examples=15)
@given(st.integers(0, 2**32), st.booleans())
def test_exact_components_equal_nilearns_even_where_it_errs(seed, with_nan):
    values = thresholded(seed, one_sign=False)
    if with_nan:
        values[values > 1.5] = np.nan
    img = image(values)
    img_exact, index = components(img, 16, nilearn_exact=True)
    their_img, their_index = nilearns(img, 16)
    assert index == their_index
    np.testing.assert_array_equal(img_exact.get_fdata(), their_img.get_fdata())


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 2**32))
def test_every_voxel_lands_in_one_region_of_its_sign(seed):
    values = thresholded(seed, one_sign=False)
    img, _ = components(image(values), 0)
    data = img.get_fdata()
    np.testing.assert_array_equal(data.sum(axis=3), values)
    assert ((data != 0).sum(axis=3) == (values != 0)).all()
    for region in np.moveaxis(data, 3, 0):
        assert np.unique(np.sign(region[region != 0])).size == 1


def test_touching_signs_stay_two_regions():
    values = np.zeros((4, 4, 8))
    values[:2, :2, :4], values[:2, :2, 4:] = 5, -5
    img, index = components(image(values), 20)
    assert index == [0, 0]
    assert [float(img.get_fdata()[..., n].sum()) for n in (0, 1)] == [80, -80]


def test_a_region_must_be_larger_than_the_minimum():
    values = np.zeros((5, 5, 5))
    values[:2, :2, :2] = 3
    assert components(image(values), 63.9)[1] == [0]
    with pytest.warns(UserWarning, match="No supra threshold regions"):
        assert components(image(values), 64) == (None, None)


def test_voxels_that_are_not_finite_belong_to_no_region():
    values = np.zeros((5, 5, 5))
    values[:2, :2, :2] = 3
    values[3:] = np.nan
    values[0, 0, 0] = np.inf
    with pytest.warns(UserWarning, match="Non-finite values detected"):
        img, index = components(image(values), 0)
    assert index == [0]
    assert np.isfinite(img.get_fdata()).all()
    assert np.count_nonzero(img.get_fdata()) == 7


def test_the_input_is_not_changed():
    values = thresholded(0, one_sign=False)
    values[0, 0, 0] = np.nan
    before = values.copy()
    with pytest.warns(UserWarning, match="Non-finite"):
        components(image(values), 0, mask_img=image(np.ones(values.shape, np.uint8)))
    np.testing.assert_array_equal(values, before)


def test_regions_of_a_map_stored_as_integers_survive_saving(tmp_path):
    img = image(thresholded(0, one_sign=True))
    img.header.set_data_dtype(np.uint8)
    regions, _ = components(img, 0)
    regions.to_filename(tmp_path / "regions.nii")
    np.testing.assert_array_equal(
        nib.load(tmp_path / "regions.nii").get_fdata(), regions.get_fdata()
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"extract_type": "watershed"}, "'extract_type' must be one of"),
        ({"smoothing_fwhm": -1}, "smoothing_fwhm"),
        ({"min_region_size": float("nan")}, "min_region_size"),
    ],
)
def test_a_wrong_value_is_refused_by_name(options, message):
    with pytest.raises(ArgumentError, match=message):
        connected_regions(image(np.ones((3, 3, 3))), **options)
