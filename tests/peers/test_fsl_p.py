"""FSL's printed p values and heights, from its own smoothness and its own maps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from peer_results import read_csv, strictly_above

import skerry
from skerry.stats.convert import z_to_log_p
from skerry.stats.random_field import cluster_log_p, voxel_height
from skerry.stats.smoothness import Smoothness, smoothness_of_map


@pytest.fixture(scope="module")
def smoothest(pairs):
    """What FSL's smoothest wrote."""
    lines = (pairs / "fsl_tone_counting" / "smoothness").read_text().split("\n")
    said = dict(line.split() for line in lines if line.strip())
    return Smoothness(int(said["VOLUME"]), float(said["DLH"])), float(said["RESELS"])


def test_every_printed_cluster_p(pairs, smoothest):
    smoothness, _ = smoothest
    for row in read_csv(pairs / "fsl_tone_counting" / "peer_table_cluster_z2p3_p05.csv"):
        log_p = float(cluster_log_p(int(row["k"]), 2.3, smoothness))
        # Three digits, which FSL may cut off.
        assert -log_p / math.log(10) == pytest.approx(float(row["minus_log10_p"]), abs=0.06)
        if float(row["cluster_p_fwe"]):
            assert math.exp(log_p) == pytest.approx(float(row["cluster_p_fwe"]), rel=6e-3)


@pytest.mark.parametrize("contrast", ["T001", "T002"])
def test_every_printed_cluster_p_of_the_course(pairs, contrast):
    smoothness = Smoothness(6514, 1.51981)  # from its NIDM export
    for row in read_csv(pairs / "fsl_course_av" / f"peer_table_{contrast}.csv"):
        log_p = float(cluster_log_p(int(row["k"]), 2.3, smoothness))
        assert math.exp(log_p) == pytest.approx(float(row["cluster_p_fwe"]), rel=6e-3)


def test_printed_p_of_peaks(pairs):
    for row in read_csv(pairs / "fsl_course_av" / "peer_table_T001.csv"):
        p = math.exp(float(z_to_log_p(float(row["z"]))))
        assert p == pytest.approx(float(row["peak_p_unc"]), rel=5e-3)


def test_the_height_of_voxelwise_inference(smoothest):
    smoothness, printed_resel = smoothest
    # FSL's height comes from its RESELS, which leaves the factor for df out of DLH.
    resel = Smoothness(smoothness.n_voxels, (4 * math.log(2)) ** 1.5 / printed_resel)
    assert voxel_height(0.05, resel) == pytest.approx(5.042, abs=6e-4)
    assert smoothness.voxels_per_resel == pytest.approx(printed_resel, rel=4e-3)


def test_columns_of_the_region_table_are_the_theory_s(pairs):
    folder = pairs / "fsl_tone_counting"
    regions = skerry.find_regions(
        folder / "zstat1.nii.gz",
        strictly_above(2.3),
        sign="positive",
        mask=folder / "mask.nii.gz",
        kind="z",
    )
    table = skerry.region_table(regions)
    statmap = regions.statmap
    own = smoothness_of_map(statmap.values[::-1], statmap.mask[::-1])  # x runs left in the file
    expected = np.exp(cluster_log_p(table["n_voxels"], regions.threshold, own))
    np.testing.assert_allclose(table["p_cluster_fwe"], expected, rtol=1e-9)
    # Its signal makes the z map smoother than FSL's residuals: clusters have to be larger.
    theirs = read_csv(folder / "peer_table_cluster_z2p3_p05.csv")
    assert 3 <= (table["p_cluster_fwe"] < 0.05).sum() <= len(theirs)
