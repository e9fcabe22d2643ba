"""skerry's NeuroVault client beside nilearn's, on one server.

None of nilearn's tests calls `fetch_neurovault_auditory_computation_task`; those
of its test_neurovault.py are for private helpers, filters and the fetchers of
whole collections, which skerry does not offer yet. So the two are compared.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from nilearn.datasets import neurovault as theirs

import fake_neurovault
from skerry.datasets import fetch_neurovault_auditory_computation_task


@pytest.fixture
def server(monkeypatch):
    with fake_neurovault.running() as server:
        monkeypatch.setenv("SKERRY_NEUROVAULT_URL", server.url)
        for name in ("IMAGES", "COLLECTIONS"):
            url = f"{server.url}/api/{name.lower()}/"
            monkeypatch.setattr(theirs, f"_NEUROVAULT_{name}_URL", url)
        yield server


def fetched_by_nilearn(folder):
    folder.mkdir()
    return theirs.fetch_neurovault_auditory_computation_task(data_dir=folder, verbose=0)


def layout(folder):
    """Name the maps and records, without the sha256 that skerry adds."""
    folder = folder / "neurovault"
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in files if path.suffix != ".sha256"}


def test_both_return_the_same_records_and_leave_the_same_files(server, tmp_path):
    nilearns = fetched_by_nilearn(tmp_path / "nilearn")
    ours = fetch_neurovault_auditory_computation_task(data_dir=tmp_path / "skerry", verbose=0)
    assert set(ours) == set(nilearns)
    assert layout(tmp_path / "skerry") == layout(tmp_path / "nilearn")
    assert Path(ours.images[0]).read_bytes() == Path(nilearns.images[0]).read_bytes()
    for name in ("images_meta", "collections_meta"):
        (mine,), (other,) = ours[name], nilearns[name]
        assert set(mine) == set(other)
        same = {key for key in mine if "_path" not in key}
        assert {key: mine[key] for key in same} == {key: other[key] for key in same}


def test_what_nilearn_kept_is_used_without_a_question(server, tmp_path):
    nilearns = fetched_by_nilearn(tmp_path / "data")
    before = layout(tmp_path / "data")
    server.asked.clear()
    ours = fetch_neurovault_auditory_computation_task(data_dir=tmp_path / "data", verbose=0)
    assert ours.images == nilearns.images
    assert server.asked == []
    assert layout(tmp_path / "data") == before


def test_what_skerry_kept_is_used_by_nilearn_offline(server, tmp_path):
    ours = fetch_neurovault_auditory_computation_task(data_dir=tmp_path, verbose=0)
    server.asked.clear()
    nilearns = theirs.fetch_neurovault_ids(
        image_ids=[fake_neurovault.IMAGE_ID], mode="offline", data_dir=tmp_path, verbose=0
    )
    assert nilearns.images == ours.images
    assert server.asked == []
