"""The page names the places of peaks and regions as the tables do."""

from __future__ import annotations

import numpy as np
import pytest

import skerry
from browser.engine_page import at, engine_html
from skerry.atlas.on_map import atlases_on
from skerry.datasets import load_sample_motor_activation_image
from skerry.page.pack import pack
from skerry.tables.columns import to_tsv
from skerry.tables.peak_table import peak_columns
from skerry.tables.region_table import region_columns


@pytest.fixture(scope="module")
def statmap():
    return skerry.load_map(load_sample_motor_activation_image(), kind="z")


def coarse_grid():
    affine = np.diag([8.0, 8.0, 8.0, 1.0])
    affine[:3, 3] = -80, -90, -60
    return skerry.Grid((20, 24, 20), affine)


def probabilistic():
    """Give an atlas of three labels that overlap and leave much outside."""
    grid = coarse_grid()
    generator = np.random.default_rng(0)
    chances = generator.random((*grid.shape, 3)).astype(np.float32)
    chances /= 1.5 * chances.sum(axis=3, keepdims=True)
    chances[generator.random(grid.shape) < 0.5] = 0
    return skerry.Atlas(chances, grid, np.arange(1, 4), ("left <b>", "right & top", "=1+1"), "soft")


def labelled():
    """Give an atlas of labels, some without a network, with names that are not plain."""
    grid = coarse_grid()
    numbers = np.arange(1, 13) * 3
    values = np.random.default_rng(1).choice(np.r_[0, numbers], grid.shape)
    names = (*(f"area {number}" for number in numbers[:-1]), "\u202earea \u00e4")
    networks = ("visual", "", "attention", "visual") * 3
    return skerry.Atlas(values, grid, numbers, names, "parts", networks=networks)


@pytest.mark.parametrize("which", ["schaefer200", "labels", "probabilities", "two"])
def test_names_and_overlaps_are_those_of_the_tables(browser, statmap, which):
    chosen = {
        "schaefer200": "schaefer200",
        "labels": labelled(),
        "probabilities": probabilistic(),
        "two": [labelled(), probabilistic()],
    }[which]
    atlases = atlases_on(statmap, chosen)
    packed = pack(skerry.find_regions(statmap), atlases=atlases)
    browser.open(engine_html({"map": packed}))
    for threshold, sign in ((0.5, "both"), (2.5, "both"), (4.0, "positive"), (3.0, "negative")):
        regions = skerry.find_regions(statmap, threshold, sign=sign)
        found = at(browser, "map", {"threshold": threshold, "sign": sign})
        assert found["tsv"] == to_tsv(region_columns(regions, atlases=atlases))
        assert found["peaks"] == to_tsv(peak_columns(regions, atlases=atlases))
    assert browser.errors() == []


def test_names_are_quoted_as_in_the_tables_where_that_was_asked_for(browser, statmap):
    regions = skerry.find_regions(statmap, 3.0)
    atlases = atlases_on(statmap, probabilistic())
    browser.open(engine_html({"map": pack(regions, atlases=atlases, quote_formulas=True)}))
    found = at(browser, "map", {"threshold": 3.0, "sign": "both"})
    assert "\t'=1+1" in found["tsv"]
    columns = region_columns(regions, atlases=atlases)
    assert found["tsv"] == to_tsv(columns, quote_formulas=True)
    peaks = peak_columns(regions, atlases=atlases)
    assert found["peaks"] == to_tsv(peaks, quote_formulas=True)


def test_a_region_tells_its_overlap_by_itself(browser, statmap):
    atlases = atlases_on(statmap, [labelled(), probabilistic()])
    browser.open(engine_html({"map": pack(skerry.find_regions(statmap), atlases=atlases)}))
    told = browser.run(
        """
        const engine = await open1("map");
        const result = engine.at({threshold: 3, sign: "both"});
        return [engine.overlap(result, 2), result.atlas.map(({peak}) => peak[1])];
        """
    )
    table = region_columns(skerry.find_regions(statmap, 3.0), atlases=atlases)
    assert told == [
        [table["parts_overlap"][1], table["soft_overlap"][1]],
        [table["parts_peak"][1], table["soft_peak"][1]],
    ]
