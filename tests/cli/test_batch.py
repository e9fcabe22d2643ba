"""`skerry batch`: options, exit codes, and what is said where."""

from __future__ import annotations

import csv
import json
import sys

import pytest

import fake_neurovault
from batch_maps import write_map
from fake_neurovault import IMAGE_ID

parquet = pytest.importorskip("pyarrow.parquet", reason="batch needs its extra [batch]")


@pytest.fixture
def maps(tmp_path):
    return [write_map(tmp_path / f"m{number}.nii.gz", number).name for number in range(3)]


HERE = ("--workers", "0")


def test_all_done_is_0_and_one_line_says_where_the_tables_are(skerry_, maps, tmp_path):
    code, out, err = skerry_("batch", *maps, "-o", "out", "-t", "2.5", *HERE)
    assert (code, out) == (0, "")
    rows = parquet.read_table(tmp_path / "out" / "maps.parquet").to_pylist()
    n_regions = sum(row["n_regions"] for row in rows)
    assert err == f"skerry: {n_regions} regions of 3 maps are in out/\n"
    assert [row["path"] for row in rows] == maps
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert record["command"] == ["skerry", "batch", *maps, "-o", "out", "-t", "2.5", *HERE]
    assert (tmp_path / "out" / "summary.html").is_file()
    again = skerry_("batch", *maps, "-o", "out", "-t", "2.5", *HERE)
    assert "3 of 3 maps were done before" in again[2]
    anew = skerry_("batch", *maps, "-o", "out", "-t", "2.5", *HERE, "--fresh")
    assert "done before" not in anew[2]


def test_a_failed_map_is_1_and_a_line_says_how_many_and_where(skerry_, maps):
    code, out, err = skerry_("batch", *maps, "gone.nii", "-o", "out", *HERE)
    assert (code, out) == (1, "")
    assert "skerry: failed: gone: File not found: " in err
    assert err.endswith(
        "skerry: error: 1 of 4 maps failed; the column reason of out/maps.parquet says why\n"
    )
    code, out, err = skerry_("batch", *maps, "gone.nii", "-o", "out", *HERE, "--quiet")
    assert (code, out) == (1, "")
    assert err.startswith("skerry: error: 1 of 4 maps failed")
    assert err.count("\n") == 1


def test_each_map_has_the_table_that_regions_writes_for_it(skerry_, tmp_path):
    maps = [write_map(tmp_path / f"m{n}.nii.gz", n, intent="").name for n in range(3)]
    options = [
        "-t", "p=0.01", "--sign", "both", "--connectivity", "18", "--min-volume", "60", "--split",
        "--prominence", "0.3", "--smooth-fwhm", "4", "--peak-distance", "5", "--max-peaks", "2",
        "--atlas", "schaefer200", "--kind", "t", "--df", "20",
    ]  # fmt: skip
    assert skerry_("batch", *maps, "-o", "out", *options, *HERE, "--labels", "--quiet")[0] == 0
    for kind in ("regions", "peaks"):
        table = parquet.read_table(tmp_path / "out" / f"{kind}.parquet").to_pylist()
        for path in maps:
            stem = path.split(".")[0]
            assert skerry_("regions", path, "-o", stem, *options, "--quiet") == (0, "", "")
            with (tmp_path / stem / f"{stem}_{kind}.tsv").open(newline="") as stream:
                expected = list(csv.DictReader(stream, delimiter="\t"))
            found = [row for row in table if row["id"] == stem]
            assert len(found) == len(expected) > 0
            for ours, theirs in zip(found, expected, strict=True):
                assert list(ours) == ["id", *theirs]
                for name, text in theirs.items():
                    _same(ours[name], text)
            labels = (tmp_path / "out" / "labels" / f"{stem}_regions.nii.gz").read_bytes()
            assert labels == (tmp_path / stem / f"{stem}_regions.nii.gz").read_bytes()


def _same(value, text):
    if value is None:
        assert text == "n/a"
    elif isinstance(value, float):
        # Millimetres are written to 3 decimals, values to 8 digits.
        assert value == pytest.approx(float(text), rel=1e-7, abs=5.01e-4)
    else:
        assert str(value) == text


def test_a_manifest_gives_each_map_its_own_options(skerry_, maps, tmp_path):
    (tmp_path / "list.tsv").write_text(
        f"id\tpath\tthreshold\tsign\nlow\t{maps[0]}\t2\tn/a\nhigh\t{maps[0]}\t4\tpositive\n"
    )
    assert skerry_("batch", "--manifest", "list.tsv", "-o", "out", "-t", "9", *HERE)[0] == 0
    low, high = parquet.read_table(tmp_path / "out" / "maps.parquet").to_pylist()
    assert (low["threshold"], high["threshold"]) == (2.0, 4.0)
    assert low["n_above_threshold"] > high["n_above_threshold"] > 0
    assert high["n_negative"] == 0


@pytest.mark.parametrize("verb", [["batch"], ["permute"], ["fetch", "atlas"]])
def test_the_help_says_once_that_there_may_be_several(skerry_, verb):
    code, out, _ = skerry_(*verb, "--help")
    (usage,) = [line for line in out.splitlines() if "Usage:" in line]
    assert code == 0
    assert usage.count("...") == 1


def test_all_peaks_are_listed_on_request(skerry_, maps, tmp_path):
    every = ("--max-peaks", "all", "--peak-distance", "0")
    assert skerry_("batch", *maps, "-o", "out", "-t", "1", *every, *HERE)[0] == 0
    regions, peaks = (
        parquet.read_table(tmp_path / "out" / f"{name}.parquet") for name in ("regions", "peaks")
    )
    assert len(peaks) == sum(regions["n_peaks"].to_pylist()) > 3 * len(maps)
    assert max(regions["n_peaks"].to_pylist()) > 3


def test_what_a_user_may_get_wrong_is_one_line(skerry_, maps, tmp_path):
    (tmp_path / "list.tsv").write_text("path\tthreshold\na.nii\tten\n")
    for arguments, code, said in [
        ([], 2, "give maps, or --manifest TSV"),
        ([*maps, "--manifest", "list.tsv"], 2, "give maps, or --manifest TSV"),
        ([*maps, "--min-volume", "3", "--min-voxels", "2"], 2, "--min-volume or --min-voxels"),
        ([*maps, "--smooth-fwhm", "3"], 2, "--smooth-fwhm is for --split"),
        ([*maps, "-t", "ten"], 2, "'ten'"),
        ([*maps, "--memory-limit", "lots"], 2, "'lots' is neither a size (4GB) nor auto"),
        ([*maps, "--atlas", "nosuch"], 1, "no atlas 'nosuch'"),
        ([*maps, maps[0]], 1, "has the id 'm0', which 1 (m0.nii.gz) has already"),
        (["--manifest", "list.tsv"], 1, "list.tsv, line 2: threshold 'ten'"),
        (["--manifest", "gone.tsv"], 1, "File not found: gone.tsv"),
    ]:
        found, out, err = skerry_("batch", *arguments, "-o", "out", *HERE)
        assert (found, out) == (code, "")
        assert said in err
        assert err.count("\n") == 1
        assert not (tmp_path / "out").exists()


def test_without_its_extra_one_line_says_what_to_install(skerry_, maps, monkeypatch):
    assert skerry_("batch", *maps, "-o", "made", *HERE, "--quiet")[0] == 0
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    for arguments in [
        ("batch", *maps, "-o", "out", *HERE),
        ("overlap", "made"),
        ("report", "--from-batch", "made", "m0"),
    ]:
        code, out, err = skerry_(*arguments)
        assert (code, out) == (1, "")
        assert err == (
            "skerry: error: pyarrow is not installed, which batches and their results need: "
            "pip install '.[batch]' in the folder of skerry\n"
        )


def test_maps_of_neurovault_are_fetched_by_their_number(skerry_, tmp_path, monkeypatch):
    with fake_neurovault.running() as server:
        monkeypatch.setenv("SKERRY_NEUROVAULT_URL", server.url)
        monkeypatch.setenv("SKERRY_DATA", str(tmp_path / "data"))
        name = f"neurovault:{IMAGE_ID}"
        code, _, err = skerry_("batch", name, "neurovault:9", "-o", "out", "-t", "2", *HERE)
        assert code == 1
        assert "neurovault-9: " in err
        done, failed = parquet.read_table(tmp_path / "out" / "maps.parquet").to_pylist()
        assert (done["id"], done["status"]) == (f"neurovault-{IMAGE_ID}", "done")
        assert failed["status"] == "failed"
        assert done["n_regions"] > 0
        asked = len(server.asked)
        err = skerry_("batch", name, "-o", "out", "-t", "2", *HERE)[2]
        assert "1 of 1 maps were done before" in err
        assert len(server.asked) == asked
