"""The commands on the page about batches, run as they stand there."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet
import pytest

from batch.small_batches import known_values, write_map

PAGE = Path(__file__).resolve().parents[2] / "docs" / "batch.md"
SCRIPTS = Path(sys.executable).parent
ENVIRONMENT = os.environ | {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}


def commands(*words):
    """The commands of the page that begin with these words."""
    blocks = re.findall(r"^```bash\n(.*?)^```", PAGE.read_text("utf-8"), flags=re.S | re.M)
    found = [line for block in blocks for line in block.splitlines()]
    return [line for line in found if line.startswith(" ".join(words))]


def shell(script, folder):
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path):
    for number in range(4):
        write_map(tmp_path / f"{number}.nii.gz", known_values(number))
    lines = ["path\tid", *(f"{number}.nii.gz\tmap{number}" for number in range(4))]
    (tmp_path / "maps.tsv").write_text("\n".join(lines) + "\n")
    return tmp_path


def tables(out):
    names = ("regions.parquet", "peaks.parquet")
    return {name: (out / name).read_bytes() for name in names}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def wait_for(port, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("the scheduler did not begin to listen")


def test_a_scheduler_and_workers_started_by_hand_give_the_same_bytes_as_this_process(folder):
    port = free_port()
    (scheduler,) = commands("dask scheduler")
    (worker,) = commands("dask worker")
    (batch,) = commands("skerry batch --manifest maps.tsv -o results --scheduler")
    started = []
    with (folder / "log").open("wb") as log:
        options = {"cwd": folder, "env": ENVIRONMENT, "stdout": log, "stderr": log}
        try:
            for command in (scheduler, worker):
                # In a group of its own, so that the workers of a worker end with it.
                started.append(
                    subprocess.Popen(
                        command.replace("8786", port).split(), start_new_session=True, **options
                    )
                )
                wait_for(port, started[0])
            ended = shell(batch.replace("8786", port), folder)
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(30)
    assert ended.returncode == 0, ended.stderr + (folder / "log").read_text()
    here = shell("skerry batch --manifest maps.tsv -o here --workers 0", folder)
    assert here.returncode == 0
    assert tables(folder / "results") == tables(folder / "here")


def test_the_shares_of_a_job_array_are_put_together_without_doing_a_map_twice(folder):
    script = PAGE.read_text("utf-8").split("#SBATCH --array=0-99", 1)[1].split("```", 1)[0]
    share = "\n".join(script.splitlines()[1:]).replace("100", "2")
    assert "--workers 0" in share
    for job in range(2):
        ended = shell(f"export SLURM_ARRAY_TASK_ID={job}\n{share}", folder)
        assert ended.returncode == 0, ended.stderr
    ids = [
        pyarrow.parquet.read_table(folder / "shares" / str(job) / "maps.parquet")["id"].to_pylist()
        for job in range(2)
    ]
    assert sorted(ids[0] + ids[1]) == ["map0", "map1", "map2", "map3"]
    assert min(map(len, ids)) == 2

    together = PAGE.read_text("utf-8").split("mkdir -p results/.parts", 1)[1].split("```", 1)[0]
    ended = shell(f"mkdir -p results/.parts{together}", folder)
    assert ended.returncode == 0, ended.stderr
    assert "4 of 4 maps were done before" in ended.stderr
    shell("skerry batch --manifest maps.tsv -o here -t 3.1 --workers 0", folder)
    assert tables(folder / "results") == tables(folder / "here")


def test_the_other_commands_do_what_the_page_says(folder):
    (folder / "study").mkdir()
    for number in range(4):
        (folder / f"{number}.nii.gz").rename(folder / "study" / f"{number}.nii.gz")
    first = next(line for line in commands("skerry batch") if "study" in line)
    ended = shell(f"{first} --workers 0", folder)
    assert ended.returncode == 0, ended.stderr
    written = {path.name for path in (folder / "results").iterdir()}
    assert written >= {
        "maps.parquet", "regions.parquet", "peaks.parquet", "summary.html", "frequency", "run.json",
        ".parts",
    }  # fmt: skip
    (overlap,) = commands("skerry overlap")
    ended = shell(overlap, folder)
    assert ended.returncode == 0, ended.stderr
    assert (folder / "results" / "overlap" / "overlap_regions.nii.gz").is_file()
    (report,) = commands("skerry report")
    ended = shell(report.replace("first", "1"), folder)
    assert ended.returncode == 0, ended.stderr
    assert (folder / "results" / "reports" / "1" / "1_report.html").is_file()
