"""What split_regions and grow_tree promise."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skerry
from core.landscapes import turn
from skerry.datasets import load_sample_motor_activation_image
from skerry.errors import ArgumentError, ArgumentTypeError, SkerryWarning
from skerry.regions.grow import grow_tree
from skerry.regions.split import split_regions

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


def image(values, affine=AFFINE):
    return nibabel.Nifti1Image(np.asarray(values, dtype=np.float64), affine)


def row(*heights):
    return image(np.array(heights, dtype=float).reshape(-1, 1, 1))


@pytest.fixture(scope="module")
def sample():
    return skerry.load_map(load_sample_motor_activation_image(), kind="z")


def parts_of(regions):
    return regions.labels.ravel().tolist()


def test_each_peak_gets_its_territory_numbered_by_the_one_rule():
    regions = skerry.find_regions(row(5, 6, 2, 9, 0, 4), 1.5)
    parts = split_regions(regions)
    assert parts_of(parts) == [2, 2, 1, 1, 0, 3]
    assert parts.columns["part_of"].tolist() == [1, 1, 2]
    assert parts.columns["peak_value"].tolist() == [9, 6, 4]
    assert parts.columns["n_voxels"].tolist() == [2, 2, 1]


def test_a_peak_of_exactly_the_prominence_stays_and_a_lower_one_goes():
    regions = skerry.find_regions(row(5, 6, 2, 9), 1)
    assert parts_of(split_regions(regions, min_prominence=4)) == [2, 2, 1, 1]
    assert parts_of(split_regions(regions, min_prominence=4.1)) == [1, 1, 1, 1]


def test_a_part_of_exactly_the_volume_stays_and_a_whole_region_is_never_dropped():
    regions = skerry.find_regions(row(5, 6, 2, 9, 8, 0, 4), 1)
    assert parts_of(split_regions(regions, min_volume_mm3=16)) == [2, 2, 1, 1, 1, 0, 3]
    assert parts_of(split_regions(regions, min_volume_mm3=16.1)) == [1, 1, 1, 1, 1, 0, 2]


def test_a_part_that_is_as_large_as_asked_but_for_rounding_stays():
    heights = [5, 6, *[4] * 13, 3, *[5] * 13, 8, 7]  # 15 voxels, a valley, 15 voxels
    img = nibabel.Nifti1Image(
        np.array(heights, dtype=float).reshape(-1, 1, 1), np.diag([1.2, 1.2, 1.2, 1])
    )
    regions = skerry.find_regions(img, 1)
    assert 25.92 / regions.grid.voxel_volume_mm3 > 15  # in floating point
    assert len(split_regions(regions, min_volume_mm3=25.92)) == 2


def test_parts_have_the_neighbours_of_their_regions():
    values = np.zeros((3, 3, 1))
    values[0, 0], values[1, 1], values[2, 2], values[0, 1] = 5, 6, 7, 4
    values[2, 1], values[1, 0] = 4, 4
    for connectivity, n_parts in ((6, 3), (26, 1)):
        regions = skerry.find_regions(image(values), 1, connectivity=connectivity)
        assert len(split_regions(regions)) == n_parts


def test_the_signs_are_split_apart():
    regions = skerry.find_regions(row(5, 2, 6, -7, -3, -8), 1)
    parts = split_regions(regions)
    assert parts_of(parts) == [2, 1, 1, 4, 3, 3]
    assert parts.columns["sign"].tolist() == [1, 1, -1, -1]
    assert parts.columns["peak_value"].tolist() == [6, 5, -8, -7]


def test_smoothing_moves_the_valleys_but_not_the_numbers():
    regions = skerry.find_regions(row(5, 4.9, 5, 4.9, 5, 1, 6, 6), 0.5)
    assert len(split_regions(regions)) == 4
    smooth = split_regions(regions, smoothing_fwhm_mm=6)
    assert parts_of(smooth) == [2, 2, 2, 2, 2, 2, 1, 1]
    assert smooth.columns["peak_value"].tolist() == [6, 5]
    assert smooth.columns["mass"].sum() == regions.columns["mass"].sum()


@pytest.mark.parametrize("beside", [(0, 0, 0), (-90,), (-5, -90, 0), (np.nan,)])
def test_smoothing_takes_the_other_sign_and_what_lies_outside_as_zero(beside):
    generator = np.random.default_rng(0)
    n_parts = set()
    for _ in range(20):
        heights = generator.uniform(5, 9, 12)
        alone = split_regions(skerry.find_regions(row(*heights), 1), smoothing_fwhm_mm=4)
        among = row(*beside, *heights, *reversed(beside))
        regions = skerry.find_regions(among, 1, sign="positive")
        parts = split_regions(regions, smoothing_fwhm_mm=4)
        assert parts_of(parts)[len(beside) : -len(beside)] == parts_of(alone)
        n_parts.add(len(parts))
    assert len(n_parts) > 1


def test_a_selection_is_split_alone_and_no_region_gives_no_part():
    regions = skerry.find_regions(row(5, 2, 6, 0, 7, 1.5, 8), 1)
    second = split_regions(regions[1])
    assert second.columns["part_of"].tolist() == [2, 2]
    assert parts_of(second) == [2, 1, 1, 0, 0, 0, 0]
    assert len(split_regions(skerry.find_regions(row(1, 2), 50))) == 0


def test_parts_that_are_split_again_stay_within_their_part():
    regions = skerry.find_regions(row(5, 2, 6, 3, 7), 1)
    parts = split_regions(regions, min_prominence=3.5)
    again = split_regions(parts)
    assert len(again) == 3
    for part in again:
        inside = part.labels > 0
        assert len(np.unique(parts.labels[inside])) == 1


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([6, 18, 26]), st.sampled_from([0.0, 0.5, 1.0]))
def test_parts_tile_the_regions_and_each_holds_its_peak(seed, connectivity, prominence):
    values = np.round(np.random.default_rng(seed).normal(size=(6, 6, 5)), 1)
    regions = skerry.find_regions(image(values), 0.7, connectivity=connectivity)
    parts = split_regions(regions, min_prominence=prominence)
    assert np.array_equal(parts.labels > 0, regions.labels > 0)
    for part, whole, peak in zip(
        parts.columns["region"], parts.columns["part_of"], parts.columns["peak_ijk"], strict=True
    ):
        assert set(regions.labels[parts.labels == part]) == {whole}
        assert parts.labels[tuple(peak)] == part
    assert parts.columns["n_voxels"].sum() == regions.columns["n_voxels"].sum()


def test_the_sample_gives_the_same_parts_when_its_axes_are_turned(sample):
    values, grid = turn(sample.values, sample.grid, ((2, 0, 1), (True, False, True)))
    img = sample.to_img()
    flipped = nibabel.Nifti1Image(np.asfortranarray(values), grid.affine)
    tables = []
    for one in (img, flipped):
        parts = split_regions(skerry.find_regions(one, 3.0), min_prominence=1.0, min_volume_mm3=200)
        tables.append(skerry.region_table(parts).drop(columns=["peak_i", "peak_j", "peak_k"]))
    assert len(tables[0]) > 10
    assert tables[0].round(6).equals(tables[1].round(6))


def test_wrong_arguments_are_named(sample):
    regions = skerry.find_regions(row(1, 2), 1)
    with pytest.raises(ArgumentTypeError, match="find_regions gives them"):
        split_regions(sample)
    with pytest.raises(ArgumentTypeError, match="min_prominence must be a number"):
        split_regions(regions, min_prominence="1")
    with pytest.raises(ArgumentError, match="min_volume_mm3 must be finite"):
        split_regions(regions, min_volume_mm3=-1)
    with pytest.raises(ArgumentError, match="smoothing_fwhm_mm must be finite"):
        split_regions(regions, smoothing_fwhm_mm=float("nan"))
    with pytest.warns(SkerryWarning, match="infinite"):
        infinite = skerry.find_regions(row(1, np.inf), 1)
    with pytest.raises(ArgumentError, match="infinite value"):
        split_regions(infinite, smoothing_fwhm_mm=4)


def test_a_grown_tree_cuts_into_the_regions_that_find_regions_finds(sample):
    for sign in ("positive", "negative"):
        tree = grow_tree(sample, sign=sign, floor=1.0)
        for threshold in (1.0, 3.1, 97.0):
            regions = skerry.find_regions(sample, threshold, sign=sign)
            labels = tree.cut(threshold)
            assert labels.max() == len(regions)
            assert len(np.unique(labels * 10_000 + regions.labels)) == len(regions) + 1


def test_a_tree_is_grown_in_the_mask_alone():
    values = image(np.array([3.0, 5, np.nan, 4, 0, 6]).reshape(-1, 1, 1))
    inside = image(np.array([1, 1, 1, 1, 1, 0]).reshape(-1, 1, 1))
    tree = grow_tree(values, mask=inside)
    assert tree.cut(0.0).ravel().tolist() == [1, 1, 0, 2, 0, 0]


def test_wrong_arguments_of_grow_tree_are_named(sample):
    with pytest.raises(ArgumentError, match="one tree each"):
        grow_tree(sample, sign="both")
    with pytest.raises(ArgumentTypeError, match="floor"):
        grow_tree(sample, floor="3")
    with pytest.raises(ArgumentError, match="floor"):
        grow_tree(sample, floor=-3)
    with pytest.raises(ArgumentError, match="6, 18 or 26"):
        grow_tree(sample, connectivity=8)
