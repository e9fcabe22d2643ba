"""Nothing that users write runs, and nothing leaves the page."""

from __future__ import annotations

import json

import numpy as np
import pytest

import skerry
from browser.view_page import open_page, rest, text
from skerry.datasets import load_mni152_template, load_sample_motor_activation_image
from skerry.page.pack import pack

HOSTILE = (
    "</script><script>window.stolen = 1</script><img src=x onerror='window.stolen = 2'>"
    "<style>body{display:none}</style>\"'`${window.stolen = 3}{{7*7}}{threshold}\u2028&lt;b&gt;"
)


@pytest.fixture(scope="module")
def motor():
    statmap = skerry.load_map(load_sample_motor_activation_image(), kind="z")
    template = load_mni152_template(resolution=2)
    return pack(skerry.find_regions(statmap, 3.0), background=template)


def poisoned(value):
    """Replace every text that users can write."""
    if isinstance(value, dict):
        return {key: poisoned(part) for key, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part) for part in value]
    return HOSTILE if isinstance(value, str) else value


def hostile_facts(facts):
    return {
        "title": HOSTILE,
        "name": HOSTILE,
        "map": {**facts["map"], "source": HOSTILE, "sha256": HOSTILE},
        "asked": {**facts["asked"], "text": HOSTILE},
        "background": {**facts["background"], "name": HOSTILE},
        "notes": [HOSTILE],
        "given": {"why": HOSTILE, "columns": [HOSTILE], "rows": [[HOSTILE]]},
        "record": {"versions": {HOSTILE: HOSTILE}, "statistics": {HOSTILE: HOSTILE}},
        "methods": {
            "paragraph": [HOSTILE],
            "citations": [{"text": HOSTILE, "doi": HOSTILE}],
            "command": ["skerry", HOSTILE],
            "python": HOSTILE,
            "initial": {"threshold": 3.0, "sign": "both", "how": HOSTILE,
                        "command_threshold": HOSTILE, "python_threshold": HOSTILE},
            "words": {"signs": dict.fromkeys(("both", "positive", "negative"), HOSTILE),
                      "extent": {"none": "", "some": HOSTILE}},
        },
    }  # fmt: skip


def test_hostile_text_is_shown_as_it_is_and_runs_nothing(browser, motor):
    open_page(browser, motor, **hostile_facts(motor.facts))
    assert browser.run("return window.stolen ?? null") is None
    assert text(browser, "title") == HOSTILE
    assert browser.run("return document.title").split() == HOSTILE.replace("\u2028", " ").split()
    assert HOSTILE in text(browser, "made-body")
    assert browser.run("return document.querySelectorAll('main img, main script').length") == 0
    assert browser.run("return getComputedStyle(document.body).display") == "block"
    assert browser.errors() == []


def test_a_hostile_name_makes_a_file_name_that_is_none_of_its_business(browser, motor):
    open_page(browser, motor, name="../../etc/<b>\u202egnp\0\n")
    names = browser.run(
        """
        const names = [];
        HTMLAnchorElement.prototype.click = function () { names.push(this.download); };
        document.querySelectorAll("#actions button")[1].click();
        await new Promise((done) => setTimeout(done, 100));
        return names;
        """
    )
    assert names == [".._.._etc__b__gnp___regions.tsv"]


def test_no_request_leaves_the_page_and_the_policy_is_never_broken(browser, motor):
    open_page(browser, motor)
    for change in (
        {"threshold": 2.0}, {"paint": "values"}, {"scheme": "dark"}, {"side": "radiological"},
        {"columns": True}, {"minVolume": 500},
    ):  # fmt: skip
        browser.run("skerry.view.update(given[0])", change)
        rest(browser)
    loaded = browser.run("return performance.getEntriesByType('resource').map(({name}) => name)")
    assert [name for name in loaded if not name.startswith(("data:", "blob:"))] == []
    assert browser.errors() == []


def test_the_policy_stops_what_a_script_would_send(browser, motor):
    open_page(browser, motor)
    stopped = browser.run(
        """
        const violations = [];
        document.addEventListener("securitypolicyviolation",
          (event) => violations.push(event.effectiveDirective));
        await fetch("http://127.0.0.1:9/").catch(() => null);
        const image = new Image();
        image.src = "http://127.0.0.1:9/a.png";
        const script = document.createElement("script");
        script.textContent = "window.stolen = 4";
        document.body.append(script);
        await new Promise((done) => setTimeout(done, 300));
        return [violations, window.stolen ?? null];
        """
    )
    assert sorted(stopped[0]) == ["connect-src", "img-src", "script-src-elem"]
    assert stopped[1] is None
    browser.errors()  # those above are meant


def test_a_notebook_can_show_the_page_in_a_frame_without_rights(browser, motor):
    from skerry.page.page import Page

    frame = Page(motor.facts, motor.blocks)._repr_html_()
    browser.open(f"<!doctype html><title>notebook</title>{frame}")
    driver = browser.driver
    driver.switch_to.frame(0)
    try:
        from browser.view_page import wait

        wait(browser, "return document.documentElement.dataset.ready === 'yes'")
        browser.run("skerry.view.update({threshold: 4})")
        rest(browser)
        assert text(browser, "summary").endswith("≥ 4")
    finally:
        driver.switch_to.default_content()
    assert json.dumps(browser.errors()) == "[]"


def test_values_travel_exactly(browser, motor):
    statmap = skerry.load_map(load_sample_motor_activation_image(), kind="z")
    open_page(browser, motor)
    values = browser.run("return [...skerry.engine.values].filter((value) => value === value)")
    np.testing.assert_array_equal(np.asarray(values), statmap.values.T[statmap.mask.T])
