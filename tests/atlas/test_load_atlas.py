"""What can be an atlas, what it is called, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import nibabel
import numpy as np
import pytest

import skerry
from skerry.atlas import Atlas, load_atlas
from skerry.datasets import embedded
from skerry.errors import ArgumentError, ArgumentTypeError, MissingFileError, SkerryWarning
from skerry.space.grid import Grid

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


def image(values, dtype=None):
    values = np.asarray(values)
    img = nibabel.Nifti1Image(values.astype(dtype or np.int32), AFFINE)
    img.header.set_data_dtype(dtype or np.int32)
    return img


def labels(*numbers):
    values = np.zeros((4, 4, 4), dtype=np.int64)
    values.ravel()[: len(numbers)] = numbers
    return values


@pytest.fixture
def files(tmp_path):
    nibabel.save(image(labels(1, 2, 7)), tmp_path / "a.nii.gz")
    (tmp_path / "names.txt").write_text("1 One\n2 Two\n7 Seven\n9 Extra\n")
    return tmp_path


def test_the_embedded_atlas_is_to_hand():
    atlas = load_atlas("schaefer200")
    assert (len(atlas), atlas.space, atlas.name) == (200, "MNI152NLin6Asym", "schaefer200")
    assert atlas.names[0] == "7Networks_LH_Vis_1"
    assert (atlas.networks[0], atlas.networks[199]) == ("Visual", "Default")
    assert len(set(atlas.networks)) == 7
    assert atlas.files[0] == (
        "schaefer2018_200_7networks_2mm.nii.gz",
        hashlib.sha256(embedded.SCHAEFER_200.read_bytes()).hexdigest(),
    )
    assert skerry.Atlas is Atlas


def test_the_embedded_atlas_is_the_source_at_its_places(shared_data):
    source = nibabel.load(shared_data / "atlases" / "schaefer200_7networks_1mm.nii.gz")
    small = nibabel.load(embedded.SCHAEFER_200)
    ijk = np.argwhere(np.asarray(small.dataobj) > 0)
    there = nibabel.affines.apply_affine(np.linalg.inv(source.affine) @ small.affine, ijk)
    np.testing.assert_array_equal(
        np.asarray(source.dataobj)[tuple(np.rint(there).astype(int).T)],
        np.asarray(small.dataobj)[tuple(ijk.T)],
    )
    assert len(np.unique(np.asarray(small.dataobj))) == 201


def test_labels_come_from_a_file_a_mapping_or_the_file_beside(files):
    by_text = load_atlas(f"{files / 'a.nii.gz'}:{files / 'names.txt'}")
    by_argument = load_atlas(files / "a.nii.gz", files / "names.txt")
    by_mapping = load_atlas(files / "a.nii.gz", {0: "Background", 1: "One", 2: "Two", 7: "Seven"})
    (files / "a.tsv").write_text("index\tname\n1\tOne\n2\tTwo\n7\tSeven\n")
    beside = load_atlas(files / "a.nii.gz")
    for atlas in (by_text, by_argument, by_mapping, beside):
        assert atlas.names == ("One", "Two", "Seven")
        assert atlas.numbers.tolist() == [1, 2, 7]
        assert (atlas.name, atlas.space) == ("a", None)
    assert [path for path, _ in beside.files] == [str(files / "a.nii.gz"), str(files / "a.tsv")]


def test_names_in_their_order_are_labels_too():
    img = image(labels(1, 2))
    for names in (["A", "B"], ("Background", "A", "B")):
        assert load_atlas(img, names).names == ("A", "B")
    with pytest.raises(ArgumentTypeError, match="names in their order"):
        load_atlas(img, 3)
    with pytest.raises(ArgumentTypeError, match="atlas must be a path"):
        load_atlas(3)


def test_fsl_counts_volumes_from_0_and_labels_from_1(files):
    (files / "fsl.xml").write_text(
        "<atlas><header><type>Probabilistic</type></header><data>"
        '<label index="0">One</label><label index="1">Two</label><label index="6">Seven</label>'
        "</data></atlas>"
    )
    assert load_atlas(files / "a.nii.gz", files / "fsl.xml").names == ("One", "Two", "Seven")
    chances = image(np.full((4, 4, 4, 7), 10), np.uint8)
    with pytest.warns(SkerryWarning, match="4 of 7 labels"):
        atlas = load_atlas(chances, files / "fsl.xml")
    assert [atlas.names[at] for at in (0, 1, 6)] == ["One", "Two", "Seven"]


def test_the_table_of_templateflow_serves_all_resolutions(files):
    path = files / "tpl-MNI152NLin6Asym_res-02_atlas-X_dseg.nii.gz"
    path.write_bytes((files / "a.nii.gz").read_bytes())
    table = files / "tpl-MNI152NLin6Asym_atlas-X_dseg.tsv"
    table.write_text("index\tname\n1\tOne\n2\tTwo\n7\tSeven\n")
    assert load_atlas(path).names == ("One", "Two", "Seven")


def test_two_files_beside_are_not_guessed_between(files):
    (files / "a.tsv").write_text("index\tname\n1\tOne\n")
    (files / "a.txt").write_text("1 One\n")
    with pytest.raises(ArgumentError, match="several files may name"):
        load_atlas(files / "a.nii.gz")


def test_drives_and_colons_in_names_are_no_separators(files, monkeypatch):
    monkeypatch.chdir(files)
    (files / "C:").mkdir()
    odd = files / "C:" / "x:y.nii.gz"
    odd.write_bytes((files / "a.nii.gz").read_bytes())
    (files / "C:" / "n:m.txt").write_text("1 One\n2 Two\n7 Seven\n")
    assert load_atlas("C:/x:y.nii.gz").name == "x:y"
    assert load_atlas("C:/x:y.nii.gz:C:/n:m.txt").names == ("One", "Two", "Seven")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.nii.gz:absent.txt", "no file of labels at absent.txt, given for a.nii.gz"),
        ("absent.nii:names.txt", "no atlas 'absent.nii:names.txt"),
        ("schaefer400", "known by name are only schaefer200, harvard_oxford"),
        (r"C:\atlas.nii", "no atlas 'C:"),
        ("a\nb", r"no atlas 'a\\nb"),
    ],
)
def test_an_atlas_that_is_not_there_says_what_would_be(files, monkeypatch, text, said):
    monkeypatch.chdir(files)
    with pytest.raises(MissingFileError, match=said):
        load_atlas(text)


def test_a_path_may_begin_at_home(files, monkeypatch):
    monkeypatch.setenv("HOME", str(files))
    monkeypatch.setenv("USERPROFILE", str(files))
    expected = load_atlas(files / "a.nii.gz", files / "names.txt")
    for given in (
        ("~/a.nii.gz:~/names.txt",),
        ("~/a.nii.gz", "~/names.txt"),
        (Path("~/a.nii.gz"), Path("~/names.txt")),
    ):
        atlas = load_atlas(*given)
        assert (atlas.names, atlas.files) == (expected.names, expected.files)


def test_the_space_is_what_was_said_or_what_the_name_says(files):
    path = files / "tpl-MNI152NLin2009cAsym_res-02_dseg.nii.gz"
    path.write_bytes((files / "a.nii.gz").read_bytes())
    assert load_atlas(path, files / "names.txt").space == "MNI152NLin2009cAsym"
    assert load_atlas(path, files / "names.txt", space="Mine").space == "Mine"
    assert load_atlas(files / "a.nii.gz").space is None


def test_labels_without_a_name_are_called_by_number(files):
    with pytest.warns(SkerryWarning, match="1 of 3 labels of .*a.nii.gz have no name"):
        atlas = load_atlas(files / "a.nii.gz", {1: "One", 2: "Two"})
    assert atlas.names == ("One", "Two", "label 7")
    assert load_atlas(files / "a.nii.gz").names == ("label 1", "label 2", "label 7")


def test_shared_names_are_told_apart(files):
    atlas = load_atlas(files / "a.nii.gz", {1: "Insula", 2: "Pole", 7: "Insula"})
    assert atlas.names == ("Insula [1]", "Pole", "Insula [7]")


def test_labels_of_another_atlas_are_refused(files):
    with pytest.raises(ArgumentError, match=r"none of the 3 labels .* another atlas"):
        load_atlas(files / "a.nii.gz", {100: "x"})


@pytest.mark.parametrize("number", ["a", 1.5, None, "--3.0", "1_0", "²", "9" * 20])
def test_names_of_what_is_no_number_are_refused(files, number):
    with pytest.raises(ArgumentError, match="is not the number of a label"):
        load_atlas(files / "a.nii.gz", {1: "One", number: "x"})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"1": "Other"}, "gives label 1 two names, 'One' and 'Other'"),
        ({" 1.0": "Other"}, "gives label 1 two names, 'One' and 'Other'"),
        ({-1: "Other"}, "names label -1; labels go from 0"),
        ({2**31: "Other"}, "names label 2147483648; labels go from 0"),
    ],
)
def test_a_mapping_is_checked_as_a_file_is(files, more, said):
    with pytest.raises(ArgumentError, match=f"the mapping of labels {said}"):
        load_atlas(files / "a.nii.gz", {1: "One", 2: "Two", 7: "Seven"} | more)


def test_names_in_a_mapping_are_read_as_those_of_a_file(files):
    atlas = load_atlas(files / "a.nii.gz", {1: "One\n\tA", "1": "One A", "2": None, 7: ""})
    assert atlas.names == ("One A", "label 2", "label 7")


@pytest.mark.parametrize("none", [{}, [], {0: "Background"}])
def test_with_no_names_at_all_numbers_do(files, none):
    (files / "a.tsv").write_text("index\tname\n1\tOne\n2\tTwo\n7\tSeven\n")
    with pytest.warns(SkerryWarning, match="3 of 3 labels of .*a.nii.gz have no name"):
        assert load_atlas(files / "a.nii.gz", none).names == ("label 1", "label 2", "label 7")


def test_ten_thousand_labels_are_read():
    atlas = load_atlas(image(np.arange(22**3).reshape(22, 22, 22)))
    assert len(atlas) == 22**3 - 1
    assert atlas.positions.ravel()[[0, 1, 10_000]].tolist() == [0, 1, 10_000]


def test_huge_numbers_are_labels_too():
    atlas = load_atlas(image(labels(0, 5, 2**31 - 1, 5)))
    assert atlas.numbers.tolist() == [5, 2**31 - 1]
    assert atlas.positions.ravel()[:5].tolist() == [0, 1, 2, 1, 0]


def test_whole_numbers_stored_as_floats_are_labels():
    assert load_atlas(image(labels(1, 2), np.float32)).numbers.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("values", "dtype", "said"),
    [
        (labels(), np.int32, "is empty"),
        (np.zeros((0, 4, 4)), np.int16, "has no voxels"),
        (labels(1, -3), np.int16, "negative labels .down to -3"),
        (labels(1) + 0.5, np.float32, "NaN or fractions"),
        (labels(1) * np.nan, np.float32, "NaN or fractions"),
        (labels(1) + np.inf, np.float32, "NaN or fractions"),
        (labels(1) * 1e12, np.float64, "above 2147483647"),
        (np.ones((4, 4, 4, 2)) * np.nan, np.float32, "NaN or negative"),
        (-np.ones((4, 4, 4, 2)), np.float32, "NaN or negative"),
        (np.ones((4, 4, 4, 2)) * 1.5, np.float32, "up to 1.5"),
        (np.ones((4, 4, 4, 2)) * 300, np.float32, "up to 300"),
        (np.zeros((4, 4, 4, 2)), np.float32, "is empty"),
        (np.zeros((4, 4, 4, 2, 2)), np.float32, "an atlas is 3-D"),
    ],
)
def test_an_image_that_is_no_atlas_is_refused_in_one_line(values, dtype, said):
    with np.errstate(invalid="ignore"), pytest.raises(ArgumentError, match=said) as caught:
        load_atlas(image(values, dtype))
    assert "\n" not in str(caught.value)


def test_percentages_are_probabilities_and_that_is_noted():
    values = np.zeros((4, 4, 4, 2))
    values[0, 0, 0] = [60, 40]
    atlas = load_atlas(image(values, np.uint8), {1: "A", 2: "B"})
    assert atlas.is_probabilistic
    np.testing.assert_allclose(atlas.values[0, 0, 0], [0.6, 0.4], rtol=1e-6)
    assert "percentages" in atlas.notes[0]


def test_names_that_do_not_fit_the_volumes_are_refused():
    values = np.full((4, 4, 4, 2), 0.5)
    with pytest.raises(ArgumentError, match="has 2 volumes, but label 3 has a name"):
        load_atlas(image(values, np.float32), {1: "A", 2: "B", 3: "C"})
    with pytest.raises(ArgumentError, match="numbered from 0"):
        load_atlas(image(values, np.float32), {0: "A", 1: "B"})


def test_an_atlas_made_by_hand_is_checked():
    grid = Grid((4, 4, 4), AFFINE)
    values = labels(1, 2).astype(np.int32)
    atlas = Atlas(values, grid, np.array([1, 2]), ("a\tb", ""), name="my\natlas")
    assert (atlas.names, atlas.name) == (("a b", "label 2"), "my atlas")
    assert not atlas.values.flags.writeable
    for numbers, names in (([2, 1], "ab"), ([0, 1], "ab"), ([1, 1], "ab"), ([1, 2], "a")):
        with pytest.raises(ArgumentError):
            Atlas(values, grid, np.array(numbers), tuple(names))
    for chances in (50.0, -0.1, np.nan):
        with pytest.raises(ArgumentError, match="probabilities must lie from 0 to 1"):
            Atlas(np.full((4, 4, 4, 1), chances), grid, np.array([1]), ("a",))
    with pytest.raises(ArgumentError, match="no voxel of the atlas my has one of its labels"):
        _ = Atlas(values, grid, np.array([7]), ("a",), name="my").positions
