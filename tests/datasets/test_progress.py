"""The progress of a download: on a terminal, and only when it takes long."""

from __future__ import annotations

import io

import pytest

from skerry.datasets.web import progress
from skerry.datasets.web.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setattr(progress, "_SILENT_S", 0.0)
    monkeypatch.setattr(progress, "_BETWEEN_S", 0.0)


def written(monkeypatch, stream, *, n_bytes=3_000_000, verbose=1):
    monkeypatch.setattr("sys.stderr", stream)
    progress = Progress("from example.org", n_bytes, verbose=verbose)
    progress.update(1_200_000)
    progress.update(3_000_000)
    progress.close()
    return stream.getvalue()


def test_a_long_download_rewrites_one_line(monkeypatch, slow):
    text = written(monkeypatch, Terminal())
    assert text == "\rfrom example.org: 1.2 of 3.0 MB\rfrom example.org: 3.0 of 3.0 MB\n"


def test_an_unknown_size_is_not_made_up(monkeypatch, slow):
    assert "1.2 MB" in written(monkeypatch, Terminal(), n_bytes=None)


def test_nothing_is_drawn_when_quiet_piped_or_short(monkeypatch, slow):
    assert written(monkeypatch, Terminal(), verbose=0) == ""
    assert written(monkeypatch, io.StringIO()) == ""
    monkeypatch.setattr(progress, "_SILENT_S", 60.0)
    assert written(monkeypatch, Terminal()) == ""
