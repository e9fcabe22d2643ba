"""What all plot functions of volumes promise."""

from __future__ import annotations

import inspect
import warnings

import numpy as np
import pytest
from matplotlib import pyplot as plt
from nibabel import Nifti1Image
from PIL import Image

import skerry.plotting as ours
from skerry.errors import ArgumentError, ArgumentTypeError, DimensionError, MissingFileError

AFFINE = np.diag([-4.0, 4.0, 4.0, 1.0])
AFFINE[:3, 3] = [30, -30, -10]
FUNCTIONS = ["plot_img", "plot_anat", "plot_stat_map", "plot_roi", "plot_prob_atlas"]
ONE_CUT = {"display_mode": "z", "cut_coords": [6]}
MAPS = ["plot_img", "plot_anat", "plot_stat_map", "plot_roi"]


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


@pytest.fixture
def img():
    values = np.random.default_rng(0).normal(size=(16, 15, 12)).astype(np.float32)
    return Nifti1Image(values, AFFINE)


def image_for(name, img):
    if name != "plot_prob_atlas":
        return img
    values = np.where(np.asarray(img.dataobj) > 1, np.asarray(img.dataobj), 0)
    return Nifti1Image(np.stack([values, -values], axis=-1), img.affine)


@pytest.mark.parametrize("name", [*FUNCTIONS, "show"])
def test_arguments_and_defaults_are_nilearns(name):
    theirs = inspect.signature(getattr(pytest.importorskip("nilearn.plotting"), name))
    mine = inspect.signature(getattr(ours, name))
    assert list(mine.parameters) == list(theirs.parameters)
    for argument, parameter in theirs.parameters.items():
        here = mine.parameters[argument]
        assert here.kind == parameter.kind
        if argument in ("bg_img", "anat_img") and parameter.default is not None:
            assert repr(here.default) == repr(parameter.default)
        else:
            assert here.default == parameter.default


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_figure_for_a_file_is_saved_and_closed_and_its_display_still_works(name, img, tmp_path):
    path = tmp_path / "made" / "on the way.png"
    display = getattr(ours, name)(image_for(name, img), output_file=path, **ONE_CUT)
    assert plt.get_fignums() == []
    with Image.open(path) as saved:
        assert min(saved.size) > 200
    display.savefig(tmp_path / "again.svg")
    assert (tmp_path / "again.svg").stat().st_size > 1000


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_figure_of_the_callers_stays_open(name, img, tmp_path):
    figure, axes = plt.subplots(figsize=(2, 2))
    for place in ({"figure": figure}, {"axes": axes}):
        file = {"output_file": tmp_path / "x.png"}
        getattr(ours, name)(image_for(name, img), **place, **file, **ONE_CUT)
        assert plt.fignum_exists(figure.number)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_given_is_changed(name, img):
    source = image_for(name, img)
    values = np.asarray(source.dataobj)
    values[3, 3, 3] = np.nan
    before = values.copy()
    getattr(ours, name)(source, **ONE_CUT)
    assert np.array_equal(np.asarray(source.dataobj), before, equal_nan=True)


def test_a_transparency_range_may_be_a_tuple_and_a_list_stays_as_it_is(img):
    limits = [1, 50]
    for given in (limits, (0.5, 2)):
        ours.plot_stat_map(img, bg_img=None, transparency=img, transparency_range=given, **ONE_CUT)
    assert limits == [1, 50]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_title_is_plain_text(name, img, tmp_path):
    title = r"cost $5 and $\frac{1}"
    display = getattr(ours, name)(
        image_for(name, img), title=title, output_file=tmp_path / "x.png", **ONE_CUT
    )
    texts = [text.get_text() for text in display.frame_axes.figure.texts]
    assert title in [text.replace("\n", " ") for text in texts]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *[("plot_stat_map", kind) for kind in ("path", "image", "false", "none", "nan")],
        *[(name, kind) for name in ("plot_roi", "plot_prob_atlas") for kind in ("path", "false")],
    ],
)
def test_a_background_is_whatever_the_user_gives(name, kind, img, tmp_path):
    own = Nifti1Image(np.random.default_rng(1).random((20, 21, 22)), np.diag([3.0, 3, 3, 1]))
    own.to_filename(tmp_path / "own.nii.gz")
    holed = np.asarray(own.dataobj).copy()
    holed[:5] = np.nan
    choices = {
        "path": tmp_path / "own.nii.gz",
        "image": own,
        "false": False,
        "none": None,
        "nan": Nifti1Image(holed, own.affine),
    }
    getattr(ours, name)(image_for(name, img), bg_img=choices[kind], **ONE_CUT)


def test_a_map_can_be_its_own_background(img):
    display = ours.plot_prob_atlas(
        image_for("plot_prob_atlas", img), bg_img=img, display_mode="z", cut_coords=3
    )
    assert all(len(view.ax.images) for view in display.axes.values())


@pytest.mark.parametrize("threshold", ["100%", "97%", "auto", 0, None, 100.0])
def test_every_threshold_draws_a_figure(threshold, img, tmp_path):
    with warnings.catch_warnings():
        # Nothing above the threshold: cut coordinates fall back, with a word.
        warnings.filterwarnings("ignore", "Could not determine cut coords")
        ours.plot_stat_map(img, threshold=threshold, output_file=tmp_path / "x.png")
    assert (tmp_path / "x.png").exists()


@pytest.mark.parametrize(
    ("threshold", "shown"), [(0.5, 0.5), ("60%", None), ("auto", None), (0, 0.0)]
)
def test_what_is_hidden_is_what_the_threshold_says(threshold, shown, img):
    from skerry.plotting.inputs.display_threshold import threshold_value

    level = threshold_value(threshold, np.asarray(img.dataobj)) if shown is None else shown
    display = ours.plot_stat_map(
        img, bg_img=None, threshold=threshold, display_mode="z", cut_coords=[6]
    )
    (view,) = display.axes.values()
    plane = np.asarray(img.dataobj)[::-1, :, 4].T[::-1]
    drawn = view.ax.images[0].get_array()
    assert np.array_equal(np.ma.getmaskarray(drawn), np.abs(plane) <= level)


def test_a_stat_map_of_two_signs_has_zero_in_the_middle(img):
    display = ours.plot_stat_map(img, bg_img=None, display_mode="z", cut_coords=[6])
    norm = display._cbar.norm
    assert norm.vmin == -norm.vmax
    assert norm.vmax == pytest.approx(np.abs(np.asarray(img.dataobj)).max())


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    ("argument", "value"),
    {
        "annotate": 1,
        "draw_cross": "yes",
        "colorbar": None,
        "radiological": 0,
        "title": 3,
        "vmin": "1",
        "vmax": True,
        "output_file": 5,
    }.items(),
)
def test_arguments_of_the_wrong_type_are_refused(name, argument, value, img):
    with pytest.raises(ArgumentTypeError, match=argument):
        getattr(ours, name)(image_for(name, img), **{argument: value})


@pytest.mark.parametrize("name", MAPS)
def test_images_that_cannot_be_drawn_are_refused(name, img, tmp_path):
    plot = getattr(ours, name)
    with pytest.raises(MissingFileError):
        plot(tmp_path / "absent.nii")
    with pytest.raises(DimensionError):
        plot(Nifti1Image(np.zeros((4, 4, 4, 2), np.float32), AFFINE))
    with pytest.raises(ArgumentTypeError):
        plot(3)
    with pytest.raises(ArgumentTypeError, match="real numbers"):
        plot(Nifti1Image(np.ones((4, 4, 4), np.complex64), AFFINE))
    with pytest.raises(ArgumentError, match="valid display_mode"):
        plot(img, display_mode="zzz")
    with pytest.raises(ArgumentError, match="non-negative number!"):
        plot(img, threshold=-1)


def test_nan_ends_of_the_range_are_ignored_with_a_word(img):
    with pytest.warns(UserWarning, match="NaN is not permitted"):
        ours.plot_img(img, vmax=np.nan, **ONE_CUT)


def test_one_volume_of_a_fourth_axis_is_a_volume(img):
    fourth = Nifti1Image(np.asarray(img.dataobj)[..., None], img.affine)
    ours.plot_stat_map(fourth, bg_img=None)


def test_show_says_that_a_file_backend_shows_nothing():
    with pytest.warns(UserWarning, match="non-interactive"):
        ours.show()


@pytest.mark.parametrize("sign", [1, -1])
def test_a_map_of_one_sign_has_no_colour_of_the_other(sign, img):
    one_sided = Nifti1Image(sign * np.abs(np.asarray(img.dataobj)), img.affine)
    options = {"bg_img": None, "display_mode": "z", "cut_coords": [6]}
    display = ours.plot_stat_map(one_sided, **options)
    (view,) = display.axes.values()
    pixels = view.ax.images[0].to_rgba(view.ax.images[0].get_array())
    redder = pixels[..., 0] - pixels[..., 2]
    assert (sign * redder).min() > -0.02
    given = ours.plot_stat_map(one_sided, cmap="RdBu_r", **options)
    (view,) = given.axes.values()
    assert view.ax.images[0].get_cmap().name == "RdBu_r"
