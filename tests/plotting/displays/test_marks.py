"""What is written on a display: sides, places, title, scale, markers, colour bar."""

from __future__ import annotations

import re
import warnings

import nibabel as nib
import numpy as np
import pytest

from skerry.errors import ArgumentError
from skerry.plotting.displays import (
    MosaicSlicer,
    OrthoSlicer,
    TiledSlicer,
    ZSlicer,
    get_slicer,
)
from skerry.plotting.displays.ticks import tick_values

pytestmark = pytest.mark.usefixtures("close_figures")

MATHS = r"cost $5^2$ and $\alpha_1 100% \frac{"


def image(high=4.0):
    values = np.zeros((45, 54, 45))
    values[5:40, 5:50, 5:40] = 1.0
    values[20, 20, 20] = high
    affine = np.diag([4.0, 4.0, 4.0, 1.0])
    affine[:3, 3] = [-88, -124, -72]
    return nib.Nifti1Image(values, affine)


def boxes_of(display):
    """Give the boxes of all views, in pixels, as drawn."""
    figure = display.frame_axes.figure
    figure.canvas.draw()
    return {key: view.ax.get_window_extent() for key, view in display.axes.items()}


def apart(a, b):
    return a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 1 or b.y1 <= a.y0 + 1


@pytest.mark.parametrize("mode", ["ortho", "tiled", "mosaic", "xz", "yz", "yx", "x", "y", "z"])
def test_views_bar_and_title_stay_inside_the_figure_and_apart(mode):
    display = get_slicer(mode)(None, colorbar=True)
    display.add_overlay(image(), vmin=0, vmax=4000, colorbar=True)
    display.title("A title")
    boxes = list(boxes_of(display).values())
    figure = display.frame_axes.figure
    boxes.append(display._colorbar_ax.get_tightbbox())
    boxes.append(figure.texts[0].get_window_extent())
    for number, box in enumerate(boxes):
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= figure.bbox.width + 1
        assert box.y1 <= figure.bbox.height + 1
        assert all(apart(box, other) for other in boxes[number + 1 :])


@pytest.mark.parametrize("words", [30, 120])
@pytest.mark.parametrize("display_class", [OrthoSlicer, TiledSlicer, MosaicSlicer])
def test_a_long_title_stays_inside_the_figure(display_class, words):
    display = display_class.init_with_figure(None)
    display.add_overlay(image())
    display.title("an uncommonly long title " * (words // 4))
    boxes = boxes_of(display)
    figure = display.frame_axes.figure
    title = figure.texts[0].get_bbox_patch().get_window_extent()
    assert title.x0 >= 0
    assert title.x1 <= figure.bbox.width
    assert title.y1 <= figure.bbox.height
    assert all(apart(title, box) for box in boxes.values())


@pytest.mark.parametrize("title", ["an uncommonly long title", " " * 300])
def test_a_title_is_written_where_there_is_hardly_room(title):
    display = OrthoSlicer.init_with_figure(None, axes=(0, 0, 0.01, 0.5))
    display.title(title)
    assert len(display.frame_axes.figure.texts) == 1


def test_all_text_is_plain(tmp_path):
    display = OrthoSlicer((0, 0, 0))
    display.add_overlay(image(), colorbar=True, cbar_tick_format="%.1f $x$ ^", vmin=0, vmax=3)
    display.title(MATHS)
    display.annotate(scalebar=True)
    display.savefig(tmp_path / "figure.svg")
    assert display.frame_axes.figure.texts[0].get_text() == MATHS
    for view in display.axes.values():
        assert not any(text.get_parse_math() for text in view.ax.texts)


def test_sides_are_marked_where_they_are_and_places_written():
    display = OrthoSlicer((3.4, -12, 0.2))
    display.add_overlay(image())
    display.annotate(decimals=1)
    words = {d: [text.get_text() for text in view.ax.texts] for d, view in display.axes.items()}
    assert words == {"x": ["x=3.4"], "y": ["L", "R", "y=-12.0"], "z": ["L", "R", "z=0.2"]}
    for direction in "yz":
        at = {t.get_text(): t.get_window_extent().x0 for t in display.axes[direction].ax.texts[:2]}
        assert at["L"] < at["R"]


def test_black_ground_takes_white_letters_and_white_ground_black_ones():
    for black, ink in [(True, "w"), (False, "k")]:
        display = ZSlicer([0.0], black_bg=black)
        display.annotate()
        assert {text.get_color() for text in display.axes[0.0].ax.texts} == {ink}


def test_a_scale_bar_has_its_length_and_leaves_its_font_alone():
    font = {"weight": "bold"}
    display = ZSlicer([0.0])
    display.add_overlay(image())
    display.axes[0.0].draw_scale_bar("w", size=20, units="mm", fontproperties=font, fontsize=7)
    bar = display.axes[0.0].ax.artists[0]
    assert bar.txt_label.get_text() == "20mm"
    assert bar.size_bar.get_children()[0].get_width() == 20
    assert font == {"weight": "bold"}


def test_markers_are_drawn_near_their_cut_each_with_its_color():
    display = ZSlicer([0.0, 30.0])
    display.add_markers([(1, 2, 1.5), (3, 4, 31), (5, 6, 2.5)], ["r", "g", "b"], [10, 20, 30])
    near, far = (display.axes[z].ax.collections[0] for z in (0.0, 30.0))
    assert near.get_offsets().tolist() == [[1, 2]]
    assert far.get_offsets().tolist() == [[3, 4]]
    assert (near.get_sizes().tolist(), far.get_sizes().tolist()) == ([10], [20])
    assert far.get_facecolor().tolist() == [[0.0, 0.5, 0.0, 1.0]]


def test_markers_without_three_coordinates_are_an_error():
    with pytest.raises(ArgumentError, match=r"shape \(n, 3\)"):
        ZSlicer([0.0]).add_markers([(1, 2)])


def test_the_cross_shows_the_other_cuts():
    display = OrthoSlicer((1, 2, 3))
    display.draw_cross()
    lines = {d: [line.get_xydata() for line in view.ax.lines] for d, view in display.axes.items()}
    for direction, (across, up) in {"x": (2, 3), "y": (1, 3), "z": (1, 2)}.items():
        upright, level = lines[direction]
        assert set(upright[:, 0]) == {across}
        assert set(level[:, 1]) == {up}


def test_saving_needs_a_name_makes_folders_and_gives_the_same_bytes(tmp_path):
    display = ZSlicer([0.0])
    display.add_overlay(image())
    with pytest.raises(ArgumentError, match="You must provide an output file"):
        display.savefig(None)
    for name in ("a.png", "b.svg", "c.pdf"):
        files = [tmp_path / str(number) / "deep" / name for number in range(2)]
        for file in files:
            display.savefig(file)
        assert files[0].read_bytes() == files[1].read_bytes()
    assert not re.search(rb"<dc:date>", files[0].with_name("b.svg").read_bytes())


def test_closing_leaves_no_figure_behind():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    display = OrthoSlicer.init_with_figure(None)
    assert len(plt.get_fignums()) == len(before) + 1
    display.close()
    assert plt.get_fignums() == before


def test_a_display_stays_in_the_axes_that_it_was_given():
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
    display = ZSlicer.init_with_figure(None, cut_coords=[0.0, 8.0], axes=right)
    display.add_overlay(image(), colorbar=True)
    display.title("a title that has to fit into half of the figure, and is too long for it")
    frame = right.get_window_extent()
    for box in [*boxes_of(display).values(), figure.texts[0].get_window_extent()]:
        assert box.x0 >= frame.x0
        assert box.x1 <= frame.x1
    with pytest.raises(ArgumentError, match="not in the figure"):
        ZSlicer.init_with_figure(None, figure=plt.figure(), axes=left)


def test_the_bar_is_the_brains_color_below_the_threshold():
    display = ZSlicer([0.0])
    display.add_overlay(image(8.0), threshold=2.0, vmin=-8, vmax=8, colorbar=True)
    bar = display._cbar
    colours = bar.cmap(bar.norm([-5.0, -1.9, 0.0, 1.9, 5.0]))
    assert colours[:, 3].tolist() == [1, 0, 0, 0, 1]
    assert bar.ax.get_facecolor()[:3] == display.brain_color
    numbers = [float(text.get_text()) for text in bar.ax.get_yticklabels()]
    assert numbers == [-8, -4, -2, 0, 2, 4, 8]


@pytest.mark.parametrize(
    ("low", "high", "threshold", "expected"),
    [
        (-10, 10, 0, [-10, -5, 0, 5, 10]),
        (-10, 10, 0.1, [-10, -5, -0.1, 0.1, 5, 10]),
        (-10, 10, 7.5, [-10, -7.5, 0, 7.5, 10]),
        (0, 10, 9.96, [0, 10]),
        (-9, 0, 3, [-9, -6.8, -4.5, -3, 0]),
        (3, 3, None, [3]),
    ],
)
def test_numbers_on_the_bar(low, high, threshold, expected):
    assert tick_values(low, high, threshold=threshold) == expected


def test_numbers_on_the_bar_do_not_warn_of_a_whole_threshold():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tick_values(0, 3, threshold=1, tick_format="%i") == [0, 1, 2, 3]
