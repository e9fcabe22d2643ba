"""`skerry permute`: what it writes, how it goes on, and what it refuses."""

from __future__ import annotations

import functools
import hashlib
import json
import subprocess
import sys
import time
import warnings

import nibabel
import numpy as np
import pytest

import skerry.glm
from skerry.errors import OutputError, SkerryWarning
from skerry.io.load import load_map

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])
FILES = [f"s{k}.nii" for k in range(9)]


@pytest.fixture
def permute(skerry_, tmp_path):
    """Run the command in a folder of nine maps and a design; give exit code, output, errors."""
    generator = np.random.default_rng(0)
    for k, name in enumerate(FILES):
        values = generator.standard_normal((6, 5, 4)).astype(np.float32)
        values[1:3, 1:3, 1:3] += 3
        values[4:, 2:, :2] -= 2 * (k < 4)
        nibabel.save(nibabel.Nifti1Image(values, AFFINE), name)
    rows = [
        f"{name}\t{'a' if k < 4 else 'b'}\t{k % 3}.5\tf{k // 2}" for k, name in enumerate(FILES)
    ]
    (tmp_path / "design.tsv").write_text(
        "\n".join(["map\tgroup\tage\tfamily", *reversed(rows)]) + "\n"
    )

    return functools.partial(skerry_, "permute")


def test_one_run_gives_voxels_clusters_and_tfce(permute, tmp_path):
    code, out, err = permute(*FILES, "-o", "out", "-n", 50, "-t", 3, "--tfce", "--threads", 2)
    assert code == 0
    assert "9 maps, 120 voxels, t with 8 df, two-sided; 51 sign flips" in out
    assert " at |t| >= 3\n" in out
    assert err.endswith("skerry: results are in out/\n")
    kinds = ("t", "extent", "excess_mass", "tfce")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *(f"{kind}.nii.gz" for kind in kinds),
        *(f"{kind}_neglog10p_fwe.nii.gz" for kind in kinds),
        "clusters.nii.gz", "clusters.tsv", "summary.tsv", "null_maxima.tsv", "permute.json",
    }  # fmt: skip
    record = json.loads((tmp_path / "out/permute.json").read_text())
    assert record["counts"]["arrangements"] == 51
    assert [entry["path"] for entry in record["inputs"]] == FILES
    assert all(len(entry["sha256"]) == 64 for entry in record["inputs"])
    t = load_map("out/t.nii.gz")
    assert (t.kind, t.df) == ("t", 8.0)
    p = nibabel.load("out/t_neglog10p_fwe.nii.gz")
    assert p.header.get_intent()[0] == "log10 p value"
    assert p.get_fdata().max() == pytest.approx(np.log10(51))
    assert p.get_fdata()[1:3, 1:3, 1:3].mean() > 1
    labels = np.asarray(nibabel.load("out/clusters.nii.gz").dataobj)
    rows = (tmp_path / "out/clusters.tsv").read_text().splitlines()
    assert labels.max() == len(rows) - 1


def test_every_option_reaches_the_test(permute, tmp_path):
    mask = (np.arange(120).reshape(6, 5, 4) % 7 > 0).astype(np.uint8)
    nibabel.save(nibabel.Nifti1Image(mask, AFFINE), "mask.nii")
    code, _, _ = permute(
        *FILES, "-o", "out", "-n", 120, "--seed", 3, "--design", "design.tsv",
        "--contrast", "b - a", "--blocks", "family", "--scheme", "both", "--sign", "positive",
        "-t", "p=0.2", "--tfce", "--connectivity", 6, "--tail", "gpd", "--mask", "mask.nii",
        "--threads", 2,
    )  # fmt: skip
    assert code == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkerryWarning)
        found = skerry.glm.permute(
            FILES, "design.tsv", "b - a", n_perm=120, seed=3, sign="positive", threshold="p<0.2",
            tfce=True, mask="mask.nii", connectivity=6, scheme="both", blocks="family", tail="gpd",
        )  # fmt: skip
    for kind in ("t", "extent", "excess_mass", "tfce"):
        for expected, end in ((found.image(kind), ""), (found.p_image(kind), "_neglog10p_fwe")):
            written = nibabel.load(f"out/{kind}{end}.nii.gz")
            np.testing.assert_array_equal(written.get_fdata(), expected.get_fdata())
    null = np.loadtxt(tmp_path / "out/null_maxima.tsv", skiprows=1)
    assert null.shape == (121, len(found.test.null))


def test_few_maps_are_gone_through_and_the_record_says_what_that_allows(permute, tmp_path):
    code, out, err = permute(*FILES[:4], "-o", "out", "-t", 9)
    assert code == 0
    assert "4 maps, 120 voxels, t with 3 df, two-sided; all 16 sign flips\n" in out
    assert "\n1 cluster at |t| >= 9\n" in out
    (line,) = [line for line in out.splitlines() if line.startswith("t  ")]
    assert line.split()[2:] == ["out", "of", "reach", "0.125", "0"]
    record = json.loads((tmp_path / "out/permute.json").read_text())
    assert record["counts"] == {
        "maps": 4, "in_mask": 120, "arrangements": 16, "arrangements_possible": 16,
    }  # fmt: skip
    assert record["statistics"]["enumerated"] is record["statistics"]["two_sided"] is True
    assert record["parameters"]["scheme"] == "flip"
    (note,) = record["notes"]
    assert note.startswith("only 16 arrangements are possible (5000 were asked for)")
    assert f"skerry: note: {note}\n" in err


def test_one_side_is_said_to_be_one(permute, tmp_path):
    for sign, said in (("positive", "t >= 3"), ("negative", "t <= -3")):
        out = permute(*FILES, "-o", sign, "-n", 5, "-t", 3, "--sign", sign)[1]
        assert f" at {said}\n" in out
        record = json.loads((tmp_path / sign / "permute.json").read_text())
        forming = record["statistics"]["cluster_forming"]
        assert forming == f"{said.removesuffix('3')}threshold, in double precision"
        assert record["statistics"]["two_sided"] is record["statistics"]["enumerated"] is False


def test_a_design_finds_its_rows_by_the_column_map(permute, tmp_path):
    options = ("--design", "design.tsv", "--contrast", "b - a", "--blocks", "family", "-n", 30)
    code, out, _ = permute(*FILES, "-o", "out", *options, "--whole-blocks", "--scheme", "both")
    assert code == 0
    assert "t with 6 df" in out
    t = nibabel.load("out/t.nii.gz").get_fdata()
    assert t[4:, 2:, :2].mean() > 2
    assert abs(t[1:3, 1:3, 1:3].mean()) < 1


def test_one_file_with_a_volume_a_subject_gives_the_same(permute, tmp_path):
    nibabel.save(nibabel.concat_images(FILES), "all.nii.gz")
    permute(*FILES, "-o", "one", "-n", 20)
    permute("all.nii.gz", "-o", "two", "-n", 20)
    inputs = json.loads((tmp_path / "two/permute.json").read_text())["inputs"]
    digest = hashlib.sha256((tmp_path / "all.nii.gz").read_bytes()).hexdigest()
    assert inputs == [{"path": "all.nii.gz", "sha256": digest}]
    for name in ("t.nii.gz", "t_neglog10p_fwe.nii.gz", "null_maxima.tsv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_interrupted_the_same_command_goes_on(permute, tmp_path, monkeypatch):
    command = (*FILES, "-o", "out", "-n", 250, "--tfce")

    def interrupt(done, total):
        if done > 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("skerry.cli.permute_progress.lines", lambda: interrupt)
        code, out, err = permute(*command)
    assert (code, out) == (130, "")
    assert "the same command goes on" in err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["permute_checkpoint.npz"]
    code, _, err = permute(*command)
    assert code == 0
    assert "arrangements were done before" in err
    permute(*FILES, "-o", "whole", "-n", 250, "--tfce")
    for name in ("null_maxima.tsv", "tfce_neglog10p_fwe.nii.gz"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert not (tmp_path / "out/permute_checkpoint.npz").exists()


def test_killed_the_same_command_goes_on(permute, tmp_path):
    script = (
        "import sys, skerry.stats.permute.null as null; from skerry.cli.main import run\n"
        "null.TELL_EVERY = null.SAVE_EVERY = 0.02; run(sys.argv[1:])"
    )
    rows = "".join(f"1\t{k}\n" for k in range(9))
    (tmp_path / "age.tsv").write_text("one\tage\n" + rows)
    command = [*FILES, "--tfce", "--design", "age.tsv", "--contrast", "age", "-n"]
    kept = tmp_path / "out/permute_checkpoint.npz"
    with subprocess.Popen(
        [sys.executable, "-c", script, "permute", *command, "20000", "-o", "out"],
        stderr=subprocess.DEVNULL,
    ) as process:
        for _ in range(3000):
            if kept.exists():
                break
            time.sleep(0.01)
        process.kill()
    n_done = int((~np.isnan(np.load(kept)["null"][:, 0])).sum())
    assert 0 < n_done < 20000
    n_more = n_done + 20
    code, _, err = permute(*command, n_more, "-o", "out")
    assert code == 0
    assert f"{n_done} of {n_more + 1} arrangements were done before" in err
    permute(*command, n_more, "-o", "whole")
    for name in ("null_maxima.tsv", "tfce_neglog10p_fwe.nii.gz"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_mask_counts(permute, tmp_path):
    mask = (np.arange(120).reshape(6, 5, 4) % 3 > 0).astype(np.uint8)
    nibabel.save(nibabel.Nifti1Image(mask, AFFINE), "mask.nii")
    code, out, _ = permute(*FILES, "-o", "out", "-n", 20, "--mask", "mask.nii", "--tail", "gpd")
    assert code == 0
    assert "9 maps, 80 voxels" in out
    assert not nibabel.load("out/t.nii.gz").get_fdata()[mask == 0].any()
    inputs = json.loads((tmp_path / "out/permute.json").read_text())["inputs"]
    assert [entry["path"] for entry in inputs] == [*FILES, "mask.nii"]


def test_several_contrasts_get_a_folder_each_and_one_seed(permute, tmp_path):
    design = ("--design", "design.tsv", "--blocks", "family", "--whole-blocks", "-n", 40)
    said = ("b - a", "../../x; b - a", "-1 1 0")
    (tmp_path / "design.tsv").write_text(
        (tmp_path / "design.tsv").read_text().replace("age", "../../x", 1)
    )
    options = [part for one in said for part in ("--contrast", one)]
    code, out, err = permute(*FILES, "-o", "out", *design, *options)
    assert code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["01_b_-_a", "02_x_b_-_a", "03_-1_1_0"]
    assert [line for line in out.splitlines() if line in said] == list(said)
    assert err.count("results are in") == 3
    assert err.endswith("skerry: note: p are family-wise over voxels, not over the 3 tests\n")
    permute(*FILES, "-o", "alone", *design, "--contrast", "b - a")
    for name in ("t.nii.gz", "null_maxima.tsv"):
        alone = (tmp_path / "alone" / name).read_bytes()
        assert (tmp_path / "out/01_b_-_a" / name).read_bytes() == alone
        assert (tmp_path / "out/03_-1_1_0" / name).read_bytes() == alone
    record = json.loads((tmp_path / "out/02_x_b_-_a/permute.json").read_text())
    assert record["parameters"]["columns"] == ["a", "b", "../../x"]
    assert record["parameters"]["weights"] == [[0, 0, 1], [-1, 1, 0]]
    assert (record["statistics"]["statistic"], record["statistics"]["df_numerator"]) == ("F", 2)
    f = load_map("out/02_x_b_-_a/F.nii.gz")
    assert (f.kind, f.df) == ("F", (2.0, 6.0))


def test_fsls_files_of_design_contrasts_f_tests_and_blocks(permute, tmp_path):
    rows = "".join(f"{int(k < 4)} {int(k >= 4)}\n" for k in range(9))
    (tmp_path / "d.mat").write_text(f"/NumWaves 2\n/NumPoints 9\n/Matrix\n{rows}")
    (tmp_path / "d.con").write_text("/ContrastName1 one\n/ContrastName2 two\n/Matrix\n1 0\n0 1\n")
    (tmp_path / "d.fts").write_text("/Matrix\n1 1\n")
    (tmp_path / "d.grp").write_text("/Matrix\n" + "1\n" * 9)
    files = ("--design", "d.mat", "--contrast", "d.con", "--blocks", "d.grp", "-n", 20)
    code, out, _ = permute(*FILES, "-o", "out", *files, "--contrast", "d.fts", "-t", "p=0.05")
    assert code == 0
    assert "F with 2 and 7 df, no side" in out
    code, _, _ = permute(*FILES, "-o", "joint", *files, "--f-test", "-t", "p=0.05")
    assert code == 0
    for name in ("F.nii.gz", "clusters.tsv", "null_maxima.tsv"):
        f = (tmp_path / "out/03_F_1_of_d.fts" / name).read_bytes()
        assert f == (tmp_path / "joint" / name).read_bytes()
    inputs = json.loads((tmp_path / "joint/permute.json").read_text())["inputs"]
    assert [entry["path"] for entry in inputs] == [*FILES, "d.mat", "d.grp", "d.con"]


def test_of_several_contrasts_those_that_are_done_are_not_done_again(
    permute, tmp_path, monkeypatch
):
    rows = "".join(f"{'a' if k < 4 else 'b'}\t{k % 3}\n" for k in range(9))
    (tmp_path / "two.tsv").write_text("group\tage\n" + rows)
    command = (
        *FILES, "--design", "two.tsv", "-n", 250,
        "--contrast", "b - a", "--contrast", "age", "-o", "out",
    )  # fmt: skip
    seen = []

    def interrupt_the_second():
        seen.append(0)

        def tell(done, total):
            if len(seen) == 2 and done > 2:
                raise KeyboardInterrupt

        return tell

    with monkeypatch.context() as patch:
        patch.setattr("skerry.cli.permute_progress.lines", interrupt_the_second)
        code, _, err = permute(*command)
    assert code == 130
    assert "02_age/permute_checkpoint.npz; the same command goes on" in err
    code, _, err = permute(*command)
    assert code == 0
    assert "251 of 251 arrangements were done before" in err
    assert not list((tmp_path / "out").glob("**/*.npz"))


def test_what_could_not_be_saved_is_not_lost(permute, tmp_path, monkeypatch):
    from skerry.errors import ArgumentError

    def full(*_):
        raise ArgumentError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("skerry.cli.permute_results.save", full)
        assert permute(*FILES, "-o", "out", "-n", 30)[0] == 1
    code, _, err = permute(*FILES, "-o", "out", "-n", 30)
    assert code == 0
    assert "31 of 31 arrangements were done before" in err


def test_other_options_begin_anew_and_say_so(permute, tmp_path, monkeypatch):
    def interrupt(done, total):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("skerry.cli.permute_progress.lines", lambda: interrupt)
        permute(*FILES, "-o", "out", "-n", 250)
    code, _, err = permute(*FILES, "-o", "out", "-n", 250, "--tfce")
    assert code == 0
    assert "was of other maps or options: all was done anew" in err


def test_interrupted_while_maps_are_read_no_folder_is_left(permute, tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("skerry.glm.permute_study.read_study", interrupt)
    assert permute(*FILES, "-o", "out")[0] == 130
    assert not (tmp_path / "out").exists()


def test_while_files_are_replaced_no_record_says_that_all_is_whole(permute, tmp_path, monkeypatch):
    assert permute(*FILES, "-o", "out", "-n", 5)[0] == 0

    def full(*_):
        raise OutputError("the disk is full")

    monkeypatch.setattr("skerry.io.save.save_image", full)
    assert permute(*FILES, "-o", "out", "-n", 6)[0] == 1
    assert not (tmp_path / "out/permute.json").exists()


def test_a_folder_is_called_after_the_contrast_but_not_endlessly(permute, tmp_path):
    head = "\t".join(f"column_{k:02d}" for k in range(8))
    rows = np.vander(np.arange(9), 8) * 1.0
    text = "\n".join([head, *("\t".join(map(str, row)) for row in rows)])
    (tmp_path / "wide.tsv").write_text(text)
    both = [" + ".join(head.split("\t")[:n]) for n in (7, 6)]
    options = [part for one in both for part in ("--contrast", one)]
    assert permute(*FILES, "-o", "out", "-n", 5, "--design", "wide.tsv", *options)[0] == 0
    first, second = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert first.startswith("01_column_00_+_column_01_+_")
    assert 60 < len(second) <= len(first) <= 63


def test_what_an_earlier_test_left_is_not_taken_for_this_ones(permute, tmp_path):
    assert permute(*FILES, "-o", "out", "-n", 5, "-t", 3, "--tfce")[0] == 0
    (tmp_path / "out/mine.tsv").touch()
    assert permute(*FILES, "-o", "out", "-n", 5)[0] == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "t.nii.gz", "t_neglog10p_fwe.nii.gz", "summary.tsv", "null_maxima.tsv", "permute.json",
        "mine.tsv",
    }  # fmt: skip


def test_files_of_another_command_stay_in_the_folder(permute, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/tfce.nii.gz").touch()  # as of skerry tfce
    assert permute(*FILES, "-o", "out", "-n", 5)[0] == 0
    assert (tmp_path / "out/tfce.nii.gz").exists()


@pytest.mark.parametrize("name", ["t.nii.gz", "clusters.nii.gz", "summary.tsv"])
def test_what_is_read_is_not_written_over(permute, tmp_path, name):
    options = ["-o", ".", "-n", "5"]
    maps = FILES
    if name == "t.nii.gz":
        nibabel.save(nibabel.concat_images(FILES), name)
        maps = [name]
    elif name == "clusters.nii.gz":
        nibabel.save(nibabel.Nifti1Image(np.ones((6, 5, 4), np.uint8), AFFINE), name)
        options += ["--mask", name]
    else:
        (tmp_path / name).write_text("age\n" + "".join(f"{k}\n" for k in range(9)))
        options += ["--design", name]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    code, out, err = permute(*maps, *options)
    assert (code, out) == (2, "")
    assert f"--out: {name} is read here and would be written over; write elsewhere" in err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_was_there_stays(permute, tmp_path):
    (tmp_path / "out").mkdir()
    assert permute("absent.nii", "-o", "out")[0] == 1
    assert (tmp_path / "out").is_dir()


def test_files_and_places_may_be_at_home(permute, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home/age.tsv").write_text("age\n" + "".join(f"{k * k}\n" for k in range(9)))
    options = ("--design=~/age.tsv", "--out=~/out", "-n", 5, "--quiet")
    assert permute(*FILES, *options) == (0, "", "")
    assert not (tmp_path / "~").exists()
    assert not (tmp_path / "home/out/permute_checkpoint.npz").exists()
    record = json.loads((tmp_path / "home/out/permute.json").read_text())
    digest = hashlib.sha256((tmp_path / "home/age.tsv").read_bytes()).hexdigest()
    assert record["inputs"][-1] == {"path": "~/age.tsv", "sha256": digest}


def test_quiet_says_nothing(permute):
    assert permute(*FILES, "-o", "out", "-n", 5, "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["s0.nii", "-o", "o"], 1, "needs two maps or more, got 1"),
        (["s0.nii", "absent.nii", "-o", "o"], 1, "absent.nii"),
        (["s0.nii", "s1.nii"], 2, "-o"),
        ([*FILES, "-o", "o", "-n", "0"], 2, "-n"),
        ([*FILES, "-o", "o", "-t", "97%"], 2, "'97%' is neither a height above 0 (3.1)"),
        ([*FILES, "-o", "o", "-t", "-1"], 2, "'-1' is neither a height above 0"),
        ([*FILES, "-o", "o", "-t", "0"], 2, "'0' is neither a height above 0"),
        ([*FILES, "-o", "o", "-t", "fdr=0.05"], 2, "'fdr=0.05' is neither a height above 0"),
        ([*FILES, "-o", "o", "--whole-blocks"], 2, "--whole-blocks: it needs --blocks"),
        ([*FILES, "-o", "o", "--design", "no.tsv"], 1, "File not found: no.tsv"),
        ([*FILES[:4], "-o", "o", "--design", "design.tsv"], 1, "has 9 rows for 4 maps"),
        ([*FILES, "-o", "o", "--design", "design.tsv"], 1, "give a contrast of a, b, age, f0"),
        (
            [*FILES, "-o", "o", "--design", "design.tsv", "--contrast", "b - c",
             "--blocks", "family"],
            1,
            "'b - c' is no column nor a sum of columns of the design: a, b, age",
        ),
        (
            [*FILES, "-o", "o", "--design", "design.tsv", "--contrast", "a"],
            1,
            "rank-deficient",
        ),
        ([*FILES, "-o", "o", "--blocks", "family"], 1, "need a design"),
        ([*FILES, "-o", "o", "--f-test"], 2, "--f-test: it needs --contrast"),
        ([*FILES, "-o", "o", "--contrast", "1 0"], 1, "has 2 weights, but there are 1 columns"),
        (
            [*FILES, "-o", "o", "--design", "design.tsv", "--contrast", "age", "--contrast", "a",
             "--blocks", "family", "--scheme", "permute"],
            1,
            "no other arrangement of the maps is possible: the contrast compares maps of different",
        ),
        ([*FILES, "-o", "s0.nii"], 1, "s0.nii"),
    ],
)  # fmt: skip
def test_faults_are_told_in_one_line(permute, tmp_path, arguments, code, told):
    got, out, err = permute(*arguments)
    assert (got, out) == (code, "")
    assert told in err
    assert err.count("\n") == 1
    assert not (tmp_path / "o").exists()
