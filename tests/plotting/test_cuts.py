"""Where maps are cut."""

from __future__ import annotations

import warnings

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.plotting.cuts.atlases import find_parcellation_cut_coords
from skerry.plotting.cuts.maps import find_cut_slices, find_xyz_cut_coords
from skerry.plotting.cuts.slice_profile import Slices, measure_slices

LIKE_NILEARN = settings(max_examples=40, deadline=None, derandomize=True)
REAL_MAPS = ("image_10426", "motor_lips", "narps_9U7M_hypo1_z", "resting_corr_uint8_scl_inter")


def image(values, *sizes, origin=(0, 0, 0)):
    affine = np.diag([*(sizes or (1, 1, 1)), 1.0])
    affine[:3, 3] = origin
    return nib.Nifti1Image(values, affine)


@st.composite
def random_images(draw):
    """Give smooth, coarse, one-signed or integer maps of any size."""
    rng = np.random.default_rng(draw(st.integers(0)))
    values = rng.normal(size=draw(st.tuples(*[st.integers(3, 14)] * 3)))
    kind = draw(st.sampled_from(["noise", "coarse", "positive", "sparse"]))
    if kind == "coarse":
        values = values.round()
    if kind == "positive":
        values = np.abs(values)
    if kind == "sparse":
        values[rng.random(values.shape) < 0.7] = 0
    values = np.asarray(values, dtype=draw(st.sampled_from(["f4", "f8", "i2"])))
    values.flat[0] = 3
    if draw(st.booleans()):
        values = np.asfortranarray(values)
    return image(values, draw(st.sampled_from([-3, 2])), 2, 1.5, origin=(8, -9, 4))


@pytest.fixture
def theirs():
    return pytest.importorskip("nilearn.plotting.find_cuts")


@given(random_images(), st.sampled_from([None, 0.5, 1.0, 2.0]))
@LIKE_NILEARN
def test_centre_of_the_largest_cluster_is_nilearns(img, threshold):
    theirs = pytest.importorskip("nilearn.plotting.find_cuts")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        expected = theirs.find_xyz_cut_coords(img, activation_threshold=threshold)
    if threshold is None and said:
        return  # a plateau at the percentile: see the test below
    with warnings.catch_warnings(record=True) as we_say:
        warnings.simplefilter("always")
        ours = find_xyz_cut_coords(img, activation_threshold=threshold)
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)
    assert bool(we_say) == bool(said)


@given(random_images(), st.sampled_from("xyz"), st.integers(1, 9), st.sampled_from(["auto", 1, 3]))
@LIKE_NILEARN
def test_slices_are_nilearns_inside_the_field_of_view(img, direction, n_cuts, spacing):
    theirs = pytest.importorskip("nilearn.plotting.find_cuts")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        expected = theirs.find_cut_slices(img, direction, n_cuts, spacing)
        ours = find_cut_slices(img, direction, n_cuts, spacing)
    axis = "xyz".index(direction)
    index = np.rint((ours - img.affine[axis, 3]) / img.affine[axis, axis])
    assert (index >= 0).all()
    assert (index < img.shape[axis]).all()
    assert len(np.unique(index)) == min(n_cuts, img.shape[axis])
    there = np.rint((expected - img.affine[axis, 3]) / img.affine[axis, axis])
    if (there < img.shape[axis]).all():  # nilearn may leave the field of view
        np.testing.assert_allclose(ours, expected)


@pytest.mark.parametrize("name", REAL_MAPS)
def test_real_maps_are_cut_where_nilearn_cuts_them(name, shared_data, theirs):
    stored = nib.load(shared_data / "maps" / f"{name}.nii.gz")
    img = nib.Nifti1Image(np.asanyarray(stored.dataobj), stored.affine)
    np.testing.assert_allclose(find_xyz_cut_coords(img), theirs.find_xyz_cut_coords(img), atol=1e-4)
    for direction in "xyz":
        np.testing.assert_allclose(
            find_cut_slices(img, direction, 7), theirs.find_cut_slices(img, direction, 7)
        )


def test_a_plateau_at_the_percentile_is_a_cluster_in_every_dtype():
    values = np.zeros((9, 9, 9), dtype=np.float32)
    values[2:4, 5:7, 1:3] = 1
    assert find_xyz_cut_coords(image(values, 2, 2, 2)) == [5.0, 11.0, 3.0]


def test_holes_do_not_draw_the_cut():
    values = np.zeros((12, 12, 12))
    values[8:11, 8:11, 8:11] = 4
    clean = find_xyz_cut_coords(image(values.copy()))
    values[:6] = np.nan
    values[0, 0, 0] = np.inf
    assert find_xyz_cut_coords(image(values)) == clean == [9.0, 9.0, 9.0]
    assert find_cut_slices(image(values), "x", 1) == [9.0]


def test_an_empty_map_is_cut_at_the_origin_of_the_space():
    with pytest.warns(UserWarning, match="empty"):
        coords = find_xyz_cut_coords(image(np.zeros((9, 9, 9)), 2, 2, 2, origin=(-8, -8, -8)))
    assert coords == [0.0, 0.0, 0.0]
    with pytest.warns(UserWarning, match="empty"):
        coords = find_xyz_cut_coords(image(np.zeros((3, 3, 3)), 2, 2, 2, origin=(50, 50, 50)))
    assert coords == [52.0, 52.0, 52.0]


def test_a_mask_moves_the_cut():
    values = np.zeros((9, 9, 9))
    values[1:3, 1:3, 1:3] = 5
    values[6, 6, 6] = 5
    mask = np.zeros(values.shape, dtype=np.uint8)
    mask[5:8] = 1
    assert find_xyz_cut_coords(image(values), image(mask)) == [6.0, 6.0, 6.0]
    with pytest.raises(GridMismatchError, match="Mask affine"):
        find_xyz_cut_coords(image(values), image(mask, 2, 2, 2))


def test_the_image_is_left_alone():
    values = np.random.default_rng(0).normal(size=(8, 8, 8))
    img = image(values.copy())
    find_xyz_cut_coords(img)
    find_cut_slices(img, "y", 3)
    np.testing.assert_array_equal(np.asarray(img.dataobj), values)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"direction": "a"}, ArgumentError, "'direction' must be one of"),
        ({"n_cuts": 0}, ArgumentError, "must be between 1 and 8"),
        ({"n_cuts": float("nan")}, ArgumentError, "must be between 1 and 8"),
        ({"n_cuts": "7"}, ArgumentTypeError, "n_cuts"),
    ],
)
def test_senseless_arguments_are_refused(arguments, error, match):
    with pytest.raises(error, match=match):
        find_cut_slices(image(np.ones((8, 8, 8))), **arguments)


def test_more_cuts_than_slices_gives_every_slice():
    with pytest.warns(UserWarning, match="Too many cuts"):
        cuts = find_cut_slices(image(np.ones((4, 8, 8)), 2, 2, 2), "x", 9)
    np.testing.assert_array_equal(cuts, [0, 2, 4, 6])


def test_oblique_maps_are_cut_through_their_peak():
    values = np.zeros((20, 20, 20))
    values[12, 5, 9] = 1
    img = image(values)
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]]
    img = nib.Nifti1Image(values, turn)
    peak = (turn @ [12, 5, 9, 1])[:3]
    for direction, position in zip("xyz", peak, strict=True):
        with pytest.warns(UserWarning, match="non-diagonal"):
            assert abs(find_cut_slices(img, direction, 1)[0] - position) <= 1


def test_slabs_measure_what_the_whole_volume_measures():
    values = np.random.default_rng(1).normal(size=(37, 20, 40))
    for order in "CF":
        for axis in range(3):
            ours = measure_slices(Slices(np.asarray(values, order=order), axis))
            others = tuple(a for a in range(3) if a != axis)
            padded = np.pad(np.abs(values), 1)
            total = padded.copy()
            for a in range(3):
                total += 0.2 * (np.roll(padded, 1, a) + np.roll(padded, -1, a))
            smoothed = total[1:-1, 1:-1, 1:-1] / 2.2
            np.testing.assert_allclose(ours.height, smoothed.max(axis=others))
            np.testing.assert_allclose(ours.total, np.abs(values).sum(axis=others))


def test_a_region_of_one_side_is_found_whatever_side_is_asked_for():
    labels = np.zeros((10, 10, 10), dtype=np.int16)
    labels[1:4, 1:4, 1:4] = 7  # left only
    labels[7:9, 6:9, 6:9] = 9  # right only
    labels[1:3, 6:8, 1:3] = 12
    labels[7:9, 6:8, 1:3] = 12
    img = image(labels, 2, 2, 2, origin=(-9, -9, -9))
    left, names = find_parcellation_cut_coords(img, return_label_names=True)
    right = find_parcellation_cut_coords(img, label_hemisphere="right")
    assert names == [7, 9, 12]
    np.testing.assert_allclose(left, [[-5, -5, -5], [6, 5, 5], [-6, 4, -6]])
    np.testing.assert_allclose(right, [[-5, -5, -5], [6, 5, 5], [6, 4, -6]])


def test_any_number_may_be_the_background():
    labels = np.full((4, 4, 4), 3, dtype=np.int16)
    labels[:2] = 5
    img = image(labels)
    coords, names = find_parcellation_cut_coords(img, 3, return_label_names=True)
    assert names == [5]
    np.testing.assert_allclose(coords, [[0.5, 1.5, 1.5]])
