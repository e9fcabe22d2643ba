"""RegionExtractor: nilearn's regions and signals, without its side effects."""

from __future__ import annotations

import inspect
import warnings

import nibabel as nib
import numpy as np
import pytest
from scipy import ndimage

from skerry.errors import ArgumentError, DimensionError, GridMismatchError
from skerry.regions import RegionExtractor

AFFINE = np.diag([3.0, 3.0, 3.0, 1.0])
SHAPE = (14, 15, 16)


def image(values, affine=AFFINE):
    return nib.Nifti1Image(np.asarray(values, dtype=np.float32), affine)


def blobs(seed=0, n_maps=3):
    noise = np.random.default_rng(seed).normal(size=(*SHAPE, n_maps))
    return image(np.abs(ndimage.gaussian_filter(noise, (1.5, 1.5, 1.5, 0))) * 30)


def series(seed=1, n_volumes=6):
    return image(np.random.default_rng(seed).normal(10, 2, size=(*SHAPE, n_volumes)))


def extractor(**options):
    defaults = {"maps_img": blobs(), "extractor": "connected_components", "min_region_size": 200}
    return RegionExtractor(**(defaults | options))


def test_parameters_and_defaults_are_nilearns():
    theirs = pytest.importorskip("nilearn.regions").RegionExtractor
    expected = dict(inspect.signature(theirs).parameters)
    ours = dict(inspect.signature(RegionExtractor).parameters)
    assert list(ours) == list(expected)
    for name, parameter in expected.items():
        assert ours[name].default == parameter.default, name


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"threshold": 0.4},
        {"threshold": 80, "thresholding_strategy": "percentile"},
        {"threshold": 4.0, "thresholding_strategy": "img_value", "standardize": "zscore_sample"},
        {"threshold": 0.5, "standardize": "psc", "smoothing_fwhm": None},
        {"threshold": 0.5, "detrend": True},
    ],
)
@pytest.mark.parametrize("masked", [False, True])
def test_regions_and_signals_equal_nilearns(options, masked):
    theirs = pytest.importorskip("nilearn.regions").RegionExtractor
    mask = np.zeros(SHAPE)
    mask[2:-2, 2:-2, 2:-2] = 1
    common = {
        "maps_img": blobs(),
        "mask_img": image(mask) if masked else None,
        "extractor": "connected_components",
        "min_region_size": 200,
    } | options
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = theirs(**common)
        their_signals = expected.fit_transform(series())
    ours = RegionExtractor(**common)
    signals = ours.fit_transform(series())
    assert ours.index_ == expected.index_
    assert ours.n_elements_ == expected.n_elements_
    np.testing.assert_array_equal(ours.regions_img_.get_fdata(), expected.regions_img_.get_fdata())
    np.testing.assert_allclose(signals, their_signals, rtol=1e-3, atol=2e-4)


def test_fitting_twice_gives_the_same_and_changes_no_parameter():
    found = extractor(threshold=90, thresholding_strategy="percentile")
    first = found.fit().regions_img_.get_fdata()
    assert found.threshold == 90
    np.testing.assert_array_equal(found.fit().regions_img_.get_fdata(), first)


@pytest.mark.filterwarnings("ignore:No supra threshold")
def test_no_region_left_is_said_with_the_way_out():
    with pytest.raises(ArgumentError, match="lower threshold or min_region_size"):
        extractor(threshold=1e6, thresholding_strategy="img_value").fit()


def test_a_volume_gives_one_row_and_other_grids_are_resampled():
    found = extractor(threshold=0.5).fit()
    wide = np.diag([3.6, 3.6, 3.6, 1.0])
    volume = image(np.random.default_rng(2).normal(10, 2, size=(10, 10, 11)), wide)
    with pytest.warns(UserWarning, match="Resampling maps"):
        signal = found.transform(volume)
    assert signal.shape == (found.n_elements_,)
    found.resampling_target = None
    with pytest.raises(GridMismatchError):
        found.transform(volume)


def test_a_ratio_keeps_that_many_voxels():
    found = extractor(threshold=0.5, min_region_size=0).fit()
    kept = np.count_nonzero(found.regions_img_.get_fdata())
    assert kept == pytest.approx(0.5 * np.prod(SHAPE), abs=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": 4}, "at most 3"),
        ({"resampling_target": "image"}, "resampling_target"),
        ({"low_pass": 0.1}, "low_pass"),
        ({"threshold": 3.0, "allow_overlap": False}, "allow_overlap"),
    ],
)
def test_a_wrong_value_is_refused_by_name(options, message):
    with pytest.raises(ArgumentError, match=message):
        extractor(**options).fit()


def test_maps_must_have_four_axes_and_fit_comes_before_transform():
    with pytest.raises(DimensionError):
        RegionExtractor(image(np.ones(SHAPE))).fit()
    with pytest.raises(ArgumentError, match="call fit first"):
        extractor().transform(series())
