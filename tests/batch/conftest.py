"""What all tests of batches need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batch_maps import write_map
from skerry.batch.summary import page as summary_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def without_summary(monkeypatch) -> None:
    """Leave the page of a batch out, which has tests of its own."""
    monkeypatch.setattr(summary_page, "write_summary", lambda *_: None)


@pytest.fixture(scope="session")
def small_maps(tmp_path_factory) -> Callable[[int], list[Path]]:
    """Give so many maps, each made once."""
    folder = tmp_path_factory.mktemp("maps")

    def give(n_maps: int) -> list[Path]:
        paths = [folder / f"map_{number:03d}.nii.gz" for number in range(n_maps)]
        for number, path in enumerate(paths):
            if not path.exists():
                write_map(path, number)
        return paths

    return give
