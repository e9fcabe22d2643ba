"""Bare axes that are switched on are like any others."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from skerry.plotting.displays.bare_axes import BareAxes


def pixels(axes_class, change):
    figure = Figure(figsize=(2, 2))
    canvas = FigureCanvasAgg(figure)
    kind = {} if axes_class is None else {"axes_class": axes_class}
    ax = figure.add_axes((0.2, 0.2, 0.7, 0.7), **kind)
    change(ax)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def off_and_on(ax):
    ax.axis("off")
    ax.axis("on")


def ticks_while_off(ax):
    ax.axis("off")
    ax.set_xticks([0, 0.5])
    ax.set(xlabel="x", title="t")
    ax.axis("on")
    ax.spines["top"].set_visible(False)


def cleared(ax):
    ax.axis("off")
    ax.clear()


@pytest.mark.parametrize("change", [off_and_on, ticks_while_off, cleared])
def test_switched_on_they_are_matplotlibs_own(change):
    np.testing.assert_array_equal(pixels(BareAxes, change), pixels(None, change))


def test_switched_off_they_have_no_outline():
    ax = Figure().add_axes((0, 0, 1, 1), axes_class=BareAxes)
    ax.axis("off")
    assert len(ax.spines) == 0
