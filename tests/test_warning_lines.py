"""Warnings point at the line of the user's script that asked, however deep they are raised."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from nibabel import Nifti1Image

from skerry.glm import cluster_level_inference, permute, threshold_stats_img
from skerry.image import threshold_img
from skerry.plotting import find_xyz_cut_coords, view_img
from skerry.plotting.regions.atlas_levels import map_levels
from skerry.regions import connected_regions
from skerry.reporting import get_clusters_table

AFFINE = np.diag([3.0, 3.0, 3.0, 1.0])
WITH_NAN = np.pad(np.full((3, 3, 3), 4.0), 2, constant_values=np.nan)


def t_map(img):
    img.header.set_intent("t test")
    return img


def zeroless(img):
    return Nifti1Image(np.full(img.shape, 4.0), AFFINE)


def subjects(img):
    """Six maps, whose signs can be flipped in 64 ways."""
    rng = np.random.default_rng(0)
    return [Nifti1Image(rng.standard_normal(img.shape), AFFINE) for _ in range(6)]


@pytest.mark.parametrize(
    ("says", "ask"),
    [
        ("must not exceed", lambda img: threshold_img(img, 9)),
        ("must not exceed", lambda img: get_clusters_table(img, 9)),
        ("No clusters found", lambda img: get_clusters_table(img, 9)),
        ("Non-finite", lambda img: connected_regions(img, 1)),
        ("No supra threshold", lambda img: connected_regions(img, 1e6)),
        ("All voxels were masked", lambda img: find_xyz_cut_coords(img, None, 9)),
        ("is not used", lambda img: threshold_stats_img(img, threshold=3.0)),
        ("no longer 3.0", lambda img: threshold_stats_img(img, height_control=None)),
        ("thresholded already", lambda img: threshold_stats_img(img, height_control="fdr")),
        ("says t without degrees", lambda img: threshold_stats_img(t_map(img), alpha=0.01)),
        ("no longer 3.0", lambda img: cluster_level_inference(img, threshold=3.0)),
        ("says t without degrees", lambda img: cluster_level_inference(t_map(img), threshold=2.0)),
        ("arrangements are possible", lambda img: permute(subjects(img), n_perm=1000)),
        ("must not exceed", lambda img: view_img(img, bg_img=None, threshold=9.0)),
        ("nothing is hidden", lambda img: view_img(zeroless(img), bg_img=None, threshold=1.0)),
        ("Invalid width", lambda img: view_img(img, bg_img=None).get_iframe(width="wide")),
        ("above its largest", lambda img: map_levels([np.ones((2, 2, 2))], 9, "contours")),
    ],
)
def test_a_warning_names_this_file(says, ask):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ask(Nifti1Image(WITH_NAN.copy(), AFFINE))
    named = [one.filename for one in caught if says in str(one.message)]
    assert named == [__file__]
