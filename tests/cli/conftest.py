"""What the tests of the command line share."""

from __future__ import annotations

import sys

import pytest

from skerry.cli.main import run


@pytest.fixture
def skerry_(tmp_path, monkeypatch, capsys):
    """Run the command in an empty folder; give its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["skerry", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            run()
        printed = capsys.readouterr()
        return int(stop.value.code or 0), printed.out, printed.err

    return call
