"""Outlines of one level are those of matplotlib's contour."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from skerry.plotting.displays.outline import Outline, show_outline

EXTENT_MM = (-20.3, 17.1, -30.2, 33.7)


def axes():
    figure = Figure(figsize=(2, 2))
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=EXTENT_MM[:2], ylim=EXTENT_MM[2:])
    return ax


def pixels(ax):
    ax.figure.canvas.draw()
    return np.asarray(ax.figure.canvas.buffer_rgba()).astype(int)


def blobs():
    values = np.random.default_rng(3).normal(size=(15, 11))
    values[4:9, 3:8] += 4
    return values


@pytest.mark.parametrize(
    "look",
    [
        {"colors": "m"},
        {"colors": ["tab:red"], "linewidths": 3, "alpha": 0.4},
        {"colors": [np.array([0, 1, 0, 1.0])], "linestyles": [(0, (2.0, 0.8))]},
        {"colors": "b", "linestyles": "dashed", "linewidths": [2.5]},
    ],
)
@pytest.mark.parametrize("level", [1.0, -1.0, 50.0])
@pytest.mark.filterwarnings("ignore:No contour levels were found")
def test_lines_are_those_of_contour(look, level):
    ours, theirs = axes(), axes()
    drawn = show_outline(ours, blobs(), EXTENT_MM, [level], look)
    expected = theirs.contour(blobs(), levels=[level], extent=EXTENT_MM, origin="upper", **look)
    assert drawn.levels.tolist() == [level]
    assert drawn.get_zorder() == expected.get_zorder()
    np.testing.assert_allclose(drawn.get_paths()[0].vertices, expected.get_paths()[0].vertices)
    assert np.abs(pixels(ours) - pixels(theirs)).max() <= 1
    if level < 50:
        assert (pixels(ours) < 255).any()


def test_one_level_in_one_color_needs_no_contour_of_matplotlib():
    assert type(show_outline(axes(), blobs(), EXTENT_MM, [1.0], {"colors": "m"})) is Outline


@pytest.mark.parametrize("look", [{}, {"colors": ["r", "b"]}])
def test_what_is_no_plain_case_is_left_to_matplotlib(look):
    drawn = show_outline(axes(), blobs(), EXTENT_MM, [1.0, 2.0], look)
    assert type(drawn) is not Outline
    assert drawn.levels.tolist() == [1.0, 2.0]
