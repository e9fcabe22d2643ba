"""smooth_img equals nilearn's, by width in millimetres."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest

from skerry.errors import ArgumentError
from skerry.image import smooth_img


def image(seed, shape=(9, 10, 11), dtype=np.float32):
    values = np.random.default_rng(seed).normal(size=shape) * 9
    return nib.Nifti1Image(values.astype(dtype), np.diag([2.0, 3.0, 4.0, 1.0]))


@pytest.mark.parametrize("fwhm", [None, 5, (4.0, None, 8.0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16])
@pytest.mark.parametrize("shape", [(9, 10, 11), (5, 6, 7, 2)])
def test_values_equal_nilearns(fwhm, dtype, shape):
    theirs = pytest.importorskip("nilearn.image").smooth_img
    img = image(0, shape, dtype)
    expected = np.asanyarray(theirs(img, fwhm).dataobj)
    found = np.asanyarray(smooth_img(img, fwhm).dataobj)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_several_images_give_several_and_nan_counts_as_zero():
    img = image(1)
    img.dataobj[0, 0, 0] = np.nan
    first, second = smooth_img([img, image(2)], 4)
    assert np.isfinite(first.get_fdata()).all()
    assert second.shape == (9, 10, 11)


@pytest.mark.parametrize("fwhm", [-1, np.nan, (1, 2), "fast"])
def test_a_width_without_a_meaning_is_refused(fwhm):
    with pytest.raises(ArgumentError, match="fwhm"):
        smooth_img(image(0), fwhm)
