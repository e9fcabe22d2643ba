"""Fixtures of nilearn's tests, from its wheel; its own warnings are not ours to judge."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("nilearn", reason="nilearn is not installed: pip install '.[test]'")

from nilearn.conftest import *  # noqa: F403


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let nilearn's helpers warn; skerry's own tests keep warnings as errors."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("default"), append=False)
