"""SPM's printed heights and p values, from the smoothness that it prints."""

from __future__ import annotations

import ast
import re

import nibabel
import numpy as np
import pytest
from peer_results import read_csv

import skerry
from skerry.stats.convert import t_to_log_p, t_to_z
from skerry.stats.random_field_spm import (
    spm_cluster_p,
    spm_resels,
    spm_voxel_height,
    spm_voxel_p,
)


@pytest.fixture(scope="module")
def auditory(pairs):
    """Resels, voxels and df of the auditory example, with all digits, out of its NIDM export."""
    folder = pairs / "spm_auditory"
    text = (folder / "nidm.ttl").read_text()
    fwhm = ast.literal_eval(re.search(r'NIDM_0000159 "(\[.*?\])"', text)[1])
    mask = np.asarray(nibabel.load(folder / "Mask.nii.gz").dataobj) > 0
    return spm_resels(mask, fwhm), float(np.prod(fwhm)), int(mask.sum())


@pytest.fixture(scope="module")
def tone_counting(pairs):
    """The same of tone counting: FWHM 4.1 4.0 4.0 voxels (8.2 8.1 7.9 mm), resel 65.58 voxels."""
    mask = nibabel.load(pairs / "spm_tone_counting" / "mask.nii.gz")
    inside = np.asarray(mask.dataobj) > 0
    return spm_resels(inside, (8.19 / 2, 8.07 / 2, 65.58 / (8.19 / 2 * 8.07 / 2))), inside.sum()


def test_resels_are_those_that_spm_prints(auditory, tone_counting):
    assert auditory[0][3] == pytest.approx(467.07642343881, rel=1e-9)
    assert tone_counting[0][3] == pytest.approx(3155.8, abs=0.06)


def test_family_wise_heights(auditory, tone_counting):
    resels, _, n_voxels = auditory
    assert spm_voxel_height(0.05, resels, n_voxels, df=84) == pytest.approx(
        4.85241745689539, abs=1e-8
    )
    resels, n_voxels = tone_counting
    # The page rounds FWHM to 0.1 mm; with it the height is known to about 1e-5.
    assert spm_voxel_height(0.05, resels, n_voxels, df=98) == pytest.approx(5.309631, abs=2e-5)


def test_family_wise_p_of_peaks_and_clusters(pairs, auditory):
    resels, voxels_per_resel, n_voxels = auditory
    checked = 0
    for row in read_csv(pairs / "spm_auditory" / "peer_table.csv"):
        peak = spm_voxel_p(float(row["stat"]), resels, df=84, n_voxels=n_voxels)
        # SPM takes tails as 1 - cdf, in steps of 1.1e-16 a voxel.
        steps = n_voxels * 1.2e-16
        assert peak == pytest.approx(float(row["peak_p_fwe"]), rel=1e-6, abs=steps)
        corrected, uncorrected = spm_cluster_p(
            int(row["k"]), 4.85241745689539, resels, voxels_per_resel=voxels_per_resel, df=84
        )
        assert uncorrected == pytest.approx(float(row["cluster_p_unc"]), rel=1e-6)
        assert corrected == pytest.approx(float(row["cluster_p_fwe"]), rel=1e-6, abs=1e-15)
        checked += 1
    assert checked == 9


def test_family_wise_p_of_tone_counting_to_its_three_decimals(pairs, tone_counting):
    resels, _ = tone_counting
    for row in read_csv(pairs / "spm_tone_counting" / "peer_table_fwe05_k0.csv"):
        # T itself is printed to two decimals.
        low, high = (spm_voxel_p(float(row["stat"]) + d, resels, df=98) for d in (0.005, -0.005))
        assert low - 6e-4 <= float(row["peak_p_fwe"]) <= high + 6e-4
        corrected, _ = spm_cluster_p(int(row["k"]), 5.309631, resels, voxels_per_resel=65.58, df=98)
        assert corrected == pytest.approx(float(row["cluster_p_fwe"]), abs=6e-4)


def test_uncorrected_and_false_discovery_rate_heights(pairs):
    folder = pairs / "spm_tone_counting"
    statmap = skerry.load_map(
        folder / "spmT_0001.nii.gz", kind="t", df=98, mask=folder / "mask.nii.gz"
    )
    p = skerry.find_regions(statmap, "p<0.001", sign="positive", connectivity=18)
    assert p.threshold == pytest.approx(3.175486, abs=6e-7)
    fdr = skerry.find_regions(statmap, "fdr<0.05", sign="positive", connectivity=18)
    assert fdr.threshold == pytest.approx(2.751981, abs=6e-7)


def test_z_and_p_of_printed_t(pairs):
    for row in read_csv(pairs / "spm_auditory" / "peer_table.csv"):
        if np.isfinite(float(row["z"])):  # SPM prints Inf from z = 7.84 on
            t = float(row["stat"])
            assert float(t_to_z(t, 84)) == pytest.approx(float(row["z"]), rel=1e-6)
            assert np.exp(t_to_log_p(t, 84)) == pytest.approx(float(row["peak_p_unc"]), rel=1e-6)
        assert np.isfinite(t_to_z(float(row["stat"]), 84))
