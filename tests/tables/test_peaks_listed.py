"""Which peaks the tables list and count, where a limit is met exactly."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

import skerry
from skerry.errors import ArgumentTypeError
from skerry.tables.columns import to_tsv


def row(*heights, step_mm=2.0):
    values = np.array(heights, dtype=np.float64).reshape(-1, 1, 1)
    return nibabel.Nifti1Image(values, np.diag([step_mm, step_mm, step_mm, 1.0]))


@pytest.mark.parametrize(
    ("least", "listed"),
    [(0, [9, 6, 4, -3]), (4, [9, 6, 4, -3]), (4.000001, [9, 4, -3]), (50, [9, 4, -3])],
)
def test_a_peak_of_exactly_the_prominence_and_each_region_s_highest_are_listed(least, listed):
    regions = skerry.find_regions(row(9, 2, 6, 0, 4, 0, -3), 1)
    peaks = skerry.peak_table(regions, min_prominence=least, min_distance_mm=0)
    assert peaks["value"].tolist() == listed
    table = skerry.region_table(regions, min_prominence=least)
    assert table["n_peaks"].tolist() == [len(listed) - 2, 1, 1]


# In floating point 10 steps of 0.8 mm and 5 of 1.6 mm are more than 8 mm from place 18 on.
@pytest.mark.parametrize(("step_mm", "n_steps"), [(2.0, 4), (0.8, 10), (1.6, 5)])
@pytest.mark.parametrize("before", [0, 18, 36])
def test_a_peak_at_exactly_the_distance_is_not_listed_and_one_beyond_it_is(
    step_mm, n_steps, before
):
    heights = np.ones(before + n_steps + 1)
    heights[before], heights[-1] = 9, 8
    regions = skerry.find_regions(row(*heights, step_mm=step_mm), 0.5)
    for least_mm, n_listed in ((8.0, 1), (7.999, 2)):
        peaks = skerry.peak_table(regions, min_distance_mm=least_mm)
        assert len(peaks[peaks["value"] > 1]) == n_listed


def test_the_peaks_of_chosen_regions_are_theirs_in_their_order():
    regions = skerry.find_regions(row(5, 2, 6, 0, 7, 3, 8, 0, 4, 0, -3), 1)
    assert regions.columns["peak_value"].tolist() == [8, 6, 4, -3]
    chosen = regions[[3, 1]]
    assert chosen.peaks.region.tolist() == [4, 2, 2]
    table = skerry.peak_table(chosen, min_distance_mm=0)
    assert table["region"].tolist() == [4, 2, 2]
    assert table["peak"].tolist() == [1, 1, 2]
    assert table["value"].tolist() == [-3, 6, 5]
    assert skerry.region_table(chosen)["n_peaks"].tolist() == [1, 2]
    large = skerry.find_regions(row(5, 2, 6, 0, 7, 3, 8, 0, 4, 0, -3), 1, min_voxels=3)
    assert large.peaks.region.tolist() == [1, 1, 2, 2]


def test_numbers_that_round_to_nothing_have_no_sign():
    columns = {
        "peak_x": np.array([-0.0, -0.0004, -0.0005001, np.nan]),
        "value": np.array([-0.0, 0.0, -1e-9, np.nan]),
    }
    lines = to_tsv(columns).splitlines()[1:]
    assert lines == ["0.000\t0", "0.000\t0", "-0.001\t-1e-09", "n/a\tn/a"]


@pytest.mark.parametrize("table", [skerry.region_table, skerry.peak_table])
def test_what_is_not_regions_has_no_table(table):
    for other in (None, "map.nii", [1]):
        with pytest.raises(ArgumentTypeError, match="find_regions gives them"):
            table(other)
        with pytest.raises(ArgumentTypeError, match="find_regions gives them"):
            table(other, atlas="schaefer200")
