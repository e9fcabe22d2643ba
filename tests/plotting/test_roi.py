"""Figures of labels: colours that belong to labels, lines around all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgba
from nibabel import Nifti1Image

from skerry.errors import ArgumentError
from skerry.plotting import plot_roi
from skerry.plotting.colors.lookup_table import colormap_of_table

AFFINE = np.diag([4.0, 4.0, 4.0, 1.0])


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


def labels_image(*labels):
    data = np.zeros((20, 12, 14), dtype=np.int16)
    for number, label in enumerate(labels):
        data[2 + 5 * number : 5 + 5 * number, 4:8, 3 * number : 3 * number + 3] = label
    return Nifti1Image(data, AFFINE)


def shown_colors(display, label):
    """Colours of the pixels of a label in all views."""
    found = set()
    for view in display.axes.values():
        for image in view.ax.images:
            values = image.get_array()
            pixels = image.to_rgba(values)[np.ma.filled(values == label, False)]
            found.update(tuple(np.round(pixel[:3], 3)) for pixel in pixels)
    return found


@pytest.mark.parametrize("view_type", ["continuous", "contours"])
def test_labels_of_64_bits_are_drawn(view_type):
    labels = np.asarray(labels_image(1, 2, 3).dataobj).astype(np.int64)
    img = Nifti1Image(labels, AFFINE, dtype=np.int64)
    display = plot_roi(img, bg_img=None, view_type=view_type, display_mode="z", cut_coords=[4])
    (view,) = display.axes.values()
    assert len(view.ax.collections if view_type == "contours" else view.ax.images) == 1


@pytest.mark.parametrize("labels", [(1, 2, 3), (2, 3, 9), (17, 1001, 2005)])
@pytest.mark.parametrize("cuts", [[4, 16, 28], [16]])
def test_a_table_gives_each_label_its_own_colour_whatever_is_in_the_cuts(labels, cuts):
    table = pd.DataFrame(
        {"index": labels, "name": ["a", "b", "c"], "color": ["#112233", "#aa0000", "#00bb44"]}
    )
    options = {"bg_img": None, "display_mode": "z", "cut_coords": cuts, "cmap": table}
    display = plot_roi(labels_image(*labels), **options)
    assert shown_colors(display, labels[1]) == {tuple(np.round(to_rgba("#aa0000")[:3], 3))}
    lines = plot_roi(labels_image(*labels), view_type="contours", **options)
    colors = {
        tuple(np.round(drawn.get_edgecolor()[0][:3], 3))
        for view in lines.axes.values()
        for drawn in view.ax.collections
    }
    assert tuple(np.round(to_rgba("#aa0000")[:3], 3)) in colors


def test_a_label_keeps_its_colour_in_other_cuts():
    image = labels_image(1, 2, 3)
    all_cuts = plot_roi(image, bg_img=None, display_mode="z", cut_coords=[4, 16, 28])
    one_cut = plot_roi(image, bg_img=None, display_mode="z", cut_coords=[16])
    assert shown_colors(all_cuts, 2) == shown_colors(one_cut, 2)
    assert len(shown_colors(all_cuts, 2)) == 1


def test_background_rows_of_a_table_are_left_out():
    table = pd.DataFrame(
        {"index": [0, 4], "name": ["Background", "x"], "color": ["#000000", "#ff0000"]}
    )
    cmap, vmin, vmax = colormap_of_table(table)
    assert (vmin, vmax) == (3, 4)
    assert cmap(1.0) == to_rgba("#ff0000")


@pytest.mark.parametrize("view_type", ["continuous", "contours"])
def test_cuts_left_open_meet_every_label(view_type):
    display = plot_roi(labels_image(1, 2, 3), display_mode="z", cut_coords=3, view_type=view_type)
    low, middle, high = map(float, display.cut_coords)
    assert 0 <= low <= 8 < 12 <= middle <= 20 < 24 <= high <= 32


def test_contours_draw_every_label_and_are_centred_on_it():
    display = plot_roi(
        labels_image(1, 2, 3),
        bg_img=None,
        view_type="contours",
        display_mode="z",
        cut_coords=[4, 16, 28],
        cmap="viridis",
    )
    for number, view in enumerate(display.axes.values()):
        (line,) = (path for drawn in view.ax.collections for path in drawn.get_paths())
        assert line.vertices[:, 0].min() == pytest.approx(4 * (2 + 5 * number - 0.5))
        assert line.vertices[:, 1].max() == pytest.approx(4 * 7.5)


def test_values_that_are_no_labels_are_drawn_too():
    rng = np.random.default_rng(0)
    image = Nifti1Image(rng.random((9, 8, 7)).astype(np.float32), AFFINE)
    display = plot_roi(image, display_mode="x", cut_coords=2)
    assert len(display.axes) == 2


@pytest.mark.parametrize("view_type", ["continuous", "contours"])
def test_an_empty_image_gives_an_empty_figure(view_type, tmp_path):
    image = Nifti1Image(np.zeros((9, 8, 7), np.uint8), AFFINE)
    options = {"bg_img": None, "display_mode": "z", "cut_coords": [4, 8]}
    plot_roi(image, view_type=view_type, output_file=tmp_path / "x.png", **options)
    assert (tmp_path / "x.png").exists()


def test_unknown_views_are_refused():
    with pytest.raises(ArgumentError, match="'view_type' must be one of"):
        plot_roi(labels_image(1), view_type="lines")


def test_whole_labels_are_written_whole():
    display = plot_roi(labels_image(100, 150, 200), bg_img=None)
    written = [label.get_text() for label in display._cbar.ax.get_yticklabels()]
    assert {"100", "150", "200"} <= set(written)
    assert not any("e" in text for text in written)
