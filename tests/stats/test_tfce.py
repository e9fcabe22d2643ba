"""TFCE is exact: the definition, the peers, and what must not change it."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
import tfce
from hypothesis import given, settings
from hypothesis import strategies as st

from core.landscapes import as_mesh, connectivities, grid_neighbours, maps, turn, turns
from reference.tfce import slow_tfce
from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours
from skerry.stats.tfce import enhance, enhance_values

exponents = st.sampled_from([0.0, 0.5, 1.0, 2.0, 2.5])


def smooth_noise(shape=(24, 20, 18), seed=3):
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(np.random.default_rng(seed).standard_normal(shape), 1.5)
    return (noise / noise.std()).astype(np.float32)


def image(values, size_mm=2.0):
    return nibabel.Nifti1Image(values, np.diag([size_mm, size_mm, size_mm, 1.0]))


@given(maps(), connectivities, exponents, exponents)
@settings(deadline=None, derandomize=True, max_examples=80)
def test_scores_are_the_integral_of_the_definition(drawn, connectivity, E, H):
    values, grid = drawn
    scores = enhance_values(values, grid_neighbours(grid, connectivity), E=E, H=H)
    expected = slow_tfce(np.nan_to_num(values), connectivity, E, H)
    np.testing.assert_allclose(scores, expected, rtol=1e-12, atol=1e-12)


@given(maps(), connectivities)
@settings(deadline=None, derandomize=True, max_examples=50)
def test_a_mesh_of_the_same_neighbours_gives_the_same_scores(drawn, connectivity):
    values, grid = drawn
    on_mesh = enhance_values(values.ravel(), as_mesh(grid, connectivity))
    on_grid = enhance_values(values, grid_neighbours(grid, connectivity))
    np.testing.assert_array_equal(on_mesh.reshape(values.shape), on_grid)


@given(maps(), turns, connectivities)
@settings(deadline=None, derandomize=True, max_examples=50)
def test_the_order_of_the_axes_changes_no_bit(drawn, how, connectivity):
    values, grid = drawn
    turned, other = turn(values, grid, how)
    ours = enhance_values(values, grid_neighbours(grid, connectivity))
    theirs = enhance_values(turned, grid_neighbours(other, connectivity))
    np.testing.assert_array_equal(turn(ours, grid, how)[0], theirs)


@pytest.mark.parametrize("connectivity", [6, 18, 26])
@pytest.mark.parametrize(("E", "H"), [(0.5, 2.0), (1.0, 2.0), (0.7, 1.5)])
def test_scores_equal_those_of_the_tfce_package(connectivity, E, H):
    values = smooth_noise()
    values[values > 2.0] = 2.0  # a plateau
    grid = Grid(values.shape, np.eye(4))
    ours = enhance_values(values, GridNeighbours(grid, connectivity), E=E, H=H)
    theirs = tfce.tfce(values, connectivity=connectivity, E=E, H=H)
    np.testing.assert_allclose(ours, theirs, rtol=2e-7)  # theirs is float32


def test_scores_of_a_real_map_equal_those_of_the_tfce_package(shared_data):
    path = shared_data / "maps" / "motor_lips.nii.gz"
    ours = enhance(path).get_fdata()
    theirs = tfce.tfce(nibabel.load(path).get_fdata(dtype=np.float32))
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_nilearn_with_ever_smaller_steps_comes_ever_closer():
    from nilearn.mass_univariate._utils import calculate_tfce
    from scipy.ndimage import generate_binary_structure

    values = smooth_noise((10, 10, 10)).astype(np.float64)
    ours = enhance(image(values), connectivity=6).get_fdata()
    apart = []
    for n_steps in (50, 400):
        step = abs(values).max() / n_steps
        theirs = calculate_tfce(values[..., None], generate_binary_structure(3, 1), dh=step)
        theirs = theirs[..., 0] * step  # nilearn leaves the width of a step out
        apart.append(abs(ours - theirs).max() / abs(ours).max())
    assert apart[1] < apart[0] / 4
    assert apart[1] < 0.02


@given(st.floats(0.01, 100))
@settings(deadline=None, derandomize=True, max_examples=20)
def test_a_constant_times_the_map_scales_the_scores_by_its_power(factor):
    values = smooth_noise((6, 6, 6)).astype(np.float64)
    once = enhance(image(values), H=2).get_fdata()
    scaled = enhance(image(values * factor), H=2).get_fdata()
    np.testing.assert_allclose(scaled, once * factor**3, rtol=1e-9, atol=1e-300)


def test_the_negative_side_is_the_positive_side_of_minus_the_map():
    values = smooth_noise()
    both = enhance(image(values)).get_fdata()
    np.testing.assert_array_equal(enhance(image(-values)).get_fdata(), -both)
    positive = enhance(image(values), sign="positive").get_fdata()
    negative = enhance(image(values), sign="negative").get_fdata()
    np.testing.assert_array_equal(positive + negative, both)
    assert positive.min() == 0 > negative.min()


def test_a_wider_field_of_view_changes_nothing():
    values = smooth_noise((8, 7, 6))
    padded = np.pad(values, 3)
    scores = enhance(image(padded)).get_fdata()
    np.testing.assert_array_equal(scores[3:-3, 3:-3, 3:-3], enhance(image(values)).get_fdata())


def test_voxels_outside_the_mask_neither_score_nor_connect():
    values = np.array([2.0, 1.0, 2.0]).reshape(3, 1, 1)
    mask = image(np.array([1, 0, 1], dtype=np.uint8).reshape(3, 1, 1))
    scores = enhance(image(values), mask=mask).get_fdata().ravel()
    np.testing.assert_allclose(scores, [8 / 3, 0, 8 / 3])
    assert enhance(image(values)).get_fdata()[0, 0, 0] > 8 / 3


def test_nan_and_empty_maps_score_nothing():
    values = np.zeros((2, 2, 2))
    assert not enhance(image(values)).get_fdata().any()
    values[0, 0, 0] = np.nan
    assert not enhance(image(values)).get_fdata().any()


def test_scores_keep_the_grid_and_double_precision():
    img = image(smooth_noise((4, 4, 4)), size_mm=3.0)
    scores = enhance(img)
    assert scores.get_data_dtype() == np.float64
    np.testing.assert_array_equal(scores.affine, img.affine)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"E": -1}, "E must be finite and not negative, got -1"),
        ({"H": np.nan}, "H must be finite"),
        ({"E": "0.5"}, "E must be a number, got '0.5'"),
        ({"sign": "up"}, "sign must be"),
        ({"connectivity": 8}, "connectivity must be 6, 18 or 26, got 8"),
    ],
)
def test_bad_options_are_told_in_one_line(options, told):
    with pytest.raises((ArgumentError, ArgumentTypeError), match=told) as error:
        enhance(image(smooth_noise((3, 3, 3))), **options)
    assert "\n" not in str(error.value)


@pytest.mark.filterwarnings("ignore:.*infinite:UserWarning")
def test_infinite_values_are_refused_with_their_number():
    values = smooth_noise((3, 3, 3))
    values[0, 0, :2] = np.inf
    with pytest.raises(ArgumentError, match="2 positive values are infinite"):
        enhance(image(values))
    assert np.isfinite(enhance(image(values), sign="negative").get_fdata()).all()


def test_values_too_high_for_a_score_are_refused():
    values = np.full((2, 2, 2), 1e30)
    with pytest.raises(ArgumentError, match="too high to be enhanced"):
        enhance(image(values), H=12)


def test_a_mask_on_another_grid_is_refused():
    with pytest.raises(GridMismatchError):
        enhance(image(smooth_noise((3, 3, 3))), mask=image(np.ones((4, 4, 4), dtype=np.uint8)))
