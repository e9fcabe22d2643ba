"""Everything on the page can be done without a mouse, and has a name."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

import skerry
from browser.view_page import open_page, press, rest, table, text, type_into, until
from skerry.datasets import load_sample_motor_activation_image
from skerry.page.pack import pack


@pytest.fixture
def page(browser):
    statmap = skerry.load_map(load_sample_motor_activation_image(), kind="z")
    open_page(browser, pack(skerry.find_regions(statmap, 3.0)))
    return browser


def focus(browser):
    return browser.run(
        "const e = document.activeElement; return e.id || e.className || e.tagName.toLowerCase()"
    )


def tab_to(browser, wanted, limit=60):
    """Press Tab until an element has the focus."""
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    seen = []
    for _ in range(limit):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        seen.append(focus(browser))
        if seen[-1] == wanted:
            return
    raise AssertionError(f"Tab never came to {wanted}: {seen}")


def test_one_walk_through_the_page_with_tab_and_arrows(page):
    from selenium.webdriver.common.keys import Keys

    tab_to(page, "side-neurological")
    press(page, Keys.ARROW_RIGHT)
    assert page.run("return skerry.view.state.side") == "radiological"
    tab_to(page, "height-number")
    press(page, *[Keys.BACKSPACE] * 6, "4", Keys.ENTER)
    assert page.run("return skerry.view.state.threshold") == 4
    tab_to(page, "sign-both")
    press(page, Keys.ARROW_RIGHT)
    assert page.run("return skerry.view.state.sign") == "positive"
    tab_to(page, "height-slider")
    press(page, Keys.ARROW_LEFT)
    assert page.run("return skerry.view.state.threshold") < 4
    tab_to(page, "extent-slider")
    press(page, Keys.END)
    largest = page.run("return skerry.view.state.minVolume")
    assert largest > 10000
    press(page, Keys.HOME)
    assert page.run("return skerry.view.state.minVolume") == 0
    tab_to(page, "paint-regions")
    press(page, Keys.ARROW_RIGHT)
    assert page.run("return skerry.view.state.paint") == "outlines"
    for name, across, through in (("coronal", 0, 1), ("sagittal", 1, 0), ("axial", 0, 2)):
        tab_to(page, f"slice-{name}")
        before = page.run("return skerry.view.state.at")
        press(page, Keys.ARROW_RIGHT, Keys.PAGE_UP)
        after = page.run("return skerry.view.state.at")
        side = -1 if across == 0 else 1  # radiological: left is on the right
        assert after[across] - before[across] == pytest.approx(3 * side)
        assert after[through] - before[through] == pytest.approx(3)
    tab_to(page, "at-x")
    tab_to(page, "more-columns")
    press(page, " ")
    assert "mean_value" in table(page)[0]
    tab_to(page, "go")
    press(page, Keys.ARROW_DOWN, Keys.ENTER)
    assert text(page, "at-region") == "in region 2"
    press(page, Keys.END, Keys.ENTER)
    assert text(page, "at-region") == f"in region {page.run('return skerry.view.result.n')}"


def test_keys_that_come_faster_than_the_screen_are_all_counted(page):
    page.run(
        """
        const slider = document.getElementById("height-slider");
        for (let time = 0; time < 5; time++) {
          slider.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}));
        }
        """
    )
    rest(page)
    step = page.run("return skerry.view.controls.step")
    assert page.run("return skerry.view.state.threshold") == pytest.approx(3 + 5 * step)


def test_the_focus_keeps_its_place_in_a_table_longer_than_the_screen(browser):
    from selenium.webdriver.common.keys import Keys

    values = np.zeros((19, 19, 19), np.float32)
    values[::3, ::3, ::3] = 3 + np.random.default_rng(0).random((7, 7, 7))
    img = nibabel.Nifti1Image(values, np.diag([2.0, 2, 2, 1]))
    open_page(browser, pack(skerry.find_regions(img, 2.0)))
    tab_to(browser, "go")
    press(browser, *[Keys.ARROW_DOWN] * 40)
    line = "return document.activeElement.closest('tr')?.dataset.line"
    for _ in range(2):
        press(browser, Keys.ENTER)
        assert text(browser, "at-region") == "in region 41"
        assert browser.run(line) == "40"
    press(browser, Keys.ARROW_UP, Keys.ENTER)
    assert text(browser, "at-region") == "in region 40"
    # One stop for the whole table: the next is below it.
    press(browser, Keys.TAB)
    assert browser.run("return document.activeElement.closest('#table') === null")


def test_a_button_keeps_the_focus_and_says_what_it_did(page):
    from selenium.webdriver.common.keys import Keys

    page.run("document.querySelector('#actions button').focus()")
    for _ in range(2):
        press(page, Keys.ENTER)
        until(lambda: text(page, "announcer") == "Copy: Copied", "the copy is announced")
        assert page.run("return document.activeElement.textContent") == "Copied"
        page.run("document.getElementById('announcer').textContent = ''")


@pytest.mark.parametrize("max_peaks", [1, 3, None])
def test_peaks_can_be_unfolded_where_the_table_of_peaks_has_more_than_one(browser, max_peaks):
    page = browser
    regions = skerry.find_regions(load_sample_motor_activation_image(), 2.0)
    listed = skerry.peak_table(regions, max_peaks=max_peaks).groupby("region").size()
    open_page(page, pack(skerry.find_regions(regions.statmap, 3.0), max_peaks=max_peaks))
    type_into(page, "height-number", "2")
    shown = page.run(
        """
        return [...document.querySelectorAll("button.fold")]
          .map(({disabled, textContent}) => [disabled, textContent]);
        """
    )
    assert [is_off for is_off, _ in shown] == [n < 2 for n in listed]
    counted = [int(n) for _, n in shown]
    assert counted == skerry.region_table(regions)["n_peaks"].tolist()
    # Some have peaks that all lie within 8 mm of the highest.
    assert any(n > 1 and listed[region] == 1 for region, n in enumerate(counted, start=1))


def test_peaks_are_sought_once_however_often_rows_are_written(page):
    searched = page.run(
        """
        const {engine: {grid}, view: {table}} = skerry;
        const toWorld = grid.toWorld;
        let n = 0;
        grid.toWorld = (...given) => { n++; return toWorld.apply(grid, given); };
        const counts = ["first", "again"].map((time) => {
          if (time === "first") table.result.further = undefined;
          n = 0;
          table.fill(true);
          return n;
        });
        delete grid.toWorld;
        return counts;
        """
    )
    assert searched[0] > 0
    assert searched[1] == 0


def test_a_region_under_the_crosshair_is_selected_with_enter(page):
    from selenium.webdriver.common.keys import Keys

    place = page.run(
        """
        const {columns} = skerry.view.result;
        return ["peak_x", "peak_y", "peak_z"].map((key) => columns[key][2]);
        """
    )
    page.run(
        "skerry.view.update({at: given[0]}); document.getElementById('slice-axial').focus()", place
    )
    rest(page)
    press(page, Keys.ENTER)
    assert page.run("return document.querySelector('[aria-current]').children[0].innerText") == "3"


def test_the_first_stop_leads_past_the_controls_to_the_table(page):
    from selenium.webdriver.common.keys import Keys

    tab_to(page, "skip", 1)
    press(page, Keys.ENTER)
    assert focus(page) == "results"
    assert page.run("return location.hash").startswith("#t=")


def test_every_control_and_picture_has_a_name(page):
    nameless = page.run(
        """
        const named = (node) => node.ariaLabel || node.textContent.trim() || node.title
          || [...(node.labels ?? [])].some((label) => label.textContent.trim());
        return [...document.querySelectorAll("button, input, canvas, svg[role], [role=radiogroup]")]
          .filter((node) => node.offsetParent !== null && !named(node))
          .map((node) => node.outerHTML);
        """
    )
    assert nameless == []


def test_changes_are_announced_politely(page):
    from selenium.webdriver.common.keys import Keys

    tab_to(page, "height-slider")
    press(page, Keys.ARROW_RIGHT)
    said = text(page, "announcer")
    assert said == text(page, "summary")
    assert "regions, " in said
    assert page.run("return document.getElementById('announcer').ariaLive") == "polite"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(page, scheme):
    page.run("skerry.view.update({scheme: given[0]})", scheme)
    rest(page)
    faint = page.run(
        """
        const parts = (color) => {
          const canvas = new OffscreenCanvas(1, 1).getContext("2d");
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data];
        };
        const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
          .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
          .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
        const behind = (node) => {
          for (let one = node; one; one = one.parentElement) {
            const color = parts(getComputedStyle(one).backgroundColor);
            if (color[3] === 255) return color;
          }
          return [255, 255, 255];
        };
        const found = [];
        for (const node of document.querySelectorAll("body *")) {
          const texts = [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
          const own = texts.some((child) => child.data.trim());
          if (!own || node.offsetParent === null || node.disabled) continue;
          const [a, b] = [light(parts(getComputedStyle(node).color)), light(behind(node))];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < 4.5) found.push([node.outerHTML.slice(0, 120), contrast]);
        }
        return found;
        """
    )
    assert faint == []
