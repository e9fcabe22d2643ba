"""Pictures coloured before they are enlarged are matplotlib's own, pixel for pixel."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.image import AxesImage

from skerry.plotting.displays.picture import Picture, show_picture

EXTENT_MM = (-20.3, 17.1, -30.2, 33.7)


def drawn(monkeypatch, values, *, plain, xlim, ylim, **options):
    """Give the pixels of a figure, with our way of enlarging or with matplotlib's."""
    if plain:
        monkeypatch.setattr(Picture, "make_image", AxesImage.make_image)
    figure = plt.figure(figsize=(1.7, 1.3))
    ax = figure.add_axes((0.03, 0.05, 0.9, 0.9))
    ax.axis("off")
    options = {"interpolation": "nearest", "cmap": "viridis"} | options
    picture = show_picture(ax, values, EXTENT_MM, options)
    ax.set(xlim=xlim, ylim=ylim)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba()).astype(int)
    plt.close(figure)
    return picture, pixels


@pytest.mark.parametrize("opacity", [None, 0.4, "each"])
@pytest.mark.parametrize("xlim", [(-25, 25), (25, -25), (-3.3, 9.9)])
def test_pixels_are_those_of_matplotlib(monkeypatch, xlim, opacity):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(13, 9))
    values[2, 3] = np.inf
    values = np.ma.masked_less(values, -0.5)
    alpha = rng.uniform(size=values.shape) if opacity == "each" else opacity
    view = {"xlim": xlim, "ylim": (-20, 40), "alpha": alpha, "vmin": -1, "vmax": 2}
    picture, ours = drawn(monkeypatch, values, plain=False, **view)
    _, theirs = drawn(monkeypatch, values, plain=True, **view)
    assert type(picture) is Picture
    assert len(np.unique(theirs.reshape(-1, 4), axis=0)) > 20, "there is something to see"
    assert np.abs(ours - theirs).max() <= 1


def test_a_picture_out_of_sight_draws_nothing(monkeypatch):
    view = {"xlim": (100, 150), "ylim": (-20, 40)}
    _, ours = drawn(monkeypatch, np.ones((4, 4)), plain=False, **view)
    assert (ours == 255).all()


def test_what_is_no_plain_case_is_left_to_matplotlib():
    figure, ax = plt.subplots()
    plt.close(figure)
    smooth = show_picture(ax, np.eye(3), EXTENT_MM, {"interpolation": "bilinear"})
    assert type(smooth) is AxesImage
