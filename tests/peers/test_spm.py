"""SPM12: 18 neighbours, T > u, at most 3 peaks more than 8 mm apart."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from peer_results import read_csv, strictly_above

import skerry

TONE_COUNTING = [
    ("peer_table_p001unc_k0.csv", 3.175486, 81),
    ("peer_table_fwe05_k0.csv", 5.309631, 20),
    ("peer_table_T4_k0.csv", 4.0, 50),
]


@pytest.fixture(scope="module")
def tone_counting(pairs):
    folder = pairs / "spm_tone_counting"
    return skerry.load_map(
        folder / "spmT_0001.nii.gz", kind="t", df=98, mask=folder / "mask.nii.gz"
    )


@pytest.mark.parametrize(("table", "u", "n_clusters"), TONE_COUNTING)
def test_every_cluster_and_every_peak_of_spm_s_table(pairs, tone_counting, table, u, n_clusters):
    theirs = read_csv(pairs / "spm_tone_counting" / table)
    regions = skerry.find_regions(
        tone_counting, strictly_above(u), sign="positive", connectivity=18
    )
    assert len(regions) == n_clusters
    sizes = {int(row["cluster"]): int(row["k"]) for row in theirs}
    # Both number by falling peak; clusters whose printed peaks tie may change places.
    assert sorted(regions.columns["n_voxels"]) == sorted(sizes.values())

    ours = skerry.peak_table(regions, min_distance_mm=8.0, max_peaks=3)
    extent = regions.columns["n_voxels"][ours["region"] - 1]
    # SPM prints two decimals of T, and mm.
    listed = {
        (int(k), round(float(t), 2), *map(round, xyz))
        for k, t, *xyz in zip(extent, ours["value"], ours["x"], ours["y"], ours["z"], strict=True)
    }
    printed = {
        (int(row["k"]), float(row["stat"]), *(int(row[f"{axis}_mm"]) for axis in "xyz"))
        for row in theirs
    }
    assert listed == printed


def test_auditory_clusters_are_spm_s_label_image(pairs):
    folder = pairs / "spm_auditory"
    regions = skerry.find_regions(
        folder / "TStatistic.nii.gz",
        strictly_above(4.85241745689539),
        sign="positive",
        connectivity=18,
        kind="t",
        df=84,
        mask=folder / "Mask.nii.gz",
    )
    theirs = np.asarray(nibabel.load(folder / "ClusterLabels.nii.gz").dataobj).astype(int)
    np.testing.assert_array_equal(regions.labels, theirs)
    assert regions.columns["n_voxels"].tolist() == [839, 695, 37, 29, 12]
    excursion = np.asarray(nibabel.load(folder / "ExcursionSet.nii.gz").dataobj)
    np.testing.assert_array_equal(regions.labels > 0, ~np.isnan(excursion))


def test_auditory_peaks_are_spm_s(pairs):
    folder = pairs / "spm_auditory"
    regions = skerry.find_regions(
        folder / "TStatistic.nii.gz",
        strictly_above(4.85241745689539),
        sign="positive",
        connectivity=18,
        kind="t",
        df=84,
    )
    ours = skerry.peak_table(regions)
    theirs = read_csv(folder / "peer_table.csv")
    assert ours["region"].tolist() == [int(row["cluster"]) for row in theirs]
    np.testing.assert_allclose(ours["value"], [float(row["stat"]) for row in theirs], rtol=1e-12)
    for axis in "xyz":
        np.testing.assert_allclose(ours[axis], [float(row[f"{axis}_mm"]) for row in theirs])


def test_another_connectivity_gives_other_clusters(tone_counting):
    found = {
        connectivity: len(
            skerry.find_regions(
                tone_counting, strictly_above(3.175486), sign="positive", connectivity=connectivity
            )
        )
        for connectivity in (6, 18, 26)
    }
    assert found == {6: 106, 18: 81, 26: 75}
