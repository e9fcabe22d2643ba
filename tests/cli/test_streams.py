"""Readers that leave early, disks that are full, and Ctrl-C: no traceback, no work lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from skerry.datasets import load_sample_motor_activation_image

SAMPLE = load_sample_motor_activation_image()
SKERRY = shutil.which("skerry", path=str(Path(sys.executable).parent))
FILES = {"image_10426_peaks.tsv", "image_10426_regions.json", "image_10426_regions.nii.gz",
         "image_10426_regions.tsv"}  # fmt: skip


def in_shell(tail: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{SKERRY} {tail}"],
        capture_output=True,
        text=True,
        cwd=folder,
    )


@pytest.mark.parametrize("tail", ["| true", "2>&1 | true", ">&-"])
def test_who_stops_reading_is_no_fault_and_all_is_written(tmp_path, tail):
    done = in_shell(f"regions {SAMPLE} -t 2 -o out {tail}", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr in ("skerry: results are in out/\n", "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES


def test_help_may_be_read_in_part(tmp_path):
    done = in_shell("--help | true", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_standard_output_is_one_line(tmp_path):
    done = in_shell(f"regions {SAMPLE} -t 4 -o out > /dev/full", tmp_path)
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert said.startswith("skerry: error: standard output cannot be written: No space left")
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    done = in_shell(f"regions {SAMPLE} -t 4 2> /dev/full", tmp_path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 2


def test_a_name_that_the_terminal_cannot_show_is_escaped(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    shutil.copy(SAMPLE, tmp_path / "kärtchen.nii.gz")
    done = in_shell("regions kärtchen.nii.gz -t 7", tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(r"k\xe4rtchen: ")


class InterruptingLoader:
    """Stands for Ctrl-C while the verbs are loaded."""

    def find_spec(self, name, *_):
        if name == "skerry.cli.app":
            raise KeyboardInterrupt


def test_interrupted_while_it_loads_it_says_so_in_one_line(skerry_, monkeypatch):
    monkeypatch.delitem(sys.modules, "skerry.cli.app", raising=False)
    monkeypatch.setattr("sys.meta_path", [InterruptingLoader(), *sys.meta_path])
    assert skerry_("regions", SAMPLE) == (130, "", "skerry: error: stopped\n")


def test_interrupted_at_work_it_says_so_in_one_line(skerry_, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("skerry.io.load.load_map", interrupt)
    assert skerry_("regions", SAMPLE) == (130, "", "skerry: error: stopped\n")


def test_the_command_is_there_before_the_verbs_are_loaded():
    code = (
        "import sys, skerry.cli.main; print({'typer', 'numpy', 'skerry.cli.app'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
