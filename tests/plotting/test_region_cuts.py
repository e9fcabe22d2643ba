"""Cuts of a display, chosen from regions."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.plotting.cuts.regions import RegionVoxels, cuts_through_regions
from skerry.space.grid import Grid

SHAPE = (20, 24, 18)
AFFINE = np.array([[-3.0, 0, 0, 30], [0, 3, 0, -36], [0, 0, 4, -20], [0, 0, 0, 1]])


def blocks(*corners, size=3, affine=AFFINE):
    cube = np.argwhere(np.ones((size,) * 3))
    return RegionVoxels([cube + corner for corner in corners], Grid(SHAPE, affine))


def seen(regions, axis, at_mm):
    step = np.abs(regions.grid.affine["xyz".index(axis), :3]).max()
    return [
        bool((np.abs(regions.grid.xyz(ijk)[:, "xyz".index(axis)] - at_mm) <= step / 2).any())
        for ijk in regions.ijk
    ]


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_stacked_cuts_meet_every_region(axis):
    regions = blocks((1, 2, 14), (12, 19, 14), (8, 8, 1))
    cuts = cuts_through_regions(regions, axis, 3)
    assert len(cuts) == 3
    assert np.any([seen(regions, axis, cut) for cut in cuts], axis=0).all()


def test_cuts_lie_on_voxel_centres():
    cuts = cuts_through_regions(blocks((1, 2, 14)), "z", 5)
    assert np.allclose((np.array(cuts) + 20) / 4, np.rint((np.array(cuts) + 20) / 4))


def test_one_cut_an_axis_goes_through_a_voxel_of_a_region():
    regions = blocks((1, 2, 14), (12, 19, 14), (8, 8, 1))
    point = cuts_through_regions(regions, "ortho")
    inside = [
        (np.abs(regions.grid.xyz(ijk) - point).max(axis=1) < 1e-6).any() for ijk in regions.ijk
    ]
    assert sum(inside) == 1


def test_one_cut_an_axis_prefers_the_point_from_where_most_regions_are_met():
    regions = blocks((1, 2, 14), (12, 19, 14), (8, 8, 1))
    x, y, z = cuts_through_regions(regions, "tiled")
    assert sum(seen(regions, "z", z)) == 2
    two = cuts_through_regions(regions, "yx")
    assert two == (y, x)


def test_a_mosaic_gets_cuts_of_all_axes():
    regions = blocks((1, 2, 14), (12, 19, 3))
    cuts = cuts_through_regions(regions, "mosaic", (2, 3, 4))
    assert {axis: len(found) for axis, found in cuts.items()} == {"x": 2, "y": 3, "z": 4}
    assert len(cuts_through_regions(regions, "mosaic")["y"]) == 7


def test_oblique_grids_are_cut_in_world_axes():
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(0.4), -np.sin(0.4)], [np.sin(0.4), np.cos(0.4)]]
    regions = blocks((1, 2, 14), (12, 19, 2), affine=turn @ AFFINE)
    for axis in "xyz":
        cuts = cuts_through_regions(regions, axis, 2)
        assert np.any([seen(regions, axis, cut) for cut in cuts], axis=0).all()


@pytest.mark.parametrize(
    ("mode", "given"),
    [
        ("z", [3.0]),
        ("ortho", (1, 2, 3)),
        ("ortho", 5),
        ("z", -2),
        ("z", "5"),
        ("mosaic", {"x": [1]}),
        ("mosaic", [3, 5]),
        ("zzz", None),
        ("z", 0),
    ],
)
def test_what_the_user_says_is_left_alone(mode, given):
    assert cuts_through_regions(blocks((1, 2, 14)), mode, given) is given


def test_without_regions_nothing_is_chosen():
    assert cuts_through_regions(RegionVoxels([], Grid(SHAPE, AFFINE)), "z", 5) == 5
