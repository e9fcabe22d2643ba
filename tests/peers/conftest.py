"""Peers' own published results on real maps: input, parameters, output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def pairs(shared_data: Path) -> Path:
    """Give the folder of pairs of a map with what a peer said of it."""
    return shared_data / "pairs"
