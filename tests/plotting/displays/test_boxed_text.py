"""Texts that paint their own box look as matplotlib's text with a box does."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from skerry.plotting.displays import marks
from skerry.plotting.displays.boxed_text import BoxedText


def pixels(draw):
    figure = Figure(figsize=(2, 1.5))
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.axis("off")
    ax.imshow(np.ones((2, 2, 3)) * to_rgb("tab:green"), extent=(0, 1, 0, 1), aspect="auto")
    draw(ax)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).astype(int)


def with_matplotlibs_box(ax):
    box = {"boxstyle": "square,pad=0", "ec": "w", "fc": "w"}
    place = {"ha": "left", "va": "bottom", "transform": ax.transAxes}
    ax.text(0, 0, "z=12", size=12, bbox=box, color="k", **place)


def test_a_text_is_on_a_tight_box():
    ours = pixels(lambda ax: marks.draw_corner_text(ax, "z=12", 12, "w", color="k"))
    theirs = pixels(with_matplotlibs_box)
    nothing = pixels(lambda ax: None)
    painted = (theirs != nothing).any(axis=-1).sum()
    assert painted > 300
    # The edge of the box may fall half a pixel elsewhere.
    assert (np.abs(ours - theirs).max(axis=-1) > 30).sum() < painted / 10


@pytest.mark.parametrize("hide", ["visible", "text"])
def test_a_hidden_or_empty_text_has_no_box(hide):
    def draw(ax):
        marks.draw_corner_text(ax, "z=12", 12, "w")
        (words,) = ax.texts
        assert isinstance(words, BoxedText)
        words.set(**{hide: False if hide == "visible" else ""})

    np.testing.assert_array_equal(pixels(draw), pixels(lambda ax: None))


def test_a_box_of_the_callers_wins():
    def draw(ax):
        marks.draw_corner_text(ax, "z=12", 12, "w", bbox={"fc": "r"})
        (words,) = ax.texts
        assert words.get_bbox_patch().get_facecolor()[:3] == to_rgb("r")

    pixels(draw)


def test_texts_alike_are_laid_out_once_and_others_anew():
    figure = Figure()
    ax = FigureCanvasAgg(figure).figure.add_axes((0, 0, 1, 1))
    for text in ("L", "L", "L R"):
        marks.draw_corner_text(ax, text, 12, "w")
    first, same, longer = ax.texts
    assert first.get_window_extent().bounds == same.get_window_extent().bounds
    assert longer.get_window_extent().width > first.get_window_extent().width
    narrow = same.get_window_extent()
    for change in ({"fontsize": 30}, {"fontsize": 12, "rotation": 45}, {"text": "L\nL"}):
        same.set(**change)
        alone = Text(0, 0, same.get_text(), size=same.get_fontsize(), rotation=same.get_rotation())
        alone.set(figure=figure, verticalalignment="bottom", parse_math=False)
        assert same.get_window_extent().size == pytest.approx(alone.get_window_extent().size)
        assert same.get_window_extent().height > narrow.height
