"""Fixtures for the tests of data sets."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from fake_neurovault import NeuroVault
from skerry.datasets import _fetch

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def neurovault(monkeypatch: pytest.MonkeyPatch) -> Iterator[NeuroVault]:
    """Give a running server that skerry takes for NeuroVault, without pauses between tries."""
    monkeypatch.setattr(_fetch, "_PAUSES_S", (0.0, 0.0, 0.0))
    with NeuroVault() as server:
        monkeypatch.setenv("SKERRY_NEUROVAULT_URL", server.url)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()
