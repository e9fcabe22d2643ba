"""Names of files and of maps."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from skerry.errors import ArgumentError, MissingFileError
from skerry.io.hashing import sha256_of
from skerry.io.paths import neurovault_number, shown, sibling, stem_of


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("a.map.nii.gz", "a.map"),
        ("maps/a.nii", "a"),
        (Path("maps") / "a.NII.GZ", "a"),
        ("scaled+tlrc.HEAD", "scaled+tlrc"),
        ("scaled+tlrc.BRIK.gz", "scaled+tlrc"),
        ("con.img", "con"),
        ("T1.mgz", "T1"),
        ("a.gz", "a.gz"),
        ("a.nii.bak", "a.nii.bak"),
        (".nii", ".nii"),
        ("a", "a"),
    ],
)
def test_the_stem_is_the_name_without_folder_and_image_suffix(path, stem):
    assert stem_of(path) == stem


def test_control_characters_are_shown_escaped():
    assert shown("a\tb\x07\u2028.nii") == "a\\tb\\x07\\u2028.nii"
    assert shown(Path("plain é.nii")) == "plain é.nii"
    assert shown("undecodable\udcff.nii") == "undecodable\\udcff.nii"


def test_the_other_file_of_a_pair_keeps_folder_and_capitals():
    assert sibling("d.img/a.b.img.gz", ".hdr") == "d.img/a.b.hdr"
    assert sibling("A.IMG", ".hdr") == "A.HDR"
    assert sibling("a+tlrc.HEAD", ".BRIK.gz") == "a+tlrc.BRIK.gz"


def test_the_hash_covers_all_bytes_of_all_files_in_order(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    (tmp_path / "b").write_bytes(b"y")
    expected = hashlib.sha256(b"x" * 3_000_000 + b"y").hexdigest()
    assert sha256_of(tmp_path / "a", tmp_path / "b") == expected
    with pytest.raises(MissingFileError, match="File not found"):
        sha256_of(tmp_path / "c")


def test_a_map_of_neurovault_is_named_by_its_number(tmp_path):
    assert [neurovault_number(name) for name in ("neurovault:5", "NEUROVAULT:32980")] == [5, 32980]
    assert [neurovault_number(name) for name in ("a.nii", "", "my-neurovault:5")] == [None] * 3
    for wrong in ("neurovault:", "neurovault:05", "neurovault:5\n", "neurovault:x", "neurovault:٣"):
        with pytest.raises(ArgumentError, match="is not neurovault:NUMBER") as error:
            neurovault_number(wrong)
        assert str(error.value).isprintable()
    (tmp_path / "neurovault:5").touch()
    (tmp_path / "neurovault:x").touch()
    assert [neurovault_number(f"neurovault:{end}", tmp_path) for end in "5x6"] == [None, None, 6]
