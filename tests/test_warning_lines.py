"""Warnings point at the line of the user's script that asked, however deep they are raised."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from nibabel import Nifti1Image

from skerry.image import threshold_img
from skerry.plotting import find_xyz_cut_coords
from skerry.plotting.regions.atlas_levels import map_levels
from skerry.regions import connected_regions
from skerry.reporting import get_clusters_table

AFFINE = np.diag([3.0, 3.0, 3.0, 1.0])
WITH_NAN = np.pad(np.full((3, 3, 3), 4.0), 2, constant_values=np.nan)


@pytest.mark.parametrize(
    ("says", "ask"),
    [
        ("must not exceed", lambda img: threshold_img(img, 9)),
        ("must not exceed", lambda img: get_clusters_table(img, 9)),
        ("No clusters found", lambda img: get_clusters_table(img, 9)),
        ("Non-finite", lambda img: connected_regions(img, 1)),
        ("No supra threshold", lambda img: connected_regions(img, 1e6)),
        ("All voxels were masked", lambda img: find_xyz_cut_coords(img, None, 9)),
        ("above its largest", lambda img: map_levels([np.ones((2, 2, 2))], 9, "contours")),
    ],
)
def test_a_warning_names_this_file(says, ask):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ask(Nifti1Image(WITH_NAN.copy(), AFFINE))
    named = [one.filename for one in caught if says in str(one.message)]
    assert named == [__file__]
