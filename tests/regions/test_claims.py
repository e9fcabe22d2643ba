"""Thresholds that claim something: what they keep, what they say, what they refuse."""

from __future__ import annotations

import math

import nibabel
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.stats import f as f_distribution
from scipy.stats import norm
from scipy.stats import t as t_distribution

import skerry
from skerry.errors import SkerryError, SkerryWarning

AFFINE = np.diag([-2.0, 2.0, 2.0, 1.0])


def noise(seed=0, shape=(24, 24, 24), sigma=1.5):
    field = gaussian_filter(np.random.default_rng(seed).normal(size=shape), sigma, mode="wrap")
    return field / field.std()


@pytest.fixture(scope="module")
def z_map():
    """Noise with a positive and a negative blob."""
    values = noise()
    values[4:9, 4:9, 4:9] += 5
    values[14:18, 14:18, 14:18] -= 6
    return nibabel.Nifti1Image(values, AFFINE)


def load(values, **options):
    return skerry.load_map(nibabel.Nifti1Image(np.asarray(values, float), AFFINE), **options)


# heights


@pytest.mark.parametrize(("sign", "tail"), [("both", 0.0005), ("positive", 0.001)])
def test_p_is_two_sided_for_both_signs_and_one_sided_for_one(z_map, sign, tail):
    regions = skerry.find_regions(z_map, "p<0.001", sign=sign, kind="z")
    assert regions.threshold == pytest.approx(norm.isf(tail), rel=1e-12)
    assert f"{'two' if sign == 'both' else 'one'}-sided p of z" in regions.notes[0]


def test_a_t_map_is_never_read_as_z(z_map):
    regions = skerry.find_regions(z_map, "p<0.001", kind="t", df=10)
    assert regions.threshold == pytest.approx(t_distribution.isf(0.0005, 10), rel=1e-10)
    assert "t with 10 df" in regions.notes[0]


def test_an_F_map_has_one_side(z_map):
    values = np.abs(z_map.get_fdata()) ** 2
    regions = skerry.find_regions(load(values, kind="F", df=(2, 30)), "p<0.001")
    assert regions.threshold == pytest.approx(f_distribution.isf(0.001, 2, 30), rel=1e-9)
    assert "one-sided p of F with 2 and 30 df" in regions.notes[0]


def test_a_p_map_is_cut_at_its_own_p(z_map):
    p = norm.sf(z_map.get_fdata())
    with pytest.warns(SkerryWarning, match="-log10 p"):
        of_p = load(p, kind="p")
    regions = skerry.find_regions(of_p, "p<0.001")
    assert regions.threshold == pytest.approx(3)
    np.testing.assert_array_equal(regions.labels > 0, p <= 0.001)
    assert "-log10 p >= 3" in regions.notes[0]


def test_bonferroni_counts_the_mask(z_map):
    mask = np.zeros(z_map.shape, np.uint8)
    mask[:12] = 1
    regions = skerry.find_regions(
        z_map, "bonferroni<0.05", kind="z", mask=nibabel.Nifti1Image(mask, AFFINE)
    )
    assert regions.threshold == pytest.approx(norm.isf(0.025 / mask.sum()), rel=1e-12)
    assert f"over {mask.sum()} voxels" in regions.notes[0]


@pytest.mark.parametrize("sign", ["both", "positive", "negative"])
def test_fdr_runs_over_the_whole_mask_and_keeps_the_voxel_that_sets_it(z_map, sign):
    values = z_map.get_fdata()
    regions = skerry.find_regions(z_map, "fdr<0.05", sign=sign, kind="z")
    p = {
        "both": 2 * norm.sf(np.abs(values)),
        "positive": norm.sf(values),
        "negative": norm.sf(-values),
    }[sign]
    ranked = np.sort(p.ravel())
    cut = ranked[ranked <= 0.05 * np.arange(1, p.size + 1) / p.size][-1]
    np.testing.assert_array_equal(regions.labels != 0, p <= cut * (1 + 1e-9))
    assert regions.threshold in np.abs(values)


def test_fdr_with_nothing_significant_is_empty_and_says_so():
    found = skerry.find_regions(load(noise(1), kind="z"), "fdr<0.0001")
    assert len(found) == 0
    assert found.threshold == math.inf
    assert found.notes == (found.notes[0],)
    assert "no voxel is significant" in found.notes[0]
    assert list(skerry.region_table(found))[-4:] == "p_peak_fwe p_cluster_fwe q_fdr tdp".split()
    assert list(skerry.peak_table(found))[-2:] == ["p", "q"]


def test_fwe_gives_its_height_the_p_asked_for(z_map):
    statmap = skerry.load_map(z_map, kind="z")
    for sign in ("both", "positive"):
        regions = skerry.find_regions(statmap, "fwe<0.05", sign=sign)
        assert "resels of the map's own smoothness" in regions.notes[0]
        table = skerry.region_table(regions)
        assert (table["p_peak_fwe"] <= 0.05).all()
        values = statmap.values.copy()
        values[12, 2, 20] = regions.threshold  # a lone voxel, exactly at the height
        again = skerry.find_regions(load(values, kind="z"), regions.threshold, sign=sign)
        lone = skerry.region_table(again).query("n_voxels == 1")
        assert lone["p_peak_fwe"].max() == pytest.approx(0.05, rel=0.05)


def test_fwe_of_a_t_map_goes_through_z(z_map):
    of_z = skerry.find_regions(z_map, "fwe<0.05", kind="z").threshold
    of_t = skerry.find_regions(z_map, "fwe<0.05", kind="t", df=12).threshold
    assert of_t > of_z + 1


def test_a_rough_map_is_told_of_bonferroni():
    rough = load(np.random.default_rng(0).normal(size=(20, 20, 20)), kind="z")
    notes = skerry.find_regions(rough, "fwe<0.05").notes
    assert any(
        '"bonferroni<0.05" holds the same rate at the lower height' in note for note in notes
    )


def test_a_map_that_was_cut_before_is_told_of(z_map):
    values = z_map.get_fdata()
    cut = load(np.where(np.abs(values) >= 2.5, values, 0), kind="z")
    for threshold in ("fdr<0.05", "bonferroni<0.05"):
        assert "looks thresholded already" in skerry.find_regions(cut, threshold).notes[1]
    assert len(skerry.find_regions(z_map, "fdr<0.05", kind="z").notes) < 3


# tables


def test_columns_come_when_the_kind_is_known(z_map):
    known = skerry.find_regions(z_map, 3.5, kind="z")
    unknown = skerry.find_regions(z_map, 3.5)
    names = list(skerry.region_table(known))
    first_known = names.index("n_peaks") + 1
    assert names[first_known:][:3] == ["p_peak_fwe", "p_cluster_fwe", "q_fdr"]
    assert names[:first_known] == list(skerry.region_table(unknown))
    assert list(skerry.peak_table(known))[-2:] == ["p", "q"]
    assert unknown.notes == ()


def test_p_and_q_of_peaks_are_those_of_their_voxels(z_map):
    peaks = skerry.peak_table(skerry.find_regions(z_map, 3.5, kind="z"))
    np.testing.assert_allclose(peaks["p"], 2 * norm.sf(np.abs(peaks["value"])), rtol=1e-10)
    p = np.sort(2 * norm.sf(np.abs(z_map.get_fdata().ravel())))
    for own, q in zip(peaks["p"], peaks["q"], strict=True):
        at = np.arange(1, p.size + 1)[p >= own * (1 - 1e-9)]
        assert q == pytest.approx(min(1, (p[at - 1] * p.size / at).min()), rel=1e-8)


def test_larger_clusters_and_higher_peaks_have_smaller_p(z_map):
    table = skerry.region_table(skerry.find_regions(z_map, 3.1, kind="z"))
    by_size = table.sort_values("n_voxels")
    assert (np.diff(by_size["p_cluster_fwe"]) <= 0).all()
    by_height = table.sort_values("peak_value", key=np.abs)
    assert (np.diff(by_height["p_peak_fwe"]) <= 0).all()


def test_both_signs_pay_for_both(z_map):
    both = skerry.region_table(skerry.find_regions(z_map, 3.1, kind="z"))
    one = skerry.region_table(skerry.find_regions(z_map, 3.1, kind="z", sign="positive"))
    small = both.query("sign == 'positive' and 1e-12 < p_cluster_fwe < 0.01")
    assert len(small)
    for _, row in small.iterrows():
        same = one[one["n_voxels"] == row["n_voxels"]].iloc[0]
        assert row["p_cluster_fwe"] == pytest.approx(2 * same["p_cluster_fwe"], rel=0.01)


def test_p_too_small_for_a_double_is_not_0():
    values = noise(2)
    values[10, 10, 10] = 60.0
    table = skerry.region_table(skerry.find_regions(load(values, kind="z"), 20.0))
    assert table["p_peak_fwe"].tolist() == [np.finfo(float).tiny]


def test_parts_of_regions_have_no_cluster_p(z_map):
    parts = skerry.regions.split_regions(skerry.find_regions(z_map, 3.1, kind="z"))
    table = skerry.region_table(parts)
    assert table["p_cluster_fwe"].isna().all()
    assert table["p_peak_fwe"].notna().all()


@pytest.mark.parametrize(("height", "warned"), [(2.3, True), (3.1, False), (3.0902, False)])
def test_a_low_forming_threshold_carries_a_note(z_map, height, warned):
    notes = skerry.find_regions(z_map, height, kind="z").notes
    assert any("10.1073/pnas.1602413113" in note for note in notes) == warned


def test_below_what_the_theory_covers_there_is_no_cluster_p(z_map):
    table = skerry.region_table(skerry.find_regions(z_map, 1.5, kind="z"))
    assert table["p_cluster_fwe"].isna().all()


def test_a_mask_too_thin_for_smoothness_has_q_but_no_random_field_p():
    values = np.zeros((9, 9, 9))
    values[:, 4, 4] = np.arange(1, 10) / 2
    found = skerry.find_regions(load(values, kind="z"), 3.1)
    table = skerry.region_table(found)
    assert table["p_peak_fwe"].isna().all()
    assert table["q_fdr"].notna().all()
    with pytest.raises(SkerryError, match="its mask is too thin"):
        skerry.find_regions(found.statmap, "fwe<0.05")


# refusals


@pytest.mark.parametrize("threshold", ["p<0.001", "fdr=0.05", "bonferroni<0.05", "fwe<0.05"])
def test_an_unknown_kind_is_asked_for(z_map, threshold):
    with pytest.raises(SkerryError, match=r'give kind="z" \(--kind z\)') as caught:
        skerry.find_regions(z_map, threshold)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "t"}, r"give df=20 \(--df 20\)"),
        ({"kind": "F"}, r"give df=\(3, 60\)"),
        ({"kind": "other"}, "needs a map of z, t, F or p"),
        ({"kind": "F", "df": (3, 60)}, "holds negative values"),
    ],
)
def test_what_a_claim_lacks_is_one_clear_line(z_map, options, says):
    with pytest.raises(SkerryError, match=says) as caught:
        skerry.find_regions(z_map, "p<0.001", **options)
    assert "\n" not in str(caught.value)


def test_an_F_map_has_no_negative_side(z_map):
    of_f = load(np.abs(z_map.get_fdata()), kind="F", df=(3, 60))
    with pytest.raises(SkerryError, match="one side, the positive"):
        skerry.find_regions(of_f, "p<0.05", sign="negative")


def test_a_table_of_a_map_without_df_has_no_p_columns(z_map):
    assert "q_fdr" not in skerry.region_table(skerry.find_regions(z_map, 3.0, kind="t"))


def test_an_empty_mask_is_an_empty_result():
    found = skerry.find_regions(load(np.zeros((4, 4, 4)), kind="z"), "fdr<0.05")
    assert len(found) == 0
    assert len(skerry.region_table(found)) == 0


@pytest.mark.filterwarnings("ignore:.*infinite:skerry.errors.SkerryWarning")
@pytest.mark.parametrize(("kind", "df"), [("z", None), ("t", 10), ("F", (2, 10))])
def test_infinite_and_absurd_values_are_as_significant_as_can_be(kind, df):
    values = np.abs(noise(4)) if kind == "F" else noise(4)
    values[5, 5, 5], values[12, 12, 12], values[1, 1, 1] = np.inf, 1e200, np.nan
    for threshold in ("p<0.001", "fdr<0.05", "fwe<0.05", "bonferroni<0.05"):
        regions = skerry.find_regions(load(values, kind=kind, df=df), threshold)
        table = skerry.region_table(regions)
        assert table["q_fdr"].tolist()[:2] == [np.finfo(float).tiny] * 2
        assert table["p_peak_fwe"].notna().all()
        assert skerry.peak_table(regions)["p"].notna().all()
