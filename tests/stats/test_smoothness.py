"""Smoothness of maps and residuals, on noise whose smoothness is known."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from skerry.errors import ArgumentError
from skerry.stats.smoothness import (
    gaussianised_t_roughness,
    smoothness_of_map,
    smoothness_of_residuals,
)

EVERYWHERE = np.ones((48, 48, 48), dtype=bool)


def _noise(sigma, seed, shape=(48, 48, 48)):
    field = np.random.default_rng(seed).normal(size=shape)
    field = gaussian_filter(field, sigma, mode="wrap")
    return field / field.std()


@pytest.mark.parametrize("sigma", [1.5, 2.0, 3.0])
def test_noise_of_known_smoothness(sigma):
    found = [smoothness_of_map(_noise(sigma, seed), EVERYWHERE) for seed in range(8)]
    roughness = np.mean([one.roughness for one in found])
    assert roughness == pytest.approx((2 * sigma**2) ** -1.5, rel=0.06)
    fwhm = np.mean([one.fwhm_voxels for one in found], axis=0)
    np.testing.assert_allclose(fwhm, sigma * math.sqrt(8 * math.log(2)), rtol=0.03)
    assert found[0].n_voxels == 48**3


def test_each_axis_has_its_own_width():
    found = smoothness_of_map(_noise((1.5, 2.5, 4.0), 1), EVERYWHERE)
    np.testing.assert_allclose(found.fwhm_voxels, np.array([1.5, 2.5, 4.0]) * 2.3548, rtol=0.06)


def test_the_sums_are_the_definition_s():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(6, 7, 5)) + 1
    mask = rng.random(z.shape) < 0.8
    products, squares = np.zeros(3), np.zeros(3)
    for v in np.argwhere(mask):
        below = [v - step for step in np.eye(3, dtype=int)]
        if min(v) > 0 and all(mask[tuple(b)] for b in below):
            for axis, b in enumerate(below):
                products[axis] += z[tuple(v)] * z[tuple(b)]
                squares[axis] += (z[tuple(v)] ** 2 + z[tuple(b)] ** 2) / 2
    variance = -1 / (4 * np.log(products / squares))
    found = smoothness_of_map(z, mask)
    np.testing.assert_allclose(found.fwhm_voxels, np.sqrt(8 * np.log(2) * variance))
    assert found.roughness == pytest.approx(1 / math.sqrt(8) / np.sqrt(variance).prod())
    assert found.voxels_per_resel == pytest.approx(np.prod(found.fwhm_voxels))


def test_infinite_values_are_left_out():
    z = _noise(2.0, 0)
    broken = z.copy()
    broken[10, 10, 10] = np.inf
    whole, without = smoothness_of_map(z, EVERYWHERE), smoothness_of_map(broken, EVERYWHERE)
    assert without.roughness == pytest.approx(whole.roughness, rel=1e-3)
    assert without.n_voxels == whole.n_voxels


def test_one_slice_has_two_dimensions():
    found = smoothness_of_map(_noise((2, 2), 0, (90, 90))[..., None], np.ones((90, 90, 1), bool))
    assert found.n_dimensions == 2
    assert len(found.fwhm_voxels) == 2
    assert found.roughness == pytest.approx(1 / 8, rel=0.15)


def test_a_map_with_hardly_any_noise_has_finite_smoothness():
    z = np.ones((4, 4, 4))
    z[0, 0, 0] += 1e-9
    assert np.isfinite(smoothness_of_map(z, np.ones((4, 4, 4), bool)).roughness)


@pytest.mark.parametrize(
    ("df", "factor"), [(5, 1.5423), (10, 1.1607), (20, 1.06329), (500, 1.0020)]
)
def test_the_factor_of_fsl_s_table(df, factor):
    assert gaussianised_t_roughness(df) == pytest.approx(factor, abs=6e-5)


def test_residuals_give_the_smoothness_of_their_noise():
    residuals = np.stack([_noise(2.0, seed, (24, 24, 24)) * 3 + 5 for seed in range(30)], axis=-1)
    inside = np.ones(residuals.shape[:3], dtype=bool)
    residuals[0, 0, 0] = 7.0  # no variance
    found = smoothness_of_residuals(residuals, inside, df=29)
    assert found.n_voxels == inside.size - 1
    # Residuals scaled by their own variance are rougher than the noise by (df - 1)/(df - 2)
    # an axis; with FSL's factor on top that is 2 % more than the z map really has.
    expected = (8 * 27 / 28) ** -1.5 * math.sqrt(gaussianised_t_roughness(29))
    assert found.roughness == pytest.approx(expected, rel=0.03)
    assert found.voxels_per_resel == pytest.approx(np.prod(found.fwhm_voxels))


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (np.eye(4, dtype=bool)[:, :, None] & np.ones(4, bool), "has none"),
        (np.ones((9, 1, 1), bool), "more than a line"),
        (np.zeros((4, 4, 4), bool), "more than a line"),
    ],
)
def test_masks_that_are_too_thin_are_refused(mask, said):
    with pytest.raises(ArgumentError, match=said):
        smoothness_of_map(np.ones(mask.shape), mask)


def test_a_map_that_is_the_same_everywhere_has_no_smoothness():
    mask = EVERYWHERE.copy()
    mask[0, 0, 0] = False
    z = np.where(mask, 2.5, 7.0)
    with pytest.raises(
        ArgumentError, match=r"needs a map that varies; here all of the mask is 2\.5"
    ):
        smoothness_of_map(z, mask)


def test_residuals_that_are_none_are_refused():
    inside = np.ones((4, 4, 4), bool)
    with pytest.raises(ArgumentError, match="4-D"):
        smoothness_of_residuals(np.ones((4, 4, 4)), inside, df=10)
    with pytest.raises(ArgumentError, match="above 1"):
        smoothness_of_residuals(np.ones((4, 4, 4, 3)), inside, df=0)


@pytest.mark.parametrize(("dtype", "absurd"), [(np.float32, 1e35), (np.float64, 1e200)])
def test_absurd_values_are_left_out(dtype, absurd):
    z = _noise(2.0, 0).astype(dtype)
    broken = z.copy()
    broken[20, 20, 20] = absurd
    whole, without = smoothness_of_map(z, EVERYWHERE), smoothness_of_map(broken, EVERYWHERE)
    assert without.roughness == pytest.approx(whole.roughness, rel=1e-3)


def test_the_estimate_has_the_same_bits_on_any_number_of_threads():
    """Libraries of linear algebra split sums among their threads."""
    code = (
        "import numpy as np; from skerry.stats.smoothness import smoothness_of_map as s;"
        "z = np.random.default_rng(0).normal(size=(40, 41, 42));"
        "print(repr(s(z, np.ones(z.shape, bool))))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "3")
    }
    assert len(said) == 1
