"""The page that says what a batch came to."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from html.parser import HTMLParser

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from batch.small_batches import HOSTILE, small_batch
from skerry.batch.asked.ids import file_name_of
from skerry.batch.summary.facts import MOST_FAILURES, MOST_MAPS
from skerry.batch.summary.histogram import histogram_of_counts, histogram_of_sizes
from skerry.batch.summary.page import write_summary
from skerry.errors import MissingFileError


class Page(HTMLParser):
    """The elements of a page, and the text in each kind of them."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self._open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "br", "line", "rect"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        if self._open and data.strip():
            self.texts.append((self._open[-1], " ".join(data.split())))

    def attributes(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def said(self, *tags):
        return [text for tag, text in self.texts if not tags or tag in tags]


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("summary")
    out, _ = small_batch(folder, others=2, bad=[(HOSTILE, b"no image"), ("cut", b"\x1f\x8b\x08")])
    return out


@pytest.fixture(scope="module")
def text(batch):
    return write_summary(batch).read_text("utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def rows_of(page_text, heading):
    """The cells of the table below a heading."""
    table = page_text.split(f">{heading}<")[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], flags=re.S)
    return [Page(row).said() for row in rows]


def test_the_counts_are_those_of_the_tables(batch, page):
    maps = pyarrow.parquet.read_table(batch / "maps.parquet").to_pydict()
    regions = pyarrow.parquet.read_metadata(batch / "regions.parquet").num_rows
    counts = dict(zip(page.said("dt"), page.said("dd"), strict=False))
    assert counts["done"] == "8"
    assert counts["failed"] == "2"
    assert counts["regions"] == str(regions) == str(sum(n or 0 for n in maps["n_regions"]))
    assert counts["maps without a region"] == "1"


def test_every_failure_stands_with_its_reason(batch, text):
    maps = pyarrow.parquet.read_table(batch / "maps.parquet").to_pydict()
    reasons = [reason for reason in maps["reason"] if reason]
    failures = [row for row in zip(maps["id"], maps["reason"], strict=True) if row[1]]
    shown = rows_of(text, "2 maps were not done")
    assert len(failures) == len(reasons) == 2
    assert [(row[0], row[2]) for row in shown] == [
        (" ".join(id_.split()), " ".join(reason.split())) for id_, reason in failures
    ]


def test_times_stand_with_their_points_below_one_another(text):
    rows = rows_of(text, "Slowest maps")
    assert len(rows) == 8
    assert all(re.fullmatch(r"\d+\.\d{3}", cell) for row in rows for cell in row[1:])
    total = [float(row[1]) for row in rows]
    assert total == sorted(total, reverse=True)


def test_the_histogram_of_regions_has_a_bar_for_each_number(page):
    bars = [text for tag, text in page.texts if tag == "title" and "region" in text]
    assert bars == ["0 regions: 1 map", "2 regions: 7 maps"]


def test_ids_paths_and_reasons_are_text_whatever_they_hold(page, text):
    assert HOSTILE in page.said("b")
    assert not page.attributes("script")
    assert not [name for _, each in page.elements for name in each if name.startswith("on")]
    assert {tag for tag, _ in page.elements} <= set(
        "html head meta title link style body header h1 h2 h3 p main section dl div dt dd table "
        "thead tbody tr th td b br span svg line rect text figure figcaption img "
        "code pre details summary".split()
    )
    assert all(i["src"].startswith("data:image/png;base64,") for i in page.attributes("img"))


def test_the_page_runs_nothing_and_loads_nothing(page, text):
    policy = next(
        each["content"]
        for each in page.attributes("meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    )
    (style,) = re.findall(r"<style>(.*?)</style>", text, flags=re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not [each for _, each in page.elements if "style" in each]
    addresses = [
        each[name]
        for _, each in page.elements
        for name in ("href", "src", "srcset")
        if name in each
    ]
    assert not [address for address in addresses if not address.startswith(("data:", "#"))]
    assert "url(" not in style
    assert "@import" not in style


def test_pictures_are_whole_pngs_with_words_for_those_who_do_not_see_them(page):
    slices = [each for each in page.attributes("img") if each["alt"]]
    assert len(slices) == 7 * 4  # two grids, two signs
    assert all(each["alt"].startswith("Axial slice at z = ") for each in slices)
    for each in page.attributes("img"):
        png = base64.b64decode(each["src"].partition(",")[2])
        assert png.startswith(b"\x89PNG")
        assert png.endswith(b"IEND\xaeB`\x82")
    assert len(page.attributes("img")) == len(slices) + 4  # and the scales of colour


def test_it_says_how_to_open_the_page_of_a_map_and_links_those_that_are_made(batch):
    folder = batch / "reports" / file_name_of("map2")
    folder.mkdir(parents=True, exist_ok=True)
    page_of_map = folder / "a b#%.nii_report.html"
    page_of_map.write_text("<!doctype html>")
    found = Page(write_summary(batch).read_text("utf-8"))
    assert f"skerry report --from-batch {batch} map0" in found.said("code")
    links = found.attributes("a")
    assert [each["href"] for each in links] == ["./reports/map2/a%20b%23%25.nii_report.html"] * 2
    assert set(found.said("a")) == {"map2"}
    page_of_map.unlink()
    assert not Page(write_summary(batch).read_text("utf-8")).attributes("a")


def test_what_made_it_is_said(batch, page):
    record = json.loads((batch / "run.json").read_text())
    said = page.said("dd")
    assert record["parameters"]["threshold"] in said
    assert record["started"].replace("T", " ").replace("+00:00", " UTC") in said
    given = Page(write_summary(batch, {"command": ["skerry", "batch", "a b"]}).read_text("utf-8"))
    assert "skerry batch 'a b'" in given.said("dd")


def test_of_a_command_line_with_thousands_of_maps_the_ends_are_said(batch):
    maps = [f"study/sub-{number:05d}.nii.gz" for number in range(12_000)]
    command = ["skerry", "batch", "-t", "p=0.001", *maps, "-o", "a folder"]
    text = write_summary(batch, {"command": command}).read_text("utf-8")
    (said,) = [said for said in Page(text).said("dd") if said.startswith("skerry batch")]
    assert said.startswith("skerry batch -t p=0.001 study/sub-00000.nii.gz ")
    assert said.endswith(" study/sub-11999.nii.gz -o 'a folder'")
    assert "... (11 982 more, see run.json) ..." in said
    assert len(said.split()) < 40


def test_options_at_0_are_said_unless_they_limit_nothing(batch):
    options = {
        "volume": 0, "min_distance_mm": 0.0, "max_peaks": None, "min_volume_mm3": 0.0,
        "min_voxels": 0, "mask": None, "split": False, "atlas": (), "df": (3.0, 20.0),
    }  # fmt: skip
    page = Page(write_summary(batch, {"parameters": options}).read_text("utf-8"))
    said = page.texts[page.texts.index(("h2", "How it was made")) + 1 :]
    assert [text for _, text in said] == [
        "volume", "0", "min distance (mm)", "0", "max peaks", "all", "df", "3, 20",
    ]  # fmt: skip


def test_names_that_are_no_utf8_are_shown_as_escapes(tmp_path):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    out, _ = small_batch(folder, n_maps=1)
    made = out / "reports" / "map0" / os.fsdecode(b"\xe9_report.html")
    made.parent.mkdir(parents=True)
    made.touch()
    command = ["skerry", "batch", os.fsdecode(b"\xe9.nii")]
    page = Page(write_summary(out, {"command": command}).read_text("utf-8"))
    assert page.attributes("a")[0]["href"] == "./reports/map0/%E9_report.html"
    assert any("caf\\udce9" in said for said in page.said("code"))
    assert any("\\udce9.nii" in said for said in page.said("dd"))


def test_the_same_batch_gives_the_same_page(batch):
    record = {"started": "now"}
    first = write_summary(batch, record).read_bytes()
    assert write_summary(batch, record).read_bytes() == first


def test_thousands_of_maps_are_cut_to_what_a_person_reads(tmp_path):
    out, _ = small_batch(tmp_path, n_maps=2, bad=[("bad", b"no")])
    table = pyarrow.parquet.read_table(out / "maps.parquet")
    done, failed = table.slice(0, 1), table.slice(1, 1)
    assert failed["status"].to_pylist() == ["failed"]

    def many(one, n):
        rows = pa.concat_tables([one] * n)
        ids = pa.array([f"{one['id'][0]}_{at}" for at in range(n)])
        return rows.set_column(rows.column_names.index("id"), "id", ids)

    pyarrow.parquet.write_table(
        pa.concat_tables([many(done, MOST_MAPS + 500), many(failed, MOST_FAILURES + 7)]),
        out / "maps.parquet",
    )
    text = write_summary(out).read_text("utf-8")
    assert len(rows_of(text, f"{MOST_FAILURES + 7} maps were not done")) == MOST_FAILURES
    page = Page(text)
    assert "The first 1000 of 1500 maps" in page.said("summary")
    assert any(said.startswith(f"The first {MOST_FAILURES};") for said in page.said("p"))
    assert len(text) < 2_000_000


def test_a_batch_in_which_every_map_failed_has_a_page(tmp_path):
    out, _ = small_batch(tmp_path, n_maps=0, bad=[("one", b"no"), ("two", b"no")])
    page = Page(write_summary(out).read_text("utf-8"))
    assert page.said("dd")[:3] == ["0", "2", "0"]
    assert not page.attributes("svg")
    assert not page.attributes("img")


def test_of_no_map_that_was_done_no_page_is_promised(tmp_path):
    out, _ = small_batch(tmp_path, n_maps=0, bad=[("one", b"no")])
    assert "Each map's own page" not in Page(write_summary(out).read_text("utf-8")).said("h2")


def test_a_batch_of_one_map_is_spoken_of_as_one(tmp_path):
    out, _ = small_batch(tmp_path, n_maps=1)
    page = Page(write_summary(out).read_text("utf-8"))
    assert page.said("summary") == ["The map"]
    assert "Number of maps. Each has 2." in page.said("p")


def test_a_folder_that_is_no_batch_is_one_clear_line(tmp_path):
    with pytest.raises(MissingFileError, match=r"maps\.parquet"):
        write_summary(tmp_path)
    assert not list(tmp_path.iterdir())


# histograms


def in_bars(histogram):
    return sum(int(bar.says.rpartition(": ")[2].split()[0]) for bar in histogram.bars)


@pytest.mark.parametrize("draw", [histogram_of_counts, histogram_of_sizes])
@pytest.mark.parametrize(
    "values",
    [
        [], [0], [7], [0, 0, 3], [36828] * 9, [5, 6, 7, 9], [0, 1, 2, 50_000],
        *(np.random.default_rng(n).lognormal(n, n / 3, 400).astype(int) for n in range(9)),
    ],
)  # fmt: skip
def test_every_value_is_in_one_bar_and_every_bar_in_the_drawing(draw, values):
    found = draw(values, "things")
    assert in_bars(found) == len(values)
    assert len(found.bars) <= 80
    for bar in found.bars:
        assert found.left <= bar.x
        assert bar.x + bar.width <= found.right + 0.02
        assert bar.y >= 0
        assert bar.y + bar.height == pytest.approx(found.bottom, abs=0.02)
    for left, right in zip(found.bars, found.bars[1:], strict=False):
        assert left.x + left.width < right.x
    at = [tick.at for tick in found.across]
    assert at == sorted(set(at))
    assert (len(at) > 0) == (len(values) > 0)


def test_bars_are_as_tall_as_their_counts():
    bars = histogram_of_counts([1] * 10 + [2] * 5 + [4], "regions").bars
    assert [bar.says for bar in bars] == [
        "1 region: 10 maps",
        "2 regions: 5 maps",
        "4 regions: 1 map",
    ]
    assert bars[0].height == pytest.approx(2 * bars[1].height, rel=1e-3)
    assert bars[0].height == pytest.approx(10 * bars[2].height, rel=1e-3)


def test_one_far_value_does_not_flatten_the_others():
    bars = histogram_of_counts([*range(1, 21)] * 20 + [5000], "regions").bars
    assert len(bars) == 21
    assert bars[-1].says == "21 to 5000 regions: 1 map"


def test_sizes_over_decades_are_in_even_steps_of_the_logarithm():
    found = histogram_of_sizes([0, 10, 100, 1000], "mm³")
    assert [bar.says.partition(" ")[0] for bar in found.bars] == ["0", "10", "100", "1000"]
    assert [tick.text for tick in found.across] == ["0", "10", "100", "1000"]
    gaps = np.diff([bar.x for bar in found.bars[1:]])
    assert gaps[0] == pytest.approx(gaps[1], abs=0.02)


def test_names_of_many_decades_do_not_run_into_one_another():
    found = histogram_of_sizes(10.0 ** np.arange(-6, 6), "mm³")
    assert [tick.text for tick in found.across] == [
        "1e-06",
        "0.0001",
        "0.01",
        "1",
        "100",
        "10\u202f000",
    ]
    assert min(np.diff([tick.at for tick in found.across])) > 60
