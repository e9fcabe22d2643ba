"""Designs and contrasts as people write them, and stacks of maps."""

from __future__ import annotations

import nibabel
import numpy as np
import pandas as pd
import pytest

from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError, MissingFileError
from skerry.io.load import load_map
from skerry.stats.permute_contrast import model_of, rows_of
from skerry.stats.permute_design import Design, read_design
from skerry.stats.permute_maps import stack_maps

NAMES = ["x/a.nii", "x/b.nii", "x/c.nii", "x/d.nii"]
AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


def test_words_become_one_regressor_each_and_rows_find_their_maps(tmp_path):
    path = tmp_path / "design.tsv"
    path.write_text(
        "participant_id\tmap\tgroup\tage\tsite\n"
        "s4\td.nii\tpatient\t4\ts1\ns1\ta.nii\tcontrol\t1\ts1\n"
        "s2\tb.nii\tpatient\t2\ts2\ns3\tc.nii\tcontrol\t3.5\ts2\n"
    )
    design = read_design(path, NAMES, blocks="site")
    assert design.names == ("control", "patient", "age")
    np.testing.assert_array_equal(design.matrix, [[1, 0, 1], [0, 1, 2], [1, 0, 3.5], [0, 1, 4]])
    assert design.blocks.tolist() == ["s1", "s2", "s2", "s1"]


def test_tables_in_memory_are_read_alike():
    frame = pd.DataFrame({"group": list("abab"), "age": [1, 2, 3, 4]})
    for given in (frame, frame.to_dict("list")):
        design = read_design(given, NAMES)
        assert design.names == ("a", "b", "age")
    np.testing.assert_array_equal(
        read_design(design.matrix, NAMES).matrix, read_design(frame, NAMES).matrix
    )
    assert read_design(None, NAMES).matrix.tolist() == [[1], [1], [1], [1]]


@pytest.mark.parametrize(
    ("said", "weights"),
    [
        ("a", [1, 0, 0]),
        ("a - b", [1, -1, 0]),
        ("-a+b", [-1, 1, 0]),
        ("0.5*a + 0.5 b - 2e1*a-b", [0.5, 0.5, -1]),
        ("a-b", [0, 0, 1]),
    ],
)
def test_contrasts_are_sums_of_names(said, weights):
    names = ("a", "b", "a-b") if said == "a-b" else ("a", "b", "2e1*a-b")
    if said.startswith("0.5"):
        names, weights = ("a", "b", "c"), [0.5 - 20, 0.5 - 1, 0]
    np.testing.assert_allclose(rows_of(said, names), [weights])


@pytest.mark.parametrize("said", ["", "c", "a b", "a + ", "a ++ b", "a - b - zz", "2"])
def test_other_contrasts_are_refused_with_the_names(said):
    with pytest.raises(ArgumentError, match="columns of the design: a, b"):
        model_of(Design(("a", "b"), np.eye(6)[:, :2]), said)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("age\n1\n2\n3\n", "has 3 rows for 4 maps"),
        ("age\n1\n2\nnan\n4\n", "row 3 of age is not a finite number"),
        ("group\tage\na\t1\nb\t1\na\nb\t2\n", "line 4: 1 cells under 2 names"),
        ("group\na\nb\nn/a\nb\n", "group has rows without a value"),
        ("word\na\nb\nc\nd\n", "every row of word is another word"),
        ("age\tage\n1\t2\n1\t2\n1\t2\n1\t2\n", "name of its own"),
        ("map\tage\na.nii\t1\na.nii\t2\nc.nii\t3\nd.nii\t4\n", "must name x/a.nii once, not 2x"),
        ("age\n21\n34\nNA\n34\n", "age has rows without a value"),
        ("age\n21\n34\nold\n34\n", "age has both numbers and words, such as 'old'"),
        (
            "drug\tsmokes\nyes\tyes\nno\tyes\nyes\tno\nno\tno\n",
            "smokes gives a second regressor 'no', .* call it smokes_no there",
        ),
        ("map\tage\na.nii\t1\nb.nii\t2\nc.nii\t3\nx/a.nii\t4\n", "must name x/d.nii once, not 0x"),
        ("subject\na\nb\nc\nd\n", "no column that is a regressor"),
        ("age\n", "a header line and one row a map"),
    ],
)
def test_faulty_tables_are_told(tmp_path, text, told):
    path = tmp_path / "design.tsv"
    path.write_text(text)
    with pytest.raises(ArgumentError, match=told):
        read_design(path, NAMES)


def test_maps_of_one_name_in_several_folders_find_their_rows():
    """As SPM names them: the folder says whose con_0001.nii it is."""
    names = [f"/data/s{k}/con_0001.nii" for k in (1, 2, 3)]
    rows = ["s3/con_0001.nii", "s1/con_0001.nii", "s2/con_0001.nii"]
    design = read_design({"map": rows, "age": [3, 1, 2]}, names)
    assert design.matrix.ravel().tolist() == [1, 2, 3]
    unclear = {"map": ["con_0001.nii", "other.nii", "another.nii"], "age": [3, 1, 2]}
    with pytest.raises(ArgumentError, match=r"could be /data/s1/con_0001.nii or /data/s2/con_"):
        read_design(unclear, names)


def test_words_with_digits_are_words():
    design = read_design({"site": ["1_1", "1_2", "1_1", "1_2"]}, NAMES)
    assert design.names == ("1_1", "1_2")


def test_other_designs_are_refused(tmp_path):
    with pytest.raises(MissingFileError, match="no such file"):
        read_design(tmp_path / "absent.tsv", NAMES)
    with pytest.raises(ArgumentTypeError, match="design must be a table"):
        read_design(object(), NAMES)
    with pytest.raises(ArgumentError, match="no column 'site' for blocks"):
        read_design({"age": [1, 2, 3, 4]}, NAMES, blocks="site")
    for missing in (float("nan"), "n/a", "", None):
        with pytest.raises(ArgumentError, match="site has rows without a value"):
            read_design({"age": [1, 2, 3, 4], "site": [1, 1, 2, missing]}, NAMES, blocks="site")


def images(n=4, dtype=np.float32):
    values = np.random.default_rng(0).standard_normal((n, 4, 3, 2)).astype(dtype)
    return [nibabel.Nifti1Image(value, AFFINE) for value in values], values


def test_voxels_that_a_map_lacks_are_left_out_of_all():
    maps, values = images()
    values[1, 0, 0, 0] = np.nan
    values[2, 1, 1, 1] = 0
    stack = stack_maps(maps)
    assert stack.mask.sum() == 22
    assert stack.data.dtype == np.float32
    np.testing.assert_array_equal(stack.data, values[:, stack.mask])
    assert stack.notes == ()  # as it is at the rim of every brain
    mask = nibabel.Nifti1Image(np.ones((4, 3, 2), dtype=np.uint8), AFFINE)
    stack = stack_maps(maps, mask=mask)
    assert stack.mask.sum() == 23
    assert stack.notes == (
        "1 of 24 voxels are NaN in some map and were left out; map 2 lacks the most, 1",
    )


@pytest.mark.parametrize("short", [0, 2])
def test_the_map_that_costs_the_others_voxels_is_named_wherever_it_stands(short):
    maps, values = images()
    values[short, 2:] = np.nan
    (note,) = stack_maps(maps).notes
    assert note == (
        "12 voxels have a value in all maps, though half of the maps have 24 or more; "
        f"map {short + 1} has the fewest, 12"
    )


def test_a_map_that_is_given_twice_is_told():
    maps, _ = images()
    notes = stack_maps([*maps, maps[1]]).notes
    assert notes == ("map 5 holds the same values as map 2: is a map given twice?",)


def test_voxels_of_a_mask_that_are_0_in_all_maps_take_no_memory():
    maps, values = images()
    values[:, 0] = 0
    values[0, 1] = 0
    mask = nibabel.Nifti1Image(np.ones((4, 3, 2), dtype=np.uint8), AFFINE)
    stack = stack_maps(maps, mask=mask)
    np.testing.assert_array_equal(stack.data, values[:, 1:].reshape(4, -1))
    assert stack.notes == ("6 voxels of the mask are 0 in all maps and were left out",)


def test_voxels_outside_the_mask_of_a_loaded_map_do_not_count():
    maps, values = images()
    inner = np.zeros((4, 3, 2), dtype=np.uint8)
    inner[1:3] = 1
    inner_img = nibabel.Nifti1Image(inner, AFFINE)
    whole = nibabel.Nifti1Image(np.ones_like(inner), AFFINE)
    loaded = [load_map(maps[0], mask=inner_img), *maps[1:]]
    for mask in (None, whole):
        stack = stack_maps(loaded, mask=mask)
        np.testing.assert_array_equal(stack.mask, inner > 0)
        np.testing.assert_array_equal(stack.data, values[:, inner > 0])


def test_a_map_of_double_precision_keeps_it():
    maps, values = images()
    exact = values[3].astype(np.float64) + 1e-12
    stack = stack_maps([*maps[:3], nibabel.Nifti1Image(exact, AFFINE)])
    assert stack.data.dtype == np.float64
    np.testing.assert_array_equal(stack.data[3], exact.ravel())
    np.testing.assert_array_equal(stack.data[:3], values[:3].reshape(3, -1))


def test_maps_that_do_not_fit_are_told_by_name(tmp_path):
    maps, values = images()
    path = tmp_path / "bad.nii"
    nibabel.save(nibabel.Nifti1Image(values[0], np.diag([3.0, 3, 3, 1])), path)
    with pytest.raises(GridMismatchError, match=r"bad.nii has the shape of map 1 but another"):
        stack_maps([maps[0], path])
    nibabel.save(nibabel.Nifti1Image(values[0] * np.nan, AFFINE), path)
    with pytest.raises(ArgumentError, match=r"bad.nii has no value where"):
        stack_maps([maps[0], path])
    values[0, 0, 0, 0] = np.inf
    nibabel.save(nibabel.Nifti1Image(values[0], AFFINE), path)
    with pytest.raises(ArgumentError, match=r"bad.nii: 1 values in the mask are infinite"):
        stack_maps([maps[1], path])
    left, right = np.zeros((2, 4, 3, 2), dtype=np.float32)
    left[:2], right[2:] = 1, 1
    with pytest.raises(ArgumentError, match="map 2 has no value where map 1 has:"):
        stack_maps([nibabel.Nifti1Image(half, AFFINE) for half in (left, right)])
    with pytest.raises(ArgumentTypeError, match="paths or images, got int"):
        stack_maps(3)
