"""Neurosynth's map at its false discovery rate."""

from __future__ import annotations

import nibabel
import numpy as np

import skerry


def test_what_neurosynth_kept_but_for_the_voxel_that_sets_the_height(pairs):
    folder = pairs / "fdr_neurosynth_cognitive_control"
    regions = skerry.find_regions(folder / "z.nii.gz", "fdr<0.01", kind="z")
    theirs = np.asarray(nibabel.load(folder / "z_fdr_q01.nii.gz").dataobj)
    ours = regions.labels != 0
    assert regions.statmap.n_in_mask == 228369
    assert int((theirs != 0).sum()) == 1083
    only_ours = ours & (theirs == 0)
    assert not (~ours & (theirs != 0)).any()
    # Neurosynth keeps what lies above the height; skerry the voxel at it too.
    assert np.abs(regions.statmap.values[only_ours]).tolist() == [regions.threshold]
    assert "over 228369 voxels" in regions.notes[0]


def test_background_would_count_as_tests(pairs):
    folder = pairs / "fdr_neurosynth_cognitive_control"
    img = nibabel.load(folder / "z.nii.gz")
    everywhere = nibabel.Nifti1Image(np.ones(img.shape, np.uint8), img.affine)
    regions = skerry.find_regions(img, "fdr<0.01", kind="z", mask=everywhere)
    assert regions.n_above_threshold == 526
