"""`skerry report --from-batch OUT ID`: the page of a map of a batch."""

from __future__ import annotations

import functools
import json

import nibabel
import numpy as np
import pyarrow.parquet
import pytest

from batch.small_batches import AFFINE, known_values, write_map
from report.made import facts_in, paragraph
from skerry.batch.run import run as run_batch


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("from_batch")
    for number in range(2):
        write_map(folder / f"{number}.nii.gz", known_values(number))
    mask = np.zeros(known_values(0).shape, dtype=np.uint8)
    mask[:, 2:5] = 1
    nibabel.save(nibabel.Nifti1Image(mask, AFFINE), folder / "mask.nii.gz")
    (folder / "list.tsv").write_text(
        "id\tpath\tthreshold\tkind\tdf\tmask\tmax_peaks\tsign\n"
        "a/<b>\t0.nii.gz\tn/a\tt\t20\tmask.nii.gz\tall\tn/a\n"
        "plain\t1.nii.gz\t4.05\tz\tn/a\tn/a\tn/a\tpositive\n",
        encoding="utf-8",
    )
    out = folder / "out"
    run_batch(folder / "list.tsv", out, workers=0, quiet=True, threshold=3, connectivity=6)
    return out


@pytest.fixture
def report(skerry_):
    return functools.partial(skerry_, "report")


def test_the_page_has_the_regions_of_the_batch_made_with_its_options(batch, report):
    code, out, _ = report("--from-batch", batch, "plain", "--format", "tsv")
    assert code == 0
    folder = batch / "reports" / "plain"
    assert (folder / "1_report.html").is_file()
    assert out == (folder / "1_regions.tsv").read_text()
    head, *lines = (line.split("\t") for line in out.splitlines())
    table = pyarrow.parquet.read_table(batch / "regions.parquet").to_pandas()
    mine = table[table["id"] == "plain"]
    assert [int(line[head.index("n_voxels")]) for line in lines] == mine["n_voxels"].tolist()
    assert set(mine["sign"]) == {"positive"}
    record = json.loads((folder / "1_regions.json").read_text())
    assert record["threshold"] == 4.05
    assert record["parameters"]["connectivity"] == 6


def test_mask_kind_and_df_of_the_manifest_are_used(batch, report, tmp_path):
    code, _, _ = report("--from-batch", batch, "a/<b>", "-o", tmp_path, "--quiet")
    assert code == 0
    record = json.loads((tmp_path / "0_regions.json").read_text())
    said = record["parameters"]
    assert (said["kind"], said["df"], said["sign"]) == ("t", 20, "both")
    assert said["mask"].endswith("mask.nii.gz")
    assert said["max_peaks"] is None
    labels = np.asarray(nibabel.load(tmp_path / "0_regions.nii.gz").dataobj)
    assert not labels[:, 5:].any()


def test_a_batch_that_lists_all_peaks_has_pages_that_say_so(batch, report, tmp_path):
    assert report("--from-batch", batch, "a/<b>", "-o", tmp_path, "--quiet") == (0, "", "")
    facts = facts_in((tmp_path / "0_report.html").read_text(encoding="utf-8"))
    assert "Of a region all peaks are listed that lie more than 8 mm" in paragraph(facts["methods"])
    assert facts["asked"]["max_peaks"] is None


def test_the_summary_leads_to_the_pages_that_were_made(batch, report):
    assert report("--from-batch", batch, "a/<b>", "--quiet") == (0, "", "")
    (folder,) = [path for path in (batch / "reports").iterdir() if path.name.startswith("a_")]
    assert f'href="./reports/{folder.name}/0_report.html"' in (batch / "summary.html").read_text()


def test_names_like_formulas_are_quoted_on_request(batch, report, tmp_path):
    said = ("--from-batch", batch, "plain", "--quote-formulas", "-o", tmp_path, "--quiet")
    assert report(*said) == (0, "", "")
    record = json.loads((tmp_path / "1_regions.json").read_text())
    assert record["parameters"]["quote_formulas"] is True


def test_a_map_that_changed_since_the_batch_is_warned_of(report, tmp_path):
    write_map(tmp_path / "m.nii.gz", known_values(0))
    run_batch([tmp_path / "m.nii.gz"], tmp_path / "out", workers=0, quiet=True, threshold=3)
    code, _, err = report("--from-batch", "out", "m")
    assert (code, "warning" in err) == (0, False)
    write_map(tmp_path / "m.nii.gz", known_values(1))
    code, _, err = report("--from-batch", "out", "m")
    assert code == 0
    assert "skerry: warning: m has changed since the batch" in err
    (tmp_path / "out" / "maps.parquet").unlink()
    assert "warning" not in report("--from-batch", "out", "m")[2]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--from-batch", "OUT", "nobody"], 1, "has no map 'nobody'"),
        (["--from-batch", "nowhere", "plain"], 1, "File not found: nowhere"),
        (["--from-batch", "OUT", "plain", "-t", "5"], 2, "leave --threshold out"),
        (["--from-batch", "OUT", "plain", "--min-volume", "5"], 2, "leave --min-volume out"),
        (["--from-batch", "OUT", "plain", "--split"], 2, "leave --split out"),
        (["--from-batch", "OUT", "plain", "--peak-distance", "5"], 2, "leave --peak-distance out"),
    ],
)
def test_what_does_not_fit_is_one_line(batch, report, arguments, code, said, tmp_path):
    found, out, err = report(*[batch if each == "OUT" else each for each in arguments])
    assert (found, out) == (code, "")
    assert said in err.splitlines()[-1]
    assert not list(tmp_path.iterdir())
