"""Pictures of merge trees: their branches, colours and numbers."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from nibabel import Nifti1Image
from PIL import Image

from skerry import find_regions
from skerry.core.tree import build_tree
from skerry.datasets import load_sample_motor_activation_image
from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.plotting import plot_tree
from skerry.plotting.colors.palettes import region_colors
from skerry.plotting.tree.forest import (
    MOST_PEAKS,
    forests_of,
    least_prominence,
    region_numbers,
    shown_leaves,
)
from skerry.plotting.tree.layout import branches_of, places_of
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours, MeshNeighbours

SLOW_MACHINE = settings(max_examples=60, deadline=None, derandomize=True)
SMALL_MAPS = arrays(np.int16, (4, 4, 3), elements=st.integers(-6, 6))
# Three peaks: 9 at place 1, 7 at 3 (saddle 5), 4 at 6 (saddle 1).
PATH_VALUES = np.array([2.0, 9.0, 5.0, 7.0, 3.0, 1.0, 4.0, 2.0])


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def path_of(n):
    pairs = [[b for b in (a - 1, a + 1) if 0 <= b < n] for a in range(n)]
    return MeshNeighbours(np.cumsum([0, *map(len, pairs)]), np.concatenate(pairs))


def path_tree(values=PATH_VALUES, **options):
    return build_tree(np.asarray(values, dtype=float), path_of(len(values)), **options)


def small_trees(values):
    neighbours = GridNeighbours(Grid(values.shape, np.eye(4)), 26)
    return [
        build_tree(values.astype(float), neighbours, sign=sign) for sign in ("positive", "negative")
    ]


@pytest.fixture(scope="module")
def motor():
    regions = find_regions(load_sample_motor_activation_image(), 3.0)
    neighbours = GridNeighbours(regions.grid, 26)
    trees = [
        build_tree(regions.statmap.values, neighbours, sign=sign)
        for sign in ("positive", "negative")
    ]
    return regions, trees


def lines(axes):
    """Uprights (x, low, high) and links (left, right, height) with their colours."""
    uprights, links = [], []
    for drawn in axes.collections:
        if not isinstance(drawn, LineCollection):
            continue
        colors = [tuple(color[:3].round(3)) for color in drawn.get_colors()]
        for ((x0, y0), (x1, y1)), color in zip(drawn.get_segments(), colors, strict=True):
            if x0 == x1:
                uprights.append((x0, y0, y1, color))
            else:
                links.append((min(x0, x1), max(x0, x1), y0, color))
    return uprights, links


def numbers(axes):
    return {
        text.get_text(): text.xy
        for text in axes.texts
        if (text.get_gid() or "").startswith("region ")
    }


def rgb(color):
    return tuple(np.round(to_rgb(color), 3))


# What a branch is.


def test_branches_rise_from_their_saddle_to_their_peak():
    uprights, links = lines(plot_tree(path_tree()))
    assert sorted((low, high) for _, low, high, _ in uprights) == [(0, 9), (1, 4), (5, 7)]
    assert sorted(height for *_, height, _ in links) == [1, 5]


@given(SMALL_MAPS)
@SLOW_MACHINE
def test_the_length_of_a_branch_is_the_prominence_of_its_peak(values):
    for tree in small_trees(values):
        leaves = np.arange(tree.n_peaks)
        branches = branches_of(tree, leaves, 10.0)
        prominence = tree.peaks().prominence
        np.testing.assert_allclose([b.top - b.base for b in branches], prominence)


@given(SMALL_MAPS)
@SLOW_MACHINE
def test_the_width_of_a_branch_is_the_extent_of_its_island(values):
    for tree in small_trees(values):
        for branch in branches_of(tree, np.arange(tree.n_peaks), 10.0):
            for height, extent in zip(branch.heights[1:], branch.extents[1:], strict=True):
                region = tree.regions_at(height)
                assert extent == np.count_nonzero(region == branch.leaf)


@given(SMALL_MAPS)
@SLOW_MACHINE
def test_no_line_crosses_a_branch(values):
    for tree in small_trees(values):
        branches = branches_of(tree, np.arange(tree.n_peaks), 10.0)
        x = places_of(branches).middle
        for place, branch in enumerate(branches):
            if branch.elder < 0:
                continue
            left, right = sorted((x[place], x[branch.elder]))
            for other, middle in zip(branches, x, strict=True):
                if left < middle < right:
                    assert other.base >= branch.base


@given(SMALL_MAPS)
@SLOW_MACHINE
def test_branches_do_not_stand_on_each_other(values):
    for tree in small_trees(values):
        branches = branches_of(tree, np.arange(tree.n_peaks), 10.0)
        places = places_of(branches)
        half = np.array([np.cbrt(branch.extents.max()) / 2 for branch in branches])
        order = np.argsort(places.middle)
        middle, half = places.middle[order], half[order]
        assert (middle[1:] - half[1:] >= middle[:-1] + half[:-1] - 1e-9).all()
        if len(middle):
            assert middle[0] - half[0] >= 0
            assert middle[-1] + half[-1] <= places.breadth


def test_without_widths_branches_are_lines():
    axes = plot_tree(path_tree(), widths=False)
    assert not [c for c in axes.collections if isinstance(c, PolyCollection)]
    assert len(lines(axes)[0]) == 3


# Which branches.


def test_the_most_prominent_peaks_are_shown(motor):
    _, trees = motor
    axes = plot_tree(trees)
    every = np.sort(np.concatenate([tree.peaks().prominence for tree in trees]))[::-1]
    uprights, _ = lines(axes)
    drawn = np.sort([high - low for _, low, high, _ in uprights])[::-1]
    np.testing.assert_allclose(drawn, every[: len(drawn)])
    assert MOST_PEAKS - 3 <= len(drawn) <= MOST_PEAKS
    assert f"{len(drawn)} of {len(every)} peaks" in axes.get_title(loc="left")


def test_a_prominence_hides_what_is_lower():
    tree = path_tree()
    for least, n_shown in ((0, 3), (2, 3), (2.5, 2), (3.5, 1), (9, 1)):
        axes = plot_tree(tree, min_prominence=least)
        assert len(lines(axes)[0]) == n_shown
    assert plot_tree(tree, min_prominence=0).get_title(loc="left") == "3 peaks"


def test_the_highest_peak_of_each_region_is_shown_however_low_it_rises(motor):
    regions, trees = motor
    axes = plot_tree(trees, regions=regions, min_prominence=5)
    assert set(numbers(axes)) == {str(n) for n in range(1, 19)}


def test_many_peaks_at_a_threshold_stay_few_in_the_picture():
    noise = np.random.default_rng(1).normal(size=(20, 20, 20))
    tree = small_trees(noise)[0]
    assert tree.n_peaks > 200
    uprights, _ = lines(plot_tree(tree, threshold=0.5, widths=False))
    assert len(uprights) <= 4 * MOST_PEAKS


@given(SMALL_MAPS, st.sets(st.integers(0, 47)))
@SLOW_MACHINE
def test_with_a_peak_all_that_it_joins_is_shown(values, wanted):
    for tree in small_trees(values):
        kept = np.isin(np.arange(tree.n_peaks), list(wanted))
        leaves = shown_leaves(tree, kept)
        assert set(np.flatnonzero(kept)) <= set(leaves)
        assert set(tree.elder[leaves]) <= {-1, *leaves}


@given(arrays(np.float64, st.integers(0, 12), elements=st.integers(0, 5)), st.integers(1, 8))
@SLOW_MACHINE
def test_the_least_prominence_leaves_as_many_as_it_may(prominences, most):
    least = least_prominence(prominences, most)
    n_shown = np.count_nonzero(prominences >= least)
    assert n_shown <= most
    lower = prominences[prominences < least]
    if lower.size:
        assert np.count_nonzero(prominences >= lower.max()) > most


# The sea, the colours and the numbers.


def test_what_is_above_the_sea_is_coloured_and_the_rest_grey():
    axes = plot_tree(path_tree(), threshold=3.5, widths=False)
    uprights, links = lines(axes)
    colours = region_colors(2)
    grey = rgb("#B0B0B0")
    assert sorted(u[1:] for u in uprights) == sorted([
        (0.0, 3.5, grey), (3.5, 9.0, rgb(colours[0])), (5.0, 7.0, rgb(colours[0])),
        (1.0, 3.5, grey), (3.5, 4.0, rgb(colours[1])),
    ])  # fmt: skip
    assert sorted((height, colour) for *_, height, colour in links) == [
        (1.0, grey), (5.0, rgb(colours[0])),
    ]  # fmt: skip
    assert set(numbers(axes)) == {"1", "2"}
    assert "threshold 3.5" in [text.get_text() for text in axes.texts]


def test_a_peak_at_the_threshold_is_above_it():
    axes = plot_tree(path_tree(), threshold=4.0)
    assert set(numbers(axes)) == {"1", "2"}


def test_without_a_threshold_colours_tell_the_sign():
    axes = plot_tree([path_tree(), path_tree(-PATH_VALUES, sign="negative")])
    assert {color for *_, color in lines(axes)[0]} == {rgb("#B2182B"), rgb("#2166AC")}
    assert numbers(axes) == {}


@given(SMALL_MAPS, st.integers(1, 6))
@SLOW_MACHINE
def test_numbers_at_a_threshold_are_those_of_find_regions(values, threshold):
    regions = find_regions(Nifti1Image(values.astype(np.float32), np.eye(4)), threshold)
    trees = small_trees(values)
    ours = region_numbers(trees, None, float(threshold))
    theirs = region_numbers(trees, regions, float(threshold))
    for tree, mine, other in zip(trees, ours, theirs, strict=True):
        above = tree.node_rank[: tree.n_peaks] < tree.n_above(threshold)
        assert not mine[~above].any()
        np.testing.assert_array_equal(mine, other)


def test_regions_give_their_numbers_and_colours(motor):
    regions, trees = motor
    some = regions[[0, 7, 9]]
    axes = plot_tree(trees, regions=some, widths=False)
    assert set(numbers(axes)) == {"1", "8", "10"}
    table = region_colors(10)
    above = {color for _, low, _, color in lines(axes)[0] if low >= 3}
    assert above == {rgb(table[0]), rgb(table[7]), rgb(table[9]), rgb("#707070")}


def test_a_number_stands_on_the_highest_peak_of_its_region(motor):
    regions, trees = motor
    axes = plot_tree(trees, regions=regions)
    for n, (_, height) in numbers(axes).items():
        assert height == pytest.approx(abs(regions.columns["peak_value"][int(n) - 1]))


def test_regions_of_one_sign_can_be_drawn_alone(motor):
    regions, trees = motor
    axes = plot_tree(trees[1], regions=regions)
    assert set(numbers(axes)) == {str(n) for n in range(8, 19)}
    (name,) = [label.get_text() for label in axes.get_xticklabels()]
    assert name.startswith("negative: ")


# Odd trees, files, faults.


def test_an_empty_tree_says_so():
    axes = plot_tree(path_tree(-PATH_VALUES), threshold=1)
    assert "no peaks" in [text.get_text() for text in axes.texts]
    assert axes.get_title(loc="left") == "0 peaks"


def test_one_voxel_and_a_plateau_are_drawn():
    for values in ([5.0], [4.0] * 6):
        axes = plot_tree(path_tree(values), threshold=2)
        assert set(numbers(axes)) == {"1"}


def test_infinite_peaks_are_drawn_above_all_others():
    tree = path_tree([1, np.inf, 2, 6, 2, np.inf, 1])
    uprights, _ = lines(plot_tree(tree))
    assert sorted(high for *_, high, _ in uprights) == pytest.approx([6, 6.6, 6.6])
    tree = path_tree([np.inf, np.inf])
    assert np.isfinite(plot_tree(tree).get_ylim()).all()


def test_a_tree_with_a_floor_is_drawn_from_there(motor):
    regions, _ = motor
    neighbours = GridNeighbours(regions.grid, 26)
    tree = build_tree(regions.statmap.values, neighbours, floor=2.0)
    axes = plot_tree(tree, regions=regions)
    assert axes.get_ylim()[0] == 2.0
    with pytest.raises(ArgumentError, match="below the floor"):
        plot_tree(tree, threshold=1.0)


def test_a_threshold_above_all_leaves_the_map_under_water():
    axes = plot_tree(path_tree(), threshold=12.0)
    assert numbers(axes) == {}
    assert {color for *_, color in lines(axes)[0]} == {rgb("#B0B0B0")}
    assert axes.get_ylim()[1] > 12


def test_texts_are_plain(tmp_path):
    axes = plot_tree(path_tree(), title="$5 a_b")
    assert axes.get_title(loc="left") == "$5 a_b"
    axes.figure.savefig(tmp_path / "a.png")


@pytest.mark.parametrize("title", [None, "sub-01_task-motor_contrast-left" * 4])
def test_a_long_title_stays_inside_a_narrow_figure(title):
    axes = plot_tree(path_tree([*PATH_VALUES, *PATH_VALUES]), min_prominence=4.125, title=title)
    axes.figure.canvas.draw()
    drawn = axes._left_title.get_window_extent()
    assert drawn.x1 <= axes.figure.bbox.x1
    assert drawn.y1 <= axes.figure.bbox.y1


def test_a_file_is_written_and_the_same_every_time(motor, tmp_path):
    regions, trees = motor
    for name in ("a.png", "b.png", "c.svg", "d.svg"):
        assert plot_tree(trees, regions=regions, output_file=tmp_path / name) is None
    assert plt.get_fignums() == []
    with Image.open(tmp_path / "a.png") as saved:
        assert saved.size[0] > 700
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "c.svg").read_bytes() == (tmp_path / "d.svg").read_bytes()


def test_axes_of_the_callers_are_used_and_stay_open(tmp_path):
    figure, axes = plt.subplots()
    assert plot_tree(path_tree(), axes=axes) is axes
    assert plot_tree(path_tree(), axes=axes, output_file=tmp_path / "a.png") is None
    assert plt.fignum_exists(figure.number)


def test_what_cannot_be_drawn_is_said(motor, tmp_path):
    regions, trees = motor
    tree = path_tree()
    with pytest.raises(ArgumentTypeError, match="MergeTree"):
        plot_tree(regions)
    with pytest.raises(ArgumentTypeError, match="MergeTree"):
        plot_tree([tree, 3])
    with pytest.raises(ArgumentError, match="at least one"):
        plot_tree([])
    with pytest.raises(ArgumentTypeError, match="find_regions"):
        plot_tree(tree, regions="map.nii")
    with pytest.raises(GridMismatchError, match="same map"):
        plot_tree(tree, regions=regions)
    with pytest.raises(ArgumentError, match="leave it out"):
        plot_tree(trees, regions=regions, threshold=2.0)
    for threshold in (-1.0, np.nan, np.inf):
        with pytest.raises(ArgumentError, match="finite and not negative"):
            plot_tree(tree, threshold=threshold)
        with pytest.raises(ArgumentError, match="finite and not negative"):
            plot_tree(tree, min_prominence=threshold)
    with pytest.raises(ArgumentError, match=r"\.png, \.svg, \.pdf"):
        plot_tree(tree, output_file=tmp_path / "figure.doc")


def test_the_highest_come_first_where_regions_are_too_many():
    values = np.zeros(4 * MOST_PEAKS)
    values[1::2] = 2 + np.arange(2 * MOST_PEAKS) / 100
    tree = path_tree(values)
    numbered = region_numbers([tree], None, 1.0)
    forests, _ = forests_of([tree], numbered, 100.0)
    assert forests[0].number.tolist() == list(range(1, MOST_PEAKS + 1))


@pytest.mark.parametrize("step", [0.1, 0.03])
def test_numbers_that_would_cover_one_another_are_left_out(step):
    values = np.zeros(4 * MOST_PEAKS)
    values[1::2] = 2 + np.arange(2 * MOST_PEAKS) % 7 * step
    figure, axes = plt.subplots(figsize=(3, 3))
    plot_tree(path_tree(values), threshold=1.0, axes=axes)
    written = [text for text in axes.texts if (text.get_gid() or "").startswith("region ")]
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in written]
    assert 2 <= len(boxes) < MOST_PEAKS
    assert "1" in numbers(axes)
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            up = min(one.y1, other.y1) - max(one.y0, other.y0)
            area = max(across, 0) * max(up, 0)
            assert across < -1 or up < 0.5 * one.height  # or two numbers look like one
            assert area < 0.5 * min(one.width * one.height, other.width * other.height)
