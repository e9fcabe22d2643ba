"""Fixtures for the tests of data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import fake_neurovault
from skerry.datasets.web import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def neurovault(monkeypatch: pytest.MonkeyPatch) -> Iterator[fake_neurovault.NeuroVault]:
    """Give a running server that skerry takes for NeuroVault, without pauses between tries."""
    monkeypatch.setattr(fetch, "_PAUSES_S", (0.0, 0.0, 0.0))
    with fake_neurovault.running() as server:
        monkeypatch.setenv("SKERRY_NEUROVAULT_URL", server.url)
        yield server
