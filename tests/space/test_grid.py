"""Where voxels are."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.errors import ArgumentError
from skerry.space.grid import Grid, grid_of

OBLIQUE = np.array([[-2.0, 0.3, 0, 8], [0.2, 2, 0.1, -10], [0, 0.4, 2.5, -6], [0, 0, 0, 1]])


@given(st.lists(st.floats(-300, 300), min_size=3, max_size=3))
@settings(deadline=None, derandomize=True)
def test_to_millimetres_and_back(ijk):
    grid = Grid((9, 8, 7), OBLIQUE)
    assert np.allclose(grid.ijk(grid.xyz(ijk)), ijk, atol=1e-9)


def test_points_may_have_any_leading_shape():
    grid = Grid((9, 8, 7), OBLIQUE)
    assert grid.xyz(np.zeros((5, 4, 3))).shape == (5, 4, 3)
    assert np.allclose(grid.xyz(np.zeros((0, 3))), np.zeros((0, 3)))


def test_sizes_are_millimetres_whatever_the_direction():
    grid = Grid((2, 2, 2), np.diag([-2.0, 3, 4, 1]))
    assert grid.voxel_sizes_mm.tolist() == [2, 3, 4]
    assert grid.voxel_volume_mm3 == 24  # exactly: volumes are compared with limits
    assert Grid((2, 2, 2), OBLIQUE).voxel_volume_mm3 == pytest.approx(
        abs(np.linalg.det(OBLIQUE[:3, :3]))
    )


def test_a_grid_equals_itself_rounded_to_float32_but_not_shifted():
    grid = Grid((182, 218, 182), OBLIQUE)
    assert grid == Grid((182, 218, 182), OBLIQUE.astype(np.float32))
    shifted = OBLIQUE.copy()
    shifted[1, 3] += 0.01
    assert grid != Grid((182, 218, 182), shifted)
    assert grid != Grid((182, 218, 181), OBLIQUE)
    assert grid.farthest_corner_mm(Grid((182, 218, 182), shifted)) == pytest.approx(0.01)


def test_a_small_change_of_size_counts_where_it_moves_the_far_corner():
    stretched = OBLIQUE.copy()
    stretched[:3, 0] *= 1 + 1e-5
    assert Grid((2, 2, 2), OBLIQUE) == Grid((2, 2, 2), stretched)
    assert Grid((200, 2, 2), OBLIQUE) != Grid((200, 2, 2), stretched)


@pytest.mark.parametrize(
    "affine", [np.zeros((4, 4)), np.full((4, 4), np.nan), np.eye(3), np.diag([1.0, 1, 0, 1])]
)
def test_an_affine_that_places_no_voxel_is_refused(affine):
    with pytest.raises(ArgumentError, match="affine of a grid"):
        Grid((2, 2, 2), affine)


@pytest.mark.parametrize("shape", [(2, 2), (0, 2, 2), (2, -1, 2), (2, 2, 2, 1)])
def test_a_grid_has_three_axes_of_at_least_one_voxel(shape):
    with pytest.raises(ArgumentError, match="three axes"):
        Grid(shape, np.eye(4))


def test_tiny_and_huge_voxels_are_voxels():
    for size_mm in (1e-4, 1e4):
        grid = Grid((2, 2, 2), np.diag([size_mm] * 3 + [1]))
        assert grid.voxel_volume_mm3 == pytest.approx(size_mm**3)


def test_the_affine_is_kept_as_a_copy_that_cannot_be_written():
    affine = np.eye(4)
    grid = Grid((2, 2, 2), affine)
    affine[0, 0] = 5
    assert grid.affine[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        grid.affine[0, 0] = 5


@pytest.mark.parametrize(("shape", "expected"), [((2, 3, 4, 5), (2, 3, 4)), ((2, 3), (2, 3, 1))])
def test_the_grid_of_an_image_has_its_first_three_axes(shape, expected):
    assert grid_of(nibabel.Nifti1Image(np.zeros(shape), OBLIQUE)).shape == expected
