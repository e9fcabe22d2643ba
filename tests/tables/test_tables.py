"""Both tables beside a plain count of the same map, and what they refuse."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from scipy import ndimage

import skerry
from skerry.errors import ArgumentError, ArgumentTypeError

HEIGHT, APART_MM = 1.5, 8.0
# Askew, of unequal steps, left-handed.
AFFINE = np.array(
    [[-2.25, 0.3, 0.4, 31], [0.25, 2.1, -0.5, -44], [0.3, 0.4, 3.3, -20], [0, 0, 0, 1]]
)
NUMBERS = (
    "n_voxels volume_mm3 peak_x peak_y peak_z peak_value peak_i peak_j peak_k mean_value mass "
    "centroid_x centroid_y centroid_z cog_x cog_y cog_z n_peaks"
).split()


@pytest.fixture(scope="module")
def values():
    noise = np.random.default_rng(5).standard_normal((17, 19, 13))
    smooth = ndimage.gaussian_filter(noise, 1.2)
    smooth /= smooth.std()
    smooth[:, :2] = np.nan
    return smooth


@pytest.fixture(scope="module")
def regions(values):
    return skerry.find_regions(nibabel.Nifti1Image(values, AFFINE), HEIGHT)


def xyz(ijk):
    return ijk @ AFFINE[:3, :3].T + AFFINE[:3, 3]


def peaks_of(values, members):
    """Voxels of a region that no neighbour in it exceeds, the highest first."""
    heights = np.where(members, np.abs(values), -np.inf)
    highest = ndimage.maximum_filter(heights, size=3, mode="constant", cval=-np.inf)
    peaks = np.argwhere(members & (heights >= highest))
    return peaks[np.argsort(-heights[tuple(peaks.T)])]


def counted(values):
    """Regions in their order: sign, members."""
    found = []
    for sign in (1, -1):
        labels, n = ndimage.label(np.nan_to_num(sign * values) >= HEIGHT, np.ones((3, 3, 3)))
        parts = [labels == k for k in range(1, n + 1)]
        found += sorted(parts, key=lambda part: -np.abs(values[part]).max())
    return found


def test_a_row_of_the_region_table_is_a_plain_count_of_its_voxels(values, regions):
    table = skerry.region_table(regions)
    for row, part in zip(table[NUMBERS].to_numpy(float), counted(values), strict=True):
        ijk, inside = np.argwhere(part), values[part]
        peaks, weight = peaks_of(values, part), np.abs(inside)
        places = xyz(ijk)
        expected = [
            len(ijk), len(ijk) * abs(np.linalg.det(AFFINE[:3, :3])), *xyz(peaks[0]),
            values[tuple(peaks[0])], *peaks[0], inside.mean(), weight.sum(), *places.mean(0),
            *(places * weight[:, None]).sum(0) / weight.sum(), len(peaks),
        ]  # fmt: skip
        np.testing.assert_allclose(row, expected, rtol=1e-12, atol=1e-9)


def test_further_peaks_are_listed_where_they_lie_apart_from_all_listed(values, regions):
    table = skerry.peak_table(regions, min_distance_mm=APART_MM, max_peaks=None)
    n_dropped = 0
    for number, part in enumerate(counted(values), start=1):
        listed = []
        for peak in xyz(peaks_of(values, part)):
            if all(np.linalg.norm(peak - other) > APART_MM for other in listed):
                listed.append(peak)
            else:
                n_dropped += 1
        mine = table[table["region"] == number]
        np.testing.assert_allclose(mine[["x", "y", "z"]], listed, atol=1e-9)
        assert mine["peak"].tolist() == list(range(1, len(listed) + 1))
    assert n_dropped > 0
    assert table["peak"].max() > 1


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_lengths_and_prominences_are_finite_and_not_negative(regions, value):
    for table, name in (
        (skerry.region_table, "min_prominence"),
        (skerry.peak_table, "min_prominence"),
        (skerry.peak_table, "min_distance_mm"),
    ):
        with pytest.raises(ArgumentError, match=f"{name} must be finite and not negative"):
            table(regions, **{name: value})
        with pytest.raises(ArgumentTypeError, match=f"{name} must be a number, got '8'"):
            table(regions, **{name: "8"})


@pytest.mark.parametrize("value", [2.5, True, "3", [3], np.float64(2)])
def test_a_number_of_peaks_that_is_none_is_refused(regions, value):
    with pytest.raises(ArgumentTypeError, match=r"max_peaks must be a whole number, .* None lists"):
        skerry.peak_table(regions, max_peaks=value)


def test_at_least_one_peak_is_listed_and_at_most_as_many_as_asked(regions):
    with pytest.raises(ArgumentError, match="max_peaks must be at least 1, got 0; None lists all"):
        skerry.peak_table(regions, max_peaks=0)
    table = skerry.peak_table(regions, min_distance_mm=APART_MM, max_peaks=np.int64(2))
    assert table["peak"].max() == 2
