"""Claims on the command line: what is printed, written and refused."""

from __future__ import annotations

import csv
import json

import pytest

from skerry.datasets import load_sample_motor_activation_image

SAMPLE = load_sample_motor_activation_image()
STEM = "image_10426"


def table(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


@pytest.mark.parametrize("claim", ["p=0.001", "p<0.001", "fdr=0.05", "fwe=0.05", "bonferroni=0.05"])
def test_every_claim_is_a_threshold(skerry_, claim):
    code, out, err = skerry_("regions", SAMPLE, "--kind", "z", "-t", claim, "-o", "out")
    assert code == 0
    assert "regions at |value| >=" in out
    assert f'note: threshold "{claim.replace("=", "<")}": two-sided p of z' in err


def test_columns_follow_in_the_order_of_the_design(skerry_, tmp_path):
    code, out, _ = skerry_("regions", SAMPLE, "--kind", "z", "-t", "3.1", "-o", "out")
    assert code == 0
    regions = table(tmp_path / "out" / f"{STEM}_regions.tsv")
    names = list(regions[0])
    known = ["p_peak_fwe", "p_cluster_fwe", "q_fdr"]
    assert names[names.index("n_peaks") + 1 :][:3] == known
    assert all(0 < float(row[name]) <= 1 for row in regions for name in known)
    assert list(table(tmp_path / "out" / f"{STEM}_peaks.tsv")[0])[-2:] == ["p", "q"]
    assert "p peak  p cluster" in out


def test_the_record_says_what_each_assumes(skerry_, tmp_path):
    skerry_("regions", SAMPLE, "--kind", "z", "-t", "2.3", "-o", "out")
    record = json.loads((tmp_path / "out" / f"{STEM}_regions.json").read_text())
    said = record["statistics"]
    assert {"p", "q_fdr", "p_peak_fwe", "p_cluster_fwe"} <= set(said)
    assert said["forming_z"] == 2.3
    assert len(said["smoothness"]["fwhm_mm"]) == 3
    assert any("10.1073/pnas.1602413113" in note for note in record["notes"])


def test_nothing_significant_is_a_result(skerry_, tmp_path):
    code, _, err = skerry_("regions", SAMPLE, "--kind", "t", "--df", "1", "-t", "fwe=0.001")
    assert code == 0
    assert "nothing found" in err
    assert table(tmp_path / f"{STEM}_skerry" / f"{STEM}_regions.tsv") == []


@pytest.mark.parametrize(
    ("options", "says"),
    [((), "--kind z"), (("--kind", "t"), "--df 20"), (("--kind", "other"), "z, t, F or p")],
)
def test_what_is_missing_is_asked_for_on_one_line(skerry_, tmp_path, options, says):
    code, out, err = skerry_("regions", SAMPLE, "-t", "p=0.001", *options)
    assert code == 1
    assert out == ""
    assert err.startswith("skerry: error:")
    assert says in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_without_a_kind_there_are_no_p_values(skerry_, tmp_path):
    skerry_("regions", SAMPLE, "-t", "3.1", "-o", "out")
    assert "q_fdr" not in table(tmp_path / "out" / f"{STEM}_regions.tsv")[0]
    assert "statistics" not in json.loads((tmp_path / "out" / f"{STEM}_regions.json").read_text())
