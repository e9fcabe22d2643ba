"""Figures of regions: their colours, their numbers, where they are cut."""

from __future__ import annotations

import warnings
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from nibabel import Nifti1Image
from PIL import Image
from scipy.ndimage import distance_transform_edt

from skerry import find_regions
from skerry.datasets import load_sample_motor_activation_image
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.plotting import plot_regions
from skerry.plotting.colors.palettes import region_colors
from skerry.plotting.regions.numbers import SIZE_POINTS, _depth

# RAS+ but for the first axis, which is stored from right to left.
AFFINE = np.array([[-3.0, 0, 0, 60], [0, 3, 0, -75], [0, 0, 3, -45], [0, 0, 0, 1]])
SHAPE = (40, 50, 40)
# centre in voxels, half width, value: three positive and two negative regions
BLOCKS = [((10, 20, 20), 4, 9.0), ((30, 35, 20), 3, 8.0), ((20, 10, 30), 2, 7.0),
          ((30, 20, 8), 3, -6.0), ((8, 40, 30), 0, -5.0)]  # fmt: skip


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def blocks_image(affine=AFFINE, blocks=BLOCKS):
    values = np.zeros(SHAPE, dtype=np.float32)
    for centre, half, value in blocks:
        box = tuple(slice(c - half, c + half + 1) for c in centre)
        values[box] = value / 2
        values[centre] = value
    return Nifti1Image(values, affine)


@pytest.fixture
def regions():
    return find_regions(blocks_image(), 2.0)


@pytest.fixture(scope="module")
def embedded():
    return find_regions(load_sample_motor_activation_image(), 3.0)


def draw(regions, **options):
    return plot_regions(regions, **({"bg_img": None} | options))


def written(display):
    """The numbers of a display: text -> (view, x, y) in mm of its view."""
    return {
        text.get_text(): (key, *text.get_position())
        for key, view in display.axes.items()
        for text in view.ax.texts
        if (text.get_gid() or "").startswith("region ")
    }


def colours_seen(view):
    """Colours of the regions' overlay in a view, as a set of rounded rgb."""
    picture = view.ax.images[-1]
    rgba = picture.to_rgba(picture.get_array())
    return {tuple(c) for c in rgba[rgba[..., 3] > 0][:, :3].round(3)}


def colour_of(number):
    return tuple(region_colors(number)[-1][:3].round(3))


# Colours.


@pytest.mark.parametrize("display_mode", ["ortho", "x", "y", "z", "mosaic", "glass"])
def test_every_colour_drawn_is_that_of_a_region(regions, display_mode):
    display = draw(regions, display_mode=display_mode)
    seen = set().union(*(colours_seen(view) for view in display.axes.values()))
    assert seen
    assert seen <= {colour_of(number) for number in range(1, 6)}


def test_cuts_along_an_axis_show_every_region(regions):
    for display_mode in ("x", "y", "z", "mosaic"):
        display = draw(regions, display_mode=display_mode)
        seen = set().union(*(colours_seen(view) for view in display.axes.values()))
        assert seen == {colour_of(number) for number in range(1, 6)}


def test_a_region_keeps_its_colour_and_number_in_a_selection(regions):
    display = draw(regions[[3, 1]], display_mode="z")
    assert set(written(display)) == {"2", "4"}
    seen = set().union(*(colours_seen(view) for view in display.axes.values()))
    assert seen == {colour_of(2), colour_of(4)}


def test_outlines_have_the_colours_of_the_regions_and_negative_ones_are_dashed(regions):
    display = draw(regions[[4, 3, 0]], display_mode="z", contours=True, numbers=False)
    lines = [line for view in display.axes.values() for line in view.ax.collections]
    dashed = {
        tuple(line.get_edgecolor()[0][:3].round(3)): line.get_linestyle()[0][1] is not None
        for line in lines
    }
    assert dashed == {colour_of(1): False, colour_of(4): True, colour_of(5): True}


def test_on_a_glass_brain_the_smaller_region_is_in_front():
    # Both on one line along y; the small one comes later in the order of numbers, and earlier.
    for value in (9.5, 3.5):
        blocks = [((20, 20, 20), 5, 9.0), ((20, 38, 20), 1, value)]
        regions = find_regions(blocks_image(blocks=blocks), 1.5)
        small = int(np.argmin(regions.columns["n_voxels"])) + 1
        display = draw(regions, display_mode="glass", numbers=False)
        picture = display.axes["y"].ax.images[-1]
        array, (left, right, bottom, top) = picture.get_array(), picture.get_extent()
        x, _, z = regions.grid.xyz((20, 38, 20))
        row = int((top - z) / (top - bottom) * array.shape[0])
        column = int((x - left) / (right - left) * array.shape[1])
        assert tuple(picture.to_rgba(array)[row, column, :3].round(3)) == colour_of(small)


# Numbers.


def test_each_number_is_written_once_where_most_of_its_region_is_seen(regions):
    display = draw(regions, display_mode="z", cut_coords=[-21, -9, 15, 45])
    assert sorted(written(display)) == ["1", "2", "3", "4", "5"]
    for number in (1, 2, 3, 4):  # 5 is a single voxel: its number stands beside it
        key, x, y = written(display)[str(number)]
        areas = {
            float(z): (np.rint(regions.grid.ijk((0, 0, z))[2]).astype(int)) for z in display.axes
        }
        shown = {z: np.count_nonzero(regions.labels[..., k] == number) for z, k in areas.items()}
        assert shown[float(key)] == max(shown.values())
        i, j, k = np.rint(regions.grid.ijk((x, y, float(key)))).astype(int)
        assert regions.labels[i, j, k] == number


def test_numbers_can_be_left_out(regions):
    assert written(draw(regions, display_mode="z", numbers=False)) == {}


def test_a_number_beside_a_small_region_leaves_it_seen(regions):
    display = plot_regions(regions[4], display_mode="z", cut_coords=[45])
    ((_, x, y),) = written(display).values()
    place = regions.grid.xyz((8, 40, 30))[:2]
    assert 3 < np.hypot(*(np.array([x, y]) - place)) < 25


def boxes(display):
    """Window extents of the numbers, by view."""
    found = {}
    for key, view in display.axes.items():
        for text in view.ax.texts:
            if (text.get_gid() or "").startswith("region "):
                found.setdefault(key, []).append(text.get_window_extent())
    return found


@pytest.mark.parametrize(
    ("display_mode", "threshold"), [("ortho", 1.5), ("z", 1.5), ("mosaic", 3.0), ("glass", 1.5)]
)
def test_numbers_stay_within_their_view_and_do_not_overlap(display_mode, threshold):
    found = find_regions(load_sample_motor_activation_image(), threshold)
    display = plot_regions(found, display_mode=display_mode)
    display.frame_axes.figure.draw_without_rendering()
    tolerance = SIZE_POINTS * display.frame_axes.figure.dpi / 72 / 4
    n_written = 0
    for key, extents in boxes(display).items():
        frame = display.axes[key].ax.get_window_extent()
        n_written += len(extents)
        for box in extents:
            assert box.x0 > frame.x0 - tolerance
            assert box.x1 < frame.x1 + tolerance
            assert box.y0 > frame.y0 - tolerance
            assert box.y1 < frame.y1 + tolerance
        for one, other in combinations(extents, 2):
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            up = min(one.y1, other.y1) - max(one.y0, other.y0)
            area = max(across, 0) * max(up, 0)
            assert area < 0.25 * min(one.width * one.height, other.width * other.height)
    assert n_written >= 5


def test_the_largest_regions_are_numbered_first_where_room_is_short():
    blocks = [((20, 4 + 2 * n, 20), 0, 5 + n / 10) for n in range(20)]
    regions = find_regions(blocks_image(blocks=[((20, 25, 25), 3, 9.0), *blocks]), 2.0)
    display = draw(regions, display_mode="x", cut_coords=[0])
    numbers = written(display)
    assert "1" in numbers
    assert 5 <= len(numbers) < 21


# Cuts.


def test_three_cuts_meet_the_regions_that_matter(embedded):
    display = draw(embedded, display_mode="ortho")
    large = embedded.columns["region"][embedded.columns["n_voxels"] > 300]
    met = set()
    for axis, coordinate in zip("xyz", display.cut_coords, strict=True):
        centre = np.zeros(3)
        centre["xyz".index(axis)] = coordinate
        plane = int(np.rint(embedded.grid.ijk(centre)["xyz".index(axis)]))
        met |= set(np.unique(np.take(embedded.labels, plane, axis="xyz".index(axis))))
    assert set(large) <= met


def test_given_cuts_are_taken(regions):
    assert draw(regions, display_mode="z", cut_coords=[-9.0, 15.0]).cut_coords == [-9.0, 15.0]
    assert list(draw(regions, cut_coords=(0, 3, 15)).cut_coords) == [0, 3, 15]
    assert len(draw(regions, display_mode="y", cut_coords=3).axes) == 3


def test_an_oblique_grid_is_drawn(regions):
    turn = np.eye(4)
    angle = 0.3
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    oblique = find_regions(blocks_image(turn @ AFFINE), 2.0)
    display = draw(oblique, display_mode="z")
    assert {"1", "2", "3", "4"} <= set(written(display))
    seen = set().union(*(colours_seen(view) for view in display.axes.values()))
    # A turned grid of pixels may step over the one voxel of region 5.
    assert {colour_of(n) for n in range(1, 5)} <= seen <= {colour_of(n) for n in range(1, 6)}


# Nothing found, titles, files, faults.


@pytest.mark.parametrize("display_mode", ["ortho", "x", "mosaic", "glass"])
@pytest.mark.parametrize("contours", [False, True])
def test_without_regions_the_brain_is_drawn_and_it_says_so(display_mode, contours):
    nothing = find_regions(blocks_image(), 20.0)
    display = plot_regions(nothing, display_mode=display_mode, contours=contours)
    texts = [text.get_text() for text in display.frame_axes.figure.texts]
    assert "no regions" in texts
    assert any(view.ax.images or view.ax.patches for view in display.axes.values())


def test_without_regions_given_cuts_are_taken():
    nothing = find_regions(blocks_image(), 20.0)
    assert draw(nothing, display_mode="z", cut_coords=[3.0]).cut_coords == [3.0]


def test_a_map_of_zeros_is_drawn():
    nothing = find_regions(Nifti1Image(np.zeros(SHAPE, np.float32), AFFINE), 1.0)
    for display_mode in ("ortho", "z"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cuts of a map of zeros: a known warning
            assert draw(nothing, display_mode=display_mode)


def titles(display):
    return [text.get_text() for text in display.frame_axes.figure.texts]


def test_the_title_says_which_numbers_are_negative(regions):
    (title,) = titles(draw(regions))
    assert title.endswith("5 regions, |value| ≥ 2; #1-3 positive, #4-5 negative")
    (title,) = titles(draw(regions[[0, 2, 3]]))
    assert title.endswith("3 regions, |value| ≥ 2; #1, 3 positive, #4 negative")
    (title,) = titles(draw(regions[:2], display_mode="glass"))
    assert title.endswith("2 regions, |value| ≥ 2")
    assert titles(draw(regions, title="$5 a_b")) == ["$5 a_b"]


def test_the_title_says_how_the_threshold_was_asked_for():
    (title,) = titles(draw(find_regions(blocks_image(), "p<0.001", kind="z")))
    assert "5 regions, |value| ≥ 3.291 (p<0.001); " in title
    nothing = find_regions(blocks_image(blocks=[((20, 20, 20), 3, 0.1)]), "fdr<0.05", kind="z")
    title, _ = titles(draw(nothing))
    assert title.endswith("no regions, fdr<0.05")


def test_a_file_is_written_once_and_the_same_every_time(regions, tmp_path):
    for name in ("a.png", "b.png", "c.svg", "d.svg"):
        assert draw(regions, display_mode="z", output_file=tmp_path / name) is None
    assert plt.get_fignums() == []
    with Image.open(tmp_path / "a.png") as saved:
        assert min(saved.size) > 200
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "c.svg").read_bytes() == (tmp_path / "d.svg").read_bytes()


def test_axes_of_the_callers_are_used_and_stay_open(regions, tmp_path):
    figure, axes = plt.subplots()
    plot_regions(regions, display_mode="z", cut_coords=2, axes=axes, output_file=tmp_path / "a.pdf")
    assert plt.fignum_exists(figure.number)
    assert len(figure.axes) == 3


def test_left_is_left(regions):
    plain = draw(regions, display_mode="z", cut_coords=[15])
    turned = draw(regions, display_mode="z", cut_coords=[15], radiological=True)
    at = {number: place[1] for number, place in written(plain).items()}
    assert at["1"] > 0 > at["2"]  # x = 30 and -30 mm
    assert not plain.axes[15.0].ax.xaxis_inverted()
    assert turned.axes[15.0].ax.xaxis_inverted()


def test_what_cannot_be_drawn_is_said(regions, tmp_path):
    with pytest.raises(ArgumentTypeError, match="find_regions"):
        plot_regions("map.nii.gz")
    with pytest.raises(ArgumentError, match="ortho, x, y, z, mosaic, glass"):
        plot_regions(regions, display_mode="w")
    with pytest.raises(ArgumentError, match=r"\.png, \.svg, \.pdf"):
        plot_regions(regions, output_file=tmp_path / "figure.doc")


def test_the_regions_given_stay_as_they_are(regions):
    before = regions.labels.copy()
    draw(regions, display_mode="glass", contours=True)
    draw(regions, display_mode="mosaic")
    np.testing.assert_array_equal(regions.labels, before)


@given(
    arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=12)),
    st.floats(0.5, 3),
    st.floats(0.5, 3),
)
@settings(deadline=None)
def test_the_depth_of_a_region_is_the_distance_to_the_nearest_pixel_outside(inside, up, across):
    expected = distance_transform_edt(np.pad(inside, 1), sampling=(up, across))[1:-1, 1:-1]
    np.testing.assert_allclose(_depth(inside, up, across), expected, rtol=1e-12)
