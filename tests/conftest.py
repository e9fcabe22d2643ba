"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("Agg")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real maps beside the checkout; skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real maps (../shared/data) is not beside this checkout")
    return SHARED_DATA
