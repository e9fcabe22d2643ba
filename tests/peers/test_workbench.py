"""Connectome Workbench: 6 neighbours, value > 3, volume above 135 mm3."""

from __future__ import annotations

import nibabel
import numpy as np
from peer_results import strictly_above

import skerry


def test_clusters_are_workbench_s(pairs, shared_data):
    regions = skerry.find_regions(
        shared_data / "maps" / "image_10426.nii.gz",
        strictly_above(3.0),
        sign="positive",
        connectivity=6,
        min_volume_mm3=strictly_above(135.0),
    )
    theirs = np.asarray(
        nibabel.load(pairs / "wb_volume_10426" / "clusters_gt3_min135mm3.nii.gz").dataobj
    )
    assert regions.columns["n_voxels"].tolist() == [2237, 380, 13]
    both = np.unique(np.stack((regions.labels, theirs)).reshape(2, -1), axis=1)
    assert both.shape[1] == 4  # three clusters and the background
