"""The voxel that stands for a flat top: ties go by place, never by rounding."""

from __future__ import annotations

from itertools import permutations, product

import nibabel
import numpy as np
import pytest

import skerry
from skerry.core.plateaus import middle_voxels


@pytest.mark.parametrize("step_mm", [2.0, 0.8, 1.6, 3.3])
def test_equally_near_voxels_go_by_their_place_whatever_the_size_of_a_voxel(step_mm):
    # No voxel in the middle: all 24 are (3, 1, 1) half steps from it, along some axes.
    offsets = {
        tuple(np.multiply(axes, signs))
        for axes in permutations((3, 1, 1))
        for signs in product((-1, 1), repeat=3)
    }
    position = (np.array(sorted(offsets)) + 3) // 2
    group = np.zeros(len(position), dtype=int)
    assert middle_voxels(position, np.eye(3) * step_mm, group, 1).tolist() == [0]


@pytest.mark.parametrize("degrees", [10, 40, 75])
def test_an_oblique_plateau_has_one_peak_in_memory_and_on_disk(tmp_path, degrees):
    a, b = np.deg2rad([degrees, 12])
    about_z = [[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]
    about_x = [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
    affine = np.eye(4)
    affine[:3, :3] = 2.0 * np.array(about_z) @ about_x
    values = np.zeros((4, 4, 4), dtype=np.float32)
    values[1:3, 1:3, 1:3] = 4.0  # eight voxels, all as near to the middle
    img = nibabel.Nifti1Image(values, affine)
    path = tmp_path / "oblique.nii"
    nibabel.save(img, path)  # the header holds the affine in single precision
    ijk = np.argwhere(values)
    lowest_x = ijk[np.argmin(ijk @ affine[0, :3])].tolist()
    for one in (img, path):
        assert skerry.find_regions(one, 3).columns["peak_ijk"].tolist() == [lowest_x]
