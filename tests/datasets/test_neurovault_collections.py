"""Whole collections of NeuroVault: paging, filters, resuming, and every way a list can go wrong."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import nibabel
import numpy as np
import pytest

from fake_neurovault import answer, cut, endless, map_bytes, raw, redirect, stall
from skerry.datasets import fetch_neurovault, fetch_neurovault_ids
from skerry.datasets.neurovault import (
    STD_AFFINE,
    Contains,
    GreaterOrEqual,
    GreaterThan,
    NotNull,
    Pattern,
    ResultFilter,
)
from skerry.errors import (
    ArgumentError,
    ArgumentTypeError,
    NetworkError,
    OutputError,
    SkerryWarning,
)

LIST = "/api/collections/7/images/?limit=100&offset=0"
COLLECTIONS = "/api/collections/?limit=100&offset=0"


def ids(data):
    return [meta["id"] for meta in data.images_meta]


def get(tmp_path, *collection_ids, **options):
    return fetch_neurovault_ids(collection_ids, data_dir=tmp_path, verbose=0, **options)


def search(tmp_path, **options):
    return fetch_neurovault(data_dir=tmp_path, verbose=0, **options)


def files(tmp_path):
    return {path.name for path in tmp_path.rglob("*") if path.is_file()}


def whole(*numbers):
    """Name the files of a collection that is on disk whole."""
    each = ("image_{}.nii.gz", "image_{}.nii.gz.sha256", "image_{}_metadata.json")
    names = {name.format(number) for number in numbers for name in each}
    return names | {"collection_metadata.json", "collection_images.json"}


# --- by number -------------------------------------------------------------------------


def test_a_collection_arrives_page_by_page_in_its_order(neurovault, tmp_path):
    neurovault.add_collection(7, 5)
    neurovault.page_length = 2
    data = get(tmp_path, 7)
    assert ids(data) == [7001, 7002, 7003, 7004, 7005]
    assert [path for path in neurovault.asked if "images/?" in path] == [
        LIST.replace("offset=0", f"offset={first}") for first in (0, 2, 4)
    ]
    assert {Path(path).read_bytes() for path in data.images} == {neurovault.file}
    assert files(tmp_path) == whole(*ids(data))
    assert all(meta["DOI"] is None for meta in data.collections_meta)


def test_collections_come_before_images_and_each_image_once(neurovault, tmp_path):
    neurovault.add_collection(7, 2)
    neurovault.add_collection(8, 2)
    data = fetch_neurovault_ids(
        np.array([8, 7]), np.array([7001, 32980]), data_dir=tmp_path, verbose=0
    )
    assert ids(data) == [8001, 8002, 7001, 7002, 32980]
    assert [meta["id"] for meta in data.collections_meta] == [8, 8, 7, 7, 1952]


def test_a_collection_that_is_there_whole_is_not_asked_for_again(neurovault, tmp_path):
    neurovault.add_collection(7, 3)
    first = get(tmp_path, 7)
    neurovault.asked.clear()
    assert get(tmp_path, 7) == first
    assert neurovault.asked == []


def test_an_empty_collection_is_an_answer(neurovault, tmp_path):
    neurovault.add_collection(7, 0)
    assert get(tmp_path, 7).images == []


def test_a_half_fetched_collection_is_resumed(neurovault, tmp_path):
    neurovault.add_collection(7, 4)
    neurovault.always("/media/7003.nii.gz", cut(neurovault.file, 50))
    with pytest.raises(NetworkError, match=r"1 image .* \(7003\); .* what arrived is kept"):
        get(tmp_path, 7)
    assert files(tmp_path) == whole(7001, 7002, 7004)
    neurovault.faults.clear()
    neurovault.asked.clear()
    assert ids(get(tmp_path, 7)) == [7001, 7002, 7003, 7004]
    assert [path for path in neurovault.asked if "media" in path] == ["/media/7003.nii.gz"]


def test_a_collection_of_which_nilearn_has_one_image_is_completed(neurovault, tmp_path):
    neurovault.add_collection(7, 3)
    folder = tmp_path / "neurovault" / "collection_7"
    folder.mkdir(parents=True)
    (folder / "image_7002.nii.gz").write_bytes(neurovault.file)
    (folder / "image_7002_metadata.json").write_text('{"id": 7002, "collection_id": 7}')
    (folder / "collection_metadata.json").write_text('{"id": 7, "number_of_images": 3}')
    assert ids(get(tmp_path, 7)) == [7001, 7002, 7003]
    assert "/media/7002.nii.gz" not in neurovault.asked


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:-5], lambda b: map_bytes(3)])
def test_what_was_damaged_since_is_fetched_again(neurovault, tmp_path, damage):
    neurovault.add_collection(7, 2)
    path = Path(get(tmp_path, 7).images[1])
    path.write_bytes(damage(neurovault.file))
    neurovault.asked.clear()
    get(tmp_path, 7)
    assert path.read_bytes() == neurovault.file
    assert [path for path in neurovault.asked if "media" in path] == ["/media/7002.nii.gz"]


def test_overwrite_fetches_all_again(neurovault, tmp_path):
    neurovault.add_collection(7, 1)
    get(tmp_path, 7)
    neurovault.file = map_bytes(seed=5)
    neurovault.lists[7][0].update(file_size=len(neurovault.file), name="new")
    data = get(tmp_path, 7, mode="overwrite")
    assert Path(data.images[0]).read_bytes() == neurovault.file
    assert get(tmp_path, 7, mode="offline").images_meta[0]["name"] == "new"


def test_offline_asks_nothing_changes_nothing_and_says_what_is_absent(neurovault, tmp_path):
    neurovault.add_collection(7, 2)
    get(tmp_path, 7)
    neurovault.asked.clear()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with pytest.warns(SkerryWarning, match="not on disk.*: image 5, collection 9$"):
        data = get(tmp_path, 7, 9, image_ids=[5], mode="offline")
    assert ids(data) == [7001, 7002]
    assert neurovault.asked == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_offline_a_damaged_file_is_not_given(neurovault, tmp_path):
    neurovault.add_collection(7, 2)
    Path(get(tmp_path, 7).images[0]).write_bytes(neurovault.file[:-5])
    assert ids(get(tmp_path, 7, mode="offline")) == [7002]


def test_no_network_is_an_error_not_an_empty_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_NEUROVAULT_URL", "http://127.0.0.1:1")
    with pytest.raises(NetworkError, match="cannot be reached"):
        get(tmp_path, 7)
    with pytest.raises(NetworkError, match="cannot be reached"):
        search(tmp_path)
    assert files(tmp_path) == set()


def test_the_timeout_holds_for_lists_records_and_files(neurovault, tmp_path):
    neurovault.add_collection(7, 1)
    for path in (LIST, "/api/collections/7/", "/media/7001.nii.gz"):
        neurovault.once(path, stall)
        with pytest.raises(NetworkError, match=r"did not answer within 0\.2 s"):
            get(tmp_path, 7, timeout=0.2)
    neurovault.once("/api/images/32980/", stall)
    with pytest.raises(NetworkError, match=r"did not answer within 0\.2 s"):
        get(tmp_path, image_ids=[32980], timeout=0.2)


@pytest.mark.parametrize("path", [LIST, "/api/collections/7/", "/media/7001.nii.gz"])
def test_what_passes_is_tried_again(neurovault, tmp_path, path):
    neurovault.add_collection(7, 1)
    neurovault.once(path, answer(b"", 429), answer(b"", 500), cut(neurovault.file, 9))
    assert ids(get(tmp_path, 7)) == [7001]


def test_a_server_that_fails_ten_times_in_a_row_is_left_alone(neurovault, tmp_path):
    neurovault.add_collection(7, 30)
    for number in range(7002, 7031):
        neurovault.always(f"/media/{number}.nii.gz", answer(b"", 503))
    with pytest.raises(NetworkError, match="10 images in a row could not be fetched"):
        get(tmp_path, 7)
    assert "/media/7012.nii.gz" not in neurovault.asked


def test_files_that_are_no_maps_are_passed_over(neurovault, tmp_path):
    neurovault.add_collection(7, 15)
    for number in range(7001, 7015):
        neurovault.always(f"/media/{number}.nii.gz", answer(b"", 404))
    with pytest.raises(NetworkError, match=r"14 images .* \(7001, .*, 7010, \.\.\.\); 7001: "):
        get(tmp_path, 7)
    assert files(tmp_path) == whole(7015)


# --- lists that are wrong ----------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"<html>log in</html>",
        b"[]",
        b"{}",
        b'{"count": 1}',
        b'{"count": "1", "results": []}',
        b'{"count": -1, "results": []}',
        b'{"count": 1e9, "results": []}',
        b'{"count": 2000000, "results": []}',
        b'{"count": 1, "results": {}}',
        b'{"count": 1, "results": [3]}',
        b'{"count": 1, "results": [{"id": "../../x"}]}',
        b'{"count": 1, "results": [{"id": -4}]}',
        b'{"count": 1, "results": [{"id": true}]}',
        b'{"count": 1, "results": [{"id": 7001, "collection_id": 8}]}',
        b'{"count": 1, "results": [{"id": 7001, "collection_id": "7/../.."}]}',
        b'{"count": 2, "results": []}',
        b"[" * 100_000,
    ],
)
def test_a_list_that_is_none_is_refused(neurovault, tmp_path, body):
    neurovault.add_collection(7, 1)
    neurovault.always(LIST, answer(body))
    with pytest.raises(NetworkError):
        get(tmp_path, 7)
    assert files(tmp_path) == set()


@pytest.mark.parametrize("fault", [endless, redirect("https://example.org/"), redirect(LIST)])
def test_a_list_without_end_or_from_elsewhere_is_refused(neurovault, tmp_path, fault):
    neurovault.add_collection(7, 1)
    neurovault.always(LIST, fault)
    with pytest.raises(NetworkError):
        get(tmp_path, 7, timeout=2)
    assert files(tmp_path) == set()


def test_pages_that_come_round_again_are_noticed(neurovault, tmp_path):
    neurovault.add_collection(7, 4)
    neurovault.page_length = 2
    page = {"count": 1000, "results": neurovault.lists[7][:2]}
    for first in (0, 2):
        neurovault.always(LIST.replace("=0", f"={first}"), answer(json.dumps(page).encode()))
    with pytest.raises(NetworkError, match="repeats itself"):
        get(tmp_path, 7)


def test_a_list_cut_between_pages_does_not_count_as_whole(neurovault, tmp_path):
    neurovault.add_collection(7, 4)
    neurovault.page_length = 2
    neurovault.always(LIST.replace("=0", "=2"), answer(b"", 500))
    with pytest.raises(NetworkError, match="500"):
        get(tmp_path, 7)
    neurovault.faults.clear()
    assert len(get(tmp_path, 7).images) == 4


@pytest.mark.parametrize(
    "file",
    [None, 3, "https://example.org/a.nii.gz", "file:///etc/passwd", "http://127.0.0.1:9/a"],
)
def test_an_image_without_a_good_address_does_not_spoil_the_others(neurovault, tmp_path, file):
    neurovault.add_collection(7, 3)[0]["file"] = file
    with pytest.raises(NetworkError, match=r"1 image .* \(7001\)"):
        get(tmp_path, 7)
    assert files(tmp_path) == whole(7002, 7003)


def test_names_of_the_server_name_nothing_here(neurovault, tmp_path):
    neurovault.add_collection(
        7, 1, name="../../escape", relative_path="/etc/x", resampled_absolute_path="/etc/y"
    )
    data = get(tmp_path / "data", 7)
    assert files(tmp_path) == whole(7001)
    assert data.images_meta[0]["relative_path"] == "collection_7/image_7001.nii.gz"
    assert data.images_meta[0]["resampled_absolute_path"].startswith(str(tmp_path))


def test_a_login_page_in_the_place_of_a_map_is_not_kept(neurovault, tmp_path):
    neurovault.add_collection(7, 1)
    neurovault.always("/media/7001.nii.gz", answer(b"<html>log in</html>"))
    neurovault.lists[7][0]["file_size"] = None
    with pytest.raises(NetworkError, match="not a gzipped file"):
        get(tmp_path, 7)
    assert "image_7001.nii.gz" not in files(tmp_path)


def test_a_map_of_another_size_than_announced_is_not_kept(neurovault, tmp_path):
    neurovault.add_collection(7, 1, file_size=12345)
    with pytest.raises(NetworkError, match="announced 12345 bytes"):
        get(tmp_path, 7)
    assert "image_7001.nii.gz" not in files(tmp_path)


def test_a_drip_ends_with_the_time_for_a_record(neurovault, tmp_path):
    neurovault.add_collection(7, 1)
    drip = raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"{"] * 100, every_s=0.05)
    neurovault.always("/api/collections/7/", drip)
    with pytest.raises(NetworkError, match=r"did not finish within 1 s"):
        get(tmp_path, 7, timeout=0.1)


# --- by what is known of them --------------------------------------------------------------


@pytest.fixture
def archive(neurovault):
    """Two collections of three, with one image each that the usual terms leave out."""
    for number, doi in ((7, "10.1/seven"), (8, None)):
        images = neurovault.add_collection(number, 3, DOI=doi)
        images[0]["is_thresholded"] = True
        images[2].update(map_type="Z map", number_of_subjects=20)
    neurovault.add_collection(9, 0)
    return neurovault


def test_the_usual_terms_take_whole_maps(archive, tmp_path):
    assert ids(search(tmp_path)) == [7002, 7003, 8002, 8003]
    assert not any("collections/9/images" in path for path in archive.asked)


def test_without_terms_all_is_taken(archive, tmp_path):
    data = search(tmp_path, max_images=None, image_terms={}, collection_terms={})
    assert len(data.images) == 6


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"map_type": "Z map"}, [7003, 8003]),
        ({"number_of_subjects": GreaterThan(10)}, [7003, 8003]),
        ({"collection_id": 8}, [8002, 8003]),
        ({"collection_id": "8"}, [8002, 8003]),
        ({"collection_id": 8, "collection_terms": {"id": "8"}}, [8002, 8003]),
        ({"max_images": 1}, [7002]),
        ({"max_images": np.int64(1)}, [7002]),
        ({"max_images": 0}, []),
        ({"max_images": -1}, [7002, 7003, 8002, 8003]),
        ({"collection_terms": {"DOI": NotNull()}}, [7002, 7003]),
        ({"collection_terms": {"DOI": "10.1/seven"}}, [7002, 7003]),
        ({"collection_terms": {"DOI": GreaterOrEqual("10")}}, [7002, 7003]),
        ({"collection_terms": {"name": Pattern(".*8$")}}, [8002, 8003]),
        ({"collection_terms": {"id": 7}, "map_type": Contains("Z")}, [7003]),
        ({"image_terms": {}, "image_filter": ResultFilter(is_thresholded=True)}, [7001, 8001]),
        ({"collection_terms": {}, "collection_filter": lambda c: c["id"] > 7}, [8002, 8003]),
        ({"map_type": "F map"}, []),
    ],
)
def test_terms_and_filters_choose(archive, tmp_path, options, expected):
    assert ids(search(tmp_path, **options)) == expected
    archive.asked.clear()
    assert ids(search(tmp_path, mode="offline", **options)) == expected
    assert archive.asked == []


def test_the_server_is_asked_to_filter_by_doi(archive, tmp_path):
    search(tmp_path, collection_terms={"DOI": "10.1/seven"})
    assert archive.asked[0] == "/api/collections/?DOI=10.1%2Fseven&limit=100&offset=0"
    assert not any("collections/8" in path for path in archive.asked)


def test_terms_that_would_lead_elsewhere_are_encoded(archive, tmp_path):
    assert search(tmp_path, collection_terms={"name": "a&limit=1#/../x"}).images == []
    assert archive.asked[0].startswith("/api/collections/?name=a%26limit%3D1%23%2F..%2Fx&")


def test_a_collection_known_in_part_is_searched_again(archive, tmp_path):
    assert ids(search(tmp_path, max_images=1)) == [7002]
    assert ids(search(tmp_path, max_images=3)) == [7002, 7003, 8002]
    assert archive.asked.count("/media/7002.nii.gz") == 1


def test_enough_on_disk_means_nothing_is_asked(archive, tmp_path):
    search(tmp_path)
    archive.asked.clear()
    assert len(search(tmp_path, max_images=4).images) == 4
    assert archive.asked == []


def test_a_single_map_that_fails_is_left_out_with_a_warning(archive, tmp_path):
    archive.always("/media/7003.nii.gz", answer(b"", 404))
    with pytest.warns(SkerryWarning, match=r"1 image .* \(7003\); .*; the others are given$"):
        data = search(tmp_path)
    assert ids(data) == [7002, 8002, 8003]


def test_if_all_maps_fail_that_is_an_error(archive, tmp_path):
    for number in (7002, 7003, 8002, 8003):
        archive.always(f"/media/{number}.nii.gz", answer(b"", 404))
    with pytest.raises(NetworkError, match="4 images"):
        search(tmp_path)


def test_a_filter_beside_the_usual_terms_is_said(archive, tmp_path):
    with pytest.warns(SkerryWarning, match="usual image_terms hold as well"):
        search(tmp_path, image_filter=lambda _: True, max_images=0)
    with pytest.warns(SkerryWarning, match="usual collection_terms hold as well"):
        search(tmp_path, collection_filter=lambda _: True, max_images=0)


def test_contradicting_collections_are_said(archive, tmp_path):
    with pytest.warns(SkerryWarning, match="contradict") as caught:
        assert search(tmp_path, collection_id=7, collection_terms={"id": 8}).images == []
    assert caught[0].filename == __file__  # the user's line, however deep it was noticed


def test_an_error_of_a_users_filter_is_the_users(archive, tmp_path):
    with pytest.raises(ZeroDivisionError):
        search(tmp_path, image_terms={}, image_filter=lambda _: 1 / 0)


# --- on the grid of 3 mm, and words --------------------------------------------------------


def test_resampled_maps_lie_on_one_grid_and_are_verified(neurovault, tmp_path):
    neurovault.add_collection(7, 1)
    data = get(tmp_path, 7, resample=True)
    (path,) = map(Path, data.images)
    assert path.name == "image_7001_resampled.nii.gz"
    img = nibabel.load(path)
    np.testing.assert_array_equal(img.affine, STD_AFFINE)
    # Voxel (0, 0, 0) of the source lies at 0 mm, on a voxel of the grid: 30, 42, 24.
    source = nibabel.Nifti1Image.from_bytes(gzip.decompress(neurovault.file))
    np.testing.assert_allclose(
        img.get_fdata()[30:, 42:, 24:], source.get_fdata(), rtol=0, atol=1e-6
    )
    assert img.shape == (39, 52, 35)
    neurovault.asked.clear()
    before = path.read_bytes()
    assert get(tmp_path, 7, resample=True).images == data.images
    assert neurovault.asked == []
    path.write_bytes(before[:-3])
    get(tmp_path, 7, resample=True)
    assert path.read_bytes() == before


def test_a_map_on_disk_is_resampled_without_a_question(neurovault, tmp_path):
    neurovault.add_collection(7, 1)
    get(tmp_path, 7)
    neurovault.asked.clear()
    assert get(tmp_path, 7, resample=True).images[0].endswith("_resampled.nii.gz")
    assert neurovault.asked == []


def test_words_become_a_table(neurovault, tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_NEUROSYNTH_URL", neurovault.url)
    neurovault.add_collection(7, 2)
    for number, words in ((7001, {"b": 0.5, "a": 1}), (7002, {"c": -1})):
        body = json.dumps({"data": {"values": words}}).encode()
        neurovault.pages[f"/api/decode/?neurovault={number}"] = answer(body)
    data = get(tmp_path, 7, fetch_neurosynth_words=True)
    assert data.vocabulary.tolist() == ["a", "b", "c"]
    np.testing.assert_array_equal(data.word_frequencies, [[1, 0.5, 0], [0, 0, -1]])
    neurovault.asked.clear()
    again = get(tmp_path, 7, fetch_neurosynth_words=True, mode="offline")
    np.testing.assert_array_equal(again.word_frequencies, data.word_frequencies)
    assert neurovault.asked == []


@pytest.mark.parametrize("weight", ["true", "1" + 400 * "0", "NaN", '"0.5"'])
def test_a_damaged_file_of_words_is_fetched_again_and_offline_passed_over(
    neurovault, tmp_path, monkeypatch, weight
):
    monkeypatch.setenv("SKERRY_NEUROSYNTH_URL", neurovault.url)
    neurovault.add_collection(7, 2)
    for number in (7001, 7002):
        body = b'{"data": {"values": {"word": 0.5}}}'
        neurovault.pages[f"/api/decode/?neurovault={number}"] = answer(body)
    whole = get(tmp_path, 7, fetch_neurosynth_words=True)
    path = Path(whole.images_meta[0]["ns_words_absolute_path"])
    path.write_text(f'{{"data": {{"values": {{"word": {weight}}}}}}}')
    offline = get(tmp_path, 7, fetch_neurosynth_words=True, mode="offline")
    assert ["ns_words_absolute_path" in record for record in offline.images_meta] == [False, True]
    assert offline.word_frequencies.tolist() == [[0], [0.5]]
    again = get(tmp_path, 7, fetch_neurosynth_words=True)
    assert again.word_frequencies.tolist() == [[0.5], [0.5]]


def test_words_that_cannot_be_had_are_a_warning_once(neurovault, tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_NEUROSYNTH_URL", neurovault.url)
    neurovault.add_collection(7, 3)
    with pytest.warns(SkerryWarning, match="words of images from 7001 on could not be fetched"):
        data = get(tmp_path, 7, fetch_neurosynth_words=True, vectorize_words=False)
    assert len(data.images) == 3
    assert sum("decode" in path for path in neurovault.asked) == 1


# --- arguments and folders --------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, -1, "x", "../1", 1.5, True, None, 10**13])
@pytest.mark.parametrize("name", ["collection_ids", "image_ids"])
def test_what_is_no_number_is_refused(tmp_path, name, number):
    with pytest.raises(ArgumentError, match=f"{name}: .* is not a positive whole number"):
        fetch_neurovault_ids(**{name: [number]}, data_dir=tmp_path)


@pytest.mark.parametrize("given", [7, "7", None])
def test_numbers_come_in_a_list(tmp_path, given):
    with pytest.raises(ArgumentTypeError, match="collection_ids must be a list"):
        fetch_neurovault_ids(given, data_dir=tmp_path)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"mode": "bad"}, "'mode' must be one of"),
        ({"timeout": -1}, "timeout"),
        ({"max_images": "3"}, "max_images"),
        ({"resample": True, "interpolation": "cubic"}, "interpolation must be one of"),
    ],
)
def test_an_argument_without_sense_is_refused(tmp_path, options, match):
    with pytest.raises((ArgumentError, ArgumentTypeError), match=match):
        search(tmp_path, **options)


def test_a_folder_that_cannot_be_written_is_read(neurovault, tmp_path, monkeypatch):
    neurovault.add_collection(7, 1)
    get(tmp_path, 7)
    neurovault.asked.clear()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.warns(SkerryWarning, match="cannot be written: nothing is fetched"):
        assert len(get(tmp_path, 7).images) == 1
    assert neurovault.asked == []


def test_a_folder_that_cannot_be_made_is_an_error(neurovault, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        get(tmp_path / "file", 7)


def test_verbose_0_writes_nothing(neurovault, tmp_path, capfd):
    neurovault.add_collection(7, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        get(tmp_path, 7)
    assert capfd.readouterr() == ("", "")


def test_verbose_says_how_far_it_is(neurovault, tmp_path, capfd):
    neurovault.add_collection(7, 2)
    fetch_neurovault_ids([7], data_dir=tmp_path)
    out, err = capfd.readouterr()
    assert out == ""
    assert [line[:44] for line in err.splitlines()] == [
        "[1/2] Fetching NeuroVault image 7001 from 12",
        "[2/2] Fetching NeuroVault image 7002 from 12",
    ]


# --- several processes -----------------------------------------------------------------------

FETCH = (
    "import sys; from skerry.datasets import fetch_neurovault_ids as fetch;"
    "print(len(fetch([7], data_dir=sys.argv[1], verbose=0).images))"
)


def started(tmp_path):
    return subprocess.Popen(
        [sys.executable, "-c", FETCH, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_while_a_map_arrives(process, tmp_path):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        temporary = tmp_path.rglob(f".skerry-*-{process.pid}-*.nii.gz")
        if any(path.exists() and path.stat().st_size > 1000 for path in temporary):
            break
        time.sleep(0.002)
    process.kill()
    process.communicate()
    return process.returncode


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be asked whether it is")
def test_eight_processes_share_a_cache_though_one_is_killed_every_second(neurovault, tmp_path):
    """Each of 20 maps takes 0.4 s to arrive; six processes are killed while one does."""
    neurovault.add_collection(7, 20)
    body = neurovault.file
    pieces = [body[at : at + 800] for at in range(0, len(body), 800)]
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    numbers = range(7001, 7021)
    for number in numbers:
        fault = raw(head, *pieces, every_s=0.4 / len(pieces))
        neurovault.pages[f"/media/{number}.nii.gz"] = fault
    processes = [started(tmp_path) for _ in range(8)]
    for victim in processes[:6]:
        time.sleep(1)
        assert kill_while_a_map_arrives(victim, tmp_path) == -9
    answers = [process.communicate(timeout=60) for process in processes[6:]]
    assert answers == [("20\n", "")] * 2
    neurovault.asked.clear()
    data = get(tmp_path, 7)
    assert neurovault.asked == []
    assert files(tmp_path) == whole(*numbers)
    for path in map(Path, data.images):
        assert path.read_bytes() == body
        record = path.with_name(f"{path.name}.sha256").read_text()
        assert record == f"{hashlib.sha256(body).hexdigest()}  {path.name}\n"
