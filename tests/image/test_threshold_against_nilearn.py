"""threshold_img gives nilearn's numbers for all arguments."""

from __future__ import annotations

import warnings

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.errors import SkerryWarning
from skerry.image import threshold_img

pytest.importorskip("nilearn", reason="the oracle is not installed")
from nilearn.image import threshold_img as theirs

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


@st.composite
def maps(draw):
    """Smooth-ish random maps with zeros, plateaus and touching signs."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.sampled_from([(5, 6, 7), (4, 5, 6, 3), (1, 8, 9)]))
    values = rng.normal(size=shape) * 3
    values[rng.random(shape) < draw(st.sampled_from([0.0, 0.5]))] = 0
    if draw(st.booleans()):
        values = np.round(values)
    dtype = draw(st.sampled_from([np.float32, np.float64, np.int16, ">f4"]))
    return nib.Nifti1Image(
        np.asarray(values, dtype=dtype, order=draw(st.sampled_from("CF"))), AFFINE
    )


@st.composite
def masks(draw):
    if draw(st.booleans()):
        return None
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    affine = AFFINE.copy()
    affine[:3, 3] = draw(st.sampled_from([0, 0.6]))
    kept = rng.random((5, 6, 7)) < 0.7
    return nib.Nifti1Image(kept.astype(np.uint8), affine)


def both(*args, **options):
    outcomes = []
    for function in (threshold_img, theirs):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                result = np.asanyarray(function(*args, **options).dataobj)
            except ValueError:  # an empty mask, for both
                result = np.array("refused")
        # What the reader says of an odd file is ours alone.
        caught = [one for one in caught if not issubclass(one.category, SkerryWarning)]
        outcomes.append((result, len(caught)))
    return outcomes


@settings(deadline=None, derandomize=True, max_examples=80)
@given(
    maps(),
    st.one_of(st.floats(0, 9), st.integers(0, 4), st.sampled_from(["0%", "97%", "33.3%", "100%"])),
    st.integers(0, 8),
    st.booleans(),
    masks(),
)
def test_numbers_equal_nilearns(img, threshold, cluster_threshold, two_sided, mask):
    (ours, _), (expected, _) = both(
        img, threshold, cluster_threshold, two_sided=two_sided, mask_img=mask
    )
    assert ours.dtype == expected.dtype
    np.testing.assert_array_equal(ours, expected)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(maps(), st.floats(-9, -0.1), st.integers(0, 8))
def test_a_negative_one_sided_threshold_equals_nilearns(img, threshold, cluster_threshold):
    (ours, n_ours), (expected, n_expected) = both(
        img, threshold, cluster_threshold, two_sided=False
    )
    np.testing.assert_array_equal(ours, expected)
    assert n_ours == n_expected


@settings(deadline=None, derandomize=True, max_examples=20)
@given(maps(), st.integers(0, 2**32), st.booleans())
def test_a_threshold_equal_to_a_value_keeps_what_nilearn_keeps(img, seed, two_sided):
    values = np.abs(np.asanyarray(img.dataobj)).ravel()
    threshold = float(np.random.default_rng(seed).choice(values))
    (ours, n_ours), (expected, n_expected) = both(img, threshold, two_sided=two_sided)
    np.testing.assert_array_equal(ours, expected)
    assert n_ours == n_expected


@pytest.mark.parametrize("threshold", ["97%", 2.3])
@pytest.mark.parametrize("two_sided", [True, False])
def test_real_maps_equal_nilearns(shared_data, threshold, two_sided):
    for name in ("image_10426.nii.gz", "fsl_tstat1_3x3x3p6.nii.gz", "mdtb08_math_int16_scl.nii"):
        path = shared_data / "maps" / name
        (ours, n_ours), (expected, n_expected) = both(path, threshold, 10, two_sided=two_sided)
        np.testing.assert_array_equal(ours, expected)
        assert n_ours == n_expected
