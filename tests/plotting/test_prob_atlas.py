"""Figures of regions: what is drawn, where, and in which colour."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from nibabel import Nifti1Image

from skerry.errors import ArgumentError, DimensionError
from skerry.plotting import plot_prob_atlas
from skerry.plotting.colors.palettes import DEFAULT_REGION_CMAP, region_colors

AFFINE = np.diag([4.0, 4.0, 4.0, 1.0])
AFFINE[:3, 3] = [-40, -40, -20]
SHAPE = (20, 20, 16)


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


def regions(*boxes, values=(5.0,)):
    data = np.zeros((*SHAPE, len(boxes)), dtype=np.float32)
    for number, (i, j, k) in enumerate(boxes):
        data[i : i + 4, j : j + 4, k : k + 3, number] = values[number % len(values)]
    return Nifti1Image(data, AFFINE)


def contour_points(display):
    """Vertices of all lines, with the coordinate of their cut."""
    found = []
    for key, view in display.axes.items():
        for drawn in view.ax.collections:
            for path in drawn.get_paths():
                found.extend((*vertex, key) for vertex in path.vertices)
    return np.array(found)


def test_every_region_has_a_contour_whatever_its_sign():
    maps = regions((2, 2, 2), (12, 12, 12), values=(5.0, -5.0))
    display = plot_prob_atlas(
        maps, bg_img=None, view_type="contours", display_mode="z", cut_coords=2
    )
    cuts = [float(cut) for cut in display.cut_coords]
    assert -12 <= cuts[0] <= -4
    assert 28 <= cuts[1] <= 36
    colors = {tuple(np.round(c.get_edgecolor()[0][:3], 3)) for view in display.axes.values()
              for c in view.ax.collections if len(c.get_paths()[0].vertices)}  # fmt: skip
    assert len(colors) == 2


@pytest.mark.parametrize("values", [(5.0,), (-5.0,)])
def test_the_contour_of_a_region_runs_along_the_faces_of_its_voxels(values):
    display = plot_prob_atlas(
        regions((2, 3, 2), values=values),
        bg_img=None,
        view_type="contours",
        display_mode="z",
        cut_coords=[-8],
        colorbar=False,
    )
    points = contour_points(display)
    assert points[:, 0].min() == pytest.approx(-40 + 4 * (2 - 0.5))
    assert points[:, 0].max() == pytest.approx(-40 + 4 * (5 + 0.5))
    assert points[:, 1].min() == pytest.approx(-40 + 4 * (3 - 0.5))


def test_a_region_at_the_border_of_the_field_of_view_has_a_closed_contour():
    display = plot_prob_atlas(
        regions((0, 0, 2)),
        bg_img=None,
        view_type="contours",
        display_mode="z",
        cut_coords=[-8],
        colorbar=False,
    )
    (view,) = display.axes.values()
    (line,) = (path for drawn in view.ax.collections for path in drawn.get_paths())
    assert np.allclose(line.vertices[0], line.vertices[-1])


@pytest.mark.parametrize("view_type", ["contours", "filled_contours", "continuous"])
def test_cuts_left_open_are_chosen_from_the_regions_not_from_the_background(view_type):
    top = regions((2, 2, 13), (12, 12, 13))
    display = plot_prob_atlas(top, view_type=view_type, display_mode="z", cut_coords=5)
    assert sum(32 <= cut <= 40 for cut in map(float, display.cut_coords)) >= 1
    ortho = plot_prob_atlas(top, view_type=view_type)
    assert 32 <= ortho.cut_coords[2] <= 40


@pytest.mark.parametrize("view_type", ["auto", "contours"])
@pytest.mark.parametrize("maps", [None, Nifti1Image(np.zeros((*SHAPE, 2), np.float32), AFFINE)])
def test_no_regions_give_a_figure_that_says_so(view_type, maps, tmp_path):
    path = tmp_path / "none.png"
    display = plot_prob_atlas(maps, view_type=view_type, title="t", output_file=path)
    texts = [text.get_text() for text in display.frame_axes.figure.texts]
    assert "no regions" in texts
    assert path.stat().st_size > 0


def test_the_bar_shows_the_colours_of_the_maps():
    maps = regions((2, 2, 2), (12, 12, 12), (2, 12, 2))
    display = plot_prob_atlas(maps, bg_img=None, view_type="contours")
    bar = display._cbar
    shown = bar.cmap(bar.norm(np.array([1.5, 2.5, 3.5])))
    assert np.allclose(shown[:, :3], region_colors(3)[:, :3])
    labels = [label.get_text() for label in bar.ax.get_yticklabels()]
    assert labels == ["1", "2", "3"]


@pytest.mark.parametrize("n", [2, 7, 21, 60])
def test_default_colours_differ_from_each_other_and_from_grey(n):
    colors = region_colors(n)
    assert len({tuple(np.round(color, 2)) for color in colors}) == n
    assert (np.ptp(colors[:, :3], axis=1) > 0.1).all()


def test_the_first_seven_colours_differ_in_red_green_blindness():
    # Brettel-type projection for deuteranopia: Machado et al. 2009, severity 1.
    deuteranopia = np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    )  # fmt: skip
    seen = region_colors(7)[:, :3] @ deuteranopia.T
    apart = np.linalg.norm(seen[:, None] - seen, axis=-1)[np.triu_indices(7, 1)]
    assert apart.min() > 0.12


def test_a_colormap_that_is_given_is_used_even_if_it_is_the_named_default():
    assert DEFAULT_REGION_CMAP == "gist_rainbow"
    given = region_colors(3, "gist_rainbow")
    assert np.allclose(given, plt.get_cmap("gist_rainbow")([0, 0.5, 1.0]))
    assert not np.allclose(given, region_colors(3))
    maps = regions((2, 2, 2), (12, 12, 12))
    display = plot_prob_atlas(maps, bg_img=None, view_type="contours", cmap="Set1")
    assert np.allclose(display._cbar.cmap(0)[:3], to_rgb(plt.get_cmap("Set1")(0)))


@pytest.mark.parametrize("n_maps", [1, 5, 15, 25])
def test_auto_views_draw_all_numbers_of_maps(n_maps):
    rng = np.random.default_rng(0)
    data = np.zeros((*SHAPE, n_maps), dtype=np.float32)
    for number in range(n_maps):
        i, j, k = rng.integers(0, [16, 16, 13])
        data[i : i + 4, j : j + 4, k : k + 3, number] = rng.uniform(2, 5)
    options = {"colorbar": n_maps > 1, "bg_img": None, "display_mode": "z", "cut_coords": 3}
    display = plot_prob_atlas(Nifti1Image(data, AFFINE), **options)
    drawn = [view.ax.collections or view.ax.images for view in display.axes.values()]
    assert any(len(artists) for artists in drawn)
    if n_maps > 1:
        numbers = [text.get_text() for text in display._cbar.ax.get_yticklabels()]
        steps = {5: 1, 15: 2, 25: 3}[n_maps]
        assert numbers == [str(number) for number in range(1, n_maps + 1, steps)]


@pytest.mark.parametrize("view_type", ["contours", "filled_contours", "continuous"])
@pytest.mark.parametrize(("dtype", "value"), [(np.int8, -128), (np.int64, -5), (np.int64, 7)])
def test_maps_of_integers_are_drawn_as_those_of_floats(dtype, value, view_type, tmp_path):
    values = np.zeros((9, 9, 9, 2), dtype=dtype)
    values[2:5, 2:6, 3:6, 0] = value
    values[6:8, 2:6, 3:6, 1] = value
    drawn = []
    for type_ in (dtype, np.float64):
        maps = Nifti1Image(values.astype(type_), np.eye(4), dtype=type_)
        path = tmp_path / f"{np.dtype(type_).name}.png"
        plot_prob_atlas(maps, view_type=view_type, threshold=1, output_file=path)
        drawn.append(path.read_bytes())
    assert drawn[0] == drawn[1]


def test_one_map_needs_no_bar():
    with pytest.warns(RuntimeWarning, match="single image"):
        plot_prob_atlas(regions((2, 2, 2)), bg_img=None)


def test_filled_contours_have_no_line_width():
    with pytest.warns(UserWarning, match="linewidths"):
        plot_prob_atlas(
            regions((2, 2, 2), (12, 12, 12)), None, view_type="filled_contours", linewidths=1
        )


def test_wrong_input_is_refused_in_one_line():
    with pytest.raises(DimensionError, match="4D"):
        plot_prob_atlas(Nifti1Image(np.zeros(SHAPE, np.float32), AFFINE))
    with pytest.raises(ArgumentError, match="'view_type' must be one of"):
        plot_prob_atlas(regions((2, 2, 2)), view_type="contour")


def test_nothing_given_is_changed():
    maps = regions((2, 2, 2), (12, 12, 12))
    before, levels = np.array(maps.dataobj), [0.5, "90%"]
    plot_prob_atlas(maps, bg_img=None, threshold=levels, view_type="filled_contours")
    assert np.array_equal(maps.dataobj, before)
    assert levels == [0.5, "90%"]
