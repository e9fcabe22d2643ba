"""Reports and views as a reader opens them: what Python wrote, in the browser."""

from __future__ import annotations

import re
import shlex
from contextlib import nullcontext

import nibabel
import numpy as np
import pytest

import skerry
from browser.view_page import rest, size, table, text, type_into, wait
from report.made import HOSTILE, SAMPLE, noise, sample_regions
from skerry.plotting import view_img


def open_html(browser, html, width=1280, height=900):
    size(browser, width, height)
    browser.open(html)
    wait(browser, "return document.documentElement.dataset.ready === 'yes'")
    rest(browser)


def is_seen(browser, selector):
    """Tell whether an element takes any room."""
    return browser.run(
        "const it = document.querySelector(given[0]);"
        "return it !== null && it.getClientRects().length > 0 && it.textContent !== ''",
        selector,
    )


def test_a_report_opens_on_its_regions_with_its_methods(browser):
    regions = sample_regions("97%", kind="z", min_volume_mm3=1500)
    report = skerry.make_report(regions, title=HOSTILE, atlas="schaefer200")
    open_html(browser, report.html)
    expected = skerry.region_table(regions, atlas="schaefer200")
    assert len(table(browser)) == len(regions)
    assert text(browser, "title") == HOSTILE
    assert browser.run("return window.stolen ?? null") is None
    said = text(browser, "methods-paragraph")
    assert f"{len(regions)} regions" in said
    assert "(the 97th percentile of |value| over the mask)" in said
    assert "{" not in said
    words = shlex.split(text(browser, "methods-command"))
    assert words[:5] == ["skerry", "report", "image_10426.nii.gz", "-t", "97%"]
    assert f"--title={HOSTILE}" in words
    names = browser.run("const {engine, view} = skerry; return engine.overlap(view.result, 1)")
    assert names == [expected["schaefer200_overlap"][0]]
    assert browser.errors() == []


def test_the_python_lines_of_a_moved_slider_give_the_regions_on_the_page(
    browser, tmp_path, monkeypatch
):
    import shutil

    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLE, tmp_path)
    open_html(browser, skerry.make_report(sample_regions(3)).html)
    type_into(browser, "height-number", "4.321")
    type_into(browser, "extent-number", "1234.5")
    rest(browser)
    names: dict = {}
    exec(text(browser, "methods-python"), names)  # noqa: S102  # our own lines
    assert names["regions"].threshold == 4.321
    assert len(names["regions"]) == browser.run("return skerry.view.result.n")
    assert "(as asked)" not in text(browser, "methods-paragraph")


@pytest.mark.parametrize(
    "make",
    [lambda: skerry.split_regions(sample_regions(3)), lambda: sample_regions("tdp>0.9", kind="z")],
)
def test_regions_that_no_height_gives_are_listed_apart(browser, make):
    regions = make()
    report = skerry.make_report(regions)
    open_html(browser, report.html)
    assert text(browser, "given-note").startswith(report.contents.given.why[:30])
    shown = browser.run(
        """
        const rows = [...document.querySelectorAll("#made-body table tr")];
        return rows.map((row) => row.textContent);
        """
    )
    assert sum(
        row.startswith(str(n)) for n, row in zip(range(1, 99), shown[1:], strict=False)
    ) == len(regions)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    on_paper = [is_seen(browser, one) for one in (".given", ".given .lesser", ".record")]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert on_paper == [True, False, False]
    at_height = skerry.find_regions(regions.statmap, regions.threshold)
    assert browser.run("return skerry.view.result.n") == len(at_height)


def test_a_claim_that_nothing_can_meet_opens_on_no_region(browser):
    regions = skerry.find_regions(noise(), "fdr<0.0001", kind="z")
    report = skerry.make_report(regions)
    open_html(browser, report.html)
    assert browser.run("return skerry.view.result.n") == 0
    said = "a height that none reaches (false discovery rate 0.0001 over 1728 voxels"
    assert said in text(browser, "methods-paragraph")
    assert '"fdr<0.0001"' in text(browser, "methods-python")
    assert browser.errors() == []


@pytest.mark.parametrize(("kind", "rule"), [("F", "F ≥ 4"), ("p", "\u2212log₁₀ p ≥ 4")])
def test_a_map_of_one_side_is_not_spoken_of_as_if_it_had_signs(browser, kind, rule):
    image = nibabel.load(SAMPLE)
    values = np.abs(np.asarray(image.dataobj))
    values = np.where(values > 0, 10.0**-values, 0.0) if kind == "p" else values
    df = {"df": (3, 40)} if kind == "F" else {}
    with pytest.warns(skerry.errors.SkerryWarning) if kind == "p" else nullcontext():
        regions = skerry.find_regions(nibabel.Nifti1Image(values, image.affine), 4, kind=kind, **df)
    open_html(browser, skerry.make_report(regions).html)
    assert text(browser, "summary").endswith(f" at {rule}")
    assert not is_seen(browser, "#sign")
    row = table(browser)[0]
    assert "sign" not in row
    head = browser.run("return document.querySelector('[data-key=peak_value]').textContent")
    assert head == f"Peak {rule.removesuffix(' ≥ 4')}"
    said = text(browser, "made-body")
    assert "joined into regions, where they share" in said
    assert "signs" not in said.replace("--sign", "").replace('sign="', "")


@pytest.mark.parametrize(
    ("max_peaks", "says"),
    [(2, "more than 9 mm apart, at most 2 of a region"), (None, "more than 9 mm apart, all of a")],
)
def test_the_rules_say_which_peaks_are_listed(browser, max_peaks, says):
    regions = sample_regions(3)
    report = skerry.make_report(regions, max_peaks=max_peaks, min_distance_mm=9)
    open_html(browser, report.html)
    assert says in text(browser, "made-body")
    listed = browser.run(
        "const {engine, view: {result}} = skerry;"
        "return Array.from(result.columns.region, (region) => engine.peaks(result, region).length)"
    )
    table = skerry.peak_table(regions, max_peaks=max_peaks, min_distance_mm=9)
    assert listed == table["region"].value_counts().sort_index().tolist()


def test_on_paper_the_heads_of_the_table_are_words_which_every_page_repeats(browser):
    open_html(browser, skerry.make_report(sample_regions(3)).html)
    heads = """
        return [...document.querySelectorAll(".regions thead th")].map((head) =>
          [head.innerText.trim(), head.querySelector("button").getClientRects().length]);
    """
    shown = browser.run(heads)
    assert all(n_boxes == 1 for _, n_boxes in shown)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    printed = browser.run(heads)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    # The box of a button keeps Chromium from repeating them.
    assert printed == [[words, 0] for words, _ in shown]


@pytest.mark.parametrize("width", [400, 800, 1280])
def test_what_is_said_of_a_region_is_whole(browser, width):
    report = skerry.make_report(sample_regions(3, kind="z"), atlas="schaefer200")
    open_html(browser, report.html, width)
    browser.run("document.querySelector('.regions .go').click()")
    rest(browser)
    cut = browser.run(
        """
        await new Promise((done) => setTimeout(done, 400));  // names come at rest
        return [...document.querySelectorAll(".detail dd, .detail dd span")]
          .filter((one) => one.scrollWidth > one.clientWidth)
          .map((one) => one.textContent);
        """
    )
    assert cut == []
    shown = browser.run("return document.querySelector('.inspector').innerText")
    assert "voxels" in shown
    # A share stands before its name, and lines end after underscores, not amid words.
    names = browser.run(
        """
        return [...document.querySelectorAll(".names span")].map((one) => {
          const box = (at) => {
            const range = document.createRange();
            range.setStart(...at);
            range.setEnd(at[0], at[1] + 1);
            return range.getBoundingClientRect();
          };
          const parts = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
          return [one.textContent, parts.every((part) =>
            Math.abs(box([part, 0]).top - box([part, part.length - 1]).top) < 2)];
        });
        """
    )
    shares = [name for name, _ in names[1:]]
    assert len(shares) > 2
    assert all(re.match(r"<?[\d.]+%\u00a0\w", share) for share in shares)
    assert all(is_whole for name, is_whole in names if "7Networks_" in name)


def test_regions_stand_out_from_the_dark_scheme(browser):
    """Colours of the first regions are the figures' own, darker ones among them, in light."""
    regions = skerry.find_regions(SAMPLE, 3.0, kind="z")
    assert len(regions) > 8
    open_html(browser, skerry.make_report(regions).html)
    swatches = r"""
        skerry.view.update({scheme: given[0]});
        await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
        return [...document.querySelectorAll(".swatch")].slice(0, 9)
          .map((one) => getComputedStyle(one).backgroundColor.match(/\d+/g).map(Number));
    """
    light, dark = (np.array(browser.run(swatches, scheme)) / 255 for scheme in ("light", "dark"))
    assert light.shape == dark.shape == (9, 3)

    def luminance(colors):
        linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    assert luminance(light).min() < 0.1
    assert luminance(dark).min() >= 0.2
    bright = luminance(light) >= 0.2
    np.testing.assert_array_equal(dark[bright], light[bright])


def test_a_view_is_three_slices_and_no_more(browser):
    view = view_img(SAMPLE, threshold=3, title=HOSTILE, cut_coords=(36, -27, 66))
    open_html(browser, view.html, view.width, view.height)
    assert browser.run("return document.querySelectorAll('#slices canvas').length") == 3
    for hidden in ("#threshold", "#results", "#made", "#paint"):
        assert not is_seen(browser, hidden)
    assert text(browser, "title") == HOSTILE
    assert browser.run("return skerry.view.state.at") == [36, -27, 66]
    needs = browser.run(
        "const page = document.documentElement; return [page.scrollWidth, page.scrollHeight]"
    )
    assert needs[0] <= view.width
    assert needs[1] <= view.height
    assert browser.run("return window.stolen ?? null") is None
    assert browser.errors() == []


@pytest.mark.parametrize(("width", "is_beside"), [(600, True), (400, False)])
def test_the_colour_bar_of_a_view_stands_beside_the_slices_where_there_is_room(
    browser, width, is_beside
):
    view = view_img(SAMPLE, threshold=3)
    open_html(browser, view.html, width, view.height)
    bar, slices = browser.run(
        """
        const frame = (id) => document.getElementById(id).getBoundingClientRect();
        return ["colorbar", "slices"].map(frame).map(({left, right, top, bottom}) =>
          ({left, right, top, bottom}));
        """
    )
    assert (bar["left"] >= slices["right"]) == is_beside
    assert (bar["top"] >= slices["bottom"]) != is_beside
    assert bar["right"] <= width
    assert bar["bottom"] <= view.height


@pytest.mark.parametrize("scale", [0.01, 1e-9, 1e9])
def test_numbers_of_any_size_have_room_beside_the_colour_bar(browser, scale):
    image = nibabel.load(SAMPLE)
    values = np.asarray(image.dataobj, np.float64) * scale
    view = view_img(nibabel.Nifti1Image(values, image.affine), threshold=3.3 * scale)
    open_html(browser, view.html, view.width, view.height)
    room = browser.run(
        """
        const bar = document.querySelector(".upright").getBoundingClientRect().right;
        return [...document.querySelectorAll(".upright text")]
          .map((text) => bar - text.getBoundingClientRect().right);
        """
    )
    assert len(room) == 4
    assert min(room) >= 0


@pytest.mark.parametrize(
    "options", [{}, {"bg_img": None}, {"radiological": True, "annotate": False}]
)
def test_a_view_paints_only_what_is_above_its_threshold(browser, options):
    values = np.zeros((30, 30, 30), dtype=np.float32)
    values[10:20, 10:20, 10:20] = 1.0
    values[10:14, 10:20, 10:20] = 5.0
    img = nibabel.Nifti1Image(values, np.diag([3.0, 3, 3, 1]))
    view = view_img(img, threshold=2, cut_coords=(45, 45, 45), **options)
    open_html(browser, view.html, view.width, view.height)
    side = browser.run("return skerry.view.state.side")
    assert side == ("radiological" if options.get("radiological") else "neurological")
    coloured = browser.run(
        """
        const count = (canvas) => {
          const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let n = 0;
          for (let at = 0; at < data.length; at += 4)
            if (data[at + 3] > 128 && data[at] - data[at + 2] > 60) n++;
          return n;
        };
        return [...document.querySelectorAll("#slices canvas")].map(count);
        """
    )
    assert sum(n > 50 for n in coloured) >= 2  # the cut through x = 45 misses what is above
    assert min(coloured) == 0
    assert browser.errors() == []


def test_beneath_a_view_without_background_is_nothing(browser):
    values = np.random.default_rng(0).normal(size=(20, 20, 20)).astype(np.float32)
    view = view_img(nibabel.Nifti1Image(values, np.eye(4)), bg_img=None, threshold=3)
    open_html(browser, view.html, view.width, view.height)
    beneath = browser.run(
        """
        return skerry.view.slices.map(({under}) => {
          const {data} = under.getContext("2d").getImageData(0, 0, under.width, under.height);
          return new Set(new Uint32Array(data.buffer)).size;
        });
        """
    )
    assert beneath == [1, 1, 1]
