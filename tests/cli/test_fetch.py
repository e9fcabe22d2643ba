"""`skerry fetch`, and maps named by their number, against a server on loopback."""

from __future__ import annotations

import csv
import time

import pytest

import fake_neurovault
from fake_atlases import HO_URL, harvard_oxford, tarred
from fake_neurovault import IMAGE_ID, answer, stall
from skerry.atlas.named import FETCHED
from skerry.datasets.web import fetch

COLUMNS = "path id name map_type df n_subjects collection doi".split()


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setattr(fetch, "_PAUSES_S", (0.0, 0.0, 0.0))
    monkeypatch.setenv("SKERRY_DATA", str(tmp_path / "cache"))
    with fake_neurovault.running() as server:
        monkeypatch.setenv("SKERRY_NEUROVAULT_URL", server.url)
        yield server


def manifest(folder):
    with (folder / "maps.tsv").open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def test_single_maps_arrive_with_a_list(server, skerry_, tmp_path):
    code, out, err = skerry_("fetch", "neurovault", IMAGE_ID, "-o", "maps")
    assert (code, out) == (0, "")
    (row,) = manifest(tmp_path / "maps")
    assert list(row) == COLUMNS
    assert (tmp_path / "maps" / row["path"]).read_bytes() == server.file
    assert row["id"] == str(IMAGE_ID)
    assert (row["map_type"], row["df"], row["n_subjects"]) == ("T map", "n/a", "1")
    assert (row["collection"], row["doi"]) == ("1952", "n/a")
    assert err.startswith("Fetching NeuroVault image 32980 from ")
    assert "1 map, listed in maps/maps.tsv" in err


def test_a_collection_arrives_whole_and_is_not_asked_for_again(server, skerry_, tmp_path):
    server.add_collection(7, 5, DOI="10.1/x", statistic_parameters=20)
    assert skerry_("fetch", "neurovault", "--collection", 7, "-o", "maps")[0] == 0
    rows = manifest(tmp_path / "maps")
    assert [row["id"] for row in rows] == ["7001", "7002", "7003", "7004", "7005"]
    assert {(row["doi"], row["df"]) for row in rows} == {("10.1/x", "20")}
    server.asked.clear()
    assert skerry_("fetch", "neurovault", "--collection", 7, "-o", "maps")[0] == 0
    assert server.asked == []
    assert manifest(tmp_path / "maps") == rows


def test_all_that_is_asked_for_arrives_each_once(server, skerry_, tmp_path):
    server.add_collection(7, 2)
    server.add_collection(8, 2)
    command = ("fetch", "neurovault", 8002, IMAGE_ID, 7001, "-o", "maps", "--collection", 7)
    code, _, err = skerry_(*command, "--collection", 8)
    assert code == 0
    ids = [row["id"] for row in manifest(tmp_path / "maps")]
    assert ids == ["7001", "7002", "8001", "8002", str(IMAGE_ID)]
    assert "5 maps, listed in" in err


def test_the_time_limit_is_the_servers(server, skerry_):
    server.always(f"/api/images/{IMAGE_ID}/", stall)
    before = time.monotonic()
    code, _, err = skerry_("fetch", "neurovault", IMAGE_ID, "-o", "maps", "--timeout", "0.1")
    assert code == 1
    assert "did not answer within 0.1 s" in err
    assert time.monotonic() - before < 5


def test_where_takes_only_images_whose_record_says_so(server, skerry_, tmp_path):
    records = server.add_collection(7, 4)
    records[1]["map_type"] = records[2]["map_type"] = "Z map"
    records[2]["is_thresholded"] = True
    code, _, err = skerry_(
        "fetch", "neurovault", "--collection", 7, "-o", "maps",
        "--where", "map_type=Z map", "--where", "is_thresholded=false",
    )  # fmt: skip
    assert code == 0, err
    assert [row["id"] for row in manifest(tmp_path / "maps")] == ["7002"]


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("statistic_parameters=20", ["7001"]),
        ("statistic_parameters=2e1", ["7001"]),
        ("statistic_parameters=20.5", ["7002"]),
        ("statistic_parameters=x", []),
        ("is_thresholded=True", ["7002"]),
        ("is_thresholded=null", ["7003"]),
        (" map_type = T map ", ["7001", "7002", "7003"]),
    ],
)
def test_where_compares_numbers_as_numbers(server, skerry_, tmp_path, condition, ids):
    records = server.add_collection(7, 3, is_thresholded=False)
    for record, df in zip(records, (20.0, 20.5, None), strict=True):
        record["statistic_parameters"] = df
    records[1]["is_thresholded"], records[2]["is_thresholded"] = True, None
    command = ("fetch", "neurovault", "--collection", 7, "-o", "maps")
    assert skerry_(*command, "--where", condition)[0] == 0
    assert [row["id"] for row in manifest(tmp_path / "maps")] == ids


def test_a_condition_that_no_image_meets_is_said(server, skerry_):
    records = server.add_collection(7, 8)
    for n, record in enumerate(records):
        record["smoothing"] = n + 0.5
    command = ("fetch", "neurovault", "--collection", 7, "-o", "maps", "--where", "map_type=T map")
    more = ("--where", "typo=1", "--where", "map_type=t map", "--where", "smoothing=9")
    code, _, err = skerry_(*command, *more)
    assert code == 0
    assert [line for line in err.splitlines() if "note" in line] == [
        "skerry: note: no record has 'typo'",
        "skerry: note: no record has map_type=t map; there are 'T map'",
        "skerry: note: no record has smoothing=9; there are 0.5, 1.5, 2.5, 3.5, 4.5, ...",
    ]
    assert "note" not in skerry_(*command)[2]
    server.add_collection(8, 0)
    code, _, err = skerry_("fetch", "neurovault", "--collection", 8, "-o", "none", *more)
    assert (code, err) == (0, "skerry: 0 maps, listed in none/maps.tsv\n")


def test_a_file_in_the_place_of_the_folder_is_said_at_once(server, skerry_, tmp_path):
    (tmp_path / "maps").touch()
    code, _, err = skerry_("fetch", "neurovault", IMAGE_ID, "-o", "maps")
    assert (code, err) == (
        1,
        "skerry: error: the folder maps cannot be made: it is a file\n",
    )
    assert server.asked == []


def test_names_in_records_stay_in_their_cells(server, skerry_, tmp_path):
    server.add_collection(7, 1, name="a\tb\nc\r\0=cmd|'/C calc'!A0")
    assert skerry_("fetch", "neurovault", "--collection", 7, "-o", "maps")[0] == 0
    assert (tmp_path / "maps" / "maps.tsv").read_bytes().count(b"\n") == 2
    (row,) = manifest(tmp_path / "maps")
    assert row["name"] == r"a\tb\nc\r\x00=cmd|'/C calc'!A0"


def test_names_that_begin_like_formulas_are_quoted_on_request(server, skerry_, tmp_path):
    server.add_collection(7, 1, name="=1+1")
    for option, name in (((), "=1+1"), (("--quote-formulas",), "'=1+1")):
        given = ("fetch", "neurovault", "--collection", 7, "-o", "maps", *option)
        assert skerry_(*given)[0] == 0
        assert manifest(tmp_path / "maps")[0]["name"] == name


def test_an_atlas_is_fetched_for_later(skerry_, tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_DATA", str(tmp_path / "data"))
    with fake_neurovault.running() as mirror:
        mirror.pages[HO_URL] = answer(tarred(harvard_oxford()))
        monkeypatch.setenv("SKERRY_ATLAS_MIRROR", mirror.url)
        code, out, err = skerry_("fetch", "atlas", "harvard_oxford:sub")
    assert (code, out) == (0, "")
    assert "Licence: FSL's, for non-commercial use only" in err
    assert "skerry: harvard_oxford:sub: 3 labels" in err
    monkeypatch.setenv("SKERRY_OFFLINE", "1")
    assert skerry_("fetch", "atlas", "harvard_oxford:sub", "--quiet") == (0, "", "")
    code, _, err = skerry_("fetch", "atlas", "aal")
    assert code == 1
    assert "is not on disk and could not be fetched" in err


def test_an_embedded_atlas_needs_no_fetching(skerry_, monkeypatch):
    monkeypatch.setenv("SKERRY_OFFLINE", "1")
    said = "skerry: schaefer200 is embedded\n"
    assert skerry_("fetch", "atlas", "schaefer200", "schaefer200") == (0, "", 2 * said)


def test_without_a_name_the_atlases_are_listed(skerry_):
    code, out, _ = skerry_("fetch", "atlas")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["schaefer200", *FETCHED]


@pytest.mark.parametrize("name", ["nothing", "aal:4", "schaefer200:1"])
def test_an_unknown_atlas_is_the_command_lines_fault(skerry_, name):
    code, _, err = skerry_("fetch", "atlas", name)
    assert code == 2
    assert name.partition(":")[0] in err


def test_a_map_that_fails_is_named_and_the_others_are_listed(server, skerry_, tmp_path):
    server.add_collection(7, 3)
    server.always("/media/7002.nii.gz", answer(b"", 404))
    code, _, err = skerry_("fetch", "neurovault", "--collection", 7, "-o", "maps", "--quiet")
    assert code == 1
    assert err.count("\n") == 1
    assert "1 image of NeuroVault could not be fetched (7002); 7002: " in err
    assert [row["id"] for row in manifest(tmp_path / "maps")] == ["7001", "7003"]


def test_another_server_can_stand_in(server, skerry_, tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_NEUROVAULT_URL", "http://127.0.0.1:1")
    assert skerry_("fetch", "neurovault", IMAGE_ID, "-o", "maps", "--server", server.url)[0] == 0


@pytest.mark.parametrize("url", ["http://example.org", "file:///etc", "ftp://127.0.0.1", "x"])
def test_a_server_must_be_https_or_here(skerry_, tmp_path, url):
    code, _, err = skerry_("fetch", "neurovault", 1, "-o", "maps", "--server", url)
    assert code == 1
    assert "--server must" in err
    assert not (tmp_path / "maps").exists()


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["-o", "maps"], "give numbers of images, or --collection ID"),
        (["1"], "--out"),
        (["0", "-o", "maps"], "IDS"),
        (["x", "-o", "maps"], "IDS"),
        (["1", "--where", "a=b", "-o", "maps"], "--where is for --collection"),
        (["--collection", "1", "--where", "a", "-o", "maps"], "not KEY=VALUE"),
    ],
)
def test_a_faulty_command_line_is_said(server, skerry_, arguments, match):
    code, _, err = skerry_("fetch", "neurovault", *arguments)
    assert code == 2
    assert match in err
    assert server.asked == []


def test_regions_of_a_map_named_by_its_number(server, skerry_, tmp_path):
    code, _, err = skerry_("regions", f"neurovault:{IMAGE_ID}", "-t", "2")
    assert code == 0, err
    assert "NeuroVault says that this is a t map" in err
    folder = tmp_path / f"neurovault-{IMAGE_ID}_skerry"
    assert (folder / f"neurovault-{IMAGE_ID}_regions.nii.gz").exists()
    assert (folder / f"neurovault-{IMAGE_ID}_regions.tsv").exists()
    server.asked.clear()
    again = skerry_("regions", f"neurovault:{IMAGE_ID}", "-t", "2", "--quiet", "--kind", "z")
    assert again == (0, "", "")
    assert server.asked == []


def test_the_degrees_of_freedom_of_the_record_are_used(server, skerry_):
    server.image["statistic_parameters"] = 20.0
    server.publish()
    code, _, err = skerry_("regions", f"neurovault:{IMAGE_ID}", "-t", "p=0.01")
    assert code == 0, err


def test_a_map_named_by_its_number_is_drawn(server, skerry_, tmp_path):
    code, _, err = skerry_(
        "plot", f"neurovault:{IMAGE_ID}", "-t", "2", "-o", "a.png", "--display", "z", "--cuts", "1",
        "--background", "none",
    )  # fmt: skip
    assert code == 0, err
    assert (tmp_path / "a.png").stat().st_size > 1000


@pytest.mark.parametrize(
    "name",
    ["neurovault:", "neurovault:x", "neurovault:../1", "neurovault:0", "neurovault:" + "1" * 300],
)
def test_a_name_without_a_number_is_the_command_line_s_fault(server, skerry_, name):
    code, _, err = skerry_("regions", name)
    assert code == 2
    assert "is not neurovault:NUMBER" in err
    assert server.asked == []


def test_a_file_of_that_name_comes_first(server, skerry_, tmp_path):
    (tmp_path / "neurovault:5").write_bytes(b"no map")
    code, _, err = skerry_("regions", "neurovault:5")
    assert code == 1
    assert server.asked == []
    assert "neurovault:5" in err


def test_a_map_that_cannot_be_fetched_is_named(server, skerry_, monkeypatch):
    monkeypatch.setenv("SKERRY_OFFLINE", "1")
    code, _, err = skerry_("regions", "neurovault:5")
    assert code == 1
    assert err.startswith("skerry: error: neurovault:5 is not on disk and could not be fetched: ")
    assert "SKERRY_OFFLINE is set; fetch it once where there is a network, or give a file" in err
    assert err.count("\n") == 1
