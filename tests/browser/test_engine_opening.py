"""The page opens with parts of the merge trees and shows what the whole ones say."""

from __future__ import annotations

import pytest

import skerry
from browser.engine_page import at, engine_html
from skerry.atlas.on_map import atlases_on
from skerry.datasets import load_sample_motor_activation_image
from skerry.page.pack import pack
from skerry.tables.columns import to_tsv
from skerry.tables.peak_table import peak_columns
from skerry.tables.region_table import region_columns

IS_WHOLE = "return (await open1('map')).trees.isWhole;"
COUNT = """
const [asked] = given;
return (await open1('map')).at(asked).n;
"""
COLORS = """
const [asked] = given;
return Array.from((await open1('map')).at(asked).color);
"""
GROW = """
const engine = await open1('map');
let turns = 0;
while (!engine.prepare(0.01)) turns++;
return turns;
"""


def opened(browser, height, **asked):
    """Open the map at a height anew; give its regions and what the engine is asked for."""
    regions = skerry.find_regions(load_sample_motor_activation_image(), height, kind="z", **asked)
    placed = atlases_on(regions.statmap, "schaefer200")
    browser.open(engine_html({"map": pack(regions, atlases=placed)}))
    opening = {
        "threshold": height,
        "sign": regions.sign,
        "minVolume": regions.min_volume_mm3,
    }
    return regions, placed, opening


@pytest.mark.parametrize(
    ("height", "asked"),
    [
        (3.1, {}),
        (1.8, {"sign": "negative"}),
        (2.5, {"sign": "positive", "min_volume_mm3": 81}),
    ],
)
def test_the_opening_needs_no_whole_tree_and_equals_it(browser, height, asked):
    regions, placed, opening = opened(browser, height, **asked)
    assert browser.run(COUNT, opening) == len(regions) > 3
    assert not browser.run(IS_WHOLE)
    first = at(browser, "map", opening)
    assert first["tsv"] == to_tsv(region_columns(regions, atlases=placed))
    assert first["peaks"] == to_tsv(peak_columns(regions, atlases=placed))
    browser.run(GROW)
    assert browser.run(IS_WHOLE)
    whole = at(browser, "map", opening)
    for name in ("tsv", "peaks", "color", "image", "nAbove"):
        assert whole[name] == first[name], name


def test_another_height_asks_for_the_whole_trees_at_once(browser):
    regions, _, opening = opened(browser, 3.1)
    assert browser.run(COUNT, opening) == len(regions)
    assert not browser.run(IS_WHOLE)
    lower = skerry.find_regions(regions.statmap, 2.0)
    found = at(browser, "map", {**opening, "threshold": 2.0})
    assert found["n"] == len(lower) > len(regions)
    assert browser.run(IS_WHOLE)


def test_more_regions_than_colours_of_the_figures_keep_theirs(browser):
    regions, _, opening = opened(browser, 1.5)
    assert len(regions) > 30
    first = browser.run(COLORS, opening)
    assert browser.run(GROW) > 3
    assert browser.run(COLORS, opening) == first
    browser.open(engine_html({"map": pack(regions)}))
    browser.run(GROW)
    assert browser.run(COLORS, opening) == first
