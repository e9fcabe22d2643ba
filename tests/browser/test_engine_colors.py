"""The page's colours: those of the figures, kept as the threshold moves, never a neighbour's."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

import skerry
from browser.engine_page import at, engine_html
from skerry.core.tree import build_tree
from skerry.datasets import load_sample_motor_activation_image
from skerry.page.pack import pack
from skerry.plotting.colors.palettes import region_colors
from skerry.space.neighbours import GridNeighbours


@pytest.fixture(scope="module")
def regions(browser):
    found = skerry.find_regions(load_sample_motor_activation_image(), 3.0, min_volume_mm3=81)
    browser.open(engine_html({"map": pack(found)}))
    return found


def test_the_page_opens_with_the_colours_of_the_figures(browser, regions):
    assert 7 < len(regions) < 21
    palette = browser.run("return (await open1('map')).palette;")
    found = at(browser, "map", {"threshold": 3.0, "sign": "both", "minVolume": 81})
    assert [palette[color] for color in found["color"]] == [
        to_hex(color) for color in region_colors(len(regions))
    ]


def test_a_region_keeps_the_colour_of_its_highest_peak(browser, regions):
    bearer = {}
    for threshold in np.linspace(0.2, 7.9, 30):
        found = at(browser, "map", {"threshold": threshold, "sign": "both"})
        columns = found["columns"]
        for peak, color in zip(
            zip(*(columns[f"peak_{axis}"] for axis in "ijk"), columns["sign"], strict=True),
            found["color"],
            strict=True,
        ):
            assert bearer.setdefault(peak, color) == color
    assert len(bearer) > 100


def test_regions_that_part_have_two_colours(browser, regions):
    """Just above a saddle two regions lie side by side."""
    tree = build_tree(
        regions.statmap.values,
        GridNeighbours(regions.grid, 26),
        mask=regions.statmap.mask,
    )
    parted = 0
    for leaf in np.flatnonzero(tree.saddle >= 0)[:60]:
        saddle = float(tree.height[tree.saddle[leaf]])
        if saddle == float(tree.height[tree.node_rank[leaf]]):
            continue
        found = at(browser, "map", {"threshold": np.nextafter(saddle, np.inf), "sign": "positive"})
        number = {
            tuple(voxel): color
            for *voxel, color in zip(
                *(found["columns"][f"peak_{axis}"].astype(int) for axis in "ijk"),
                found["color"],
                strict=True,
            )
        }
        peaks = tree.order[tree.node_rank[[leaf, tree.elder[leaf]]]]
        colors = [
            number[tuple(int(n) for n in np.unravel_index(peak, regions.grid.shape))]
            for peak in peaks
        ]
        assert colors[0] != colors[1]
        parted += 1
    assert parted > 30
