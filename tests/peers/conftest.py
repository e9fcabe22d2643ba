"""Peers' own published results on real maps: input, parameters, output."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def pairs(shared_data: Path) -> Path:
    """Give the folder of pairs of a map with what a peer said of it."""
    return shared_data / "pairs"
