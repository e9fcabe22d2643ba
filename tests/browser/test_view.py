"""The page shows what find_regions finds, wherever its reader puts the threshold."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

import skerry
from browser.view_page import (
    click_on,
    open_page,
    place_on,
    press,
    rest,
    size,
    table,
    text,
    type_into,
    until,
)
from skerry.datasets import load_mni152_template, load_sample_motor_activation_image
from skerry.page.pack import pack
from skerry.tables.columns import to_tsv
from skerry.tables.peak_table import peak_columns
from skerry.tables.region_table import region_columns


@pytest.fixture(scope="module")
def statmap():
    return skerry.load_map(load_sample_motor_activation_image(), kind="z")


@pytest.fixture(scope="module")
def motor(browser, statmap):
    """Give the packed embedded map, as find_regions finds it at 3."""
    template = load_mni152_template(resolution=2)
    return pack(skerry.find_regions(statmap, 3.0), background=template)


@pytest.fixture
def page(browser, motor):
    open_page(browser, motor)
    return browser


def grouped(number):
    digits = str(round(number))
    return digits if len(digits) < 5 else f"{round(number):,}".replace(",", "\u202f")


def check_table(browser, regions):
    """Compare the rows that the reader sees with the regions."""
    rows = table(browser)
    columns = regions.columns
    assert [row["region"] for row in rows] == [str(number) for number in columns["region"]]
    signs = ["positive" if sign > 0 else "negative" for sign in columns["sign"]]
    assert [row["sign"] for row in rows] == signs
    assert [row["volume_mm3"] for row in rows] == [grouped(mm3) for mm3 in columns["volume_mm3"]]
    peaks = regions.grid.xyz(columns["peak_ijk"])
    shown = [[float(row[f"peak_{axis}"]) for axis in "xyz"] for row in rows]
    np.testing.assert_allclose(np.reshape(shown, (-1, 3)), peaks, atol=0.051)
    values = [float(row["peak_value"]) for row in rows]
    np.testing.assert_allclose(values, columns["peak_value"], atol=0.0051)
    count = "No region" if not rows else f"{len(rows)} region"
    assert text(browser, "summary").startswith(count)


def test_the_table_equals_find_regions_at_every_threshold_that_is_typed(page, statmap):
    for height in ("0.9", "1.5", "2.2", "3", "3.7", "4.5", "5.25", "6.1", "7.5", "7.95"):
        type_into(page, "height-number", height)
        regions = skerry.find_regions(statmap, float(height))
        if len(regions) <= 400:
            check_table(page, regions)
        assert page.run("return skerry.view.result.n") == len(regions)
        assert page.run("return document.getElementById('height-slider').value") == height


def test_the_slider_moves_the_threshold_and_the_table_follows(page, statmap):
    from selenium.webdriver.common.keys import Keys

    page.run("document.getElementById('height-slider').focus()")
    press(page, *[Keys.ARROW_RIGHT] * 3, Keys.PAGE_UP)
    height = page.run("return skerry.view.state.threshold")
    assert height == pytest.approx(3.0 + 13 * page.run("return skerry.view.controls.step"))
    check_table(page, skerry.find_regions(statmap, height))


def test_dragging_on_the_plot_moves_the_threshold(page, statmap):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By

    plot = page.driver.find_element(By.ID, "curve")
    ActionChains(page.driver).move_to_element(plot).click_and_hold().move_by_offset(
        60, 0
    ).release().perform()
    rest(page)
    height = page.run("return skerry.view.state.threshold")
    assert height > 3.5
    check_table(page, skerry.find_regions(statmap, height))


def test_smallest_region_and_sign_are_those_of_find_regions(page, statmap):
    from selenium.webdriver.common.by import By

    type_into(page, "extent-number", "540")
    check_table(page, skerry.find_regions(statmap, 3.0, min_volume_mm3=540))
    page.driver.find_element(By.CSS_SELECTOR, "label[for=sign-negative]").click()
    rest(page)
    check_table(page, skerry.find_regions(statmap, 3.0, min_volume_mm3=540, sign="negative"))
    assert "z ≤ -3" in text(page, "summary")
    page.driver.find_element(By.ID, "reset").click()
    rest(page)
    check_table(page, skerry.find_regions(statmap, 3.0))


def test_files_saved_from_the_page_are_those_of_the_command_line(page, statmap):
    from selenium.webdriver.common.by import By

    type_into(page, "height-number", "2.5")
    regions = skerry.find_regions(statmap, 2.5)
    for button in page.driver.find_elements(By.CSS_SELECTOR, "#actions button")[1:]:
        button.click()
    stem = f"{statmap.name}_regions"
    saved = {
        suffix: until((page.folder / f"{stem}{suffix}").exists, suffix)
        and page.folder / f"{stem}{suffix}"
        for suffix in (".tsv", ".csv", ".nii.gz")
    }
    image = nibabel.load(saved[".nii.gz"])
    np.testing.assert_array_equal(np.asarray(image.dataobj), regions.labels)
    np.testing.assert_array_equal(image.affine, statmap.grid.affine)
    tsv = to_tsv(region_columns(regions))
    assert saved[".tsv"].read_text(encoding="utf-8") == tsv
    assert saved[".csv"].read_text(encoding="utf-8") == tsv.replace("\t", ",")
    peaks = page.folder / f"{statmap.name}_peaks.tsv"
    until(peaks.exists, "peaks")
    assert peaks.read_text(encoding="utf-8") == to_tsv(peak_columns(regions))


def test_the_fragment_restores_what_the_reader_had_chosen(browser, motor):
    fragment = (
        "#t=4.2&extent=300&sign=positive&side=radiological&paint=values&scheme=dark"
        "&at=-36,-21,54&faint=1&columns=all&sort=-volume_mm3"
    )
    open_page(browser, motor, fragment)
    assert browser.run("return skerry.view.state") == {
        "threshold": 4.2, "minVolume": 300, "sign": "positive", "side": "radiological",
        "paint": "values", "scheme": "dark", "at": [-36, -21, 54], "faint": True, "columns": True,
        "sort": "volume_mm3", "falling": True,
    }  # fmt: skip
    assert set(browser.run("return location.hash")[1:].split("&")) == set(fragment[1:].split("&"))
    checked = "return [...document.querySelectorAll('[type=checkbox]')].map((box) => box.checked)"
    assert browser.run(checked) == [True, True]
    browser.run("location.hash = '#t=3'")
    until(lambda: browser.run("return skerry.view.state.threshold") == 3, "another fragment")
    rest(browser)
    assert browser.run(checked) == [False, False]
    browser.run("location.hash = given[0]", fragment)
    until(lambda: browser.run("return skerry.view.state.threshold") == 4.2, "the first fragment")
    rest(browser)
    volumes = browser.run("return [...skerry.view.result.columns.volume_mm3]")
    assert [row["volume_mm3"] for row in table(browser)] == [
        grouped(mm3) for mm3 in sorted(volumes, reverse=True)
    ]


@pytest.mark.parametrize("fragment", ["#t=abc&at=1,2&sort=<b>&sign=up", "#t=-3", "#%", "#t=1e999"])
def test_a_fragment_that_makes_no_sense_is_passed_over(browser, motor, fragment):
    open_page(browser, motor, fragment)
    state = browser.run("return skerry.view.state")
    assert (state["threshold"], state["sign"], state["sort"]) == (3, "both", "region")
    assert browser.errors() == []


def test_every_column_sorts_both_ways_and_says_so(page):
    keys = page.run(
        "return [...document.querySelectorAll('.regions thead th')].map((th) => th.dataset.key)"
    )
    numbers = {row["region"] for row in table(page)}
    for key in keys:
        for _ in range(2):
            order, shown, n_sorted = page.run(
                """
                const head = document.querySelector(`th[data-key="${given[0]}"]`);
                head.querySelector("button").click();
                while (skerry.view.changed.size) await new Promise(requestAnimationFrame);
                const {columns} = skerry.view.result;
                const shown = skerry.view.table.lines
                  .map(({position}) => columns[given[0]][position]);
                return [head.ariaSort, shown, document.querySelectorAll("[aria-sort]").length];
                """,
                key,
            )
            assert order in ("ascending", "descending")
            assert shown == sorted(shown, reverse=order == "descending"), (key, order)
            assert n_sorted == 1
        assert {row["region"] for row in table(page)} == numbers


def test_what_is_no_finite_number_is_taken_back(page):
    from selenium.webdriver.common.keys import Keys

    for field in ("height-number", "extent-number"):
        type_into(page, field, "4.5")
        before = page.run("return {...skerry.view.state}")
        for words in ("Infinity", "1e999", "-2", "abc", Keys.DELETE):
            type_into(page, field, words)
            assert page.run("return {...skerry.view.state}") == before
            assert page.run("return document.getElementById(given[0]).value", field) == "4.5"


def test_a_click_on_a_row_goes_to_its_peak(page, statmap):
    from selenium.webdriver.common.by import By

    regions = skerry.find_regions(statmap, 3.0)
    rows = page.driver.find_elements(By.CSS_SELECTOR, ".regions tbody tr:not(.spacer)")
    rows[4].find_elements(By.TAG_NAME, "td")[1].click()
    rest(page)
    assert page.run("return skerry.view.state.at") == list(
        regions.grid.xyz(regions.columns["peak_ijk"])[4]
    )
    assert text(page, "at-region") == "in region 5"
    assert page.run("return document.querySelector('[aria-current]').children[0].innerText") == "5"


def test_a_click_on_a_voxel_selects_its_row_and_shows_it(page, statmap):
    regions = skerry.find_regions(statmap, 3.0)
    last = len(regions) - 1
    place = regions.grid.xyz(regions.columns["peak_ijk"])[last].tolist()
    page.run("skerry.view.update({at: given[0]})", place)
    rest(page)
    click_on(page, "slice-axial", place)
    assert text(page, "at-region") == f"in region {last + 1}"
    current = "document.querySelector('[aria-current]')"
    assert page.run(f"return {current}.children[0].innerText") == str(last + 1)
    assert page.run(
        f"""
        const row = {current}.getBoundingClientRect();
        const frame = document.getElementById("table").getBoundingClientRect();
        return row.top >= frame.top && row.bottom <= frame.bottom + 1;
        """
    )


def test_peaks_of_a_region_unfold_below_it(page, statmap):
    from selenium.webdriver.common.by import By

    listed = skerry.peak_table(skerry.find_regions(statmap, 3.0))
    fold = page.driver.find_element(By.CSS_SELECTOR, "button.fold:not(:disabled)")
    assert fold.get_attribute("aria-expanded") == "false"
    row = fold.find_element(By.XPATH, "./ancestor::tr").find_element(By.CLASS_NAME, "go").text
    fold.click()
    rest(page)
    subs = page.run("return [...document.querySelectorAll('tr.sub')].map((tr) => tr.innerText)")
    wanted = listed[(listed.region == int(row)) & (listed.peak > 1)]
    assert len(subs) == len(wanted) > 0
    for sub, (_, peak) in zip(subs, wanted.iterrows(), strict=True):
        cells = sub.split()
        assert cells[:4] == [f"{row}.{peak.peak:.0f}", *(f"{peak[axis]:g}" for axis in "xyz")]
        assert cells[4] == f"{peak.value:.2f}"
    assert page.run("return document.querySelector('button.fold').ariaExpanded") == "true"


def test_the_crosshair_stays_in_the_picture_that_the_pointer_is_dragged_out_of(page):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By

    canvas = page.driver.find_element(By.ID, "slice-coronal")
    out = -canvas.size["height"] // 2 - 20
    ActionChains(page.driver).move_to_element(canvas).click_and_hold().move_by_offset(
        10, out
    ).release().perform()
    rest(page)
    z, highest = page.run(
        "const {state, scene} = skerry.view; return [state.at[2], scene.box.high[2]]"
    )
    assert z == highest


def test_left_and_right_change_sides(page):
    left = place_on(page, "slice-axial", [-40, 0, 0])[0]
    assert left < place_on(page, "slice-axial", [40, 0, 0])[0]
    page.run("skerry.view.update({side: 'radiological'})")
    rest(page)
    assert (
        place_on(page, "slice-axial", [-40, 0, 0])[0] > place_on(page, "slice-axial", [40, 0, 0])[0]
    )
    # The same voxel is under the same place, whichever side it is shown on.
    click_on(page, "slice-axial", [-36, -21, 0])
    np.testing.assert_allclose(page.run("return skerry.view.state.at")[:2], [-36, -21], atol=1.5)


@pytest.mark.parametrize("width", [400, 700, 1280, 2560])
def test_no_screen_makes_the_page_scroll_sideways(page, width):
    size(page, width, 800)
    rest(page)
    assert page.run("return document.documentElement.scrollWidth") <= width


def test_the_methods_follow_the_slider(browser, motor):
    methods = {
        "paragraph": ["Height {threshold}{how}, {signs}{extent}: {n_regions}, {{braces}}."],
        "citations": [{"text": "Somebody 2001", "doi": "10.1/x"}],
        "command": ["skerry", "report", "a map's.nii", "-t", "{threshold}", "--sign", "{sign}"],
        "python": 'find_regions("a", {threshold}, sign="{sign}", min_volume_mm3={min_volume})',
        "initial": {
            "threshold": 3.0, "how": " (as asked)", "sign": "both",
            "command_threshold": "97%", "python_threshold": '"97%"',
        },
        "words": {
            "signs": {"both": "two signs", "positive": "one sign", "negative": "the other"},
            "extent": {"none": "", "some": " of {min_volume} mm³"},
        },
    }  # fmt: skip
    open_page(browser, motor, methods=methods)
    n_regions = browser.run("return skerry.view.result.n")
    said = f"Height 3 (as asked), two signs: {n_regions} regions, {{braces}}."
    assert text(browser, "methods-paragraph") == said
    assert text(browser, "methods-command") == "skerry report 'a map'\\''s.nii' -t 97% --sign both"
    assert 'find_regions("a", "97%", sign="both", min_volume_mm3=0)' in text(
        browser, "methods-python"
    )
    type_into(browser, "height-number", "7.9")
    type_into(browser, "extent-number", "30000")
    assert text(browser, "methods-paragraph").startswith(
        "Height 7.9, two signs of 30\u202f000 mm³: "
    )
    assert text(browser, "methods-command").endswith(" -t 7.9 --sign both")


def test_every_column_has_room_whichever_rows_exist(page):
    narrow = """
        skerry.view.table.fill(given[0]);
        const [frame] = document.getElementsByClassName("table-frame");
        const heads = [...document.querySelectorAll(".regions thead th")];
        return [heads.filter((head) => head.offsetWidth < 30).map((head) => head.dataset.key),
          frame.clientWidth - frame.firstChild.offsetWidth];
    """
    size(page, 2560, 700)
    type_into(page, "height-number", "1")
    for all_rows in (False, True):
        assert page.run(narrow, all_rows) == [[], 0]
