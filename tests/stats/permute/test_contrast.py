"""Contrasts as people write them, and as FSL's files hold them."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.errors import ArgumentError, ImageFileError, MissingFileError
from skerry.stats.permute.contrast import read_contrasts, rows_of
from skerry.stats.permute.design import read_design
from skerry.stats.permute.fsl import read_number_file

NAMES = ("a", "b", "c")
CON = """/ContrastName1 a > b
/ContrastName2	b > c
/NumWaves	3
/NumContrasts	2
/PPheights		1.0	1.0
/RequiredEffect		1.2	1.1

/Matrix
1 -1 0
0.000000e+00 1.000000e+00 -1.000000e+00
"""
FTS = "/NumWaves 2\n/NumContrasts 2\n\n/Matrix\n1 1\n0 1\n"


@pytest.fixture
def fsl(tmp_path):
    """Write FSL's files of contrasts and F tests; give their paths."""

    def write(con=CON, fts=FTS):
        for name, text in (("design.con", con), ("design.fts", fts)):
            (tmp_path / name).write_text(text)
        return str(tmp_path / "design.con"), str(tmp_path / "design.fts")

    return write


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ("1 -1 0", [[1, -1, 0]]),
        ("[1, -1,0]", [[1, -1, 0]]),
        ("1e-1 .5 0", [[0.1, 0.5, 0]]),
        ("a - b; b - c", [[1, -1, 0], [0, 1, -1]]),
        ("1 -1 0; b - c;", [[1, -1, 0], [0, 1, -1]]),
        (["a - b", "0 1 -1"], [[1, -1, 0], [0, 1, -1]]),
        ([1, -1, 0], [[1, -1, 0]]),
        (np.eye(3)[:2], [[1, 0, 0], [0, 1, 0]]),
    ],
)
def test_weights_sums_and_several_rows_are_understood(said, rows):
    np.testing.assert_array_equal(rows_of(said, NAMES), rows)


def test_a_column_whose_name_looks_like_more_is_that_column():
    names = ("a; b", "a", "1")
    for number, name in enumerate(names):
        np.testing.assert_array_equal(rows_of(name, names), [np.eye(3)[number]])


@pytest.mark.parametrize(
    ("said", "weights"),
    [
        ("2back - 0back", [-1, 1, 0]),
        ("0.5*2back+0.5 0back - rest", [0.5, 0.5, -1]),
        ("2 rest-2 2back", [0, -2, 2]),
    ],
)
def test_names_may_begin_with_a_number(said, weights):
    np.testing.assert_array_equal(rows_of(said, ("0back", "2back", "rest")), [weights])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("1 -1", "'1 -1' has 2 weights, but there are 3 columns of the design: a, b, c"),
        ("a - b; d", "'d' is no column nor a sum of columns of the design: a, b, c"),
        (";", "';' is no column"),
        ("", "'' is no column"),
        (object(), "must be a name, a sum of names, or weights"),
        ([[1, 0, 0], [1]], "must be a name, a sum of names, or weights"),
    ],
)
def test_what_is_no_contrast_is_told(said, told):
    with pytest.raises(ArgumentError, match=told):
        rows_of(said, NAMES)


def test_each_contrast_is_a_test_or_all_are_one(fsl):
    con, fts = fsl()
    found = read_contrasts(["c", con, fts], NAMES)
    assert [contrast.name for contrast in found] == [
        "c", "a > b", "b > c", "F 1 of design.fts", "F 2 of design.fts",
    ]  # fmt: skip
    rows = [[1, -1, 0], [0, 1, -1]]
    expected = [[[0, 0, 1]], rows[:1], rows[1:], rows, rows[1:]]
    for contrast, weights in zip(found, expected, strict=True):
        np.testing.assert_array_equal(contrast.rows, weights)
    (one,) = read_contrasts([con, "a"], NAMES, together=True)
    np.testing.assert_array_equal(one.rows, [*rows, [1, 0, 0]])
    assert one.name == "a > b; b > c; a"


@pytest.mark.parametrize(
    ("con", "fts", "told"),
    [
        ("a,b\n1,2\n", FTS, "design.con has no line /Matrix"),
        (CON.replace("1 -1 0", "1 -1"), FTS, "must all be of one length"),
        (CON.replace("1 -1 0", "1 x 0"), FTS, "row 1 below /Matrix is not of numbers"),
        (CON.replace("1 -1 0", "1 nan 0"), FTS, "not finite"),
        (CON.replace("NumContrasts\t2", "NumContrasts\t3"), FTS, "says 3 rows of 3 numbers, but"),
        ("/Matrix\n1 2\n", FTS, "design.con has 2 weights a contrast, but there are 3 columns"),
        ("/Matrix\n", FTS, "must all be of one length"),
        (CON, "/Matrix\n1 2\n", "rows of 0 and 1 for 2 contrasts"),
        (CON, "/Matrix\n0 0\n", "row 1 chooses no contrast"),
        (CON, "/Matrix\n1 1 1\n", "rows of 0 and 1 for 2 contrasts"),
    ],
)
def test_faulty_files_are_told_by_name(fsl, con, fts, told):
    with pytest.raises(ArgumentError, match=told):
        read_contrasts(fsl(con, fts), NAMES)


def test_f_tests_need_their_contrasts_and_files_must_be_there(fsl, tmp_path):
    with pytest.raises(ArgumentError, match="give that one before it"):
        read_contrasts([fsl()[1]], NAMES)
    with pytest.raises(MissingFileError, match=r"File not found: .*absent.con"):
        read_contrasts([str(tmp_path / "absent.con")], NAMES)
    (tmp_path / "bytes.con").write_bytes(b"1\x00")
    with pytest.raises(ImageFileError, match=r"bytes.con is not a text file"):
        read_contrasts([str(tmp_path / "bytes.con")], NAMES)


def test_a_design_and_its_blocks_may_be_fsls(tmp_path):
    (tmp_path / "design.mat").write_text(
        "/NumWaves 2\n/NumPoints 4\n/PPheights 1 1\n\n/Matrix\n1 0\n1 1.5\n1 2\n1 -3e0\n"
    )
    (tmp_path / "design.grp").write_text("/NumWaves 1\n/NumPoints 4\n\n/Matrix\n1\n1\n2\n2\n")
    maps = [f"{k}.nii" for k in range(4)]
    design = read_design(tmp_path / "design.mat", maps, blocks=str(tmp_path / "design.grp"))
    assert design.names == ("EV1", "EV2")
    assert design.matrix[:, 1].tolist() == [0, 1.5, 2, -3]
    assert design.blocks.tolist() == [1, 1, 2, 2]
    alone = read_design(None, maps, blocks=str(tmp_path / "design.grp"))
    assert alone.blocks.tolist() == [1, 1, 2, 2]
    with pytest.raises(ArgumentError, match="one number a row for 3 maps"):
        read_design(None, maps[:3], blocks=str(tmp_path / "design.grp"))
    assert read_number_file(tmp_path / "design.mat").row_names == ()
