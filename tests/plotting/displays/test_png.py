"""PNG files hold the pixels that were drawn, as others read them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from skerry.plotting.displays import ZSlicer
from skerry.plotting.displays.png import encoded

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1, 5), (40, 17)])
def test_pixels_are_read_back_as_they_were(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 4), dtype=np.uint8)
    made = encoded(pixels, 150.0, "a program")
    with Image.open(io.BytesIO(made)) as read:
        read.verify()  # every part's check sum
    with Image.open(io.BytesIO(made)) as read:
        assert read.mode == "RGBA"
        np.testing.assert_array_equal(np.asarray(read), pixels)
        assert read.info["Software"] == "a program"
        assert read.info["dpi"] == pytest.approx((150, 150), abs=0.1)


@pytest.fixture
def display():
    shown = ZSlicer([0.0, 8.0])
    shown.annotate()
    shown.title("a title")
    return shown


@pytest.mark.parametrize("dpi", [None, 60])
@pytest.mark.parametrize("options", [{}, {"bbox_inches": "tight"}, {"transparent": True}])
def test_a_file_holds_what_matplotlib_would_write(display, tmp_path, dpi, options):
    display.savefig(tmp_path / "ours.png", dpi=dpi, **options)
    ground = {"facecolor": "w", "edgecolor": "w"}
    figure = display.frame_axes.figure
    figure.savefig(tmp_path / "theirs.png", dpi=dpi or "figure", **ground | options)
    with Image.open(tmp_path / "ours.png") as ours, Image.open(tmp_path / "theirs.png") as theirs:
        np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))
        assert ours.info == theirs.info


def test_what_is_asked_of_the_file_is_left_to_matplotlib(display, tmp_path):
    display.savefig(tmp_path / "a.png", metadata={"Title": "mine"})
    with Image.open(tmp_path / "a.png") as read:
        assert read.info["Title"] == "mine"
