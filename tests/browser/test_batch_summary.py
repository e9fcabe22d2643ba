"""The summary of a batch in a browser: light and dark, narrow and wide, and harmless."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from batch.small_batches import HOSTILE, small_batch
from browser.view_page import size
from skerry.batch.summary.page import write_summary


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("summary")
    return small_batch(folder, others=2, bad=[(HOSTILE, b"no image"), ("x" * 150, b"cut")])[0]


@pytest.fixture(params=[(400, "light"), (400, "dark"), (1200, "light"), (2400, "dark")])
def shown(request, browser, batch):
    width, scheme = request.param
    driver = browser.driver
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size(browser, width, 900)
    browser.open((batch / "summary.html").read_text("utf-8"))
    yield scheme
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_it_fits_its_window_in_its_colours_with_every_picture(browser, shown):
    assert browser.errors() == []
    found = browser.run("""
        const root = document.documentElement;
        const color = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
        return {
            tooWide: root.scrollWidth - root.clientWidth,
            lightness: (color[0] + color[1] + color[2]) / 3,
            images: [...document.images].map(each => each.naturalWidth > 0 && each.width > 0),
            bars: [...document.querySelectorAll("svg .bar")].map(bar => bar.getBoundingClientRect())
                .every(box => box.width > 0 && box.height > 0),
        };
    """)
    assert found["tooWide"] <= 0
    assert (found["lightness"] > 128) == (shown == "light")
    assert len(found["images"]) == 32
    assert all(found["images"])
    assert found["bars"]


def test_on_a_phone_nothing_scrolls_sideways_and_words_in_drawings_can_be_read(browser, tmp_path):
    out = small_batch(tmp_path, others=2, bad=[("x" * 150, b"cut")])[0]
    size(browser, 400, 900)
    browser.open((out / "summary.html").read_text("utf-8"))
    found = browser.run("""
        document.querySelectorAll("details").forEach(each => { each.open = true; });
        return {
            tables: [...document.querySelectorAll(".wide")].map(
                each => each.scrollWidth - each.clientWidth),
            words: [...document.querySelectorAll("svg text")].map(
                each => parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a),
            clipped: [...document.querySelectorAll("svg")].map(svg => {
                const panel = svg.closest(".panel").getBoundingClientRect();
                return [...svg.querySelectorAll("text")].some(each => {
                    const box = each.getBoundingClientRect();
                    return box.left < panel.left || box.right > panel.right;
                });
            }),
        };
    """)
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert len(found["tables"]) == 3
    assert max(found["tables"]) <= 0
    assert min(found["words"]) >= 10
    assert found["clipped"] == [False, False]


def test_paper_shows_no_list_that_is_folded_up_and_panels_go_on_on_the_next_page(browser, batch):
    browser.open((batch / "summary.html").read_text("utf-8"))
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    found = browser.run("""
        const style = each => getComputedStyle(document.querySelector(each));
        return {
            folded: style("details").display,
            page: style("body").backgroundColor,
            panel: style(".panel:not(.half)").breakInside,
            drawing: style(".half").breakInside,
            figure: style("figure").breakInside,
        };
    """)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert found == {
        "folded": "none", "page": "rgb(255, 255, 255)", "panel": "auto",
        "drawing": "avoid", "figure": "avoid",
    }  # fmt: skip


def test_hostile_text_is_seen_and_does_nothing(browser, batch):
    browser.open((batch / "summary.html").read_text("utf-8"))
    assert browser.errors() == []
    said = browser.run("""
        return {
            text: document.body.innerText,
            scripts: document.scripts.length,
            images: [...document.images].filter(each => !each.src.startsWith("data:")).length,
        };
    """)
    assert " ".join(HOSTILE.split()) in " ".join(said["text"].split())
    assert (said["scripts"], said["images"]) == (0, 0)


def test_what_a_page_adds_to_itself_is_forbidden(browser, batch):
    browser.open((batch / "summary.html").read_text("utf-8"))
    browser.run("""
        const script = document.createElement("script");
        script.textContent = "document.title = 'ran'";
        document.body.append(script);
    """)
    assert browser.driver.title != "ran"
    assert any("Content Security Policy" in error for error in browser.errors())


def test_a_link_leads_to_the_page_of_its_map_however_it_is_called(browser, batch):
    folder = batch / "reports" / "map1"
    folder.mkdir(parents=True)
    made = folder / "odd #1 %41 name_report.html"
    made.write_text("<!doctype html><title>the page of the map</title>")
    summary = write_summary(batch, recount=False)
    driver = browser.driver
    driver.get(summary.as_uri())
    browser.run("document.querySelector('a').click()")
    assert driver.title == "the page of the map"
    assert driver.current_url.endswith(quote(made.name))
