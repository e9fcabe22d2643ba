"""Turning volumes to RAS+."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from skerry.space.grid import Grid
from skerry.space.orient import is_oblique, to_ras

VALUES = np.random.default_rng(0).normal(size=(4, 5, 6))


def all_orientations():
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((-1, 1), repeat=3):
            affine = np.eye(4)
            affine[:3, :3] = 0
            for axis, along in enumerate(order):
                affine[along, axis] = signs[axis] * (axis + 1.5)
            affine[:3, 3] = (3, -4, 5)
            yield affine


@pytest.mark.parametrize("affine", list(all_orientations()))
def test_each_voxel_keeps_its_place_in_all_48_orientations(affine):
    grid = Grid(VALUES.shape, affine)
    values, ras = to_ras(VALUES, grid)
    assert np.shares_memory(values, VALUES)
    assert (np.diag(ras.affine) > 0).all()
    assert np.count_nonzero(ras.affine[:3, :3]) == 3
    for ijk in ((0, 0, 0), (3, 1, 5), (2, 4, 0)):
        there = tuple(np.rint(ras.ijk(grid.xyz(ijk))).astype(int))
        assert values[there] == VALUES[ijk]


def test_oblique_volumes_are_resampled_like_nilearn_does():
    image = pytest.importorskip("nilearn.image")
    nibabel = pytest.importorskip("nibabel")
    turn = np.array([[np.cos(0.4), -np.sin(0.4)], [np.sin(0.4), np.cos(0.4)]])
    affine = np.diag([2.0, 2.0, 3.0, 1.0])
    affine[:2, :2] = turn * 2
    affine[:3, 3] = (3.3, -2.1, 8)
    grid = Grid(VALUES.shape, affine)
    assert is_oblique(grid)
    for interpolation in ("nearest", "linear", "continuous"):
        values, ras = to_ras(VALUES, grid, interpolation=interpolation)
        theirs = image.reorder_img(nibabel.Nifti1Image(VALUES, affine), resample=interpolation)
        np.testing.assert_allclose(ras.affine, theirs.affine)
        clipped = values.clip(min(VALUES.min(), 0), max(VALUES.max(), 0))
        np.testing.assert_allclose(clipped, theirs.get_fdata(), atol=1e-9)
