"""skerry's NeuroVault client under nilearn's tests, and beside nilearn's on one server.

nilearn's tests answer requests inside the `requests` library. Here the archive
they make up answers over HTTP, on loopback.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import nibabel
import numpy as np
import pytest
from borrow import borrow
from nilearn._utils.testing import serialize_niimg
from nilearn.datasets import neurovault as theirs

import fake_neurovault
from skerry.datasets import (
    fetch_neurovault_auditory_computation_task,
    fetch_neurovault_ids,
    neurovault,
)

_PRIVATE = "tests a private helper of nilearn"
_NO_ERROR = "pins an empty answer where the server fails; here that is a NetworkError"

globals().update(
    borrow(
        "nilearn.datasets.tests.test_neurovault",
        replace={"neurovault": neurovault, "fetch_neurovault_ids": fetch_neurovault_ids},
        leave_out={
            "test_remove_none_strings": _PRIVATE,
            "test_append_filters_to_query": _PRIVATE,
            "test_get_batch": _PRIVATE,
            "test_get_batch_error": _PRIVATE,
            "test_scroll_server_results": _PRIVATE,
            "test_simple_download": _PRIVATE,
            "test_simple_download_error": _PRIVATE,
            "test_write_read_metadata": _PRIVATE,
            "test_add_absolute_paths": _PRIVATE,
            "test_json_add_collection_dir": _PRIVATE,
            "test_json_add_im_files_paths": _PRIVATE,
            "test_split_terms": _PRIVATE,
            "test_move_unknown_terms_to_local_filter": _PRIVATE,
            "test_move_col_id": _PRIVATE,
            "test_download_image_terms": _PRIVATE,
            "test_download_image_terms_error": _PRIVATE,
            "test_download_image": _PRIVATE,
            "test_fetch_neurovault_errors": _NO_ERROR,
            "test_timeout_error": _NO_ERROR,
        },
    )
)


class _MadeUp(BaseHTTPRequestHandler):
    """Answers with the archive that nilearn's tests make up."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        from nilearn.datasets.tests import test_neurovault

        request = SimpleNamespace(url=f"https://neurovault.org{self.path}")

        if urlsplit(self.path).path.startswith("/api/decode"):
            self.send_error(404)
            return
        body = test_neurovault._neurovault(None, request)
        if not isinstance(body, bytes):
            body = serialize_niimg(body)
        body = body.replace(b"https://neurovault.org", self.server.url.encode())
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(autouse=True)
def neurovault_mocker(monkeypatch):
    """Take the place of nilearn's fixture of this name."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _MadeUp) as server:
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("SKERRY_NEUROVAULT_URL", server.url)
        monkeypatch.setenv("SKERRY_NEUROSYNTH_URL", server.url)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def request_mocker():
    """Take the place of nilearn's fixture: what is asked goes over HTTP."""


@pytest.fixture
def server(monkeypatch, neurovault_mocker):
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


@pytest.fixture
def collections(server):
    for number in (7, 8):
        images = server.add_collection(number, 4, DOI="10.1/x" if number == 7 else None)
        images[0]["is_thresholded"] = True
        images[1]["map_type"] = "Z map"
    return server


def same_meta(mine, other):
    """Compare records by image, whatever the order, without their paths."""

    def told(bunch):
        return {
            image["id"]: [
                {name: value for name, value in record.items() if "_path" not in name}
                for record in (image, collection)
            ]
            for image, collection in zip(bunch.images_meta, bunch.collections_meta, strict=True)
        }

    return told(mine) == told(other)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"max_images": 3},
        {"map_type": "Z map"},
        {"collection_id": 8},
        {"collection_terms": {"DOI": "10.1/x"}},
        {"image_terms": {}, "image_filter": lambda image: image["is_thresholded"]},
    ],
)
def test_both_find_the_same_maps_by_what_is_known_of_them(collections, tmp_path, options):
    (tmp_path / "nilearn").mkdir()
    nilearns = theirs.fetch_neurovault(data_dir=tmp_path / "nilearn", verbose=0, **options)
    ours = neurovault.fetch_neurovault(data_dir=tmp_path / "skerry", verbose=0, **options)
    assert ours.images
    assert same_meta(ours, nilearns)
    assert layout(tmp_path / "skerry") == layout(tmp_path / "nilearn")


def test_a_collection_of_which_one_map_is_there_is_whole_here_and_not_there(collections, tmp_path):
    for name, module in (("nilearn", theirs), ("skerry", neurovault)):
        (tmp_path / name).mkdir()
        module.fetch_neurovault_ids(image_ids=[7002], data_dir=tmp_path / name, verbose=0)
        data = module.fetch_neurovault_ids([7], data_dir=tmp_path / name, verbose=0)
        assert len(data.images) == {"nilearn": 1, "skerry": 4}[name]


def test_both_resample_to_the_same_grid_and_values(collections, tmp_path):
    (tmp_path / "nilearn").mkdir()
    nilearns = theirs.fetch_neurovault(
        data_dir=tmp_path / "nilearn", verbose=0, max_images=1, resample=True
    )
    ours = neurovault.fetch_neurovault(
        data_dir=tmp_path / "skerry", verbose=0, max_images=1, resample=True
    )
    mine, other = (nibabel.load(data.images[0]) for data in (ours, nilearns))
    np.testing.assert_array_equal(mine.affine, other.affine)
    np.testing.assert_allclose(mine.get_fdata(), other.get_fdata(), rtol=0, atol=1e-5)
