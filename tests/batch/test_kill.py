"""Runs that are cut off anywhere: what was done is kept, and going on ends as if nothing was."""

from __future__ import annotations

import signal
import time
from itertools import count

import numpy as np
import pyarrow.parquet as parquet
import pytest

from batch_children import command_on_a_full_disk, run_and_die, run_in_peace, started
from skerry.batch import run
from skerry.batch.one_map import task
from skerry.batch.parts.part import Part

FINAL = ("regions.parquet", "peaks.parquet", "maps.parquet", "run.json")


pytestmark = pytest.mark.usefixtures("without_summary")


def here(maps, out, **options):
    return run(maps, out, workers=0, threshold=2.5, labels=True, **{"quiet": True, **options})


def tree(out):
    """Everything that must be the same, by name; of maps without times, of parts only if whole."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_dir() or path.name in ("run.lock", "run.json", "asked.parquet"):
            continue
        if path.suffix == ".part":
            assert Part(path).is_whole()
        elif path.name == "maps.parquet":
            table = parquet.read_table(path)
            same = [name for name in table.column_names if not name.startswith("seconds")]
            found["maps"] = table.select(same).to_pylist()
        else:
            found[str(path.relative_to(out))] = path.read_bytes()
    return found


def test_killed_at_every_single_write_it_goes_on_to_the_same_bytes(small_maps, tmp_path):
    maps = [str(path) for path in small_maps(5)]
    here(maps, tmp_path / "clean")
    clean = tree(tmp_path / "clean")
    assert len([name for name in clean if name.startswith("labels")]) == 5
    n_before = []
    for at in count(1):
        out = tmp_path / f"out{at}"
        process = started(run_and_die, maps, str(out), at)
        process.join(60)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        for name in FINAL[:2]:
            assert not (out / name).exists() or (out / name).read_bytes() == clean[name]
        assert not (out / "run.json").exists()
        n_before.append(here(maps, out).n_before)
        assert tree(out) == clean
    assert len(n_before) > 25
    assert n_before[0] == 0
    assert n_before[-1] == 5
    assert n_before == sorted(n_before)  # the later it died, the less was left


def test_a_run_with_nothing_to_do_that_is_killed_leaves_no_record_of_other_tables(
    small_maps, tmp_path
):
    maps, out = [str(path) for path in small_maps(5)], tmp_path / "out"
    here(maps, out)
    before = (out / "regions.parquet").read_bytes()
    process = started(run_and_die, maps[:3], str(out), 5)  # maps.parquet is new, regions are not
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert parquet.read_table(out / "maps.parquet").num_rows == 3
    assert (out / "regions.parquet").read_bytes() == before
    assert not (out / "run.json").exists()


def test_killed_at_25_random_times_it_goes_on_to_the_same_bytes(small_maps, tmp_path):
    maps = [str(path) for path in small_maps(8)]
    here(maps, tmp_path / "clean")
    clean = tree(tmp_path / "clean")
    chance = np.random.default_rng(20260101)
    took_s = []
    for at in range(3):  # the first starts the process that the others are forked from
        begin = time.monotonic()
        process = started(run_in_peace, maps, str(tmp_path / f"peace{at}"))
        process.join(60)
        took_s.append(time.monotonic() - begin)
    n_killed = 0
    for at in range(25):
        out = tmp_path / f"out{at}"
        process = started(run_in_peace, maps, str(out))
        process.join(chance.uniform(0.1, 1) * min(took_s))
        process.kill()
        process.join(60)
        n_killed += process.exitcode == -signal.SIGKILL
        here(maps, out)
        assert tree(out) == clean
    assert n_killed > 5


def test_a_full_disk_is_one_line_and_the_rest_goes_on_later(small_maps, tmp_path):
    maps = [str(path) for path in small_maps(12)]
    here(maps, tmp_path / "clean")
    parts = [path.stat().st_size for path in (tmp_path / "clean" / ".parts").glob("*.part")]
    out, said = tmp_path / "out", tmp_path / "said"
    arguments = ["batch", *maps, "-t", "2.5", "--workers", "0", "--labels", "-o", str(out)]
    # So little that the small last parts would fit, and the first does not.
    process = started(command_on_a_full_disk, arguments, str(said), max(parts) - 1000)
    process.join(60)
    assert process.exitcode == 1
    assert said.read_text().count("\n") == 1
    assert "cannot be written: File too large" in said.read_text()
    assert not any((out / name).exists() for name in FINAL)
    assert not list(out.rglob("*.partial"))
    here(maps, out)
    assert tree(out) == tree(tmp_path / "clean")


@pytest.fixture
def interrupted(monkeypatch):
    """Press Ctrl-C while a map is worked on."""

    def press(*at: int) -> list[str]:
        done, find = [], task._find

        def found(inputs, job):
            done.append(inputs.statmap.name)
            for _ in range(at.count(len(done))):
                signal.raise_signal(signal.SIGINT)
            return find(inputs, job)

        monkeypatch.setattr(task, "_find", found)
        return done

    return press


def test_ctrl_c_once_ends_what_is_in_work_and_says_how_to_go_on(
    small_maps, tmp_path, interrupted, capsys
):
    maps, out = small_maps(12), tmp_path / "out"
    done = interrupted(2)
    with pytest.raises(KeyboardInterrupt):
        here(maps, out, quiet=False)
    err = capsys.readouterr().err
    assert "Ctrl-C again stops at once" in err
    assert f"stopped: {len(done)} of 12 maps are done and kept; the same command goes on" in err
    assert 2 < len(done) < 12
    before = len(done)
    assert here(maps, out).n_before == before
    assert len(done) == 12  # none twice
    here(maps, tmp_path / "clean")
    assert tree(out) == tree(tmp_path / "clean")


def test_ctrl_c_twice_stops_at_once(small_maps, tmp_path, interrupted):
    maps, out = small_maps(12), tmp_path / "out"
    done, before = interrupted(2, 3), signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        here(maps, out)
    assert len(done) == 3
    assert signal.getsignal(signal.SIGINT) is before
    assert here(maps, out).n_done == 12
