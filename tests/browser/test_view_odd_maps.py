"""The page of maps that are not the usual one."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

import skerry
from browser.view_page import click_on, open_page, press, rest, table, text, type_into, wait
from skerry.page.pack import Packed, pack
from skerry.space.grid import Grid

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


def packed(values, affine=AFFINE, threshold=2.0, **options):
    img = nibabel.Nifti1Image(np.asarray(values, dtype=np.float32), affine)
    return pack(skerry.find_regions(img, threshold, **options))


def noise(shape=(12, 14, 10), seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_a_map_of_nothing_says_so_in_words(browser):
    open_page(browser, packed(np.zeros((5, 6, 7)), threshold=1.0))
    assert text(browser, "summary").startswith("No region at")
    assert "holds no value" in text(browser, "empty")
    assert table(browser) == []
    assert browser.errors() == []


def test_a_threshold_above_everything_says_how_high_the_map_goes(browser):
    values = noise()
    open_page(browser, packed(values, threshold=99.0))
    assert "Lower the threshold" in text(browser, "empty")
    type_into(browser, "height-number", "2")
    assert len(table(browser)) == len(skerry.find_regions(image(values), 2.0))


def image(values, affine=AFFINE):
    return nibabel.Nifti1Image(np.asarray(values, dtype=np.float32), affine)


def test_an_extent_that_leaves_nothing_says_that_it_does(browser):
    open_page(browser, packed(noise()))
    type_into(browser, "extent-number", "1e6")
    assert "no region is as large" in text(browser, "empty")


def test_one_voxel_is_one_region(browser):
    values = np.zeros((5, 5, 5))
    values[2, 3, 1] = 4
    open_page(browser, packed(values))
    (row,) = table(browser)
    assert (row["volume_mm3"], row["peak_x"], row["peak_y"], row["peak_z"]) == ("8", "4", "6", "2")


def test_sizes_of_voxels_are_not_rounded(browser):
    open_page(browser, packed(noise(), np.diag([-1.25, 2.0, 3.125, 1])))
    sizes = "1.25 \u00d7 2 \u00d7 3.125 mm"
    assert f" · {sizes} · 1680 voxels in the mask" in text(browser, "subtitle")
    assert f" voxels of {sizes}" in text(browser, "made-body")
    open_page(browser, packed(noise(), np.diag([1.25, 1.25, 1.25, 1])))
    assert " · 1.25 mm · " in text(browser, "subtitle")
    assert " voxels of 1.25 mm" in text(browser, "made-body")


@pytest.mark.parametrize("scale", [1e-26, 1e12])
def test_the_slider_moves_through_values_of_any_size(browser, scale):
    from selenium.webdriver.common.keys import Keys

    values = noise().astype(np.float64) * scale
    img = nibabel.Nifti1Image(values, AFFINE)
    open_page(browser, pack(skerry.find_regions(img, 2 * scale)))
    browser.run("document.getElementById('height-slider').focus()")
    press(browser, *[Keys.ARROW_LEFT] * 3, Keys.PAGE_DOWN)
    step, height = browser.run(
        "const {controls, state} = skerry.view; return [controls.step, state.threshold]"
    )
    assert 0 < step < np.abs(values).max() / 200
    assert height == pytest.approx(2 * scale - 13 * step, rel=1e-9)
    assert len(skerry.find_regions(img, height)) == browser.run("return skerry.view.result.n")
    marks = browser.run(
        "return [...document.querySelectorAll('#height-scale span')].map((one) => one.textContent)"
    )
    assert 4 <= len(marks) <= 12
    assert float(marks[-1]) <= np.abs(values).max() * 1.02


@pytest.mark.parametrize("values", [[3.0, 3.5, 4.0], [3.0]])
def test_the_slider_shows_a_threshold_below_all_values(browser, values):
    """As of a map that was cut off at 3 before."""
    field = np.zeros((6, 6, 6))
    field.flat[: 62 * len(values) : 62] = values
    open_page(browser, packed(field, threshold=2.0))
    wait(browser, "return Boolean(skerry.view.curve.curve)")
    lowest, highest, drawn = browser.run(
        """
        const {controls, curve} = skerry.view;
        return [controls.lowest, controls.highest, [...curve.curve.count]];
        """
    )
    assert lowest <= 2.0 < max(values) < highest
    assert browser.run("return document.getElementById('height-slider').value") == "2"
    # As many up to the lowest value; none at the end, which is above them all.
    assert (drawn[0], drawn[-1]) == (len(values), 0)


def test_an_axis_that_16_bits_cannot_count_is_seen_to_its_end(browser):
    values = np.zeros((40_000, 2, 2), np.float32)
    values[-1] = 3
    grid = Grid(values.shape, np.diag([0.01, 2.0, 2.0, 1.0]))
    open_page(browser, pack(skerry.find_regions(skerry.StatMap(values, grid), 2.0)))
    box = browser.run("return skerry.view.scene.box")
    assert (box["low"][0], box["high"][0]) == pytest.approx((399.985, 399.995), abs=1e-3)
    assert browser.errors() == []


def test_all_voxels_positive_and_above_are_one_region(browser):
    open_page(browser, packed(np.full((6, 6, 6), 5.0)))
    (row,) = table(browser)
    assert row["volume_mm3"] == "1728"
    assert text(browser, "summary") == "1 region, 1728 mm³ at |value| ≥ 2"


def test_five_thousand_regions_are_listed_and_few_rows_exist(browser):
    values = np.zeros((52, 52, 52))
    values[::3, ::3, ::3] = 3 + np.random.default_rng(1).random((18, 18, 18))
    open_page(browser, packed(values))
    assert text(browser, "summary").startswith("5832 regions")
    assert browser.run("return document.querySelector('.regions').ariaRowCount") == "5833"
    assert len(table(browser)) < 100
    frame = "document.getElementById('table')"
    browser.run(f"{frame}.scrollTop = {frame}.scrollHeight")
    rest(browser)
    assert table(browser)[-1]["region"] == "5832"


def test_on_paper_the_page_is_light_and_has_every_row(browser):
    values = np.zeros((27, 27, 27))
    values[::3, ::3, ::3] = 3
    open_page(browser, packed(values), "#scheme=dark")
    scheme = "return getComputedStyle(document.documentElement).colorScheme"
    assert len(table(browser)) < 100
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    assert len(table(browser)) == 729
    assert browser.run(scheme) == "light"
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    assert len(table(browser)) < 100
    assert browser.run(scheme) == "dark"


def test_an_endless_table_is_cut_on_paper_and_says_so(browser):
    values = np.zeros((33, 33, 33))
    values[::3, ::3, ::3] = 3
    open_page(browser, packed(values))
    high = "return document.querySelector('.regions tbody').offsetHeight"
    assert browser.run(high) == pytest.approx(1331 * 30, abs=60)
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    assert len(table(browser)) == 1000
    assert browser.run(high) < 1000 * 32  # no white paper for the others
    assert text(browser, "paper-note").startswith("331 rows more")
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    assert text(browser, "paper-note") == ""


def test_the_plot_keeps_to_its_scale_on_paper_of_another_width(browser):
    open_page(browser, packed(noise()))
    wait(browser, "return Boolean(skerry.view.curve.curve)")
    apart = browser.run(
        """
        const {curve: {box, marker}, controls: {lowest, highest}, state} = skerry.view;
        const share = (state.threshold - lowest) / (highest - lowest);
        // Before anything can be drawn anew, as when a browser lays a page out for paper.
        return [1, 0.6].map((part) => {
          box.style.width = `${box.clientWidth * part}px`;
          const {left, width} = box.getBoundingClientRect();
          return marker.getBoundingClientRect().left - left - (10 + share * (width - 20));
        });
        """
    )
    assert np.abs(apart).max() < 5


def test_colours_that_tell_regions_apart_are_printed(browser):
    open_page(browser, packed(noise()))
    kept = browser.run(
        """
        return [".swatch", ".key-volume"].map((one) => [...document.styleSheets[0].cssRules]
          .filter(({media}) => media?.mediaText === "print")
          .flatMap(({cssRules}) => [...cssRules])
          .filter(({selectorText}) => selectorText.split(", ").includes(one))
          .some(({style}) => style.printColorAdjust === "exact"));
        """
    )
    assert kept == [True, True]


def test_nan_around_the_brain_is_outside_the_mask(browser):
    values = noise()
    values[:3] = np.nan
    open_page(browser, packed(values))
    browser.run("skerry.view.update({at: [0, 10, 10]})")
    rest(browser)
    assert text(browser, "at-value") == "outside the mask"


def test_a_map_not_in_mni_space_has_no_template_under_it_and_says_so(browser, shared_data):
    statmap = skerry.load_map(shared_data / "maps" / "fsl_tstat1_3x3x3p6.nii.gz", kind="t", df=50)
    page = skerry.make_report(skerry.find_regions(statmap, 4.0)).page
    open_page(browser, Packed(page.facts, page.blocks))
    assert browser.run("return skerry.view.scene.under") is None
    assert "no template" in text(browser, "subtitle") + text(browser, "made-body")
    grey = browser.run(
        """
        const [slice] = skerry.view.slices;
        const {data} = slice.under.getContext("2d").getImageData(
          Math.round(slice.under.width / 2), Math.round(slice.under.height / 2), 1, 1);
        return [...data];
        """
    )
    assert len(set(grey[:3])) == 1
    assert grey[0] != 255


def turned(degrees):
    """Give an affine of 2 x 2 x 3 mm voxels turned about z."""
    angle = np.deg2rad(degrees)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    )
    affine = np.eye(4)
    affine[:3, :3] = turn @ np.diag([2.0, 2.0, 3.0])
    affine[:3, 3] = (-10, -15, -12)
    return affine


@pytest.mark.parametrize("degrees", [0, 25, 90])
@pytest.mark.parametrize("canvas", ["slice-axial", "slice-coronal", "slice-sagittal"])
def test_a_click_on_a_voxels_centre_finds_that_voxel_on_any_grid(browser, degrees, canvas):
    values = np.zeros((9, 10, 8))
    values[3, 6, 2] = 5
    affine = turned(degrees)
    x, y, z = (affine @ [3, 6, 2, 1])[:3]
    open_page(browser, packed(values + 0.01, affine), f"#at={x},{y},{z}")
    click_on(browser, canvas, [x, y, z])
    assert text(browser, "at-value") == "value = 5.01"
    assert text(browser, "at-region") == "in region 1"


def test_a_voxel_is_painted_around_its_centre(browser):
    values = np.full((6, 7, 8), 0.5)
    values[2, 3, 4] = 5
    affine = np.diag([-3.0, 4.0, 5.0, 1.0])  # stored from right to left
    open_page(browser, packed(values, affine), "#at=-6,12,20&scheme=light")
    painted = browser.run(
        """
        const slice = skerry.view.slices.find(({canvas}) => canvas.id === "slice-axial");
        const {pen} = slice;
        return given[0].map(([x, y]) => {
          const [left, top] = slice.place(x, y);
          const [r, g, b] = pen.getImageData(Math.round(left), Math.round(top), 1, 1).data;
          return Math.max(r, g, b) - Math.min(r, g, b) > 20;
        });
        """,
        # Within a third of a voxel of the centre, and beyond its edge.
        [[-7, 13.2], [-5, 10.8], [-6.8, 11], [-9, 13], [-3, 11], [-6.8, 16], [-5.2, 8]],
    )
    assert painted == [True, True, True, False, False, False, False]
