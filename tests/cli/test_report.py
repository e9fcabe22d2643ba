"""`skerry report`: its files, what it says, and that nothing half-made stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import nibabel
import numpy as np
import pytest

import fake_neurovault
import skerry
from fake_neurovault import IMAGE_ID
from report.made import HOSTILE, SAMPLE, facts_in
from skerry.io.save import save_image

STEM = "image_10426"
FIGURES = [f"{STEM}_regions.png", f"{STEM}_stat_map.png"]


@pytest.fixture
def server(tmp_path, monkeypatch):
    for name in ("SKERRY_OFFLINE", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with fake_neurovault.running() as server:
        monkeypatch.setenv("SKERRY_NEUROVAULT_URL", server.url)
        monkeypatch.setenv("SKERRY_DATA", str(tmp_path / "cache"))
        yield server


def test_report_writes_the_files_of_regions_two_figures_and_the_page(skerry_, tmp_path):
    code, out, err = skerry_("report", SAMPLE, "-t", "3", "--min-volume", "1500")
    assert code == 0
    folder = tmp_path / f"{STEM}_skerry"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{STEM}_peaks.tsv",
        f"{STEM}_regions.json",
        f"{STEM}_regions.nii.gz",
        f"{STEM}_regions.png",
        f"{STEM}_regions.tsv",
        f"{STEM}_report.html",
        f"{STEM}_stat_map.png",
    ]
    for name in FIGURES:
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    facts = facts_in((folder / f"{STEM}_report.html").read_text(encoding="utf-8"))
    assert facts["asked"]["threshold"] == 3
    assert facts["record"]["counts"]["regions"] == 4
    assert out.splitlines()[0].startswith(f"{STEM}: 4 regions at |value| >= 3")
    assert [line[:5] for line in err.splitlines()[:4]] == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
    assert err.splitlines()[-1] == f"skerry: results are in {STEM}_skerry/"


def test_regions_and_report_write_the_same_tables_label_image_and_record(skerry_, tmp_path):
    options = [SAMPLE, "-t", "fdr=0.001", "--kind", "z", "--split", "--prominence", "1",
               "--peak-distance", "12", "--max-peaks", "5", "--atlas", "schaefer200"]  # fmt: skip
    for verb in ("regions", "report"):
        assert skerry_(verb, *options, "-o", verb, "--quiet") == (0, "", "")
    for path in (tmp_path / "regions").iterdir():
        same = tmp_path / "report" / path.name
        if path.suffix != ".json":
            assert path.read_bytes() == same.read_bytes()
            continue
        records = [json.loads(one.read_text()) for one in (path, same)]
        for record in records:
            del record["command"]
        assert records[0] == records[1]
    assert len(list((tmp_path / "report").iterdir())) == 3 + len(
        list((tmp_path / "regions").iterdir())
    )


def test_the_same_command_writes_the_same_bytes(skerry_, tmp_path):
    made = []
    for _ in range(2):
        assert skerry_("report", SAMPLE, "-o", "one", "--kind", "z", "--quiet") == (0, "", "")
        made.append({path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()})
    assert made[0] == made[1]


def test_an_empty_result_is_a_whole_report_and_says_why(skerry_, tmp_path):
    code, out, err = skerry_("report", SAMPLE, "-t", "97")
    assert code == 0
    assert "0 regions" in out
    assert "for a percentile write 97%" in err
    assert len(list((tmp_path / f"{STEM}_skerry").iterdir())) == 7


def test_while_files_are_replaced_no_record_says_that_all_is_whole(skerry_, tmp_path, monkeypatch):
    options = ("report", SAMPLE, "-o", "o", "--quiet")
    assert skerry_(*options, "-t", "4", "--atlas", "schaefer200")[0] == 0
    assert (tmp_path / "o" / f"{STEM}_overlap.tsv").exists()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("skerry.report.figures.save_stat_map", interrupt)
    assert skerry_(*options, "-t", "5")[0] == 130
    left = {path.name for path in (tmp_path / "o").iterdir()}
    assert not left & {f"{STEM}_regions.json", f"{STEM}_overlap.tsv"}


@pytest.fixture
def oblique(tmp_path):
    """Write a map whose axes lie askew, of three blobs."""
    affine = np.array(
        [[2.3, -0.3, 0.2, -40], [0.3, 2.1, 0.4, -60], [-0.2, -0.4, 3.4, -30], [0, 0, 0, 1]]
    )
    values = np.full((30, 32, 20), 0.1)
    values[:2] = np.nan
    values[8:12, 8:12, 8:12] = 5
    values[20:23, 20:23, 10:13] = -6
    nibabel.save(nibabel.Nifti1Image(values, affine), tmp_path / "oblique.nii.gz")
    return "oblique.nii.gz"


@pytest.mark.filterwarnings("default")  # as outside of tests, where it is no error
def test_an_oblique_map_is_drawn_without_a_warning_that_nobody_can_act_on(skerry_, oblique):
    for verb in (
        ("report", oblique, "-t", "9"),
        ("plot", oblique, "-o", "f.png", "-t", "3", "--display", "mosaic", "--background", "none"),
    ):
        code, _, err = skerry_(*verb)
        assert code == 0
        assert "warning" not in err


def test_title_and_background_reach_the_page(skerry_, tmp_path):
    code, _, _ = skerry_(
        "report", SAMPLE, "-t", "4", "--title", HOSTILE, "--background", SAMPLE, "-o", "o",
    )  # fmt: skip
    assert code == 0
    page = (tmp_path / "o" / f"{STEM}_report.html").read_text(encoding="utf-8")
    assert facts_in(page)["title"] == HOSTILE
    assert facts_in(page)["background"]["name"] == "image_10426.nii.gz"
    assert "alert(1)</script>" not in page


def test_a_map_elsewhere_gets_no_template_beneath(skerry_, tmp_path):
    values = np.random.default_rng(0).normal(size=(14, 10, 8)).astype(np.float32)
    oblique = np.array([[2, 0.5, 0, 5], [-0.5, 3, 0, 4], [0, 0.2, 4, 7], [0, 0, 0, 1]])
    save_image(nibabel.Nifti1Image(values, oblique), tmp_path / "native.nii.gz")
    assert skerry_("report", "native.nii.gz", "-t", "2", "--quiet") == (0, "", "")
    page = (tmp_path / "native_skerry" / "native_report.html").read_text(encoding="utf-8")
    assert facts_in(page)["background"] is None


def test_a_volume_of_a_file_with_several(skerry_, tmp_path):
    values = np.random.default_rng(0).normal(size=(9, 9, 9, 3)).astype(np.float32)
    save_image(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "stack.nii")
    assert skerry_("report", "stack.nii", "--volume", "1", "-t", "2", "--quiet") == (0, "", "")
    page = (tmp_path / "stack_skerry" / "stack_report.html").read_text(encoding="utf-8")
    found = skerry.find_regions(skerry.load_map("stack.nii", volume=1), 2)
    assert facts_in(page)["record"]["counts"]["regions"] == len(found)
    assert "--volume=1" in facts_in(page)["methods"]["command"]


def test_a_map_of_neurovault_by_its_number(server, skerry_, tmp_path):
    code, _, err = skerry_("report", f"neurovault:{IMAGE_ID}", "-t", "2")
    assert code == 0, err
    stem = f"neurovault-{IMAGE_ID}"
    page = (tmp_path / f"{stem}_skerry" / f"{stem}_report.html").read_text(encoding="utf-8")
    assert facts_in(page)["methods"]["command"][2] == f"neurovault:{IMAGE_ID}"
    assert str(tmp_path) not in page


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_of_bytes_that_are_no_text_is_kept(skerry_, tmp_path):
    values = np.random.default_rng(0).normal(size=(9, 9, 9)).astype(np.float32)
    save_image(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "map.nii")
    name = os.fsdecode(b"\xff\xe9\n.nii")
    (tmp_path / "map.nii").rename(tmp_path / name)
    assert skerry_("report", name, "-t", "2", "-o", "out", "--quiet") == (0, "", "")
    assert len(list((tmp_path / "out").iterdir())) == 7
    (record,) = (tmp_path / "out").glob("*.json")
    assert json.loads(record.read_text(encoding="utf-8"))["inputs"][0]["path"] == name
    (page,) = (tmp_path / "out").glob("*.html")
    assert facts_in(page.read_text(encoding="utf-8"))["map"]["source"] == name


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["nowhere.nii.gz"], 1, "nowhere.nii.gz"),
        ([SAMPLE, "--background", "nowhere.nii.gz"], 1, "nowhere.nii.gz"),
        ([SAMPLE, "--background", __file__], 1, "test_report.py"),
        ([SAMPLE, "--atlas", "nowhere"], 1, "nowhere"),
        ([SAMPLE, "--smooth-fwhm", "4"], 2, "--split"),
        ([SAMPLE, "--max-peaks", "0"], 2, "--max-peaks"),
    ],
)
def test_what_is_at_fault_is_said_in_one_line_and_nothing_is_left(
    skerry_, tmp_path, arguments, code, says
):
    got, out, err = skerry_("report", *arguments, "--quiet")
    assert (got, out) == (code, "")
    assert err.startswith("skerry: error: ")
    assert says in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_whole_files_only_and_no_record(tmp_path):
    """A limit of 100 kB on every file: the page does not fit."""
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from skerry.cli.main import run\n"
        f"run(['report', {SAMPLE!r}, '-t', '4', '-o', 'out', '--quiet'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"{STEM}_report.html cannot be written: File too large" in done.stderr
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert left == {f"{STEM}_regions.nii.gz", f"{STEM}_regions.tsv", f"{STEM}_peaks.tsv"}
