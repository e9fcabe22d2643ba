"""Workers: the same bytes however many, and faults that stay with the map that has them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import dask
import distributed  # noqa: F401  # its defaults, before a fixture changes one of them
import psutil
import pyarrow.parquet as parquet
import pytest

from batch.compared import tables_of
from batch_children import FAULTS
from batch_maps import write_map
from skerry.batch import run
from skerry.batch.asked.choices import Choices
from skerry.batch.asked.manifest import manifest_of_paths
from skerry.batch.folder.resume import Kept
from skerry.batch.one_map.task import do_chunk
from skerry.batch.running import cluster, dask_workers, dispatch
from skerry.batch.running.dask_workers import DaskWorkers
from skerry.batch.running.dispatch import Dispatch
from skerry.batch.running.interrupt import Stop
from skerry.batch.running.progress import Progress
from skerry.batch.running.workers import Died
from skerry.errors import ArgumentError, NetworkError, SkerryError

pytestmark = [
    pytest.mark.usefixtures("without_summary"),
    # A worker that is killed leaves its sockets to the collector; that is Dask's.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def faults(tmp_path):
    """Give workers that do to themselves what the name of a map says."""
    path = tmp_path / "faults.py"
    path.write_text(FAULTS)
    with dask.config.set({"distributed.worker.preload": [str(path)]}):
        yield path


def run_(maps, out, **options):
    return run(maps, out, threshold=2.5, **{"quiet": True, **options})


def own_children():
    return {child.pid for child in psutil.Process().children(recursive=True)}


# One, and two that are started by hand, are below.
def test_three_workers_give_the_same_bytes_as_this_process_and_leave_nobody_behind(
    small_maps, tmp_path
):
    # Of one so large that libraries of linear algebra would share its sums among threads.
    large = write_map(tmp_path / "large.nii.gz", 7, shape=(40, 41, 42))
    maps, before = [*small_maps(30), large], own_children()
    run_(maps, tmp_path / "here", workers=0, labels=True)
    run_(maps, tmp_path / "out", workers=3, labels=True)
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "here")
    for path in (tmp_path / "here" / "labels").iterdir():
        assert (tmp_path / "out" / "labels" / path.name).read_bytes() == path.read_bytes()
    left = [pid for pid in own_children() - before if "tracker" not in _command_of(pid)]
    assert left == []


def _command_of(pid):
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:
        return "tracker"  # gone


def test_maps_that_kill_their_worker_are_named_and_the_others_are_whole(
    small_maps, tmp_path, faults, capsys
):
    good = small_maps(22)
    maps = [Path(shutil.copy(path, tmp_path / path.name)) for path in good]
    poison = write_map(tmp_path / "poison.nii.gz", 1)
    hog = write_map(tmp_path / "hog.nii.gz", 2)
    given = [*maps[:5], poison, *maps[5:12], hog, *maps[12:]]
    found = run_(given, tmp_path / "out", workers=2, retries=1, memory_limit="700MB", quiet=False)
    assert sorted(found.failures) == ["hog", "poison"]
    for reason in found.failures.values():
        assert reason == "its worker died 2 times: not enough memory (--memory-limit), or a crash"
    run_(maps, tmp_path / "clean", workers=0)
    assert tables_of(tmp_path / "out")[0] == tables_of(tmp_path / "clean")[0]
    rows = parquet.read_table(tmp_path / "out" / "maps.parquet").to_pylist()
    assert [row["id"] for row in rows if row["status"] == "failed"] == ["poison", "hog"]
    assert all(row["tries"] >= 2 for row in rows if row["status"] == "failed")
    assert "failed: poison: its worker died 2 times" in capsys.readouterr().err


@contextmanager
def by_hand(folder, *, n_workers=2, preload=None):
    """Start a scheduler and workers as people do on a cluster; give the address and processes."""
    where = folder / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen([*command, *options, "--scheduler-file", str(where)], **quiet)
    processes = [scheduler]
    try:
        command = [sys.executable, "-m", "distributed.cli.dask_worker"]
        options = ["--nthreads", "1", "--scheduler-file", str(where), "--no-dashboard"]
        options += ["--preload", str(preload)] if preload else []
        command += ["--death-timeout", "30", *options]
        processes += [subprocess.Popen(command, **quiet) for _ in range(n_workers)]
        end = time.monotonic() + 60
        while not where.exists() and time.monotonic() < end:
            time.sleep(0.05)
        yield json.loads(where.read_text())["address"], scheduler
    finally:
        for process in processes:
            with_children = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            process.wait()
            for child in with_children:
                if child.is_running():
                    child.kill()


def test_a_cluster_started_by_hand_gives_the_same_bytes(small_maps, tmp_path):
    maps = small_maps(30)
    run_(maps, tmp_path / "here", workers=0)
    with by_hand(tmp_path) as (address, _):
        run_(maps, tmp_path / "out", scheduler=address)
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "here")


def test_a_lost_scheduler_is_one_line_and_what_was_done_is_kept(small_maps, tmp_path, faults):
    (tmp_path / "slow").mkdir()
    maps = [shutil.copy(path, tmp_path / "slow" / path.name) for path in small_maps(30)]
    out = tmp_path / "out"
    with by_hand(tmp_path, n_workers=1, preload=faults) as (address, scheduler):

        def kill_when_some_is_done():
            while not list((out / ".parts").glob("*.part")):
                time.sleep(0.02)
            scheduler.kill()

        killer = threading.Thread(target=kill_when_some_is_done)
        killer.start()
        with pytest.raises(NetworkError, match="is gone; what was done is kept"):
            run_(maps, out, scheduler=address)
        killer.join()
    found = run_(maps, out, workers=0)
    assert 0 < found.n_before < 30
    run_(maps, tmp_path / "clean", workers=0)
    assert tables_of(out) == tables_of(tmp_path / "clean")


def test_a_scheduler_without_workers_is_waited_for_and_people_are_told(
    small_maps, tmp_path, capsys
):
    with by_hand(tmp_path, n_workers=0) as (address, _):
        pressed = threading.Timer(2.0, signal.raise_signal, [signal.SIGINT])
        again = threading.Timer(2.5, signal.raise_signal, [signal.SIGINT])
        pressed.start()
        again.start()
        with pytest.raises(KeyboardInterrupt):
            run_(small_maps(2), tmp_path / "out", scheduler=address, quiet=False)
    assert "the scheduler has no workers; waiting for them" in capsys.readouterr().err


def test_maps_that_are_waited_for_very_long_are_named_once(
    small_maps, tmp_path, monkeypatch, faults, capsys
):
    (tmp_path / "slow").mkdir()  # a quarter of a second each
    maps = [shutil.copy(path, tmp_path / "slow" / path.name) for path in small_maps(8)]
    monkeypatch.setattr(dispatch, "_SILENT_S", 0.9)
    run_(maps, tmp_path / "out", workers=1, quiet=False)
    run_(maps, tmp_path / "here", workers=0)
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "here")
    said = [line for line in capsys.readouterr().err.splitlines() if "still waiting" in line]
    assert said[0] == (
        "skerry: still waiting after 0 min for map_000, map_001, map_002, map_003; "
        "does the disk that they are on answer?"
    )
    assert len(said) == len(set(said))


def test_a_scheduler_that_is_not_there_is_named(small_maps, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.5)
    with pytest.raises(NetworkError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1:"):
        run_(small_maps(1), tmp_path / "out", scheduler="tcp://127.0.0.1:1")
    with pytest.raises(ArgumentError, match="workers or scheduler, not both"):
        run_(small_maps(1), tmp_path / "out", scheduler="tcp://127.0.0.1:1", workers=2)
    for address in ("", "node7", "tcp://node7:x", "http://node7:8786"):
        with pytest.raises(ArgumentError, match=f"such as tcp://HOST:8786, got '{address}'"):
            run_(small_maps(1), tmp_path / "out", scheduler=address)


class _CrowdedWorker:
    """A worker on which several chunks wait; it dies of one, and all are blamed for it."""

    def __init__(self):
        self._waiting = {}

    def is_missing(self):
        return False

    def n_slots(self):
        return 1

    def window(self):
        return 4

    def submit(self, number, jobs, *, want_labels):
        self._waiting[number] = jobs

    def next(self, timeout_s):
        deadly = [
            number
            for number, jobs in self._waiting.items()
            if any("poison" in job.location for job in jobs)
        ]
        others = [number for number in self._waiting if number not in deadly]
        number = [*others, *deadly][0]
        jobs = self._waiting.pop(number)
        return number, Died(4) if deadly else do_chunk(jobs)


def test_a_map_is_not_blamed_for_the_death_of_a_worker_that_it_shared(small_maps, tmp_path):
    maps = [*small_maps(5), tmp_path / "poison.nii.gz"]
    manifest = manifest_of_paths(maps, Choices(threshold="2.5"))
    (tmp_path / "parts").mkdir()
    done = Dispatch(
        tmp_path, manifest, range(6), Kept(tmp_path / "parts"), _CrowdedWorker(),
        want_labels=False, retries=2, progress=Progress(6, 0, quiet=True),
        stop=Stop(print), beat=lambda: None,
    )  # fmt: skip
    done.run()
    assert sorted(done.keys) == [0, 1, 2, 3, 4]
    assert sorted(done.failures) == [5]


class _Future:
    """A chunk that is done, whose result cannot be fetched where it is an error."""

    def __init__(self, outcome):
        self.status, self._outcome = "finished", outcome

    def add_done_callback(self, call):
        call(self)

    def result(self, timeout):
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


class _Client:
    """Gives out one future after the other."""

    status = "running"

    def __init__(self, *outcomes):
        self.futures = [_Future(outcome) for outcome in outcomes]

    def submit(self, *_, **__):
        return self.futures.pop(0)


def test_a_result_that_was_lost_is_made_again_and_one_that_cannot_be_read_ends_the_run():
    errors = TimeoutError(), OSError("the stream is closed"), TypeError("takes 7 arguments")
    client = _Client(*errors)
    workers = DaskWorkers(client, "the scheduler", is_ours=True)
    workers.submit(1, [], want_labels=False)
    assert workers.next(1) is None
    assert workers.next(1) is None
    with pytest.raises(SkerryError, match="the scheduler failed: TypeError: takes 7 arguments"):
        workers.next(1)
    assert client.futures == []


def test_results_that_are_lost_without_end_end_the_run(monkeypatch):
    monkeypatch.setattr(dask_workers, "_MOST_LOST_IN_A_ROW", 3)
    lost = TimeoutError()
    client = _Client(lost, lost, "made", lost, lost, lost, lost)
    workers = DaskWorkers(client, "the scheduler", is_ours=False)
    workers.submit(1, [], want_labels=False)
    assert [workers.next(1) for _ in range(3)] == [None, None, (1, "made")]  # counts anew
    workers.submit(2, [], want_labels=False)
    assert [workers.next(1) for _ in range(2)] == [None, None]
    with pytest.raises(NetworkError, match="the scheduler lost 3 results in a row; what was done"):
        workers.next(1)


def test_ctrl_c_on_a_terminal_leaves_workers_to_end_their_maps(small_maps, tmp_path, faults):
    (tmp_path / "slow").mkdir()
    maps = [shutil.copy(path, tmp_path / "slow" / path.name) for path in small_maps(24)]
    out = tmp_path / "out"
    command = [sys.executable, "-m", "skerry.cli.main", "batch", *maps, "-t", "2.5"]
    process = subprocess.Popen(
        [*command, "--workers", "1", "-o", str(out)],
        env=os.environ | {"DASK_DISTRIBUTED__WORKER__PRELOAD": f"['{faults}']"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # its own group, which a terminal's Ctrl-C reaches as a whole
    )
    while process.poll() is None and not list((out / ".parts").glob("*.part")):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "maps are done and kept; the same command goes on from there" in err
    assert "Traceback" not in err
    found = run_(maps, out, workers=0)
    assert 4 < found.n_before < 24  # the chunk in work was ended too
    assert _is_gone(process.pid)


def _is_gone(group):
    """Tell whether no process of a group is left, soon."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
