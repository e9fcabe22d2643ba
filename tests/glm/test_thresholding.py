"""threshold_stats_img and kin: like nilearn on z maps, right on t and F maps too."""

from __future__ import annotations

import math
import warnings

import nibabel
import numpy as np
import pytest
from nilearn import glm as oracle
from scipy.stats import f as f_distribution
from scipy.stats import norm
from scipy.stats import t as t_distribution

from skerry.datasets import load_sample_motor_activation_image
from skerry.errors import ArgumentError, ArgumentTypeError, DimensionError, SkerryWarning
from skerry.glm import cluster_level_inference, fdr_threshold, threshold_stats_img


def image(values, intent=None, parameters=()):
    img = nibabel.Nifti1Image(np.asarray(values, dtype=float), np.eye(4))
    if intent:
        img.header.set_intent(intent, parameters)
    return img


@pytest.fixture(scope="module")
def t_map():
    """Noise of t with 12 df, a blob in it, and a background of 0."""
    rng = np.random.default_rng(0)
    values = rng.standard_t(12, (20, 20, 20))
    values[8:12, 8:12, 8:12] += 12
    values[[0, 1, -2, -1]] = 0
    values[:, [0, 1, -2, -1]] = 0
    values[:, :, [0, 1, -2, -1]] = 0
    return image(values)


# as nilearn


@pytest.mark.parametrize("two_sided", [True, False])
@pytest.mark.parametrize("control", ["fpr", "fdr", "bonferroni"])
def test_real_z_maps_are_cut_where_nilearn_cuts_them(control, two_sided):
    path = load_sample_motor_activation_image()
    options = {"alpha": 0.01, "height_control": control, "two_sided": two_sided}
    ours, height = threshold_stats_img(path, cluster_threshold=5, **options)
    theirs, their_height = oracle.threshold_stats_img(path, cluster_threshold=5, **options)
    assert height == pytest.approx(their_height, rel=1e-12)
    np.testing.assert_array_equal(np.asarray(ours.dataobj), np.asarray(theirs.dataobj))


def test_bounds_of_clusters_are_nilearn_s():
    path = load_sample_motor_activation_image()
    ours = cluster_level_inference(path, threshold=[2.5, 3.5])
    theirs = oracle.cluster_level_inference(path, threshold=[2.5, 3.5])
    np.testing.assert_allclose(np.asarray(ours.dataobj), np.asarray(theirs.dataobj), atol=1e-6)
    assert ours.get_data_dtype() == np.float64


@pytest.mark.parametrize("alpha", [0, 1e-9, 0.05, 0.5, 1])
def test_fdr_threshold_is_nilearn_s(alpha):
    z = np.random.default_rng(1).normal(0.5, 1.5, 500)
    assert fdr_threshold(z, alpha) == oracle.fdr_threshold(z, alpha)


# t and F maps, which nilearn takes for z


@pytest.mark.parametrize("two_sided", [True, False])
def test_a_t_map_is_cut_at_its_own_p(t_map, two_sided):
    tail = 0.001 / (2 if two_sided else 1)
    options = {"kind": "t", "df": 12, "two_sided": two_sided}
    assert threshold_stats_img(t_map, **options)[1] == pytest.approx(t_distribution.isf(tail, 12))
    n_voxels = int((t_map.get_fdata() != 0).sum())
    height = threshold_stats_img(t_map, height_control="bonferroni", **options)[1]
    assert height == pytest.approx(t_distribution.isf(tail / n_voxels, 12))


def test_false_discoveries_of_a_t_map_go_through_its_p(t_map):
    values = np.abs(t_map.get_fdata())
    inside = values != 0
    p = np.sort(2 * t_distribution.sf(values[inside], 12))
    cut = p[p < 0.05 * np.arange(1, p.size + 1) / p.size][-1]
    kept, height = threshold_stats_img(t_map, alpha=0.05, height_control="fdr", kind="t", df=12)
    expected = inside & (2 * t_distribution.sf(values, 12) <= cut * (1 + 1e-9))
    np.testing.assert_array_equal(kept.get_fdata() != 0, expected)
    as_z = threshold_stats_img(t_map, alpha=0.05, height_control="fdr")[1]
    assert height > as_z + 0.3  # what the confusion would have let in


def test_the_header_s_kind_is_used(t_map):
    told = image(t_map.get_fdata(), "t test", (12,))
    assert threshold_stats_img(told)[1] == threshold_stats_img(t_map, kind="t", df=12)[1]
    assert threshold_stats_img(t_map)[1] == pytest.approx(norm.isf(0.0005))


def test_an_F_map_has_one_side(t_map):
    squared = image(t_map.get_fdata() ** 2)
    for two_sided in (True, False):
        height = threshold_stats_img(squared, kind="F", df=(1, 12), two_sided=two_sided)[1]
        assert height == pytest.approx(f_distribution.isf(0.001, 1, 12))
    fdr = threshold_stats_img(squared, alpha=0.05, height_control="fdr", kind="F", df=(1, 12))[1]
    t = threshold_stats_img(t_map, alpha=0.05, height_control="fdr", kind="t", df=12)[1]
    assert fdr == pytest.approx(t**2)


def test_bounds_of_a_t_map_are_lower_than_those_of_the_same_numbers_as_z(t_map):
    as_t = cluster_level_inference(t_map, threshold=3.5, kind="t", df=12).get_fdata()
    as_z = cluster_level_inference(t_map, threshold=3.5).get_fdata()
    assert as_t.max() > 0
    assert (as_t <= as_z + 1e-12).all()
    assert as_t.sum() < as_z.sum()


def test_no_map_is_needed_for_p():
    assert threshold_stats_img(kind="t", df=20) == (
        None,
        pytest.approx(t_distribution.isf(0.0005, 20)),
    )
    assert threshold_stats_img(height_control=None, threshold=2.5) == (None, 2.5)


# mask and background


def test_voxels_of_nan_are_no_tests(t_map):
    values = t_map.get_fdata().copy()
    values[values == 0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # threshold_img's, on NaN
        holes = threshold_stats_img(image(values), height_control="bonferroni")[1]
    assert holes == threshold_stats_img(t_map, height_control="bonferroni")[1]


def test_the_mask_says_how_many_tests_there_are(t_map):
    mask = np.zeros(t_map.shape, np.uint8)
    mask[5:15, 5:15, 5:15] = 1
    _, height = threshold_stats_img(
        t_map, nibabel.Nifti1Image(mask, np.eye(4)), alpha=0.05, height_control="bonferroni"
    )
    assert height == pytest.approx(norm.isf(0.025 / 1000))


def test_a_map_that_was_cut_before_is_told_of(t_map):
    cut, _ = threshold_stats_img(t_map, height_control=None, threshold=2.5)
    with pytest.warns(SkerryWarning, match="thresholded already"):
        threshold_stats_img(cut, height_control="fdr")


# warnings and refusals


@pytest.mark.parametrize("threshold", [3, 3.0, None])
def test_a_threshold_of_3_is_going_to_change(t_map, threshold):
    with pytest.warns(FutureWarning, match="the default 'threshold' will be set to"):
        threshold_stats_img(t_map, height_control=None, threshold=threshold)
    with pytest.warns(FutureWarning, match="the default 'threshold' will be set to"):
        cluster_level_inference(t_map)


def test_other_thresholds_do_not_warn(t_map):
    threshold_stats_img(t_map, height_control=None, threshold=2.9)
    cluster_level_inference(t_map, threshold=[2.9, 3.0])


def test_a_header_of_t_without_df_is_told_of(t_map):
    with pytest.warns(SkerryWarning, match="says t without degrees of freedom"):
        assert threshold_stats_img(image(t_map.get_fdata(), "t test", (0,)))[1] == pytest.approx(
            norm.isf(0.0005)
        )


@pytest.mark.parametrize(
    ("intent", "parameters", "said"),
    [("log10 p value", (), "says p"), ("chi2", (3,), "neither z, t nor F")],
)
def test_a_header_of_another_statistic_is_told_of(t_map, intent, parameters, said):
    other = image(t_map.get_fdata(), intent, parameters)
    with pytest.warns(SkerryWarning, match=f"{said}: its values are taken as z"):
        threshold_stats_img(other)
    with pytest.warns(SkerryWarning, match=f"{said}: its values are taken as z"):
        cluster_level_inference(other, threshold=2.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        threshold_stats_img(image(t_map.get_fdata(), "z score"))


def test_an_argument_that_the_header_contradicts_wins_and_both_are_said(t_map):
    with pytest.warns(SkerryWarning, match="kind='z' was given, but its header says 't'"):
        threshold_stats_img(image(t_map.get_fdata(), "t test", (12,)), kind="z")


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"kind": "t"}, ArgumentError, "needs df="),
        ({"kind": "p"}, ArgumentError, "one of z, t, F"),
        ({"kind": "t", "df": -1}, ArgumentError, "one positive number"),
        ({"kind": "t", "df": 10**400}, ArgumentError, "one positive number"),
        ({"df": 5}, ArgumentError, "give kind= too"),
        ({"alpha": 2}, ArgumentError, "between 0 and 1"),
        ({"alpha": "0.05"}, ArgumentTypeError, "alpha"),
        ({"two_sided": 1}, ArgumentTypeError, "two_sided"),
        ({"cluster_threshold": 2.5}, ArgumentTypeError, "cluster_threshold"),
        ({"height_control": None, "threshold": "3"}, ArgumentTypeError, "must be a number"),
        ({"height_control": None, "threshold": np.ones(2)}, ArgumentTypeError, "must be a number"),
        ({"height_control": "fwe"}, ArgumentError, "must be one of"),
    ],
)
def test_what_makes_no_sense_is_one_clear_line(t_map, options, error, says):
    with pytest.raises(error, match=says) as caught:
        threshold_stats_img(t_map, **options)
    assert "\n" not in str(caught.value)


def test_bad_input_of_cluster_inference(t_map):
    with pytest.raises(ArgumentError, match="cannot be negative"):
        cluster_level_inference(t_map, threshold=[2.0, math.nan])
    for heights in ("2", np.array([2.0, 3.0])):
        with pytest.raises(ArgumentTypeError, match="a number or a list"):
            cluster_level_inference(t_map, threshold=heights)
    with pytest.raises(DimensionError):
        cluster_level_inference(image(np.ones((3, 3, 3, 2))), threshold=2.0)
    with pytest.raises(ArgumentError, match="no voxel to test"):
        cluster_level_inference(image(np.zeros((5, 5, 5))), threshold=2.0)
