"""Manifests: what is read of them, and that hostile ones end in one line."""

from __future__ import annotations

import pytest

from skerry.batch.asked.choices import Choices
from skerry.batch.asked.ids import file_name_of
from skerry.batch.asked.manifest import manifest_of_file, manifest_of_paths
from skerry.errors import ArgumentError, MissingFileError


@pytest.fixture
def manifest_(tmp_path):
    def read(text: str | bytes, common: Choices = Choices()):  # noqa: B008  # frozen
        path = tmp_path / "list.tsv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return manifest_of_file(path, common)

    return read


def test_paths_are_relative_to_the_manifest_and_ids_default_to_names(manifest_, tmp_path):
    found = manifest_("path\tid\na.nii.gz\tone\nsub/b.nii\t\n/c/d.img\tn/a\nneurovault:12\t\n")
    assert found.ids == ["one", "b", "d", "neurovault-12"]
    assert found.paths == ["a.nii.gz", "sub/b.nii", "/c/d.img", "neurovault:12"]
    assert found.locations == [
        str(tmp_path / "a.nii.gz"),
        str(tmp_path / "sub/b.nii"),
        "/c/d.img",
        "neurovault:12",
    ]


def test_options_of_a_row_win_and_other_columns_are_carried_as_text(manifest_, tmp_path):
    text = (
        "path\tthreshold\tsign\tmin_volume_mm3\tmask\tkind\tdf\tvolume\tage\tnote\n"
        "a.nii\tp<0.001\tpositive\t12.5\tm.nii\tt\t20\t2\t007\t=1+1\n"
        "b.nii\tn/a\t\t\t\t\t\t\tNA\t\n"
    )
    found = manifest_(text, Choices(threshold="3.1", connectivity=6))
    assert found.choices[0] == Choices(
        threshold="p<0.001",
        sign="positive",
        connectivity=6,
        min_volume_mm3=12.5,
        mask=str(tmp_path / "m.nii"),
        kind="t",
        df=20.0,
        volume=2,
    )
    assert found.choices[1] == Choices(threshold="3.1", connectivity=6)
    assert found.carried_names == ("age", "note")
    assert found.carried == [("007", "=1+1"), ("NA", None)]


def test_the_list_that_fetch_writes_says_what_its_maps_are(manifest_):
    found = manifest_(
        "path\tid\tname\tmap_type\tdf\n"
        "a.nii\t1\ta\tT map\t12\nb.nii\t2\tb\tZ map\tn/a\nc.nii\t3\tc\tOther\tn/a\n"
    )
    assert [(one.kind, one.df) for one in found.choices] == [("t", 12.0), ("z", None), (None, None)]
    assert found.carried[0] == ("a", "T map")


def test_a_mask_and_an_atlas_are_relative_to_the_manifest_too(manifest_, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("a.nii", "sub/b:c.nii", "n.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = manifest_(
        "path\tmask\tatlas\n"
        "x.nii\tm.nii\ta.nii; schaefer200;\n"
        "x2.nii\t~/m.nii\tsub/b:c.nii:n.txt\n"
        "x3.nii\t/m.nii\tgone.nii:n.txt\n"
    )
    assert [one.mask for one in found.choices] == [
        str(tmp_path / "m.nii"),
        str(tmp_path / "home/m.nii"),
        "/m.nii",
    ]
    assert [one.atlas for one in found.choices] == [
        (str(tmp_path / "a.nii"), "schaefer200"),
        (f"{tmp_path}/sub/b:c.nii:{tmp_path}/n.txt",),
        (f"{tmp_path}/gone.nii:n.txt",),
    ]


def test_a_path_goes_up_from_where_a_link_leads_as_it_does_for_every_program(manifest_, tmp_path):
    (tmp_path / "real" / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real/sub")
    (tmp_path / "a.nii").symlink_to("real/a.nii")
    found = manifest_("path\nlink/../b.nii\nreal/../c.nii\na.nii\n")
    assert found.locations == [
        str(tmp_path / "real" / "b.nii"),
        str(tmp_path / "c.nii"),
        str(tmp_path / "a.nii"),  # what a link is called says what the map is
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column 'path'"),
        ("id\tthreshold\na\t3\n", "no column 'path'"),
        ('"path"\t"id"\n"a.nii"\t"x"\n', "has its cells in quotes; write it without"),
        ("path\n", "lists no maps"),
        ("path\tid\na.nii\tx\nb.nii\tx\n", "line 3 has the id 'x', which 2 has already"),
        ("path\na.nii\nsub/../a.nii\n", "line 3 has the id 'a', which 2 has already"),
        (
            "path\tid\na.nii\tx\nb.nii\tX\n",
            "line 3 has the id 'X', which 2 has already but for upper and lower case ('x')",
        ),
        ("path\tid\na.nii\tx\ty\n", "line 2 has 3 cells, but the first line names 2 columns"),
        ("path\tid\n\tx\n", "line 2: a map without a path"),
        ("path\tpath\na\tb\n", "the column 'path' stands twice"),
        ("path\t\na\tb\n", "the column '' is no name"),
        ("path\tprominence\tmin_prominence\na\t1\t2\n", "two columns give min_prominence"),
        ("path\tid\na.nii\tb\x07c\n", "line 2: the id 'b\\x07c' holds control characters"),
        ("path\tthreshold\na.nii\tten\n", "line 2: threshold 'ten' is not understood"),
        ("path\tthreshold\na.nii\t-3\n", "line 2: threshold -3 is negative"),
        ("path\tsign\na.nii\tup\n", "line 2: sign must be one of both, positive, negative"),
        ("path\tconnectivity\na.nii\t8\n", "line 2: connectivity must be 6, 18 or 26"),
        ("path\tmin_volume_mm3\na.nii\tnan\n", "line 2: min_volume_mm3 must be a finite number"),
        ("path\tdf\na.nii\t1,2,3\n", "line 2: df must be N or N,N2"),
        ("path\tvolume\na.nii\t1.5\n", "line 2: volume must be a whole number"),
        ("path\tsmooth_fwhm\na.nii\t4\n", "line 2: smoothing_fwhm_mm is for split"),
        ("path\nneurovault:../../x\n", "line 2: neurovault:../../x is not neurovault:NUMBER"),
        (b"path\n\xff\xfe.nii\n", "is not a table in UTF-8 (byte 5)"),
        ("path\na\0.nii\n", "holds NUL characters"),
    ],
)
def test_what_makes_no_sense_is_one_line_before_any_work(manifest_, text, said):
    with pytest.raises(ArgumentError) as error:
        manifest_(text)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_manifest_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"File not found: .*nope\.tsv"):
        manifest_of_file(tmp_path / "nope.tsv", Choices())
    with pytest.raises(MissingFileError, match="cannot be read"):
        manifest_of_file(tmp_path, Choices())


def test_windows_line_ends_a_byte_order_mark_and_empty_lines_are_read_over(manifest_):
    found = manifest_(b"\xef\xbb\xbfpath\tid\r\na.nii\tx\r\n\r\nb.nii\ty\r\n")
    assert found.ids == ["x", "y"]


def test_maps_of_one_name_are_called_after_their_folders_too(tmp_path):
    paths = [tmp_path / "s1" / "z.nii.gz", tmp_path / "s2" / "z.nii.gz", tmp_path / "t.nii"]
    assert manifest_of_paths(paths, Choices()).ids == ["s1_z", "s2_z", "t"]
    paths[1] = tmp_path / "s2" / "Z.nii.gz"  # one file to many disks
    assert manifest_of_paths(paths, Choices()).ids == ["s1_z", "s2_Z", "t"]
    with pytest.raises(ArgumentError, match=r"map 2 \(.*t\.nii\) has the id 't', which 1"):
        manifest_of_paths([tmp_path / "t.nii", tmp_path / "t.nii"], Choices())
    with pytest.raises(ArgumentError, match="no maps"):
        manifest_of_paths([], Choices())


def test_ids_are_any_text_and_become_safe_names_of_files():
    hostile = ["../../x", "..", "-rf", ".hidden", "a/b", "a\\b", "=1+1", "x" * 200, "ä b", "a:b"]
    names = [file_name_of(one) for one in hostile]
    assert len(set(names)) == len(hostile)
    for name in names:
        assert "/" not in name
        assert "\\" not in name
        assert not name.startswith((".", "-"))
        assert 0 < len(name) <= 120
    assert file_name_of("sub-01_task-a_z") == "sub-01_task-a_z"


def test_a_hundred_thousand_rows_are_read_and_options_understood_once(manifest_):
    rows = [f"maps/{number}.nii.gz\tm{number}\t{number % 5 + 2}\tx" for number in range(100_000)]
    found = manifest_("path\tid\tthreshold\tsite\n" + "\n".join(rows) + "\n")
    assert len(found) == 100_000
    assert found.choices[7] is found.choices[12]
    assert found.locations[99_999].endswith("maps/99999.nii.gz")
