"""The summary of a batch in a browser: light and dark, narrow and wide, and harmless."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from batch.small_batches import HOSTILE, small_batch
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
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
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
