"""Maps seen through a glass brain."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.path import Path

from skerry.datasets import load_mni152_brain_mask
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.plotting import plot_glass_brain
from skerry.plotting.displays.glass_axes import GlassBrainAxes, strongest
from skerry.plotting.displays.glass_outlines import outlines
from skerry.plotting.displays.projectors import PROJECTORS

LIKE_NILEARN = settings(max_examples=30, deadline=None, derandomize=True)
MNI_3MM = np.array([[-3.0, 0, 0, 78], [0, 3, 0, -111], [0, 0, 3, -51], [0, 0, 0, 1]])


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def mni_image(values=None, spots=()):
    """Give a 3 mm map in MNI space, with spots: (x, y, z) mm and a value."""
    values = np.zeros((53, 63, 46)) if values is None else values
    for xyz, value in spots:
        ijk = np.linalg.solve(MNI_3MM, [*xyz, 1])[:3]
        values[tuple(np.rint(ijk).astype(int))] = value
    return nib.Nifti1Image(values, MNI_3MM)


def shown(display, key):
    return display.axes[key].ax.images[0]


def drawn_at(display, key):
    """Where the only visible pixel of a view is: centre across and up, mm."""
    picture = shown(display, key)
    array, extent = picture.get_array(), picture.get_extent()
    ((row, column),) = np.argwhere(~np.ma.getmaskarray(array))
    rows, columns = array.shape
    across = extent[0] + (column + 0.5) / columns * (extent[1] - extent[0])
    up = extent[3] - (row + 0.5) / rows * (extent[3] - extent[2])
    return across, up


# What is projected.


@given(
    st.tuples(*[st.integers(1, 6)] * 3),
    st.integers(0),
    st.sampled_from(["f4", "f8", "i2", "u1"]),
    st.sampled_from([0, 1, 2]),
)
@LIKE_NILEARN
def test_the_strongest_value_on_a_line_is_found(shape, seed, dtype, axis):
    values = (3 * np.random.default_rng(seed).normal(size=shape)).astype(dtype)
    lines = np.moveaxis(values.astype(float), axis, -1)
    first = np.abs(lines).argmax(axis=-1)[..., np.newaxis]
    expected = np.take_along_axis(lines, first, axis=-1)[..., 0]
    np.testing.assert_array_equal(strongest(values, axis), expected)


@given(st.integers(0), st.sampled_from("xyzlr"), st.booleans(), st.sampled_from([2.0, 1.5]))
@LIKE_NILEARN
def test_projections_are_nilearns(seed, direction, plot_abs, size):
    theirs = pytest.importorskip("nilearn.plotting.displays")
    values = np.random.default_rng(seed).normal(size=(9, 7, 8)).round(1)
    affine = np.diag([size, size, size, 1.0])
    affine[:3, 3] = (-3 * size, -4, 5)
    ours = GlassBrainAxes(None, direction, None, plot_abs=plot_abs)
    other = theirs.GlassBrainAxes(None, direction, None, plot_abs=plot_abs)
    try:
        expected = other.transform_to_2d(values, affine)
    except IndexError:
        return  # nilearn indexes past the end of a hemisphere with plot_abs=False
    np.testing.assert_array_equal(ours.transform_to_2d(values, affine), expected)


@pytest.mark.parametrize(("plot_abs", "threshold"), [(True, "auto"), (False, 2.3)])
def test_a_real_map_is_drawn_with_nilearns_values_and_colours(plot_abs, threshold, shared_data):
    plotting = pytest.importorskip("nilearn.plotting")
    stored = nib.load(shared_data / "maps" / "motor_lips.nii.gz")
    img = nib.Nifti1Image(np.asanyarray(stored.dataobj), stored.affine)
    options = {"display_mode": "lyrz", "plot_abs": plot_abs, "threshold": threshold}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = plotting.plot_glass_brain(img, **options)
    ours = plot_glass_brain(img, **options)
    for key in "lyrz":
        expected, drawn = shown(theirs, key), shown(ours, key)
        np.testing.assert_allclose(drawn.get_clim(), expected.get_clim(), rtol=1e-6)
        np.testing.assert_array_equal(
            np.ma.filled(drawn.get_array(), np.nan), np.ma.filled(expected.get_array(), np.nan)
        )


def test_nan_does_not_hide_what_is_behind_it():
    values = np.zeros((53, 63, 46))
    values[30] = np.nan
    img = mni_image(values, [((-30, 0, 30), 4.0)])
    drawn = plot_glass_brain(img, threshold=1, display_mode="x")
    assert drawn_at(drawn, "x") == pytest.approx((0, 30))
    plane = strongest(np.array([[[np.nan, -2.0]], [[np.nan, np.nan]]]), axis=2)
    np.testing.assert_array_equal(plane, [[-2], [0]])


# Where it is drawn.


@pytest.mark.parametrize(
    ("mode", "xyz"), list(zip(PROJECTORS, [(-39, -21, 51), (39, 30, -12)] * 7, strict=True))
)
def test_each_view_shows_a_voxel_around_its_centre(mode, xyz):
    display = plot_glass_brain(mni_image(spots=[(xyz, 5.0)]), threshold=1, display_mode=mode)
    expected = {"x": xyz[1:], "l": xyz[1:], "r": xyz[1:], "y": (xyz[0], xyz[2]), "z": xyz[:2]}
    for key in display.axes:
        if (key == "l" and xyz[0] > 0) or (key == "r" and xyz[0] < 0):
            assert np.ma.getmaskarray(shown(display, key).get_array()).all()
        else:
            assert drawn_at(display, key) == pytest.approx(expected[key])


@pytest.mark.parametrize("radiological", [False, True])
def test_left_is_where_the_letter_says(radiological):
    display = plot_glass_brain(
        mni_image(spots=[((-39, -21, 51), 5.0)]), display_mode="lyrz", radiological=radiological
    )
    for key in "yz":
        ax = display.axes[key].ax
        letter = next(text for text in ax.texts if text.get_text() == "L")
        pixel, _ = ax.transData.transform((-39, 0))
        centre, _ = ax.transAxes.transform((0.5, 0.5))
        side, _ = ax.transAxes.transform(letter.get_position())
        assert (pixel < centre) == (side < centre)
        assert (side > centre) == radiological


def test_each_hemisphere_is_seen_from_its_own_side_and_named():
    display = plot_glass_brain(None, display_mode="lr")
    left, right = display.axes["l"].ax, display.axes["r"].ax
    assert left.transData.transform((60, 0))[0] < left.transData.transform((-60, 0))[0]
    assert right.transData.transform((60, 0))[0] > right.transData.transform((-60, 0))[0]
    assert [text.get_text() for text in left.texts] == ["L"]
    assert [text.get_text() for text in right.texts] == ["R"]


def test_a_map_of_one_hemisphere_is_not_shown_in_the_other():
    affine = np.diag([3.0, 3, 3, 1])
    img = nib.Nifti1Image(np.full((20, 20, 20), 5.0), affine)
    display = plot_glass_brain(img, display_mode="lr", threshold=1)
    assert not display.axes["l"].ax.images
    assert len(display.axes["r"].ax.images) == 1


def test_oblique_maps_are_sampled_once_and_stay_within_their_values(monkeypatch):
    from skerry.plotting.displays import glass_axes

    calls = []
    to_ras = glass_axes.to_ras
    monkeypatch.setattr(
        glass_axes, "to_ras", lambda *args, **kwargs: calls.append(1) or to_ras(*args, **kwargs)
    )
    turn = np.diag([3.0, 3, 3, 1])
    turn[:2, :2] = 3 * np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    turn[:3, 3] = (-20, -40, -10)
    values = np.random.default_rng(0).normal(size=(12, 12, 12))
    display = plot_glass_brain(
        nib.Nifti1Image(values, turn), display_mode="ortho", plot_abs=False, threshold=None
    )
    assert len(calls) == 1
    for key in "xyz":
        drawn = shown(display, key).get_array()
        assert values.min() <= drawn.min() < 0 < drawn.max() <= values.max()


# Colours.


def test_the_colours_reach_the_strongest_voxel_of_either_sign():
    img = mni_image(spots=[((-39, -21, 51), -8.0), ((39, -21, 51), 2.0)])
    display = plot_glass_brain(img, threshold=1)
    assert shown(display, "x").get_clim() == (0, 8)
    assert (display._cbar.vmin, display._cbar.vmax) == (0, 8)
    signed = plot_glass_brain(img, threshold=1, plot_abs=False)
    assert shown(signed, "x").get_clim() == (-8, 8)


def test_a_threshold_hides_weaker_voxels_of_both_signs():
    img = mni_image(spots=[((-39, 0, 0), -3.0), ((39, 0, 0), 2.0)])
    display = plot_glass_brain(img, threshold=2.0, plot_abs=False, display_mode="z")
    assert shown(display, "z").get_array().compressed().tolist() == [-3.0]


def test_a_negative_end_of_absolute_values_is_warned_of():
    with pytest.warns(UserWarning, match="vmin is negative but plot_abs is True"):
        plot_glass_brain(mni_image(spots=[((0, 0, 0), 1.0)]), vmin=-2)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"threshold": -1}, ArgumentError, "Threshold should be a non-negative"),
        ({"display_mode": "mosaic"}, ArgumentError, "not a valid display_mode"),
        ({"annotate": "yes"}, ArgumentTypeError, "annotate"),
        ({"stat_map_img": 3}, ArgumentTypeError, "stat_map_img"),
    ],
)
def test_senseless_arguments_are_refused(arguments, error, match):
    with pytest.raises(error, match=match):
        plot_glass_brain(**({"stat_map_img": None} | arguments))


# The brain.


def test_no_map_gives_an_empty_brain():
    display = plot_glass_brain(None, colorbar=True)
    assert display.cut_coords == (None, None, None)
    for view in display.axes.values():
        assert not view.ax.images
        assert len(view.ax.patches) >= 2
    assert display._cbar is None


def test_lines_are_light_on_black_and_dark_on_white():
    for black, darker in ((True, False), (False, True)):
        display = plot_glass_brain(None, black_bg=black, alpha=0.4)
        for patch in display.axes["y"].ax.patches:
            assert (to_rgb(patch.get_edgecolor()[:3])[0] <= 0.6) == darker or not darker
            assert (patch.get_edgecolor()[0] >= 0.4) or darker
            assert patch.get_alpha() == 0.4


@pytest.mark.parametrize(("direction", "axis"), [("x", 0), ("y", 1), ("z", 2), ("l", 0), ("r", 0)])
def test_the_silhouette_is_the_edge_of_the_brains_shadow(direction, axis):
    mask = load_mni152_brain_mask(resolution=2)
    shadow = np.asarray(mask.dataobj).any(axis=axis)
    across, up = (
        mask.affine[a, 3] + 2 * np.arange(n)
        for a, n in zip(np.delete(range(3), axis), shadow.shape, strict=True)
    )
    points = np.stack(np.meshgrid(across, up, indexing="ij"), axis=-1).reshape(-1, 2)
    (line,) = outlines(direction)[-1].lines_mm
    within = Path(line, closed=True).contains_points(points).reshape(shadow.shape)
    assert (within != shadow).sum() < 0.02 * shadow.sum()
    assert np.array_equal(line[0], line[-1])


@pytest.mark.parametrize("direction", "yz")
def test_inner_lines_are_symmetrical_and_within_the_silhouette(direction):
    *inner, silhouette = outlines(direction)
    edge = Path(silhouette.lines_mm[0], closed=True)
    points = np.concatenate([line for kind in inner for line in kind.lines_mm])
    assert edge.contains_points(points).all()
    mirrored = {(-x, y) for x, y in points.tolist()}
    assert mirrored == {(x, y) for x, y in points.tolist()}


def test_an_unknown_view_has_no_outlines():
    with pytest.raises(ArgumentError, match="No glass brain view"):
        outlines("w")


def test_saving_makes_folders_and_closes_the_figure(tmp_path):
    plot_glass_brain(None, output_file=tmp_path / "new" / "brain.png")
    assert (tmp_path / "new" / "brain.png").stat().st_size > 5000
    assert not plt.get_fignums()
