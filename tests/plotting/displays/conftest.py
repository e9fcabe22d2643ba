"""Fixtures for the displays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def close_figures() -> Iterator[None]:
    """Close what a test has opened."""
    yield
    plt.close("all")
