"""Designs and contrasts as people write them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from skerry.errors import ArgumentError, ArgumentTypeError, ImageFileError, MissingFileError
from skerry.stats.permute.contrast import model_of, rows_of
from skerry.stats.permute.design import Design, read_design

NAMES = ["x/a.nii", "x/b.nii", "x/c.nii", "x/d.nii"]


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_may_come_from_any_spreadsheet(tmp_path, encoding):
    path = tmp_path / "design.txt"
    path.write_bytes("größe\tgruppe\r\n1\tä\r\n2\tb\r\n3\tä\r\n5\tb\r\n".encode(encoding))
    assert read_design(path, NAMES).names == ("größe", "b", "ä")


def test_what_is_no_table_is_told_in_one_line(tmp_path):
    (tmp_path / "map.nii").write_bytes(b"\x5c\x01\0\0")
    for path, told in ((tmp_path / "map.nii", "is not a text file"), (tmp_path, "is a folder")):
        with pytest.raises(ImageFileError, match=told) as error:
            read_design(path, NAMES)
        assert "\n" not in str(error.value)


def test_other_designs_are_refused(tmp_path):
    with pytest.raises(MissingFileError, match="File not found"):
        read_design(tmp_path / "absent.tsv", NAMES)
    with pytest.raises(ArgumentTypeError, match="design must be a table"):
        read_design(object(), NAMES)
    with pytest.raises(ArgumentError, match="no column 'site' for blocks"):
        read_design({"age": [1, 2, 3, 4]}, NAMES, blocks="site")
    for missing in (float("nan"), "n/a", "", None):
        with pytest.raises(ArgumentError, match="site has rows without a value"):
            read_design({"age": [1, 2, 3, 4], "site": [1, 1, 2, missing]}, NAMES, blocks="site")
