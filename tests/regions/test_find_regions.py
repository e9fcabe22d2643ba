"""What find_regions promises: rules, what it gives, and clear errors."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skerry
from skerry.datasets import load_sample_motor_activation_image
from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.io.save import save_image

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


def image(values, affine=AFFINE):
    return nibabel.Nifti1Image(values, affine)


@pytest.fixture(scope="module")
def sample():
    return skerry.load_map(load_sample_motor_activation_image(), kind="z")


# rules


def test_every_voxel_above_97_percent_is_in_exactly_one_region(sample):
    regions = skerry.find_regions(sample)
    above = abs(sample.values.astype(np.float64)) >= regions.threshold
    np.testing.assert_array_equal(regions.labels > 0, above & sample.mask)
    assert regions.columns["n_voxels"].sum() == (above & sample.mask).sum()
    np.testing.assert_array_equal(
        np.bincount(regions.labels.ravel())[1:], regions.columns["n_voxels"]
    )


def test_a_percentile_is_over_the_mask_whatever_the_sign(sample):
    inside = abs(sample.values[sample.mask].astype(np.float64))
    for sign in ("both", "positive", "negative"):
        regions = skerry.find_regions(sample, "90%", sign=sign)
        assert regions.threshold == pytest.approx(np.percentile(inside, 90), rel=1e-12)


def test_a_value_equal_to_the_threshold_passes():
    values = np.zeros((4, 4, 4), dtype=np.float32)
    values[0, 0, 0], values[2, 2, 2] = 3.1, np.nextafter(np.float32(3.1), np.float32(4))
    # float32 3.1 is below 3.1 in double precision, the next float32 is above.
    assert len(skerry.find_regions(image(values), 3.1)) == 1
    assert len(skerry.find_regions(image(values.astype(np.float64)), float(np.float32(3.1)))) == 2


def test_opposite_signs_that_touch_are_two_regions():
    values = np.zeros((6, 3, 3))
    values[:3], values[3:] = 5.0, -6.0
    regions = skerry.find_regions(image(values), 3)
    assert regions.columns["sign"].tolist() == [1, -1]
    assert regions.columns["peak_value"].tolist() == [5.0, -6.0]
    assert skerry.region_table(regions)["sign"].tolist() == ["positive", "negative"]


def test_zero_belongs_to_no_sign_also_at_threshold_zero():
    values = np.zeros((3, 3, 3))
    values[0, 0, 0] = 1e-30
    regions = skerry.find_regions(image(values), 0, mask=image(np.ones((3, 3, 3), np.uint8)))
    assert regions.columns["n_voxels"].tolist() == [1]


def test_nan_never_passes_and_infinity_does():
    values = np.zeros((5, 5, 5))
    values[0, 0, 0], values[0, 0, 1], values[4, 4, 4] = np.nan, 4.0, np.inf
    with pytest.warns(UserWarning, match="infinite"):
        regions = skerry.find_regions(image(values), 3)
    assert regions.columns["peak_value"].tolist() == [np.inf, 4.0]
    assert regions.labels[0, 0, 0] == 0
    assert (regions.statmap.n_nan, regions.statmap.n_infinite) == (1, 1)


@pytest.mark.parametrize(("connectivity", "expected"), [(6, 3), (18, 2), (26, 1)])
def test_neighbours_share_a_face_an_edge_or_a_corner(connectivity, expected):
    values = np.zeros((4, 4, 4))
    values[0, 0, 0] = values[1, 1, 0] = values[2, 2, 1] = 5.0
    assert len(skerry.find_regions(image(values), 3, connectivity=connectivity)) == expected


def test_a_region_of_exactly_the_least_volume_stays():
    values = np.zeros((6, 6, 6))
    values[:2, :2, :2] = 5.0  # 8 voxels of 8 mm3
    for options, kept in [
        ({"min_volume_mm3": 64.0}, 1),
        ({"min_volume_mm3": 64.001}, 0),
        ({"min_voxels": 8}, 1),
        ({"min_voxels": 9}, 0),
    ]:
        assert len(skerry.find_regions(image(values), 3, **options)) == kept
    odd = np.diag([1.1, 1.3, 1.7, 1])
    regions = skerry.find_regions(image(values, odd), 3)
    exact = float(regions.columns["volume_mm3"][0])
    assert len(skerry.find_regions(image(values, odd), 3, min_volume_mm3=exact)) == 1


@pytest.mark.parametrize(("step_mm", "n_voxels", "asked"), [(1.2, 15, 25.92), (0.7, 10, 3.43)])
def test_a_volume_that_is_equal_but_for_rounding_is_equal(step_mm, n_voxels, asked):
    affine = np.diag([step_mm, step_mm, step_mm, 1])
    values = np.zeros((20, 1, 1))
    values[:n_voxels] = 5.0
    one_voxel = skerry.Grid((1, 1, 1), affine).voxel_volume_mm3
    assert asked / one_voxel > n_voxels  # in floating point
    for img, wanted in ((image(values, affine), 1), (image(values[1:], affine), 0)):
        assert len(skerry.find_regions(img, 3, min_volume_mm3=asked)) == wanted


def test_the_least_volume_is_told_whichever_way_it_was_asked():
    img = image(np.ones((2, 2, 2)))
    for options in ({"min_voxels": 5}, {"min_volume_mm3": 40}, {"min_voxels": 5.0}):
        assert skerry.find_regions(img, 1, **options).min_volume_mm3 == 40.0


def test_regions_that_tie_in_all_are_numbered_by_their_place_in_millimetres():
    values = np.zeros((5, 5, 5))
    values[0, 2, 2] = values[4, 2, 2] = values[2, 0, 2] = values[2, 4, 2] = 5.0
    for signs in ((1, 1, 1), (-1, 1, 1), (1, -1, 1), (-1, -1, -1)):
        affine = np.diag([*signs, 1.0])
        regions = skerry.find_regions(image(values, affine), 3, connectivity=6)
        xyz = regions.grid.xyz(regions.columns["peak_ijk"]).tolist()
        assert len(xyz) == 4
        assert xyz == sorted(xyz)


@pytest.mark.parametrize("height", [5.758145324224633, 3.9770281052287966, 1 / 3])
@pytest.mark.parametrize("asked", ["33.3%", "95%", "97%"])
def test_a_percentile_within_a_plateau_lets_the_plateau_pass(height, asked):
    for n_voxels in (77, 99, 173):
        constant = np.full((n_voxels, 1, 1), -height)
        regions = skerry.find_regions(image(constant), asked)
        assert regions.threshold == height
        assert regions.columns["n_voxels"].tolist() == [n_voxels]
        assert regions.columns["peak_ijk"].tolist() == [[n_voxels // 2, 0, 0]]


def test_only_the_mask_counts_for_regions_and_percentiles():
    values = np.random.default_rng(0).normal(size=(8, 8, 8)).round(1)
    values[0, 0, 0] = np.nan
    inside = np.zeros(values.shape, np.uint8)
    inside[:5] = 1
    for threshold in (1.0, "90%"):
        regions = skerry.find_regions(image(values), threshold, mask=image(inside))
        heights = abs(values[(inside > 0) & ~np.isnan(values)])  # zeros too
        wanted = 1.0 if threshold == 1.0 else np.percentile(heights, 90)
        assert regions.threshold == pytest.approx(wanted, rel=1e-12)
        np.testing.assert_array_equal(regions.labels > 0, (abs(values) >= wanted) & (inside > 0))


def test_regions_are_numbered_by_sign_peak_volume_and_place():
    values = np.zeros((20, 5, 5))
    values[0, 0, 0] = 5.0
    values[4, 0, 0] = values[5, 0, 0] = 5.0
    values[8, 0, 0] = 9.0
    values[12, 0, 0] = -9.5
    values[16, 2, 0] = values[16, 0, 2] = -4.0
    regions = skerry.find_regions(image(values), 3, connectivity=6)
    peaks = regions.columns["peak_ijk"].tolist()
    assert peaks == [[8, 0, 0], [4, 0, 0], [0, 0, 0], [12, 0, 0], [16, 0, 2], [16, 2, 0]]
    assert regions.labels[8, 0, 0] == 1
    assert regions.labels[12, 0, 0] == 4


def test_the_peak_of_a_plateau_is_its_voxel_nearest_to_its_middle(sample):
    values = np.zeros((7, 5, 5))
    values[1:6, 2, 2] = 5.0
    assert skerry.find_regions(image(values), 3).columns["peak_ijk"].tolist() == [[3, 2, 2]]
    regions = skerry.find_regions(sample, 3.0)  # 693 voxels are tied at its maximum
    first = regions.peaks.region.searchsorted(regions.columns["region"])
    np.testing.assert_array_equal(regions.peaks.ijk[first], regions.columns["peak_ijk"])


def test_the_tree_s_highest_peak_is_the_region_s_peak_on_maps_full_of_ties():
    rng = np.random.default_rng(3)
    for _ in range(20):
        values = rng.integers(-3, 4, (9, 8, 7)).astype(float)
        regions = skerry.find_regions(image(values), 2, connectivity=6)
        first = np.unique(regions.peaks.region, return_index=True)[1]
        np.testing.assert_array_equal(regions.peaks.ijk[first], regions.columns["peak_ijk"])


# nothing found, selection, images


def test_nothing_found_is_an_empty_result_that_says_why(sample):
    regions = skerry.find_regions(sample, 97)
    assert len(regions) == 0
    assert regions.notes == (
        "nothing found: 97 is above the maximum 7.94; for a percentile write 97%",
    )
    assert len(skerry.region_table(regions)) == len(skerry.peak_table(regions)) == 0
    assert "peak_x" in skerry.region_table(regions)
    assert not regions.labels.any()
    assert regions.to_maps_img().shape == (*sample.grid.shape, 0)
    nowhere = skerry.find_regions(image(np.zeros((3, 3, 3))))
    assert len(nowhere) == 0
    assert nowhere.notes == ("the mask is empty: no voxel is other than 0 or NaN",)
    small = skerry.find_regions(sample, 3, min_volume_mm3=1e6)
    assert len(small) == 0
    assert small.notes == ("nothing found: all regions of the 3824 voxels above 3 are too small",)
    positive = np.where(sample.values > 0, sample.values, np.float32(-1e-3)) * 10
    percent = skerry.find_regions(image(positive), "97%", sign="negative")
    assert percent.notes == (f"nothing found: {percent.threshold:.6g} is above the maximum 0.01",)
    assert len(skerry.find_regions(image(np.ones((3, 3, 3))), 0.5, sign="negative")) == 0


@pytest.mark.parametrize("threshold", [0, 0.5, "97%"])
@pytest.mark.parametrize("sign", ["positive", "negative"])
def test_a_map_without_one_sign_says_so(sign, threshold):
    values = np.full((3, 3, 3), -1.0 if sign == "positive" else 1.0)
    regions = skerry.find_regions(image(values), threshold, sign=sign)
    assert len(regions) == len(skerry.region_table(regions)) == len(skerry.peak_table(regions)) == 0
    assert regions.notes == (f"nothing found: no value of the map is {sign}",)


@pytest.mark.parametrize(
    ("threshold", "says"),
    [
        (8, "8 is above the maximum 7.95"),
        (7.949, "7.949 is above the maximum 7.948"),
        (7.9480001, "7.9480001 is above the maximum 7.948"),
        (np.nextafter(7.948, 8), "7.9480000000000013 is above the maximum 7.9480000000000004"),
    ],
)
def test_a_maximum_is_shown_with_the_digits_that_tell_it_from_the_threshold(threshold, says):
    regions = skerry.find_regions(image(np.full((3, 3, 3), 7.948)), threshold)
    assert regions.notes == (f"nothing found: {says}",)


def test_zeros_in_a_mask_are_of_no_sign():
    inside = image(np.ones((3, 3, 3), np.uint8))
    regions = skerry.find_regions(image(np.zeros((3, 3, 3))), 0, mask=inside)
    assert regions.notes == ("nothing found: no value of the map is other than 0",)


def test_selected_regions_keep_their_numbers(sample):
    regions = skerry.find_regions(sample, 3.0)
    big = regions[regions.columns["volume_mm3"] > 1500]
    assert 0 < len(big) < len(regions)
    assert set(np.unique(big.labels)) == {0, *big.columns["region"].tolist()}
    assert regions[-1].columns["region"].tolist() == [len(regions)]
    assert [len(one) for one in regions] == [1] * len(regions)
    assert len(regions[2:5]) == 3
    assert len(regions[[]]) == 0
    assert skerry.region_table(big)["n_peaks"].tolist() == (
        skerry.region_table(regions)["n_peaks"][regions.columns["volume_mm3"] > 1500].tolist()
    )
    with pytest.raises(IndexError):
        regions[len(regions)]
    with pytest.raises(IndexError):
        regions[np.array([True])]


def test_regions_cannot_be_changed(sample):
    regions = skerry.find_regions(sample, 3.0)
    with pytest.raises(ValueError, match="read-only"):
        regions.labels[0, 0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        regions.columns["n_voxels"][0] = 1
    with pytest.raises(TypeError):
        regions.columns["n_voxels"] = 1


def test_maps_image_holds_one_region_a_volume(sample, tmp_path):
    regions = skerry.find_regions(sample, 3.0, min_volume_mm3=500)
    img = regions.to_maps_img()
    stacked = img.get_fdata()
    assert stacked.shape == (*sample.grid.shape, len(regions))
    for n in range(len(regions)):
        inside = regions.labels == n + 1
        np.testing.assert_array_equal(stacked[..., n], np.where(inside, sample.values, 0))
    np.testing.assert_array_equal(img.dataobj[3:9, ..., 1:], stacked[3:9, ..., 1:])
    save_image(img, tmp_path / "maps.nii.gz")
    np.testing.assert_array_equal(nibabel.load(tmp_path / "maps.nii.gz").get_fdata(), stacked)


def test_html_of_regions_shows_names_as_text(sample):
    hostile = skerry.StatMap(sample.values, sample.grid, name="<script>alert(1)</script>")
    assert "<script>" not in skerry.find_regions(hostile, 3.0)._repr_html_()


# errors


@pytest.mark.parametrize(
    ("threshold", "says"),
    [
        ("97 %x", "not understood"),
        ("fdr", "not understood"),
        ("", "not understood"),
        ("p<2", "between 0 and 1"),
        ("p>0.05", "write p<0.05"),
        ("120%", "between 0% and 100%"),
        ("-5%", "between 0% and 100%"),
        (-3, "is negative"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (None, "number or text"),
        (True, "number or text"),
        ([3.0], "number or text"),
        (np.array([3.0]), "number or text"),
        (np.True_, "number or text"),
        (np.datetime64(3, "s"), "number or text"),
        (3 + 0j, "number or text"),
        (10**400, "finite"),
        ("1e999", "finite"),
        ("nan", "not understood"),
        ("inf%", "not understood"),
        ("3.1mm", "not understood"),
        ("p<=0.05", "not understood"),
        ("tdp<0.7", "write tdp>0.7"),
        ("fdr<0", "between 0 and 1"),
    ],
)
def test_a_wrong_threshold_is_one_clear_line(sample, threshold, says):
    with pytest.raises((ArgumentError, ArgumentTypeError), match=says) as caught:
        skerry.find_regions(sample, threshold)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"sign": "up"}, "sign must be"),
        ({"sign": 1}, "sign must be"),
        ({"connectivity": 8}, "connectivity must be 6, 18 or 26"),
        ({"connectivity": True}, "connectivity must be 6, 18 or 26"),
        ({"min_volume_mm3": -1}, "min_volume_mm3 must be"),
        ({"min_volume_mm3": float("nan")}, "min_volume_mm3 must be"),
        ({"min_volume_mm3": "big"}, "min_volume_mm3 must be"),
        ({"min_volume_mm3": 10**400}, "min_volume_mm3 must be"),
        ({"min_volume_mm3": True}, "min_volume_mm3 must be"),
        ({"min_voxels": -1}, "min_voxels must be"),
        ({"min_voxels": [3]}, "min_voxels must be"),
        ({"connectivity": "26"}, "connectivity must be 6, 18 or 26"),
        ({"connectivity": [26]}, "connectivity must be 6, 18 or 26"),
    ],
)
def test_a_wrong_option_is_one_clear_line(sample, options, says):
    with pytest.raises((ArgumentError, ArgumentTypeError), match=says) as caught:
        skerry.find_regions(sample, 3, **options)
    assert "\n" not in str(caught.value)


def test_numbers_and_text_of_numpy_are_as_good_as_python_s(sample):
    plain = skerry.find_regions(sample, 3.0, sign="negative", connectivity=18)
    for threshold in (np.float32(3), np.longdouble(3), np.int8(3), np.array(3.0), np.str_("3")):
        same = skerry.find_regions(
            sample, threshold, sign=np.str_("negative"), connectivity=np.int64(18)
        )
        assert repr(same) == repr(plain)
        assert same.asked == "3"
    nothing = skerry.find_regions(sample, -0.0, connectivity=26.0)
    assert "|value| >= 0," in repr(nothing)
    assert "connectivity=26)" in repr(nothing)


def test_a_mask_of_another_grid_is_an_error_and_an_empty_one_too(sample):
    img = sample.to_img()
    with pytest.raises(GridMismatchError):
        skerry.find_regions(img, 3, mask=image(np.ones((3, 3, 3), np.uint8)))
    with pytest.raises(GridMismatchError):
        skerry.find_regions(img, 3, mask=image(np.ones(img.shape, np.uint8), np.eye(4)))
    with pytest.raises(ArgumentError):
        skerry.find_regions(img, 3, mask=image(np.zeros(img.shape, np.uint8), img.affine))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([6, 18, 26]),
    st.sampled_from(["both", "positive", "negative"]),
    st.floats(0, 3),
)
def test_measures_equal_a_plain_count(seed, connectivity, sign, threshold):
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(0, 2, tuple(rng.integers(1, 8, 3))), 1)
    regions = skerry.find_regions(image(values), threshold, connectivity=connectivity, sign=sign)
    for n in range(len(regions)):
        inside = regions.labels == n + 1
        own = values[inside]
        assert regions.columns["n_voxels"][n] == inside.sum()
        assert abs(own).min() >= threshold
        assert abs(regions.columns["peak_value"][n]) == abs(own).max()
        np.testing.assert_allclose(regions.columns["mass"][n], abs(own).sum())
        np.testing.assert_allclose(regions.columns["mean_value"][n], own.mean())
        xyz = regions.grid.xyz(np.argwhere(inside))
        np.testing.assert_allclose(regions.columns["centroid_xyz"][n], xyz.mean(axis=0))
        np.testing.assert_allclose(
            regions.columns["cog_xyz"][n], np.average(xyz, axis=0, weights=abs(own)), atol=1e-9
        )
