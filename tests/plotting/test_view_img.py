"""The page of a map over a brain: what it shows, how it is saved and opened, what it refuses."""

from __future__ import annotations

import html
import inspect
import re
import threading
import urllib.error
import urllib.request
import webbrowser

import matplotlib as mpl
import nibabel
import numpy as np
import pytest
from matplotlib.colors import to_hex

from report.made import HOSTILE, SAMPLE, facts_in
from skerry.datasets import load_mni152_template
from skerry.errors import OutputError
from skerry.plotting import find_xyz_cut_coords, view_img
from skerry.plotting.inputs.background import load_background
from skerry.plotting.inputs.display_threshold import threshold_value
from skerry.plotting.view.browser import open_in_browser
from skerry.plotting.view.document import HTMLDocument


def shown(*arguments, **options):
    """Give what the page is told to show."""
    return facts_in(view_img(*arguments, **options).html)["display"]


def image(values, affine=None):
    return nibabel.Nifti1Image(values, np.diag([2.0, 2, 2, 1]) if affine is None else affine)


def test_its_arguments_are_those_of_nilearn():
    nilearn = pytest.importorskip("nilearn.plotting")
    ours, theirs = (inspect.signature(view).parameters for view in (view_img, nilearn.view_img))
    assert list(ours) == list(theirs)
    for name, parameter in theirs.items():
        assert str(ours[name].default) == str(parameter.default)


def test_the_page_holds_every_value_of_the_map():
    facts = facts_in(view_img(SAMPLE).html)
    assert facts["map"]["n_in_mask"] == 45448
    assert facts["map"]["highest"] == pytest.approx(7.9413452)
    assert facts["grid"]["shape"] == [53, 63, 46]
    assert facts["certainty"] is None


def test_a_map_that_is_not_thresholded_is_shown_everywhere():
    values = np.zeros((4, 4, 4))
    values[1, 2, 3] = 5
    assert facts_in(view_img(image(values)).html)["map"]["n_in_mask"] == 1
    facts = facts_in(view_img(image(values), threshold=None).html)
    assert facts["map"]["n_in_mask"] == 64
    assert facts["display"]["threshold"] is None


def test_colours_are_symmetric_unless_told_otherwise():
    values = np.linspace(-2, 8, 64).reshape(4, 4, 4)
    display = shown(image(values), threshold=None)
    assert (display["vmin"], display["vmax"]) == (-8, 8)
    colors = mpl.colormaps["RdBu_r"](np.linspace(0, 1, 256))
    assert display["cmap"] == [to_hex(color) for color in colors]
    display = shown(image(values), threshold=None, symmetric_cmap=False, vmax=6, cmap="viridis")
    assert (display["vmin"], display["vmax"]) == (-2, 6)
    assert display["cmap"][0] == "#440154"
    assert len(shown(image(values), cmap="cold_hot")["cmap"]) == 256


def test_a_percentage_hides_what_plot_stat_map_hides():
    volume = np.asarray(nibabel.load(SAMPLE).dataobj)
    assert shown(SAMPLE, threshold="97%")["threshold"] == threshold_value("97%", volume)
    values = np.arange(-50, 51, dtype=float).repeat(10)[:1000].reshape(10, 10, 10)
    assert shown(image(values), threshold="80%")["threshold"] == 40 + 1e-5
    assert shown(image(values), threshold="auto")["threshold"] == 40 - 1e-5


def test_it_opens_where_the_map_is_highest_or_where_it_is_told():
    expected = find_xyz_cut_coords(SAMPLE, activation_threshold=3)
    assert shown(SAMPLE, threshold=3)["cut_coords"] == expected
    assert shown(SAMPLE, cut_coords=(1, -2, 3.5))["cut_coords"] == [1, -2, 3.5]


def test_an_empty_map_opens_in_the_middle():
    display = shown(image(np.zeros((5, 5, 5))), bg_img=None, threshold=None)
    assert display["cut_coords"] == [4, 4, 4]


def test_the_background_is_dimmed_as_in_figures():
    dimmed = load_background()
    assert shown(SAMPLE)["background"] == {"vmin": dimmed.vmin, "vmax": dimmed.vmax}
    assert shown(SAMPLE)["black_bg"] is False
    display = shown(SAMPLE, bg_img=SAMPLE, black_bg=True, dim=0)
    assert display["black_bg"] is True
    assert facts_in(view_img(SAMPLE, bg_img=None).html)["background"] is None
    assert facts_in(view_img(SAMPLE, bg_img=False).html)["background"] is None
    coarse = load_mni152_template(resolution=6)
    assert facts_in(view_img(SAMPLE, bg_img=coarse).html)["background"]["affine"][0][0] == 6


def test_switches_reach_the_page():
    switches = {"colorbar": False, "annotate": False, "draw_cross": False, "radiological": True,
                "show_lr": False}  # fmt: skip
    display = shown(SAMPLE, opacity=0.5, resampling_interpolation="nearest", **switches)
    for name, value in switches.items():
        assert display[name] is value
    assert display["opacity"] == 0.5
    assert display["smooth"] is False


def test_only_slices_are_shown():
    assert [name for name, is_shown in shown(SAMPLE)["show"].items() if is_shown] == ["slices"]


def test_the_frame_is_as_wide_as_asked_for_and_fits_the_slices():
    view = view_img(SAMPLE, width_view=1000)
    assert view.width == 1000
    assert 400 < view.height < 700
    frame = view.get_iframe()
    assert f'width="1000" height="{view.height}"' in frame
    assert html.unescape(frame.split('srcdoc="')[1].split('"')[0]) == view.html
    assert "allow-same-origin" not in frame
    assert 'width="30" height="40"' in view.resize(30, 40)._repr_html_()
    assert view.get_iframe(width=5, height=6) != view.get_iframe()
    assert str(view) == view.get_standalone() == view.html


def test_a_title_is_text():
    page = view_img(SAMPLE, title=HOSTILE).html
    assert facts_in(page)["display"]["title"] == HOSTILE
    assert "alert(1)</script>" not in page
    assert f"<title>{html.escape(HOSTILE, quote=False)}"[:30] in html.unescape(page) or re.search(
        r"<title>[^<]*alert", page
    )


def test_the_same_map_gives_the_same_bytes():
    assert view_img(SAMPLE).html == view_img(SAMPLE).html


@pytest.mark.parametrize(
    ("options", "kind", "says"),
    [
        ({"threshold": -3}, ValueError, "non-negative"),
        ({"threshold": "3"}, ValueError, "percent"),
        ({"threshold": "120%"}, ValueError, "percent"),
        ({"threshold": [3]}, TypeError, "threshold"),
        ({"cut_coords": 4}, ValueError, r"three numbers, \(x, y, z\)"),
        ({"cut_coords": (1, 2)}, ValueError, "three numbers"),
        ({"cut_coords": (1, 2, np.nan)}, ValueError, "three numbers"),
        ({"opacity": 1.5}, ValueError, "between 0 and 1"),
        ({"opacity": "1"}, TypeError, "opacity"),
        ({"width_view": 0}, ValueError, "at least 1 pixel"),
        ({"width_view": None}, TypeError, "width_view"),
        ({"symmetric_cmap": 1}, TypeError, "symmetric_cmap"),
        ({"show_lr": "yes"}, TypeError, "show_lr"),
        ({"colorbar": 1}, TypeError, "colorbar"),
        ({"title": 1}, TypeError, "title"),
        ({"vmax": "1"}, TypeError, "vmax"),
        ({"resampling_interpolation": "cubic"}, ValueError, "resampling_interpolation"),
        ({"dim": "dark"}, ValueError, "dim"),
        ({"cmap": "no such map"}, ValueError, "no such map"),
        ({"bg_img": "nowhere.nii"}, FileNotFoundError, "nowhere.nii"),
    ],
)
def test_what_makes_no_sense_is_refused(options, kind, says):
    with pytest.raises(kind, match=says):
        view_img(SAMPLE, **options)


def test_only_one_volume_can_be_shown():
    with pytest.raises(TypeError, match="4D"):
        view_img(image(np.ones((3, 3, 3, 2))))


def test_a_threshold_above_all_or_below_all_is_warned_of():
    with pytest.warns(UserWarning, match="must not exceed 7.94"):
        view_img(SAMPLE, threshold=100)
    with pytest.warns(UserWarning, match=r"no values below 4\.0"):
        view_img(image(np.full((3, 3, 3), -4.0)), threshold=1)
    view_img(image(np.full((3, 3, 3), 4.0)))  # nobody asked to hide anything


# Documents


def test_a_page_is_saved_whole_or_not_at_all(tmp_path):
    HTMLDocument("<p>é</p>").save_as_html(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_bytes() == "<p>é</p>".encode()
    with pytest.raises(OutputError):
        HTMLDocument("").save_as_html(tmp_path / "no folder" / "page.html")


def test_a_size_that_is_no_number_is_replaced_with_a_warning():
    with pytest.warns(UserWarning, match="Invalid width 'wide'"):
        document = HTMLDocument("", width="wide", height=50.9)
    assert (document.width, document.height) == (800, 50)


def test_a_page_opens_from_a_file_that_was_named(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    HTMLDocument("hello").open_in_browser(tmp_path / "a page.html")
    assert opened == [(tmp_path / "a page.html").as_uri()]
    assert (tmp_path / "a page.html").read_text() == "hello"


def test_a_page_is_handed_to_the_browser_once_and_to_nobody_else(monkeypatch):
    answers = []

    def browse(url: str) -> None:
        wrong = url.replace("index.html", "other.html")

        def ask() -> None:
            try:
                urllib.request.urlopen(wrong)  # noqa: S310
            except urllib.error.HTTPError as error:
                answers.append(error.code)
                error.close()
            with urllib.request.urlopen(url) as answer:  # noqa: S310
                answers.append(answer.read().decode())
            answers.append(url)

        thread = threading.Thread(target=ask)
        threads.append(thread)
        thread.start()

    threads: list[threading.Thread] = []
    monkeypatch.setattr(webbrowser, "open", browse)
    HTMLDocument("<p>é</p>").open_in_browser()
    threads[0].join()
    assert answers[:2] == [404, "<p>é</p>"]
    assert answers[2].startswith("http://127.0.0.1:")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(answers[2])  # noqa: S310


def test_a_browser_that_does_not_come_is_an_error(monkeypatch):
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    with pytest.raises(RuntimeError, match="Failed to open the page"):
        open_in_browser("hello", timeout_s=0.05)
