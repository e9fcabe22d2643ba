"""Moving values between grids."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from skerry.errors import ArgumentError, GridMismatchError
from skerry.space.grid import Grid
from skerry.space.resample import grid_with_resolution, resample

ORDER = {"nearest": 0, "linear": 1, "continuous": 3}
EXACT = settings(max_examples=60, deadline=None, derandomize=True)


def by_scipy(values, source, target, interpolation, fill=0.0):
    """Read every target voxel by itself, in double precision."""
    points = source.ijk(target.xyz(np.moveaxis(np.indices(target.shape), 0, -1)))
    return ndimage.map_coordinates(
        values.astype(np.float64),
        np.moveaxis(points.round(9), -1, 0),
        order=ORDER[interpolation],
        mode="constant",
        cval=fill,
    )


@st.composite
def aligned_grids(draw):
    order = draw(st.permutations(range(3)))
    affine = np.zeros((4, 4))
    affine[3, 3] = 1
    for axis, along in enumerate(order):
        affine[axis, along] = draw(st.sampled_from([-2.5, -2.0, -1.0, 0.5, 1.0, 1.5, 2.0, 3.25]))
        affine[axis, 3] = draw(st.integers(-8, 8)) / 2
    return Grid(draw(st.tuples(*[st.integers(1, 7)] * 3)), affine)


@given(aligned_grids(), aligned_grids(), st.sampled_from(["linear", "continuous"]), st.integers(0))
@EXACT
def test_parallel_grids_give_what_scipy_gives(source, target, interpolation, seed):
    values = np.random.default_rng(seed).normal(size=source.shape)
    expected = by_scipy(values, source, target, interpolation, fill=-7.0)
    ours = resample(values, source, target, interpolation=interpolation, fill=-7.0)
    np.testing.assert_allclose(ours, expected, atol=1e-9)


@given(aligned_grids(), aligned_grids(), st.integers(0))
@EXACT
def test_nearest_gives_what_scipy_gives(source, target, seed):
    values = np.random.default_rng(seed).integers(1, 99, size=source.shape).astype(np.int16)
    ours = resample(values, source, target, interpolation="nearest", fill=-7)
    np.testing.assert_array_equal(ours, by_scipy(values, source, target, "nearest", fill=-7))
    assert ours.dtype == np.int16


@pytest.mark.parametrize("interpolation", list(ORDER))
def test_oblique_grids_give_what_scipy_gives(interpolation):
    rng = np.random.default_rng(0)
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]]
    turn[:3, 3] = 0.37
    source, target = Grid((8, 9, 7), np.eye(4)), Grid((9, 9, 9), turn)
    values = rng.normal(size=source.shape)
    ours = resample(values, source, target, interpolation=interpolation, fill=2.0)
    np.testing.assert_allclose(
        ours, by_scipy(values, source, target, interpolation, 2.0), atol=1e-9
    )


@pytest.mark.parametrize("interpolation", list(ORDER))
def test_same_voxels_in_another_order_are_copied_exactly(interpolation):
    values = np.random.default_rng(1).normal(size=(4, 5, 6))
    source = Grid((4, 5, 6), np.diag([2.0, 3.0, 1.0, 1.0]))
    flipped = Grid((6, 4, 5), [[0, -2, 0, 6], [0, 0, 3, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
    ours = resample(values, source, flipped, interpolation=interpolation)
    np.testing.assert_array_equal(ours, values[::-1].transpose(2, 0, 1))


def test_cropping_and_padding_copy_exactly():
    values = np.random.default_rng(1).normal(size=(4, 5, 6)).astype(np.float32)
    source = Grid((4, 5, 6), np.eye(4))
    affine = np.eye(4)
    affine[:3, 3] = (-2, 1, 0)
    ours = resample(values, source, Grid((9, 3, 6), affine), interpolation="continuous", fill=9)
    expected = np.full((9, 3, 6), 9, dtype=np.float32)
    expected[2:6] = values[:, 1:4]
    np.testing.assert_array_equal(ours, expected)


def test_border_voxels_survive_the_rounding_of_a_float32_header():
    source = Grid((5, 5, 5), np.diag([3.3, 3.3, 3.3, 1]))
    affine = np.diag(np.float32([3.3, 3.3, 3.3, 1])).astype(float)
    affine[:3, 3] = -1e-6
    values = np.ones(source.shape)
    assert resample(values, source, Grid((3, 3, 3), affine)).all()


@pytest.mark.parametrize("interpolation", list(ORDER))
def test_a_hole_does_not_spread(interpolation):
    values = np.full((9, 9, 9), 5.0)
    values[4, 4, 4] = np.nan
    values[0, 0, 0] = np.inf
    source = Grid(values.shape, np.eye(4))
    ours = resample(values, source, grid_with_resolution(source, 0.4), interpolation=interpolation)
    assert 0 < (~np.isfinite(ours)).sum() < 60
    np.testing.assert_allclose(ours[np.isfinite(ours)], 5.0)


@pytest.mark.parametrize(
    ("given_dtype", "expected"),
    [("uint8", "float32"), (">i2", "float32"), ("int32", "float64"), (">f8", "float64")],
)
def test_dtype_of_interpolated_values(given_dtype, expected):
    grid = Grid((3, 3, 3), np.eye(4))
    values = np.ones(grid.shape, dtype=given_dtype)
    assert resample(values, grid, grid_with_resolution(grid, 0.5)).dtype == expected
    assert resample(values, grid, grid, interpolation="nearest").dtype.isnative


def test_the_input_is_left_alone_and_never_shared():
    grid = Grid((3, 3, 3), np.eye(4))
    values = np.arange(27.0).reshape(grid.shape)
    for target in (
        grid,
        Grid((3, 3, 3), [[-1, 0, 0, 2], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]),
    ):
        resample(values, grid, target)[:] = -1
    np.testing.assert_array_equal(values, np.arange(27.0).reshape(grid.shape))


def test_a_field_of_view_elsewhere_is_all_fill():
    grid = Grid((3, 3, 3), np.eye(4))
    far = np.eye(4)
    far[:3, 3] = 100
    assert (resample(np.ones(grid.shape), grid, Grid((2, 2, 2), far), fill=4) == 4).all()


def test_a_surface_in_the_shape_of_a_volume_needs_little_memory():
    source = Grid((20000, 1, 1), np.eye(4))
    target = Grid((39999, 1, 1), np.diag([0.5, 1, 1, 1]))
    ours = resample(np.arange(20000.0).reshape(-1, 1, 1), source, target)
    np.testing.assert_allclose(ours.ravel(), np.arange(39999) / 2, atol=1e-6)


@pytest.mark.parametrize("interpolation", ["linear", "continuous"])
def test_a_template_is_resampled_as_nilearn_does(interpolation):
    image = pytest.importorskip("nilearn.image")
    nibabel = pytest.importorskip("nibabel")
    values = np.random.default_rng(2).random((12, 14, 11)).astype(np.float32)
    source = Grid(values.shape, [[-2, 0, 0, 20], [0, 2, 0, -9], [0, 0, 2, -7], [0, 0, 0, 1]])
    affine = np.array([[1.0, 0, 0, -2], [0, 1, 0, -9], [0, 0, 1, -7], [0, 0, 0, 1]])
    theirs = image.resample_img(
        nibabel.Nifti1Image(values, source.affine),
        affine,
        (23, 27, 21),
        interpolation=interpolation,
        clip=False,
    )
    ours = resample(values, source, Grid((23, 27, 21), affine), interpolation=interpolation)
    np.testing.assert_allclose(ours, theirs.get_fdata(), atol=2e-6)


def test_parallel_grids_are_read_axis_by_axis_not_by_scipys_general_way(monkeypatch):
    turned = np.array([[0, -2.0, 0, 40], [2.0, 0, 0, -10], [0, 0, 2.0, -20], [0, 0, 0, 1]])
    source = Grid((20, 24, 18), np.diag([2.0, 2.0, 2.0, 1.0]))
    values = np.random.default_rng(3).normal(size=source.shape).astype(np.float32)
    monkeypatch.setattr(ndimage, "affine_transform", None)
    for target in (grid_with_resolution(source, 1), Grid((30, 30, 30), turned)):
        for how in ("nearest", "linear", "continuous"):
            assert resample(values, source, target, interpolation=how).any()


def test_resolution_keeps_the_field_of_view_from_centre_to_centre():
    grid = Grid((99, 117, 95), [[-2, 0, 0, 98], [0, 2, 0, -134], [0, 0, 2, -72], [0, 0, 0, 1]])
    fine, coarse = grid_with_resolution(grid, 1), grid_with_resolution(grid, 3)
    assert fine.shape == (197, 233, 189)
    assert coarse.shape == (67, 79, 64)  # the last voxel may reach past the field of view
    for other in (fine, coarse, grid_with_resolution(grid, 2)):
        np.testing.assert_allclose(other.affine[:3, 3], grid.affine[:3, 3])
    np.testing.assert_allclose(
        fine.xyz(np.array(fine.shape) - 1), grid.xyz(np.array(grid.shape) - 1)
    )


@pytest.mark.parametrize("resolution", [0, -1, np.nan, np.inf])
def test_a_senseless_resolution_is_refused(resolution):
    with pytest.raises(ArgumentError, match="resolution_mm"):
        grid_with_resolution(Grid((2, 2, 2), np.eye(4)), resolution)


def test_senseless_arguments_are_refused():
    grid = Grid((2, 2, 2), np.eye(4))
    with pytest.raises(ArgumentError, match="interpolation"):
        resample(np.ones((2, 2, 2)), grid, grid, interpolation="cubic")
    with pytest.raises(GridMismatchError, match=r"\(3, 2, 2\)"):
        resample(np.ones((3, 2, 2)), grid, grid)
