"""Fetching from NeuroVault: what arrives, where it is kept, and every way it can go wrong."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import time

import nibabel
import numpy as np
import pytest

from fake_neurovault import (
    COLLECTION_ID,
    COLLECTION_PATH,
    FILE_PATH,
    IMAGE_ID,
    IMAGE_PATH,
    answer,
    cut,
    endless,
    map_bytes,
    raw,
    redirect,
    stall,
)
from skerry.datasets import cache, fetch_neurovault_auditory_computation_task
from skerry.datasets.neurovault import fetch_image
from skerry.datasets.web import fetch
from skerry.errors import ArgumentError, ArgumentTypeError, NetworkError, OutputError

NAME = f"image_{IMAGE_ID}.nii.gz"
KEPT = {
    "collection_metadata.json",
    NAME,
    f"{NAME}.sha256",
    f"image_{IMAGE_ID}_metadata.json",
}


def kept(data_dir):
    """Name every file under a data folder."""
    return {path.name for path in data_dir.rglob("*") if path.is_file()}


def whole(data_dir):
    return data_dir / "neurovault" / f"collection_{COLLECTION_ID}" / NAME


# --- what arrives -------------------------------------------------------------------


def test_the_map_arrives_whole_in_nilearns_layout(neurovault, tmp_path):
    data = fetch_neurovault_auditory_computation_task(data_dir=tmp_path)
    assert data.images == [str(whole(tmp_path))]
    assert whole(tmp_path).read_bytes() == neurovault.file
    assert kept(tmp_path) == KEPT
    assert neurovault.asked == [IMAGE_PATH, COLLECTION_PATH, FILE_PATH]


def test_the_bunch_holds_the_records_and_the_places(neurovault, tmp_path):
    data = fetch_neurovault_auditory_computation_task(data_dir=str(tmp_path), verbose=0)
    assert set(data) == {"images", "images_meta", "collections_meta", "description"}
    (image,), (collection,) = data.images_meta, data["collections_meta"]
    assert image["id"] == IMAGE_ID
    assert image["absolute_path"] == data.images[0]
    assert image["relative_path"] == f"collection_{COLLECTION_ID}/{NAME}"
    assert image["description"] is image["cognitive_paradigm_cogatlas"] is None  # "n/a", "None"
    assert image["map_type"] == "T map"
    assert collection["name"] == "a collection"
    assert collection["absolute_path"] == str(whole(tmp_path).parent)
    assert "CC0" in data.description


def test_the_sha256_is_recorded_as_sha256sum_reads_it(neurovault, tmp_path):
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    record = whole(tmp_path).with_name(f"{NAME}.sha256").read_text()
    assert record == f"{hashlib.sha256(neurovault.file).hexdigest()}  {NAME}\n"


def test_paths_on_this_machine_are_not_written_into_the_records(neurovault, tmp_path):
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    for path in whole(tmp_path).parent.glob("*.json"):
        assert str(tmp_path) not in path.read_text()


def test_the_second_time_nothing_is_asked(neurovault, tmp_path):
    first = fetch_neurovault_auditory_computation_task(data_dir=tmp_path)
    neurovault.asked.clear()
    assert fetch_neurovault_auditory_computation_task(data_dir=tmp_path) == first
    assert neurovault.asked == []


# --- where it is kept ---------------------------------------------------------------


def nilearn_cache(folder, body):
    """Lay out a cache as nilearn leaves it: one line of JSON, no sha256."""
    home = whole(folder).parent
    home.mkdir(parents=True)
    (home / NAME).write_bytes(body)
    record = {"id": IMAGE_ID, "collection_id": COLLECTION_ID, "relative_path": f"x/{NAME}"}
    (home / f"image_{IMAGE_ID}_metadata.json").write_text(json.dumps(record))
    (home / "collection_metadata.json").write_text(json.dumps({"id": COLLECTION_ID}))
    return {path: path.read_bytes() for path in home.iterdir()}


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """Let all default folders be inside the test's, and no server be reachable."""
    for variable in ("SKERRY_DATA", "NILEARN_DATA", "NILEARN_SHARED_DATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("SKERRY_NEUROVAULT_URL", "http://127.0.0.1:1")


@pytest.mark.parametrize("variable", ["NILEARN_SHARED_DATA", "NILEARN_DATA", None])
def test_a_cache_that_nilearn_filled_is_used_offline_and_left_as_it_is(
    nowhere, tmp_path, monkeypatch, variable
):
    folder = tmp_path / "home" / "nilearn_data"
    if variable:
        folder = tmp_path / "shared"
        monkeypatch.setenv(variable, os.pathsep.join([str(tmp_path / "absent"), str(folder)]))
    before = nilearn_cache(folder, map_bytes())
    data = fetch_neurovault_auditory_computation_task(verbose=0)
    assert data.images == [str(whole(folder))]
    assert data.images_meta[0]["absolute_path"] == str(whole(folder))
    assert {path: path.read_bytes() for path in whole(folder).parent.iterdir()} == before


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[:400] + b"\0" + b[401:]])
def test_a_damaged_file_in_nilearns_cache_is_neither_used_nor_touched(
    nowhere, tmp_path, neurovault, damage
):
    folder = tmp_path / "home" / "nilearn_data"
    before = nilearn_cache(folder, damage(neurovault.file))
    found = fetch_image(IMAGE_ID, verbose=0)
    assert found.path.read_bytes() == neurovault.file
    assert folder not in found.path.parents
    assert {path: path.read_bytes() for path in whole(folder).parent.iterdir()} == before


def test_a_damaged_file_in_a_nilearn_cache_given_as_data_dir_is_mended(neurovault, tmp_path):
    nilearn_cache(tmp_path, neurovault.file[:-9])
    fetch_image(IMAGE_ID, data_dir=tmp_path, verbose=0)
    assert whole(tmp_path).read_bytes() == neurovault.file


def test_skerry_data_names_the_folder(neurovault, tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_DATA", str(tmp_path / "here"))
    assert fetch_image(IMAGE_ID).path == whole(tmp_path / "here")


def test_data_dir_comes_before_skerry_data(neurovault, tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_DATA", str(tmp_path / "here"))
    assert fetch_image(IMAGE_ID, data_dir=tmp_path / "there").path == whole(tmp_path / "there")
    assert not (tmp_path / "here").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own cache folder")
def test_without_a_choice_it_goes_to_the_users_cache(nowhere, neurovault, tmp_path):
    assert fetch_image(IMAGE_ID).path == whole(tmp_path / "home" / ".cache" / "skerry")


def test_a_folder_that_cannot_be_made_is_said_in_one_line(neurovault, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=r"cannot be written: .*data_dir, SKERRY_DATA or --out$"):
        fetch_image(IMAGE_ID, data_dir=tmp_path / "file")


def test_a_folder_in_the_place_of_the_file_is_said_in_one_line(neurovault, tmp_path):
    whole(tmp_path).mkdir(parents=True)
    with pytest.raises(OutputError, match=f"{NAME} cannot be written: Is a directory"):
        fetch_image(IMAGE_ID, data_dir=tmp_path)
    assert kept(tmp_path) == set()


# --- what is kept is verified on use --------------------------------------------------


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:-1], lambda b: b + b"\0"])
@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_damaged_cache_is_repaired(neurovault, tmp_path, name, damage):
    fetch_image(IMAGE_ID, data_dir=tmp_path, verbose=0)
    victim = whole(tmp_path).with_name(name)
    victim.write_bytes(damage(victim.read_bytes()))
    found = fetch_image(IMAGE_ID, data_dir=tmp_path, verbose=0)
    assert found.path.read_bytes() == neurovault.file
    assert found.image_meta["map_type"] == "T map"
    assert kept(tmp_path) == KEPT


def test_other_whole_images_in_the_file_s_place_are_noticed(neurovault, tmp_path):
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    whole(tmp_path).write_bytes(map_bytes(seed=1))
    fetch_image(IMAGE_ID, data_dir=tmp_path, verbose=0)
    assert whole(tmp_path).read_bytes() == neurovault.file


def test_a_link_in_the_file_s_place_is_replaced_and_its_target_left(neurovault, tmp_path):
    fetch_image(IMAGE_ID, data_dir=tmp_path / "data")
    elsewhere = tmp_path / "precious"
    elsewhere.write_bytes(b"precious")
    whole(tmp_path / "data").unlink()
    whole(tmp_path / "data").symlink_to(elsewhere)
    fetch_image(IMAGE_ID, data_dir=tmp_path / "data", verbose=0)
    assert not whole(tmp_path / "data").is_symlink()
    assert elsewhere.read_bytes() == b"precious"


def test_a_damaged_cache_without_network_is_an_error_not_an_answer(
    neurovault, tmp_path, monkeypatch
):
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    whole(tmp_path).write_bytes(b"")
    monkeypatch.setenv("SKERRY_NEUROVAULT_URL", "http://127.0.0.1:1")
    with pytest.raises(NetworkError, match="cannot be reached"):
        fetch_image(IMAGE_ID, data_dir=tmp_path, verbose=0)


def test_a_record_of_another_image_is_not_taken(neurovault, tmp_path):
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    path = whole(tmp_path).with_name(f"image_{IMAGE_ID}_metadata.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "id": 1}))
    neurovault.asked.clear()
    assert fetch_image(IMAGE_ID, data_dir=tmp_path).image_meta["id"] == IMAGE_ID
    assert neurovault.asked


# --- faults that pass ----------------------------------------------------------------


@pytest.mark.parametrize("path", [IMAGE_PATH, COLLECTION_PATH, FILE_PATH])
@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_an_overloaded_server_is_asked_again(neurovault, tmp_path, path, status):
    neurovault.once(path, answer(b"busy", status), answer(b"busy", status, Retry_After="0"))
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    assert whole(tmp_path).read_bytes() == neurovault.file
    assert neurovault.asked.count(path) == 3


@pytest.mark.parametrize("announced", [True, False])
def test_a_cut_body_is_fetched_again(neurovault, tmp_path, announced):
    neurovault.once(FILE_PATH, cut(neurovault.file, 500, announced=announced))
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    assert whole(tmp_path).read_bytes() == neurovault.file


def test_a_cut_body_of_unknown_size_is_noticed_by_its_checksum(neurovault, tmp_path):
    del neurovault.image["file_size"]
    neurovault.publish()
    neurovault.once(FILE_PATH, cut(neurovault.file, len(neurovault.file) - 3, announced=False))
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    assert whole(tmp_path).read_bytes() == neurovault.file
    assert neurovault.asked.count(FILE_PATH) == 2


def test_a_chunked_body_that_is_cut_is_fetched_again(neurovault, tmp_path):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = neurovault.file[:600]
    neurovault.once(FILE_PATH, raw(head + b"%x\r\n" % 1000 + body))
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    assert whole(tmp_path).read_bytes() == neurovault.file


def test_a_server_that_hangs_up_at_once_is_asked_again(neurovault, tmp_path):
    neurovault.once(IMAGE_PATH, raw(b""))
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    assert neurovault.asked.count(IMAGE_PATH) == 2


def test_redirects_on_the_same_server_are_followed(neurovault, tmp_path):
    neurovault.once(IMAGE_PATH, redirect("/api/elsewhere/?a=b#c", 301))
    neurovault.pages["/api/elsewhere/?a=b"] = redirect(f"{neurovault.url}/api/there/", 308)
    neurovault.pages["/api/there/"] = neurovault.pages[IMAGE_PATH]
    fetch_image(IMAGE_ID, data_dir=tmp_path)
    assert whole(tmp_path).read_bytes() == neurovault.file


# --- faults that stay ----------------------------------------------------------------


def refused(tmp_path, match, **options):
    """Expect one line, soon, and nothing on disk but empty folders."""
    options = {"timeout": 5.0, "verbose": 0, **options}
    with pytest.raises(NetworkError, match=match) as caught:
        fetch_image(IMAGE_ID, data_dir=tmp_path, **options)
    assert "\n" not in str(caught.value)
    assert kept(tmp_path) == set()


def test_no_network_is_an_error_and_soon(tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_NEUROVAULT_URL", "http://127.0.0.1:1")
    started = time.monotonic()
    refused(tmp_path, r"127\.0\.0\.1:1 cannot be reached \(Connection refused\); check the network")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("path", [IMAGE_PATH, COLLECTION_PATH, FILE_PATH])
def test_a_page_that_is_not_there_is_asked_for_once(neurovault, tmp_path, path):
    neurovault.always(path, answer(b"not found", 404))
    refused(tmp_path, rf"has no http://127\.0\.0\.1:\d+{path} \(404 Not Found\)")
    assert neurovault.asked.count(path) == 1


@pytest.mark.parametrize("status", [429, 500])
def test_a_server_that_stays_overloaded_is_asked_four_times(neurovault, tmp_path, status):
    neurovault.always(FILE_PATH, answer(b"", status))
    refused(tmp_path, rf"answers '{status} .*'; 4 attempts failed, try again later")
    assert neurovault.asked.count(FILE_PATH) == 4


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403])
def test_any_other_status_is_not_taken_for_an_answer(neurovault, tmp_path, status):
    neurovault.always(FILE_PATH, answer(b"", status))
    refused(tmp_path, f"answers '{status}")
    assert neurovault.asked.count(FILE_PATH) == 1


@pytest.mark.parametrize("path", [IMAGE_PATH, COLLECTION_PATH, FILE_PATH])
def test_a_server_that_says_nothing_is_waited_for_as_long_as_asked(neurovault, tmp_path, path):
    neurovault.always(path, stall)
    started = time.monotonic()
    refused(tmp_path, r"did not answer within 0\.3 s", timeout=0.3)
    assert 0.25 < time.monotonic() - started < 2


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"]
)
def test_a_server_that_drips_meets_the_deadline(neurovault, tmp_path, start):
    neurovault.always(IMAGE_PATH, raw(start, *[b" "] * 900, every_s=0.01))
    started = time.monotonic()
    refused(tmp_path, "did not finish within 1 s", timeout=0.1)
    assert time.monotonic() - started < 3


def test_a_host_name_that_is_not_found_in_time_meets_the_timeout(tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_NEUROVAULT_URL", "https://neurovault.example")
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: time.sleep(1.0))
    started = time.monotonic()
    refused(tmp_path, r"neurovault\.example did not answer within 0\.2 s", timeout=0.2)
    assert time.monotonic() - started < 0.9


@pytest.mark.parametrize("path", [IMAGE_PATH, COLLECTION_PATH])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>log in</html>",
        b"[1, 2]",
        b'{"id": ',
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5000 + b"}",
        b"\xff\xfe{}",
        b'{"detail": "Not found."}',
    ],
    ids=["empty", "html", "list", "cut", "deep", "long number", "not UTF-8", "other"],
)
def test_a_record_that_is_not_one_is_refused(neurovault, tmp_path, path, body):
    neurovault.always(path, answer(body))
    refused(tmp_path, "not a JSON object|no usable record")


@pytest.mark.parametrize("path", [IMAGE_PATH, COLLECTION_PATH])
def test_a_record_without_end_is_cut_off(neurovault, tmp_path, path, monkeypatch):
    monkeypatch.setattr(fetch, "MAX_RECORD_BYTES", 10_000)
    neurovault.always(path, endless)
    refused(tmp_path, "sends more than the 10000 bytes allowed")


@pytest.mark.parametrize("size_known", [True, False])
def test_a_file_without_end_is_cut_off(neurovault, tmp_path, monkeypatch, size_known):
    monkeypatch.setattr(fetch, "MAX_FILE_BYTES", 50_000)
    if not size_known:
        del neurovault.image["file_size"]
        neurovault.publish()
    neurovault.always(FILE_PATH, endless)
    limit = len(neurovault.file) if size_known else 50_000
    refused(tmp_path, f"sends more than the {limit} bytes allowed")


def test_a_file_that_announces_too_much_is_not_begun(neurovault, tmp_path):
    del neurovault.image["file_size"]
    neurovault.publish()
    neurovault.always(FILE_PATH, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"))
    refused(tmp_path, "sends more than the 1073741824 bytes allowed")


@pytest.mark.parametrize("more", [-1, 1])
def test_a_file_of_another_size_than_announced_is_refused(neurovault, tmp_path, more):
    neurovault.image["file_size"] += more
    neurovault.publish()
    refused(tmp_path, r"announced \d+ bytes for .* and sends \d+; 4 attempts failed")


@pytest.mark.parametrize("body", [b"<html>log in</html>", b"\x1f", b"", b"\x89PNG" * 99])
def test_a_page_with_status_200_is_not_taken_for_a_map(neurovault, tmp_path, body):
    del neurovault.image["file_size"]
    neurovault.publish()
    neurovault.always(FILE_PATH, answer(body))
    refused(tmp_path, "not a gzipped file")


def test_a_gzipped_file_that_is_no_image_is_refused(neurovault, tmp_path):
    neurovault.file = gzip.compress(b"not an image" * 100)
    neurovault.image["file_size"] = len(neurovault.file)
    neurovault.publish()
    refused(tmp_path, r"for image 32980 cannot be used: the file .*; 4 attempts failed")


@pytest.mark.parametrize("at", [300, -6])
def test_a_flipped_bit_is_never_kept(neurovault, tmp_path, at):
    body = bytearray(neurovault.file)
    body[at] ^= 4
    neurovault.always(FILE_PATH, answer(bytes(body)))
    refused(tmp_path, "cannot be used")


def test_a_redirect_loop_ends(neurovault, tmp_path):
    neurovault.always(IMAGE_PATH, redirect(IMAGE_PATH))
    refused(tmp_path, "redirects more than 5 times")
    assert neurovault.asked.count(IMAGE_PATH) == 6


def test_a_redirect_to_nowhere_is_refused(neurovault, tmp_path):
    neurovault.always(IMAGE_PATH, answer(b"", 302))
    refused(tmp_path, "redirects .* without saying where")


ELSEWHERE = [
    "https://example.org/a.nii.gz",
    "http://127.0.0.1:9/a.nii.gz",
    "http://localhost/a.nii.gz",
    "file:///etc/passwd",
    "ftp://127.0.0.1/a",
    "data:,a",
    "//example.org/a",
    "http://[::1/a",
    "http://127.0.0.1:port/a",
    "http://me:secret@127.0.0.1/a",
    "http://127.0.0.1\tx/a",
    "gopher://127.0.0.1/",
]


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("path", [IMAGE_PATH, FILE_PATH])
def test_a_redirect_elsewhere_is_not_followed(neurovault, tmp_path, path, target):
    neurovault.always(path, redirect(target))
    refused(tmp_path, "points to .* not on its own")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_file_elsewhere_is_not_fetched(neurovault, tmp_path, target):
    neurovault.image["file"] = target
    neurovault.publish()
    refused(tmp_path, "points to .* not on its own")
    assert neurovault.asked == [IMAGE_PATH]


@pytest.mark.parametrize(
    "hostile",
    ["x/../../../../escape", "../1952", "1952", "", None, True, -1, 0, 1.5, 1952.0, [1952], 10**30],
)
@pytest.mark.parametrize("field", ["collection_id", "id"])
def test_numbers_that_are_none_are_refused(neurovault, tmp_path, field, hostile):
    neurovault.image[field] = hostile
    neurovault.publish()
    refused(tmp_path, "no usable record of image 32980")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("hostile", ["x/../../escape", 1953, None])
def test_a_record_of_another_collection_is_refused(neurovault, tmp_path, hostile):
    neurovault.collection["id"] = hostile
    neurovault.publish()
    refused(tmp_path, f"no usable record of collection {COLLECTION_ID}")


@pytest.mark.parametrize("name", ["../../../escape", "a b.nii.gz", "é.nii.gz", "%00", "a\\b"])
def test_file_names_of_the_server_name_nothing_here(neurovault, tmp_path, name):
    neurovault.image["file"] = f"{neurovault.url}/media/{name}"
    neurovault.image.update(
        {"relative_path": "../../escape", "absolute_path": "/etc", "ns_words_relative_path": "/x"}
    )
    neurovault.publish()
    serve = answer(neurovault.file)
    for path in ("/escape", "/media/a%20b.nii.gz", "/media/%C3%A9.nii.gz", "/media/%00"):
        neurovault.pages[path] = serve
    neurovault.pages["/media/a%5Cb"] = neurovault.pages["/media/../../../escape"] = serve
    found = fetch_image(IMAGE_ID, data_dir=tmp_path / "data")
    assert kept(tmp_path) == KEPT
    assert found.path == whole(tmp_path / "data")
    assert found.image_meta["relative_path"] == f"collection_{COLLECTION_ID}/{NAME}"
    assert "ns_words_relative_path" not in found.image_meta


def test_a_full_disk_leaves_nothing_and_says_so(neurovault, tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"cannot be written: No space left on device"):
        fetch_image(IMAGE_ID, data_dir=tmp_path)
    assert kept(tmp_path) == set()


# --- arguments -----------------------------------------------------------------------


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_timeout_that_makes_no_sense_is_refused(tmp_path, timeout):
    with pytest.raises(ArgumentError, match="timeout must be a positive number of seconds"):
        fetch_neurovault_auditory_computation_task(data_dir=tmp_path, timeout=timeout)


@pytest.mark.parametrize(
    ("options", "match"), [({"timeout": "10"}, "timeout"), ({"data_dir": 3}, "data_dir")]
)
def test_an_argument_of_another_type_is_refused(options, match):
    with pytest.raises(ArgumentTypeError, match=match):
        fetch_neurovault_auditory_computation_task(**options)


@pytest.mark.parametrize("image_id", [0, -1, "32980", 1.0, True, 10**20])
def test_an_image_is_asked_for_by_its_number(tmp_path, image_id):
    with pytest.raises(ArgumentError, match=r"image_id: .* is not a positive whole number"):
        fetch_image(image_id, data_dir=tmp_path)


# --- what is written to the terminal ----------------------------------------------------


def test_verbose_0_writes_nothing_at_all(neurovault, tmp_path, capfd):
    for _ in range(2):
        fetch_neurovault_auditory_computation_task(data_dir=tmp_path, verbose=0)
    assert capfd.readouterr() == ("", "")


def test_verbose_says_on_standard_error_what_is_fetched(neurovault, tmp_path, capfd):
    fetch_neurovault_auditory_computation_task(data_dir=tmp_path)
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith(f"Fetching NeuroVault image {IMAGE_ID} from 127.0.0.1")
    assert err.count("\n") == 1


# --- several processes ------------------------------------------------------------------


def test_four_processes_share_a_cache(neurovault, tmp_path):
    program = (
        "import sys, hashlib, pathlib\n"
        "from skerry.datasets import fetch_neurovault_auditory_computation_task as fetch\n"
        "path, = fetch(data_dir=sys.argv[1], verbose=0).images\n"
        "print(hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = [process.communicate(timeout=60) for process in running]
    expected = hashlib.sha256(neurovault.file).hexdigest() + "\n"
    assert answers == [(expected, "")] * 4
    assert kept(tmp_path) == KEPT


def test_what_a_killed_process_left_is_swept(neurovault, tmp_path):
    folder = whole(tmp_path).parent
    folder.mkdir(parents=True)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = folder / f".skerry-{cache._host()}-{gone.pid}-0123456789abcdef.nii.gz"
    alive = folder / f".skerry-{cache._host()}-{os.getpid()}-0123456789abcdef.nii.gz"
    for path in (left, alive):
        path.write_bytes(b"half")
    fetch_image(IMAGE_ID, data_dir=tmp_path, verbose=0)
    assert not left.exists()
    assert alive.exists()


def test_the_map_is_a_map(neurovault, tmp_path):
    values = nibabel.load(fetch_image(IMAGE_ID, data_dir=tmp_path).path).get_fdata()
    assert values.shape == (9, 10, 11)
    assert np.isfinite(values).all()
