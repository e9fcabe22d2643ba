"""How far a permutation test is: lines in a log, a bar on a terminal, nothing when quiet."""

from __future__ import annotations

import sys

import pytest

from cli.terminal import terminal_of
from skerry.cli import console, permute_progress


@pytest.fixture
def clock(monkeypatch):
    """Stand for time: a list whose last number is now, in seconds."""
    now = [100.0]
    monkeypatch.setattr(permute_progress.time, "monotonic", lambda: now[-1])
    return now


def test_a_log_gets_a_line_every_tenth_with_the_time_left_at_this_runs_rate(clock, capsys):
    console.be_quiet(False)
    tell = permute_progress.lines()
    for done in range(400, 1001):  # 400 were done before
        clock.append(100.0 + (done - 400) / 10)
        tell(done, 1000)
    said = capsys.readouterr().err.splitlines()
    assert said == [
        f"skerry: {done} of 1000 arrangements, {(1000 - done) / 10:.0f} s left"
        for done in range(500, 1000, 100)
    ]


def test_what_is_done_at_once_gets_no_line(clock, capsys):
    console.be_quiet(False)
    tell = permute_progress.lines()
    tell(1000, 1000)
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar_that_goes_when_all_is_done(monkeypatch):
    terminal = terminal_of(monkeypatch)
    with permute_progress.time_left() as tell:
        tell(3, 10)
    assert "3/10" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")  # its line is erased


@pytest.mark.parametrize("is_terminal", [True, False])
def test_who_asked_for_quiet_gets_nothing(monkeypatch, capsys, is_terminal):
    terminal = terminal_of(monkeypatch) if is_terminal else sys.stderr
    monkeypatch.setattr(console, "_quiet", True)
    with permute_progress.time_left() as tell:
        tell(3, 10)
        tell(10, 10)
    assert (terminal.getvalue() if is_terminal else capsys.readouterr().err) == ""
