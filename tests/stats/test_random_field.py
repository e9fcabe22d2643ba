"""Random field theory against worked values, and in its own terms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, label
from scipy.stats import norm

from skerry.errors import ArgumentError
from skerry.stats.random_field import (
    cluster_log_p,
    expected_clusters,
    smallest_cluster,
    voxel_height,
    voxel_log_p,
)
from skerry.stats.random_field_spm import (
    spm_cluster_p,
    spm_resels,
    spm_voxel_height,
    spm_voxel_p,
)
from skerry.stats.smoothness import Smoothness, smoothness_of_map

FIELD = Smoothness(225000, 0.0442)


@pytest.mark.parametrize(
    ("z", "clusters", "smallest", "p"),
    [
        (2.3, 76.735, 468, {400: 0.100244}),
        (3.1, 17.7608, 131, {100: 0.12395, 200: 0.00741612, 400: 7.72196e-05}),
    ],
)
def test_worked_values_of_clusters(z, clusters, smallest, p):
    assert expected_clusters(z, FIELD) == pytest.approx(clusters, rel=1e-5)
    assert smallest_cluster(0.05, z, FIELD) == smallest
    np.testing.assert_allclose(
        np.exp(cluster_log_p(list(p), z, FIELD)), list(p.values()), rtol=1e-5
    )


def test_worked_values_of_voxels():
    np.testing.assert_allclose(np.exp(voxel_log_p([5, 4.5, 1.9], FIELD)), [0.0225307, 0.194287, 1],
                               rtol=1e-5)  # fmt: skip


def test_the_height_has_the_p_asked_for():
    for sides in (1, 2):
        height = voxel_height(0.05, FIELD, sides=sides)
        assert math.exp(voxel_log_p(height, FIELD, sides=sides)) == pytest.approx(0.05, rel=1e-9)
    assert voxel_height(1e-30, FIELD) > 11


def test_two_sides_expect_twice_the_clusters():
    # P = 1 - exp(-E); two sides double E.
    one = -np.log1p(-np.exp(cluster_log_p(150, 3.1, FIELD)))
    two = -np.log1p(-np.exp(cluster_log_p(150, 3.1, FIELD, sides=2)))
    assert two == pytest.approx(2 * one)


def test_p_of_huge_clusters_keeps_its_logarithm_and_order():
    log_p = cluster_log_p([10_000, 50_000, 200_000], 3.1, FIELD)
    assert (np.diff(log_p) < 0).all()
    assert np.isfinite(log_p).all()
    assert log_p[-1] < -700


def test_p_of_clusters_goes_on_smoothly_where_fsl_changes_formula():
    # FSL's constant for z of 8 and more makes beta fall 3.4 times there.
    below, above = (float(cluster_log_p(5, z, FIELD)) for z in (7.9999, 8.0001))
    assert below == pytest.approx(above, rel=1e-3)
    assert np.isfinite(cluster_log_p(5, 20.0, FIELD))


def test_a_low_forming_threshold_has_no_cluster_p():
    assert np.isnan(cluster_log_p([10, 20], 1.5, FIELD)).all()
    with pytest.raises(ArgumentError, match=r"above z = 1\.73"):
        smallest_cluster(0.05, 1.5, FIELD)


def test_a_map_rougher_than_its_voxels_has_no_cluster_p():
    """By the formula one voxel at z = 3.1 of white noise would have a p of 1e-5."""
    noise = np.random.default_rng(0).standard_normal((24, 24, 24))
    rough = smoothness_of_map(noise, np.ones(noise.shape, dtype=bool))
    assert rough.voxels_per_resel < 1
    assert np.isnan(cluster_log_p([1, 2, 50], 3.1, rough)).all()
    with pytest.raises(ArgumentError, match="a voxel or more per resel"):
        smallest_cluster(0.05, 3.1, rough)
    assert not np.isnan(voxel_log_p([4.0], rough)).any()


def test_the_largest_cluster_of_barely_smooth_noise_is_significant_as_often_as_said():
    generator = np.random.default_rng(1)
    n_significant, n_maps = 0, 40
    for _ in range(n_maps):
        noise = gaussian_filter(generator.standard_normal((24, 24, 24)), 1.25 / 2.3548, mode="wrap")
        noise /= noise.std()
        smoothness = smoothness_of_map(noise, np.ones(noise.shape, dtype=bool))
        labels, _ = label(noise >= 3.1, np.ones((3, 3, 3)))
        largest = np.bincount(labels.ravel())[1:].max(initial=1)
        n_significant += cluster_log_p([largest], 3.1, smoothness)[0] < np.log(0.05)
    assert n_significant <= 6  # 7 or more have a chance of 0.3 % at a level of 5 %


def test_in_a_mask_of_few_voxels_no_family_wise_p_is_below_that_of_one_voxel():
    """A hundred-thousandth of a resel: FSL's count of clusters is 1e-6 at z = 2."""
    tiny = Smoothness(8, 1e-5)
    one_voxel = 2 * norm.sf([2.5, 4.0, 40.0])
    np.testing.assert_allclose(np.exp(voxel_log_p([2.5, 4.0, 40.0], tiny, sides=2)), one_voxel)
    for alpha in (0.001, 1e-6):
        assert voxel_height(alpha, tiny, sides=2) == pytest.approx(norm.isf(alpha / 2))
    assert voxel_height(0.05, tiny, sides=2) == 2.0
    # All voxels pass together or none does: so the theory's chance is near one voxel's.
    assert 0.2 < np.exp(cluster_log_p(8, 3.1, tiny)) / norm.sf(3.1) < 1


def test_flat_fields_use_two_dimensions():
    flat = Smoothness(10000, 0.05, n_dimensions=2)
    expected = 10000 * 0.05 * (2 * math.pi) ** -1.5 * 3 * math.exp(-4.5)
    assert expected_clusters(3.0, flat) == pytest.approx(expected)
    assert 0 < math.exp(cluster_log_p(40, 3.0, flat)) < 1


def test_resels_of_a_box():
    # A box of a x b x c voxels spans a-1, b-1, c-1 voxel steps.
    resels = spm_resels(np.ones((5, 7, 9), dtype=bool), (2.0, 2.0, 4.0))
    x, y, z = 4 / 2, 6 / 2, 8 / 4
    np.testing.assert_allclose(resels, (1, x + y + z, x * y + x * z + y * z, x * y * z))


def test_spms_clusters_of_one_slice_have_two_dimensions():
    resels = spm_resels(np.ones((41, 61, 1), dtype=bool), (4.0, 5.0, 6.0))
    np.testing.assert_allclose(resels, (1, 10 + 12, 10 * 12, 0))
    corrected, uncorrected = spm_cluster_p([20, 60], 3.0, resels, voxels_per_resel=20)
    # exp(-k / E[size]) in two dimensions, and E[size] is tail area over clusters, per resel.
    per_resel = 4 * math.log(2) * (2 * math.pi) ** -1.5 * 3 * math.exp(-4.5)
    expected = np.exp(-np.array([1, 3]) * per_resel / norm.sf(3))
    np.testing.assert_allclose(uncorrected, expected)
    n_expected = norm.sf(3) + math.exp(-4.5) * 22 * math.sqrt(4 * math.log(2)) / (2 * math.pi)
    n_expected += 120 * per_resel
    np.testing.assert_allclose(corrected, -np.expm1(-n_expected * uncorrected), rtol=1e-9)


def test_t_fields_become_z_fields_with_many_df():
    resels = (1.0, 30.0, 300.0, 1000.0)
    assert spm_voxel_p(5.0, resels, df=1e7) == pytest.approx(spm_voxel_p(5.0, resels), rel=1e-4)


def test_spm_takes_bonferroni_where_the_field_is_rough():
    mask = np.ones((20, 20, 20), dtype=bool)
    rough = spm_resels(mask, (0.5, 0.5, 0.5))
    from skerry.stats.convert import p_to_z

    assert spm_voxel_height(0.05, rough, 8000) == pytest.approx(float(p_to_z(0.05 / 8000)))
