"""Two runs into one folder: the second refuses in one line, whatever the disk makes of locks."""

from __future__ import annotations

import json
import os
import socket

import pytest

from skerry.batch import run
from skerry.batch.folder import lock as lock_module
from skerry.batch.folder.lock import FolderLock
from skerry.batch.summary import page as summary_page
from skerry.errors import OutputError


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture(params=["flock", "no flock"])
def disk(request, monkeypatch):
    """A disk with the system's locks, and one on which they are refused."""
    if request.param == "no flock":

        def refuse(_handle):
            raise OSError(38, "Function not implemented")

        monkeypatch.setattr(lock_module, "_flock", refuse)
    return request.param


def note(folder, **owner):
    (folder / "run.lock").write_text(json.dumps(owner))


def test_a_second_run_refuses_in_one_line_and_changes_nothing(
    small_maps, tmp_path, monkeypatch, disk
):
    monkeypatch.setattr(summary_page, "write_summary", lambda *_: None)
    out = tmp_path / "out"
    run(small_maps(2), out, workers=0, quiet=True)
    before = {path: path.read_bytes() for path in out.rglob("*.parquet")}
    with FolderLock(out / ".parts", out):
        if disk == "no flock":  # another process than this one
            note(out / ".parts", host=socket.gethostname(), process=os.getppid())
        with pytest.raises(OutputError, match=r"another run is writing into .*out \(process \d+"):
            run(small_maps(3), out, workers=0, quiet=True)
    assert {path: path.read_bytes() for path in out.rglob("*.parquet")} == before


def test_the_lock_is_free_again_after_a_run_and_after_one_that_was_killed(folder, disk):
    for _ in range(2):
        with FolderLock(folder, "out"):
            pass
    for process in (2**22 + 1, 10**30):  # there is no such process
        note(folder, host=socket.gethostname(), process=process)
        with FolderLock(folder, "out"):
            pass


def test_an_owner_on_another_machine_counts_while_it_gives_signs_of_life(folder, disk):
    note(folder, host="elsewhere", process=1)
    with pytest.raises(OutputError, match="process 1 on elsewhere"), FolderLock(folder, "out"):
        pass
    os.utime(folder / "run.lock", (1, 1))  # silent since long
    with FolderLock(folder, "out") as lock:
        os.utime(folder / "run.lock", (1, 1))
        lock._beaten -= 60
        lock.beat()
        assert (folder / "run.lock").stat().st_mtime > 1e9


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"host": 3}', "\0" * 2000])
def test_a_note_that_says_nothing_stops_nobody(folder, disk, text):
    (folder / "run.lock").write_text(text)
    if text == '{"host": 3}':
        os.utime(folder / "run.lock", (1, 1))
    with FolderLock(folder, "out"):
        pass


def test_of_two_that_come_at_once_without_locks_one_has_it(folder, monkeypatch):
    monkeypatch.setattr(lock_module, "_flock", None)

    def another_writes(_seconds):
        note(folder, host="elsewhere", process=1)

    monkeypatch.setattr(lock_module.time, "sleep", another_writes)
    with pytest.raises(OutputError, match="elsewhere"), FolderLock(folder, "out"):
        pass


def test_a_folder_that_may_not_be_written_is_named(folder):
    (folder / "run.lock").mkdir()
    with pytest.raises(OutputError, match="out cannot be written"), FolderLock(folder, "out"):
        pass
