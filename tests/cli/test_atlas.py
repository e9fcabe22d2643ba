"""`skerry regions --atlas`: what is written, recorded and said."""

from __future__ import annotations

import csv
import functools
import json

import nibabel
import numpy as np
import pytest

import skerry
from skerry.datasets import embedded, load_sample_motor_activation_image
from skerry.io.hashing import sha256_of
from skerry.tables import overlap_table

SAMPLE = load_sample_motor_activation_image()
FOLDER = "image_10426_skerry"


@pytest.fixture
def regions(skerry_):
    return functools.partial(skerry_, "regions")


def rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture
def hand_made(tmp_path):
    """Write an atlas of two halves on a grid of its own."""
    values = np.ones((20, 24, 20), dtype=np.uint8)
    values[10:] = 2
    affine = np.diag([10.0, 10.0, 10.0, 1.0])
    affine[:3, 3] = -100, -140, -90
    nibabel.save(nibabel.Nifti1Image(values, affine), tmp_path / "halves.nii.gz")
    (tmp_path / "halves.csv").write_text("index,name\n1,=Left\n2,Right half\n")
    return "halves.nii.gz:halves.csv"


def test_tables_overlaps_and_record_are_written(regions, tmp_path):
    code, out, err = regions(SAMPLE, "-t", "3", "--min-volume", "1500", "--atlas", "schaefer200")
    assert code == 0
    found = skerry.find_regions(SAMPLE, 3, min_volume_mm3=1500)
    table = rows(tmp_path / FOLDER / "image_10426_regions.tsv")
    assert list(table[0])[-3:] == ["schaefer200_peak", "schaefer200_overlap", "schaefer200_network"]
    expected = skerry.region_table(found, atlas="schaefer200")
    assert [row["schaefer200_overlap"] for row in table] == expected.schaefer200_overlap.tolist()
    peaks = rows(tmp_path / FOLDER / "image_10426_peaks.tsv")
    assert list(peaks[0])[-2:] == ["schaefer200", "schaefer200_network"]
    assert peaks[0]["schaefer200"] == "7Networks_RH_SomMot_11"
    long = rows(tmp_path / FOLDER / "image_10426_overlap.tsv")
    both_ways = overlap_table(found, "schaefer200")
    assert list(long[0]) == list(both_ways)
    assert [row["shared_voxels"] for row in long] == both_ways.shared_voxels.astype(str).tolist()
    assert {row["of_label"] for row in long if row["number"] == "0"} == {"n/a"}
    record = json.loads((tmp_path / FOLDER / "image_10426_regions.json").read_text())
    (atlas,) = record["atlases"]
    assert (atlas["space"], atlas["map_space"]) == ("MNI152NLin6Asym", None)
    assert atlas["resampled"]["interpolation"] == "nearest"
    assert atlas["resampled"]["to"]["shape"] == [53, 63, 46]
    assert atlas["files"][0]["sha256"] == sha256_of(embedded.SCHAEFER_200)
    assert atlas["files"] == record["inputs"][1:]
    assert "template space of the map image_10426 is unknown" in err
    assert "7Networks_RH_SomMot_11" in out


def test_several_atlases_stand_side_by_side(regions, tmp_path, hand_made):
    code, out, _ = regions(
        SAMPLE, "-t", "5", "--atlas", hand_made, "--atlas", "schaefer200", "--format", "tsv"
    )
    assert code == 0
    head = out.splitlines()[0].split("\t")
    assert [name for name in head if name.endswith("_overlap")] == [
        "halves_overlap",
        "schaefer200_overlap",
    ]
    table = rows(tmp_path / FOLDER / "image_10426_regions.tsv")
    assert {row["halves_peak"] for row in table} == {"=Left", "Right half"}
    for row in table:
        assert (row["halves_peak"] == "=Left") == (float(row["peak_x"]) + 1e-3 < -5)
    long = rows(tmp_path / FOLDER / "image_10426_overlap.tsv")
    assert {row["atlas"] for row in long} == {"halves", "schaefer200"}


def test_json_carries_the_names(regions, hand_made):
    _, out, _ = regions(SAMPLE, "-t", "5", "--atlas", hand_made, "--format", "json")
    both = json.loads(out)
    assert both["regions"][0]["halves_peak"] in {"=Left", "Right half"}
    assert both["peaks"][0]["halves"] in {"=Left", "Right half"}


def test_names_that_begin_like_formulas_are_quoted_on_request(regions, tmp_path, hand_made):
    given = (SAMPLE, "-t", "5", "--atlas", hand_made, "--quote-formulas", "--format", "tsv")
    code, out, _ = regions(*given)
    assert code == 0
    assert "\t'=Left" in out
    assert "\t=" not in out
    for name in ("regions", "peaks", "overlap"):
        text = (tmp_path / FOLDER / f"image_10426_{name}.tsv").read_text()
        assert "\t'=Left" in text
        assert "\t=" not in text
    made = json.loads((tmp_path / FOLDER / "image_10426_regions.json").read_text())
    assert made["parameters"]["quote_formulas"] is True


@pytest.mark.filterwarnings("default")  # as outside of tests, where it is no error
def test_a_known_mismatch_of_spaces_is_warned_of_once(regions, tmp_path):
    path = tmp_path / "sub-1_space-MNI152NLin2009cAsym_statmap.nii.gz"
    path.write_bytes(embedded.SAMPLE_MAP.read_bytes())
    code, _, err = regions(path, "-t", "5", "--atlas", "schaefer200")
    assert code == 0
    assert err.count("schaefer200 is in MNI152NLin6Asym, but the map") == 1
    (record,) = tmp_path.glob("*_skerry/*.json")
    assert "MNI152NLin2009cAsym" in json.loads(record.read_text())["atlases"][0]["notes"][0]


@pytest.mark.parametrize(
    ("atlas", "said"),
    [
        ("nowhere.nii", "no atlas 'nowhere.nii"),
        ("halves.nii.gz:absent.txt", "no file of labels at absent.txt"),
        ("halves.csv", "halves.csv"),
        ("halves.nii.gz:halves.nii.gz", "is not a text file"),
    ],
)
def test_an_atlas_that_cannot_be_used_is_one_line_and_nothing_written(
    regions, tmp_path, hand_made, atlas, said
):
    code, out, err = regions(SAMPLE, "-t", "5", "--atlas", atlas)
    assert (code, out) == (1, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / FOLDER).exists()


def test_without_an_atlas_nothing_changes(regions, tmp_path):
    code, _, _ = regions(SAMPLE, "-t", "5")
    assert code == 0
    assert not (tmp_path / FOLDER / "image_10426_overlap.tsv").exists()
    record = json.loads((tmp_path / FOLDER / "image_10426_regions.json").read_text())
    assert "atlases" not in record


def test_an_empty_result_has_empty_tables(regions, tmp_path):
    code, _, _ = regions(SAMPLE, "-t", "97", "--atlas", "schaefer200")
    assert code == 0
    assert rows(tmp_path / FOLDER / "image_10426_overlap.tsv") == []
