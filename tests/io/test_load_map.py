"""From an image to a map: volume, kind, mask, and what is counted."""

from __future__ import annotations

import pickle
import warnings

import nibabel
import numpy as np
import pytest

from skerry.errors import (
    ArgumentError,
    ArgumentTypeError,
    GridMismatchError,
    ImageFileError,
    SkerryWarning,
)
from skerry.io.load import load_map


def intended(image, code, parameters=(), name=""):
    made = nibabel.Nifti1Image(image.dataobj, image.affine, image.header)
    made.header.set_intent(code, parameters, name, allow_unknown=True)
    return made


# --- volumes


@pytest.fixture(scope="module")
def stack():
    return np.random.default_rng(0).normal(size=(3, 4, 5, 2, 3)).astype(np.float32)


def test_a_single_volume_in_four_or_five_axes_needs_no_choice(values, tmp_path):
    for shape in [(*values.shape, 1), (*values.shape, 1, 1)]:
        image = nibabel.Nifti1Image(values.reshape(shape), np.eye(4))
        image.to_filename(tmp_path / "map.nii")
        for source in (image, tmp_path / "map.nii"):
            assert np.array_equal(load_map(source).values, values)
            assert np.array_equal(load_map(source, volume=0).values, values)


def test_several_volumes_say_how_to_choose_one(stack, tmp_path):
    image = nibabel.Nifti1Image(stack[..., 0], np.eye(4))
    image.to_filename(tmp_path / "map.nii")
    for source in (image, tmp_path / "map.nii"):
        with pytest.raises(ArgumentError, match=r"2 volumes .* volume= \(--volume\), 0 to 1"):
            load_map(source)


def test_further_axes_count_the_first_of_them_fastest(stack, tmp_path):
    image = nibabel.Nifti1Image(stack, np.eye(4))
    image.to_filename(tmp_path / "map.nii.gz")
    for source in (image, tmp_path / "map.nii.gz"):
        for volume in range(6):
            found = load_map(source, volume=volume)
            assert np.array_equal(found.values, stack[..., volume % 2, volume // 2])


@pytest.mark.parametrize("volume", [-1, 6, 1000])
def test_a_volume_that_is_not_there_is_refused(stack, volume):
    with pytest.raises(ArgumentError, match="has volumes 0 to 5"):
        load_map(nibabel.Nifti1Image(stack, np.eye(4)), volume=volume)


@pytest.mark.parametrize("volume", [0.0, True, "1"])
def test_a_volume_is_a_whole_number(stack, volume):
    with pytest.raises(ArgumentTypeError, match="volume must be a whole number"):
        load_map(nibabel.Nifti1Image(stack, np.eye(4)), volume=volume)


# --- kind and df


@pytest.mark.parametrize(
    ("code", "parameters", "kind", "df"),
    [
        ("none", (), None, None),
        ("z score", (), "z", None),
        ("t test", (21,), "t", 21.0),
        ("t test", (0,), "t", None),
        ("f test", (3, 40), "F", (3.0, 40.0)),
        ("chi2", (2,), "other", None),
        ("correlation", (2,), "other", None),
        (1001, (), None, None),
        (1002, (), None, None),
        (9999, (), None, None),
    ],
)
def test_kind_and_df_come_from_the_intent(image, tmp_path, code, parameters, kind, df):
    made = intended(image, code, parameters)
    made.to_filename(tmp_path / "map.nii")
    for source in (made, tmp_path / "map.nii"):
        found = load_map(source)
        assert (found.kind, found.df) == (kind, df)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sub-01_contrast-a_stat-z_statmap.nii.gz", "z"),
        ("stat-t_statmap.nii", "t"),
        ("contrast-a_stat-F_statmap.nii.gz", "F"),
        ("contrast-a_stat-effect_statmap.nii.gz", "other"),
        ("contrast-a_stat-p.nii", "p"),
        ("contrast-a_stat-zeta_statmap.nii", None),
        ("mystat-z_statmap.nii", None),
        ("zstat1.nii.gz", None),
    ],
)
def test_kind_comes_from_the_bids_entity_where_the_header_is_silent(write, nii, values, name, kind):
    content = nii[:352] + np.abs(values / 10).clip(0, 1).tobytes(order="F")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkerryWarning)
        assert load_map(write(content, name)).kind == kind


def test_the_header_goes_before_the_name_and_the_argument_before_both(image, tmp_path):
    path = tmp_path / "a_stat-z_statmap.nii"
    intended(image, "t test", (21,)).to_filename(path)
    assert (load_map(path).kind, load_map(path).df) == ("t", 21)
    with pytest.warns(SkerryWarning, match="kind='z' was given, but its header says 't'"):
        found = load_map(path, kind="z")
    assert (found.kind, found.df) == ("z", None)


def test_a_given_kind_that_the_name_contradicts_is_taken(image, tmp_path):
    path = tmp_path / "a_stat-z_statmap.nii"
    image.to_filename(path)
    assert load_map(path, kind="t", df=12).df == 12


def test_given_df_goes_before_the_headers_and_says_both(image):
    made = intended(image, "t test", (21,))
    assert load_map(made, kind="t").df == 21
    assert load_map(made, df=21).df == 21
    with pytest.warns(SkerryWarning, match=r"df=20\.0 was given, but its header says 21\.0"):
        assert load_map(made, df=20).df == 20


@pytest.mark.parametrize(
    ("kind", "df", "said"),
    [
        ("t", 0, "one positive number"),
        ("t", -3, "one positive number"),
        ("t", (3, 4), "one positive number"),
        ("t", np.nan, "one positive number"),
        ("t", "many", "one positive number"),
        ("t", True, "one positive number, got True"),
        ("t", "20", "one positive number, got .20."),
        ("F", (True, 20), "two positive numbers"),
        ("F", 3, "two positive numbers"),
        ("F", (3, 0), "two positive numbers"),
        ("z", 3, "given for a map of kind 'z'"),
        (None, 3, "given for a map of unknown kind"),
    ],
)
def test_df_that_does_not_fit_the_kind_is_refused(image, kind, df, said):
    with pytest.raises(ArgumentError, match=said):
        load_map(image, kind=kind, df=df)


def test_kind_is_one_of_five_in_any_case(image):
    assert load_map(image, kind="f", df=(2, 9)).kind == "F"
    assert load_map(image, kind="T").kind == "t"
    for wrong in ("r", "", 3):
        with pytest.raises(ArgumentError, match="kind must be one of z, t, F, p, other"):
            load_map(image, kind=wrong)


# --- p values


@pytest.fixture
def p_image(values):
    p = np.linspace(0.001, 1, values.size).reshape(values.shape)
    p[0] = 0
    return nibabel.Nifti1Image(p, np.eye(4))


def test_p_is_read_as_minus_log10_and_said(p_image):
    with pytest.warns(SkerryWarning, match="is read as -log10 p"):
        found = load_map(p_image, kind="p")
    p = np.asarray(p_image.dataobj)
    assert found.kind == "p"
    assert np.array_equal(found.mask, p != 0)
    assert np.allclose(found.values[1:], -np.log10(p[1:]))
    assert (found.values[0] == 0).all()
    assert found.mask[-1, -1, -1]  # p = 1 counts though its logarithm is 0


@pytest.mark.parametrize(("code", "base"), [("log p value", np.e), ("log10 p value", 10)])
@pytest.mark.parametrize("sign", [1, -1])
def test_logarithms_of_p_are_told_apart_by_the_header(p_image, code, base, sign):
    p = np.asarray(p_image.dataobj)
    stored = np.where(p > 0, sign * np.log(np.where(p > 0, p, 1)) / np.log(base), 0)
    with pytest.warns(SkerryWarning, match="-log10 p"):
        found = load_map(intended(nibabel.Nifti1Image(stored, np.eye(4)), code))
    assert np.allclose(found.values[1:], -np.log10(p[1:]))


def test_a_value_that_is_no_p_is_refused(image):
    with pytest.raises(ArgumentError, match=r"p lies from 0 to 1 .* give kind='other'"):
        load_map(image, kind="p")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_nan_to_num_puts_for_infinity_counts_as_infinite(dtype, order):
    values = np.full((3, 4, 5), 2.5, dtype=dtype, order=order)
    values[0, 0, :3] = np.inf, -np.inf, np.nan
    filled = np.nan_to_num(values)
    with pytest.warns(SkerryWarning, match="2 values in its mask are infinite or beyond 1e.37"):
        found = load_map(nibabel.Nifti1Image(filled, np.eye(4)))
    assert found.values[0, 0, :3].tolist() == [np.inf, -np.inf, 0]
    assert (found.values.ravel()[3:] == 2.5).all()
    assert found.n_infinite == 2
    assert np.isfinite(filled).all()  # the array that was given is as it was


def test_p_of_zero_inside_a_given_mask_is_infinite_and_warned_of(p_image):
    inside = nibabel.Nifti1Image(np.ones(p_image.shape, np.uint8), np.eye(4))
    with pytest.warns(SkerryWarning) as caught:
        found = load_map(p_image, kind="p", mask=inside)
    assert found.n_infinite == p_image.shape[1] * p_image.shape[2]
    assert any("infinite" in str(one.message) for one in caught)


# --- NaN, infinity, mask


def test_nan_is_outside_and_infinity_inside_and_both_are_counted(values):
    stored = values.copy()
    stored[1, 1, 1:3] = np.nan
    stored[2, 2, 2] = np.inf
    stored[3, 3, 3] = -np.inf
    with pytest.warns(SkerryWarning, match="2 values in its mask are infinite"):
        found = load_map(nibabel.Nifti1Image(stored, np.eye(4)))
    assert (found.n_nan, found.n_infinite) == (2, 2)
    assert found.n_in_mask == values.size - values[0].size - 2
    assert found.mask[2, 2, 2]
    assert not found.mask[1, 1, 1]


def test_a_given_mask_keeps_its_zeros_and_loses_nan(values, image):
    stored = values.copy()
    stored[1, 1, 1] = np.nan
    inside = np.zeros(values.shape, np.float32)
    inside[:2] = 3
    found = load_map(
        nibabel.Nifti1Image(stored, image.affine), mask=nibabel.Nifti1Image(inside, image.affine)
    )
    expected = inside > 0
    expected[1, 1, 1] = False
    assert np.array_equal(found.mask, expected)


def test_a_mask_in_a_file_of_any_integer_type_is_read(image, tmp_path):
    inside = np.zeros(image.shape, np.int16)
    inside[2:4] = -1
    nibabel.Nifti1Image(inside, image.affine).to_filename(tmp_path / "mask.nii.gz")
    assert np.array_equal(load_map(image, mask=tmp_path / "mask.nii.gz").mask, inside != 0)


@pytest.mark.parametrize(
    ("value", "said"), [(np.nan, "NaN or fractions"), (0.5, "NaN or fractions")]
)
def test_a_mask_of_nan_or_fractions_is_refused(image, value, said):
    inside = np.ones(image.shape, np.float32)
    inside[0, 0, 0] = value
    with pytest.raises(ArgumentError, match=said):
        load_map(image, mask=nibabel.Nifti1Image(inside, image.affine))


def test_an_empty_mask_is_refused(image):
    with pytest.raises(ArgumentError, match="mask is empty"):
        load_map(image, mask=nibabel.Nifti1Image(np.zeros(image.shape, np.uint8), image.affine))


def test_a_mask_on_another_grid_is_never_resampled(image):
    ones = np.ones(image.shape, np.uint8)
    with pytest.raises(GridMismatchError, match=r"\(6, 7, 4\) but the map has \(6, 7, 5\)"):
        load_map(image, mask=nibabel.Nifti1Image(ones[:, :, :4], image.affine))
    shifted = image.affine.copy()
    shifted[0, 3] += 0.5
    with pytest.raises(GridMismatchError, match=r"up to 0\.5 mm apart"):
        load_map(image, mask=nibabel.Nifti1Image(ones, shifted))


def test_a_mask_with_a_rounded_affine_is_the_same_grid(image):
    rounded = image.affine + 1e-5
    rounded[3] = 0, 0, 0, 1
    ones = np.ones(image.shape, np.uint8)
    assert load_map(image, mask=nibabel.Nifti1Image(ones, rounded)).mask.all()


# --- what comes back


def test_a_map_is_returned_as_it_is_and_takes_no_further_options(image):
    found = load_map(image)
    assert load_map(found) is found
    with pytest.raises(ArgumentError, match="kind, volume cannot be given with a StatMap"):
        load_map(found, kind="z", volume=0)


def test_source_name_and_hash_say_where_a_map_came_from(write, nii, tmp_path):
    import hashlib

    path = write(nii, "a.map.nii.gz")
    found = load_map(path)
    assert (found.name, found.source) == ("a.map", str(path))
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_image_in_memory_has_no_source(image):
    found = load_map(image)
    assert (found.name, found.source, found.sha256) == ("map", None, None)


def test_the_hash_of_a_file_that_changed_since_is_refused(write, nii):
    path = write(nii)
    found = load_map(path)
    path.write_bytes(nii + b"more")
    with pytest.raises(ImageFileError, match="was changed since it was read"):
        _ = found.sha256


def test_maps_travel_to_other_processes(write, nii):
    found = load_map(write(nii), kind="t", df=9)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301  # our own bytes
    assert np.array_equal(again.values, found.values)
    assert (again.kind, again.df, again.sha256) == (found.kind, found.df, found.sha256)


def test_an_image_whose_file_is_damaged_behind_nibabel_is_a_clear_error(write, nii):
    image = nibabel.load(write(nii, "map.nii.gz"))
    write(nii[:500], "map.nii.gz")
    with pytest.raises(ImageFileError, match="its values cannot be read"):
        load_map(image)


@pytest.mark.parametrize("dtype", [np.complex64, [("R", "u1"), ("G", "u1"), ("B", "u1")]])
def test_an_image_of_something_else_than_real_numbers_is_refused(dtype):
    with pytest.raises(ArgumentTypeError, match="not one real number a voxel"):
        load_map(nibabel.Nifti1Image(np.zeros((3, 3, 3), dtype), np.eye(4)))


@pytest.mark.parametrize("number", [0, np.nan])
def test_an_image_in_memory_without_a_place_is_refused(image, number):
    image.affine[:] = number
    with pytest.raises(ArgumentError, match="affine of a grid"):
        load_map(image)


def test_a_big_endian_image_in_memory_is_turned_and_left_as_it_was(values):
    stored = values.astype(">f4")
    found = load_map(nibabel.Nifti1Image(stored, np.eye(4)))
    assert found.values.dtype == np.dtype("=f4")
    assert np.array_equal(found.values, values)
    assert np.array_equal(stored, values)


def test_the_warning_points_at_the_line_of_the_caller(p_image):
    with pytest.warns(SkerryWarning) as caught:
        load_map(p_image, kind="p")
    assert caught[0].filename == __file__
