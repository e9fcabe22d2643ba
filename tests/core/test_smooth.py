"""Smoothing in millimetres."""

from __future__ import annotations

import numpy as np
import pytest
from nilearn.image.image import smooth_array
from scipy.ndimage import gaussian_filter

from skerry.core.smooth import reach_voxels, smooth
from skerry.space.grid import Grid

OBLIQUE = np.array([[0, 2.0, 0, 1], [-3.0, 0, 0, 5], [0, 0, 1.5, 9], [0, 0, 0, 1]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.int64])
@pytest.mark.parametrize("fwhm_mm", [None, 4.0, 6])
def test_same_numbers_as_nilearn(dtype, fwhm_mm):
    values = np.random.default_rng(0).normal(scale=9, size=(14, 11, 9)).astype(dtype)
    expected = smooth_array(values, OBLIQUE, fwhm=fwhm_mm)
    result = smooth(values, Grid(values.shape, OBLIQUE), fwhm_mm)
    assert result.dtype == expected.dtype
    np.testing.assert_array_equal(result, expected)


def test_input_is_left_as_it_was():
    values = np.random.default_rng(0).normal(size=(5, 5, 5))
    before = values.copy()
    smooth(values, Grid(values.shape, np.eye(4)), 3.0)
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize("fwhm_mm", [3.0, 5.0, 8.0])
def test_zero_edge_equals_a_larger_field_of_view(fwhm_mm):
    values = np.zeros((12, 12, 12))
    values[:3, 4:6, 10:] = 5.0
    grid = Grid(values.shape, np.eye(4))
    padded = smooth(np.pad(values, 30), Grid((72, 72, 72), np.eye(4)), fwhm_mm)
    result = smooth(values, grid, fwhm_mm, edge="zero")
    np.testing.assert_allclose(result, padded[30:-30, 30:-30, 30:-30], atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(14, 11, 9), (2, 40, 1), (1, 1, 30)])
@pytest.mark.parametrize("fwhm_mm", [1.0, 5.0, 20.0])
def test_zero_edge_is_a_gaussian_with_zeros_beyond(dtype, shape, fwhm_mm):
    values = np.random.default_rng(0).normal(scale=9, size=shape).astype(dtype)
    grid = Grid(shape, np.diag([2.0, 1.0, 3.0, 1.0]))
    sigma = np.array(fwhm_mm) / np.sqrt(8 * np.log(2)) / grid.voxel_sizes_mm
    expected = gaussian_filter(values.astype(float), sigma, mode="constant", truncate=4.0)
    result = smooth(values, grid, fwhm_mm, edge="zero")
    assert result.dtype == dtype
    np.testing.assert_allclose(result, expected, atol=1e-5 if dtype == np.float32 else 1e-13)


def test_nothing_spreads_beyond_the_reach():
    values = np.zeros((41, 41, 41))
    values[20, 20, 20] = 1.0
    grid = Grid(values.shape, np.diag([1.0, 2.0, 4.0, 1.0]))
    spread = np.argwhere(smooth(values, grid, 6.0)) - 20
    assert tuple(spread.max(axis=0)) == tuple(-spread.min(axis=0)) == reach_voxels(grid, 6.0)


def test_values_that_are_not_finite_count_as_zero():
    values = np.ones((9, 9, 9))
    values[4, 4, 4] = np.nan
    without = np.where(np.isnan(values), 0, values)
    grid = Grid(values.shape, np.eye(4))
    np.testing.assert_array_equal(smooth(values, grid, 2.0), smooth(without, grid, 2.0))
