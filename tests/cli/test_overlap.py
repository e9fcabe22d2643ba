"""`skerry overlap`: files, printed forms, and what it says when something is at fault."""

from __future__ import annotations

import functools
import json

import nibabel
import numpy as np
import pytest

from batch.small_batches import small_batch
from skerry.batch import overlap
from skerry.errors import OutputError


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("overlap")
    return small_batch(folder, others=2, bad=[("bad", b"no image")])[0]


@pytest.fixture
def skerry(skerry_):
    return functools.partial(skerry_, "overlap")


def test_it_writes_label_image_and_tables_into_the_batch(skerry, batch):
    code, out, err = skerry(batch, "--min-share", "0.8")
    assert code == 0
    folder = batch / "overlap"
    found = overlap(batch, min_share=0.8)
    labels = nibabel.load(folder / "overlap_regions.nii.gz")
    np.testing.assert_array_equal(np.asarray(labels.dataobj), found.regions.labels)
    assert sorted(path.name for path in folder.iterdir()) == [
        "overlap.json",
        "overlap_matches.tsv",
        "overlap_regions.nii.gz",
        "overlap_regions.tsv",
    ]
    record = json.loads((folder / "overlap.json").read_text())
    assert record["parameters"]["min_share"] == 0.8
    assert record["inputs"][0]["path"] == str(batch / "regions.parquet")
    assert out.splitlines()[0].startswith(f"{len(found)} regions recur in 5 or more of 6 maps")
    assert len(out.splitlines()) == len(found) + 2
    assert "2 maps are left out, on another grid" in err


def test_it_prints_tsv_and_json_of_the_same_rows(skerry, batch, tmp_path):
    _, tsv, _ = skerry(batch, "--format", "tsv", "-o", tmp_path / "a")
    assert tsv == (tmp_path / "a" / "overlap_regions.tsv").read_text()
    _, text, _ = skerry(batch, "--format", "json", "-o", tmp_path / "b")
    rows = json.loads(text)["regions"]
    head, *lines = tsv.splitlines()
    assert [row["n_maps"] for row in rows] == [
        int(line.split("\t")[head.split("\t").index("n_maps")]) for line in lines
    ]
    assert list(rows[0]) == head.split("\t")


def test_options_reach_the_rule(skerry, batch, tmp_path):
    _, text, _ = skerry(
        batch, "--min-share", "0.3", "--measure", "share", "--min-overlap", "1",
        "--connectivity", "6", "--split", "0.2", "--min-volume", "54", "--atlas", "schaefer200",
        "--format", "json", "-o", tmp_path,
    )  # fmt: skip
    found = overlap(
        batch, min_share=0.3, measure="share", min_overlap=1, connectivity=6,
        min_prominence=0.2, min_volume_mm3=54,
    )  # fmt: skip
    expected = found.table(atlas="schaefer200")
    rows = json.loads(text)["regions"]
    assert [row["n_maps"] for row in rows] == expected["n_maps"].tolist()
    assert [row["schaefer200_peak"] for row in rows] == expected["schaefer200_peak"].tolist()
    record = json.loads((tmp_path / "overlap.json").read_text())
    assert record["parameters"] == json.loads(json.dumps(dict(found.parameters)))


def test_nothing_that_recurs_is_an_empty_result(skerry, batch, tmp_path):
    code, out, err = skerry(batch, "--min-share", "1", "-o", tmp_path)
    assert code == 0
    assert out.startswith("0 regions recur in 6 or more of 6 maps")
    assert "nothing recurs" in err
    assert len((tmp_path / "overlap_regions.tsv").read_text().splitlines()) == 1


def test_while_files_are_replaced_no_record_says_that_all_is_whole(
    skerry, batch, tmp_path, monkeypatch
):
    assert skerry(batch, "--quiet", "-o", tmp_path) == (0, "", "")
    assert (tmp_path / "overlap.json").is_file()

    def full(*_):
        raise OutputError("no space left")

    monkeypatch.setattr("skerry.io.save.save_text", full)
    code, _, err = skerry(batch, "--quiet", "-o", tmp_path)
    assert (code, err) == (1, "skerry: error: no space left\n")
    assert not (tmp_path / "overlap.json").exists()


def test_quiet_says_nothing(skerry, batch, tmp_path):
    assert skerry(batch, "--quiet", "-o", tmp_path) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere"], 1, "File not found: nowhere/maps.parquet; give the folder of a batch"),
        ([__file__], 1, "test_overlap.py/maps.parquet; give the folder of a batch"),
        ([], 2, "OUT"),
        (["BATCH", "--split", "2"], 2, "--split"),
        (["BATCH", "--min-share", "2"], 2, "--min-share"),
        (["BATCH", "--min-share", "0"], 2, "'--min-share': it must be above 0 and at most 1"),
        (["BATCH", "--min-share", "nan"], 2, "at most 1, got 'nan'; see skerry overlap --help"),
        (["BATCH", "--min-overlap", "0"], 2, "'--min-overlap': it must be above 0 and at most 1"),
        (["BATCH", "--min-overlap", "half"], 2, "at most 1, got 'half'"),
        (["BATCH", "--grid", "x"], 1, "is on a grid 'x'; there are"),
        (["BATCH", "--measure", "jaccard"], 2, "jaccard"),
    ],
)
def test_faults_are_one_line_and_an_exit_code(skerry, batch, arguments, code, said, tmp_path):
    arguments = [batch if argument == "BATCH" else argument for argument in arguments]
    found, out, err = skerry(*arguments)
    assert (found, out) == (code, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
