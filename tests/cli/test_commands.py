"""The command line: files, exit codes, what is printed where."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import nibabel
import numpy as np
import pytest

import skerry
from skerry.datasets import load_sample_motor_activation_image
from skerry.plotting.regions.above import plot_above

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = load_sample_motor_activation_image()
REGION_COLUMNS = (
    "region sign n_voxels volume_mm3 peak_x peak_y peak_z peak_value peak_i peak_j peak_k "
    "mean_value mass centroid_x centroid_y centroid_z cog_x cog_y cog_z n_peaks"
).split()
PEAK_COLUMNS = "region peak x y z i j k value prominence".split()
RECORD_KEYS = "skerry versions command inputs parameters threshold counts notes".split()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def test_regions_writes_label_image_tables_and_record(skerry_, tmp_path):
    code, out, err = skerry_("regions", SAMPLE, "-t", "3", "--min-volume", "1500")
    assert code == 0
    folder = tmp_path / "image_10426_skerry"
    assert sorted(path.name for path in folder.iterdir()) == [
        "image_10426_peaks.tsv",
        "image_10426_regions.json",
        "image_10426_regions.nii.gz",
        "image_10426_regions.tsv",
    ]
    found = skerry.find_regions(SAMPLE, 3, min_volume_mm3=1500)
    labels = nibabel.load(folder / "image_10426_regions.nii.gz")
    assert labels.get_data_dtype() == np.int32
    np.testing.assert_array_equal(np.asarray(labels.dataobj), found.labels)
    np.testing.assert_array_equal(labels.affine, found.grid.affine)
    table = rows(folder / "image_10426_regions.tsv")
    expected = skerry.region_table(found)
    assert list(table[0]) == list(expected) == REGION_COLUMNS
    for row, (_, ours) in zip(table, expected.iterrows(), strict=True):
        assert row["sign"] == ours["sign"]
        assert float(row["mass"]) == pytest.approx(ours["mass"], rel=1e-6)
        assert row["peak_x"] == f"{ours['peak_x']:.3f}"
    peaks = rows(folder / "image_10426_peaks.tsv")
    assert list(peaks[0]) == PEAK_COLUMNS
    record = json.loads((folder / "image_10426_regions.json").read_text())
    assert list(record) == RECORD_KEYS
    assert record["command"][:2] == ["skerry", "regions"]
    assert record["inputs"][0]["path"] == SAMPLE
    assert len(record["inputs"][0]["sha256"]) == 64
    assert record["threshold"] == 3.0
    assert record["counts"] == {
        "in_mask": 45448,
        "nan": 0,
        "infinite": 0,
        "above_threshold": 3824,
        "regions": 4,
    }
    assert out.splitlines()[0] == (
        "image_10426: 4 regions at |value| >= 3, both signs, connectivity 26"
    )
    assert len(out.splitlines()) == 6
    assert "image_10426_skerry" in err


def test_tables_are_printed_as_tsv_or_json_on_request(skerry_, tmp_path):
    _, out, _ = skerry_("regions", SAMPLE, "-t", "3", "--format", "tsv")
    assert out == (tmp_path / "image_10426_skerry" / "image_10426_regions.tsv").read_text()
    _, out, _ = skerry_("regions", SAMPLE, "-t", "3", "--format", "json")
    both = json.loads(out)
    assert list(both) == ["regions", "peaks"]
    assert both["regions"][0]["sign"] == "positive"
    assert len(both["regions"]) == 18


def test_the_same_command_writes_the_same_bytes(skerry_, tmp_path):
    for name in ("one", "two"):
        assert skerry_("regions", SAMPLE, "-t", "97%", "-o", name, "--quiet") == (0, "", "")
    for path in (tmp_path / "one").iterdir():
        if path.suffix != ".json":  # holds the command, in which the folder differs
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_options_reach_find_regions(skerry_):
    def n_regions(*options: object) -> int:
        code, out, _ = skerry_("regions", SAMPLE, *options, "--format", "json")
        assert code == 0
        return len(json.loads(out)["regions"])

    assert n_regions("-t", "3", "--sign", "negative") == len(
        skerry.find_regions(SAMPLE, 3, sign="negative")
    )
    assert n_regions("-t", "3", "--connectivity", "6") == len(
        skerry.find_regions(SAMPLE, 3, connectivity=6)
    )
    assert n_regions("-t", "3", "--min-voxels", "20") == len(
        skerry.find_regions(SAMPLE, 3, min_voxels=20)
    )


def test_all_peaks_are_listed_on_request(skerry_, tmp_path):
    given = ("regions", SAMPLE, "-t", "2", "--peak-distance", "0", "--quiet")
    assert skerry_(*given, "-o", "all", "--max-peaks", "all") == (0, "", "")
    (table,) = (tmp_path / "all").glob("*_regions.tsv")
    (peaks,) = (tmp_path / "all").glob("*_peaks.tsv")
    assert len(rows(peaks)) == sum(int(row["n_peaks"]) for row in rows(table)) > 100
    (record,) = (tmp_path / "all").glob("*.json")
    assert json.loads(record.read_text())["parameters"]["max_peaks"] is None


def test_what_is_read_is_not_written_over(skerry_, tmp_path):
    assert skerry_("regions", SAMPLE, "-t", "3", "--quiet") == (0, "", "")
    labels = "image_10426_skerry/image_10426_regions.nii.gz"
    before = (tmp_path / labels).read_bytes()
    for option in ("--mask", "--atlas"):
        code, out, err = skerry_("regions", SAMPLE, "-t", "4", option, labels)
        assert (code, out) == (2, "")
        assert f"{labels} is read here and would be written over; write elsewhere" in err
        assert (tmp_path / labels).read_bytes() == before
        assert skerry_("regions", SAMPLE, "-t", "4", option, labels, "-o", option)[0] == 0
    (lower,) = (tmp_path / "--atlas").glob("*_regions.tsv")
    names = {row["image_10426_regions_peak"] for row in rows(lower)}
    assert names <= {f"region {n}" for n in range(1, 19)}
    assert len(names) > 1


@pytest.mark.parametrize("verb", ["regions", "report", "plot", "tfce"])
def test_a_place_at_home_is_one_also_behind_an_equals_sign(skerry_, tmp_path, monkeypatch, verb):
    """The shell writes out the ~ of `-o ~/x`, but not that of `--out=~/x`."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    name = {"plot": "x.png", "tfce": "x.nii"}.get(verb, "x")
    assert skerry_(verb, SAMPLE, f"--out=~/{name}", "--quiet") == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert (tmp_path / "home" / name).exists()


def test_every_digit_of_a_threshold_counts(skerry_, tmp_path):
    height = float(skerry.find_regions(SAMPLE, "90.123456789%").threshold)
    skerry_("regions", SAMPLE, "-t", repr(height), "--quiet")
    record = json.loads((tmp_path / "image_10426_skerry" / "image_10426_regions.json").read_text())
    assert record["threshold"] == height
    assert float(record["parameters"]["threshold"]) == height


def test_an_empty_result_is_done_and_says_why(skerry_, tmp_path):
    code, out, err = skerry_("regions", SAMPLE, "-t", "97")
    assert code == 0
    assert "0 regions" in out
    assert "97 is above the maximum 7.94; for a percentile write 97%" in err
    table = (tmp_path / "image_10426_skerry" / "image_10426_regions.tsv").read_text()
    assert len(table.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["regions", "nowhere.nii.gz"], 1, "nowhere.nii.gz"),
        (["regions", __file__], 1, "test_commands.py"),
        (["regions"], 2, "Missing argument"),
        (["regionz", SAMPLE], 2, "No such command"),
        (["regions", SAMPLE, "-t", "97 %x"], 2, "not understood"),
        (["regions", SAMPLE, "-t", "p<2"], 2, "between 0 and 1"),
        (["regions", SAMPLE, "--sign", "up"], 2, "up"),
        (["regions", SAMPLE, "--connectivity", "8"], 2, "'26'; see skerry regions --help"),
        (["regions", SAMPLE, "--max-peaks", "0"], 2, "got '0'; see skerry regions --help"),
        (["regions", SAMPLE, "--max-peaks", "most"], 2, "1 or more, or all, got 'most'"),
        (["fetch", "neurovault", "ten", "-o", "maps"], 2, "'ten'; see skerry fetch neurovault -"),
        (["regions", SAMPLE, "--min-volume", "1", "--min-voxels", "1"], 2, "not both"),
        (["regions", SAMPLE, "--peak-distance", "inf"], 2, "--peak-distance: it must be finite"),
        (["tfce", SAMPLE, "-o", "o.nii", "--E", "inf"], 2, "--E: it must be finite, got inf"),
        (["regions", SAMPLE, "--df", "x"], 2, "N or N,N2"),
        (["regions", SAMPLE, "--volume", "3"], 1, "volume"),
        (["regions", SAMPLE, "--mask", "nowhere.nii"], 1, "nowhere.nii"),
        (["plot", SAMPLE], 2, "Missing option"),
        (["plot", SAMPLE, "-o", ""], 2, "'--out': it is empty"),
        (["regions", SAMPLE, "--out="], 2, "'--out': it is empty"),
        (["plot", SAMPLE, "-o", "figure.jpeg"], 2, "--out: 'figure.jpeg': a figure's name ends in"),
        (["plot", SAMPLE, "-o", "figure.png", "--display", "y", "--cuts", "nan"], 2, "--cuts"),
        (["plot", SAMPLE, "-o", "figure.png", "--cuts", "a,b"], 2, "--cuts"),
        (["plot", SAMPLE, "-o", "f.png", "--display", "mosaic", "--cuts", "1,2"], 2, "of a mosaic"),
        (["plot", SAMPLE, "-o", "f.png", "--display", "mosaic", "--cuts=-9,0,9"], 2, "of a mosaic"),
        (["plot", SAMPLE, "-o", "f.png", "--display", "mosaic", "--cuts", "2.5"], 2, "of a mosaic"),
        (["plot", SAMPLE, "-o", "f.png", "--display", "glass", "--cuts", "2"], 2, "has no cuts"),
        (["plot", SAMPLE, "-o", "f.png", "--cuts", "2"], 2, "is x,y,z in mm"),
        (["plot", SAMPLE, "-o", "f.png", "--display", "x", "--cuts", "0"], 2, "at least 1"),
    ],
)
def test_a_fault_is_one_line_and_an_exit_code(skerry_, tmp_path, arguments, code, says):
    got, out, err = skerry_(*arguments)
    assert (got, out) == (code, "")
    assert err.startswith("skerry: error: ")
    assert says in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_name_with_control_characters_stays_one_line(skerry_):
    code, _, err = skerry_("regions", "evil\n\x1b[31mname.nii")
    assert code == 1
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_debug_shows_the_traceback(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "skerry.cli.main", "regions", "nowhere.nii", "--debug"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "MissingFileError" in done.stderr


def test_a_folder_that_is_a_file_is_one_line(skerry_, tmp_path):
    (tmp_path / "taken").write_text("")
    code, _, err = skerry_("regions", SAMPLE, "-o", "taken")
    assert code == 1
    assert "it is a file" in err


@pytest.mark.parametrize("display", ["ortho", "x", "mosaic", "glass"])
def test_plot_writes_a_figure(skerry_, tmp_path, display):
    code, out, _ = skerry_("plot", SAMPLE, "-o", "figure.png", "--display", display, "-t", "4")
    assert (code, out) == (0, "")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")


def test_plot_outlines_regions_and_takes_any_text_as_title(skerry_, tmp_path):
    code, _, err = skerry_(
        "plot", SAMPLE, "-o", "figure.svg", "--contours", "--display", "z", "--cuts", "40,60",
        "--title", "$x_1 <b>&", "-t", "4", "--background", SAMPLE,
    )  # fmt: skip
    assert code == 0, err
    assert "$x_1 &lt;b&gt;&amp;" in (tmp_path / "figure.svg").read_text()


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        (("z", "3"), "zzz"),
        (("y", "0,20"), "yy"),
        (("x", "-12"), "x"),
        (("mosaic", "2"), "xxyyzz"),
        (("mosaic", "1,2,3"), "xyyzzz"),
        (("ortho", "0,-20,50"), "xyz"),
    ],
)
def test_cuts_are_drawn_as_many_as_asked_for_or_where(skerry_, tmp_path, given, drawn):
    display, cuts = given
    command = ("plot", SAMPLE, "-o", "figure.svg", "-t", "4", "--background", "none")
    assert skerry_(*command, "--display", display, "--cuts", cuts)[0] == 0
    labels = re.findall("<!-- ([xyz])=(-?[0-9]+) -->", (tmp_path / "figure.svg").read_text())
    assert sorted(axis for axis, _ in labels) == list(drawn)
    if "," in cuts and display != "mosaic":
        assert sorted(mm for _, mm in labels) == sorted(cuts.split(","))


def test_a_figure_is_what_plot_above_draws(skerry_, tmp_path):
    for contours in (False, True):
        code, _, _ = skerry_(
            "plot", SAMPLE, "-o", "figure.png", "-t", "4", "--sign", "positive", "--display", "z",
            "--cuts", "40,60", "--title", "A title", "--atlas", "schaefer200",
            "--background", SAMPLE, *["--contours"] * contours,
        )  # fmt: skip
        assert code == 0
        plot_above(
            skerry.find_regions(SAMPLE, 4, sign="positive"), display_mode="z", cut_coords=(40, 60),
            title="A title", atlas="schaefer200", bg_img=SAMPLE, contours=contours,
            output_file=tmp_path / "other.png",
        )  # fmt: skip
        assert (tmp_path / "figure.png").read_bytes() == (tmp_path / "other.png").read_bytes()


def test_the_template_may_be_named_as_for_a_report(skerry_, tmp_path):
    for name, named in (("default.png", ()), ("named.png", ("--background", "MNI152"))):
        assert skerry_("plot", SAMPLE, "-o", name, "-t", "4", "--display", "z", *named)[0] == 0
    assert (tmp_path / "default.png").read_bytes() == (tmp_path / "named.png").read_bytes()


def test_demo_does_the_whole_job(skerry_, tmp_path):
    code, out, err = skerry_("demo")
    assert code == 0, err
    made = {path.name for path in (tmp_path / "skerry-demo").iterdir()}
    assert len([name for name in made if name.endswith(".png")]) == 4
    assert len([name for name in made if name.endswith("_4d.nii.gz")]) == 2
    assert {"regions.nii.gz", "regions.tsv", "image_10426_report.html"} <= made
    assert "4 regions" in out
    for name in made:
        assert name in err
    for name in ("percentile", "value"):
        stacked = nibabel.load(tmp_path / "skerry-demo" / f"{name}_regions_4d.nii.gz")
        assert stacked.ndim == 4
        assert (np.asarray(stacked.dataobj) < 0).any()  # negative regions are not lost


def test_a_quiet_demo_prints_nothing(skerry_):
    assert skerry_("demo", "-o", "elsewhere", "--quiet") == (0, "", "")


def test_import_is_light():
    """What every script pays: no numpy, no matplotlib, no pandas."""
    heavy = {"numpy", "matplotlib", "pandas", "numba", "scipy"}
    code = f"import sys, skerry; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_regions_needs_no_numba_pandas_or_matplotlib(tmp_path):
    code = (
        "import sys\nfrom skerry.cli.main import run\n"
        f"sys.argv = ['skerry', 'regions', {SAMPLE!r}, '--quiet']\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numba', 'pandas', 'matplotlib', 'scipy.ndimage'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[]"
