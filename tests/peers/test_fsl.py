"""FSL: 26 neighbours, centre of gravity weighted by z, maxima anywhere above."""

from __future__ import annotations

import ast

import nibabel
import numpy as np
import pytest
from peer_results import read_csv, strictly_above

import skerry


def _close_in_print(ours: float, printed: str) -> bool:
    """Tell whether a number agrees with three significant digits that may be cut off."""
    digits = printed.lstrip("-")
    decimals = len(digits.partition(".")[2])
    return abs(ours - float(printed)) <= 1.0 * 10.0**-decimals


@pytest.mark.parametrize(
    ("table", "threshold", "n_clusters", "cut_by_p"),
    [
        ("peer_table_voxel_fwe05.csv", strictly_above(5.042), 20, False),
        ("peer_table_voxel_unc_z3p0902_top15_of_147.csv", 3.090232, 147, False),
        ("peer_table_cluster_z2p3_p05.csv", strictly_above(2.3), 7, True),
    ],
)
def test_every_cluster_of_fsl_s_tables(pairs, table, threshold, n_clusters, cut_by_p):
    folder = pairs / "fsl_tone_counting"
    theirs = read_csv(folder / table)
    # Where FSL cut clusters by p, the smallest that it lists stands for that cut.
    smallest = min(int(row["k"]) for row in theirs) if cut_by_p else 1
    regions = skerry.find_regions(
        folder / "zstat1.nii.gz",
        threshold,
        sign="positive",
        min_voxels=smallest,
        mask=folder / "mask.nii.gz",
        kind="z",
    )
    assert len(regions) == n_clusters
    cog = regions.grid.ijk(regions.columns["cog_xyz"])
    ours = {
        tuple(map(int, regions.columns["peak_ijk"][n])): (
            int(regions.columns["n_voxels"][n]),
            float(regions.columns["peak_value"][n]),
            cog[n],
        )
        for n in range(len(regions))
    }
    for row in theirs:
        peak = tuple(int(row[name]) for name in ("i", "j", "k_vox"))
        size, value, centre = ours[peak]
        assert size == int(row["k"])
        assert _close_in_print(value, row["z_max"])
        for axis, name in enumerate(("cog_i", "cog_j", "cog_k")):
            assert _close_in_print(centre[axis], row[name])


def test_the_thresholded_map_is_fslmaths_s(pairs):
    folder = pairs / "fsl_tone_counting"
    regions = skerry.find_regions(
        folder / "zstat1.nii.gz", 3.090232, sign="positive", mask=folder / "mask.nii.gz"
    )
    theirs = np.asarray(nibabel.load(folder / "thresh_zstat1.nii.gz").dataobj)
    np.testing.assert_array_equal(np.where(regions.labels > 0, regions.statmap.values, 0), theirs)


@pytest.mark.parametrize("contrast", ["T001", "T002"])
def test_course_clusters_and_peaks(pairs, contrast):
    folder = pairs / "fsl_course_av"
    theirs = read_csv(folder / f"peer_table_{contrast}.csv")
    kept = {int(row["k"]) for row in theirs}
    regions = skerry.find_regions(
        folder / f"ZStatistic_{contrast}.nii.gz",
        strictly_above(2.3),
        sign="positive",
        min_voxels=min(kept),
        mask=folder / "SearchSpaceMask.nii.gz",
        kind="z",
    )
    assert set(regions.columns["n_voxels"].tolist()) == kept
    excursion = np.asarray(nibabel.load(folder / f"ExcursionSet_{contrast}.nii.gz").dataobj)
    np.testing.assert_array_equal(regions.labels > 0, excursion > 0)

    peaks = skerry.peak_table(regions, min_distance_mm=0, max_peaks=None)
    ours = {
        (i, j, k): value
        for i, j, k, value in zip(peaks["i"], peaks["j"], peaks["k"], peaks["value"], strict=True)
    }
    for row in theirs:
        peak = tuple(int(float(row[name])) for name in ("i", "j", "k_vox"))
        assert _close_in_print(ours[peak], row["z"])
    centres = regions.grid.ijk(regions.columns["cog_xyz"])
    for row in theirs:
        n = regions.columns["n_voxels"].tolist().index(int(row["k"]))
        np.testing.assert_allclose(centres[n], ast.literal_eval(row["cog_vox"].strip()), atol=0.051)


def test_cluster_labels_are_the_same_partition(pairs):
    folder = pairs / "fsl_cluster_labels_z3p2"
    inside = nibabel.load(folder / "mask.nii.gz")
    regions = skerry.find_regions(
        folder / "zstat.nii.gz", strictly_above(3.2), sign="positive", mask=inside
    )
    theirs = np.asarray(nibabel.load(folder / "cluster_th_3.2.nii.gz").dataobj)
    np.testing.assert_array_equal(regions.labels > 0, theirs > 0)
    both = np.unique(np.stack((regions.labels, theirs))[:, theirs > 0], axis=1)
    assert both.shape[1] == len(regions) == 18  # one of theirs for each of ours
