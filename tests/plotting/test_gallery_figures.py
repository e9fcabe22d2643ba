"""The figures of the region extraction example, on the embedded map."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.datasets import load_sample_motor_activation_image
from skerry.image import threshold_img
from skerry.plotting import plot_prob_atlas, plot_stat_map
from skerry.regions import connected_regions


@pytest.fixture(scope="module")
def tmap():
    return load_sample_motor_activation_image()


@pytest.mark.parametrize("threshold", ["97%", 3.0])
def test_every_region_of_the_example_is_outlined_in_a_colour_of_its_own(threshold, tmap, tmp_path):
    thresholded = threshold_img(tmap, threshold)
    regions, _ = connected_regions(
        thresholded, min_region_size=1500, extract_type="connected_components"
    )
    display = plot_prob_atlas(
        regions,
        bg_img=tmap,
        view_type="contours",
        display_mode="z",
        cut_coords=5,
        title="regions",
        output_file=tmp_path / "regions.png",
    )
    colors = {
        tuple(np.round(drawn.get_edgecolor()[0][:3], 3))
        for view in display.axes.values()
        for drawn in view.ax.collections
        if any(len(path.vertices) for path in drawn.get_paths())
    }
    assert len(display.axes) == 5
    assert len(colors) == regions.shape[3] >= 4


def test_what_the_example_shows_in_colour_is_what_passed_the_threshold(tmap, tmp_path):
    thresholded = threshold_img(tmap, "97%")
    display = plot_stat_map(
        thresholded, display_mode="z", cut_coords=5, output_file=tmp_path / "map.png"
    )
    for cut, view in display.axes.items():
        drawn = view.ax.images[-1].get_array()
        plane = round((float(cut) - thresholded.affine[2, 3]) / thresholded.affine[2, 2])
        expected = np.count_nonzero(np.asarray(thresholded.dataobj)[:, :, plane])
        assert np.ma.count(drawn) == expected > 0
