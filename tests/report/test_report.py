"""make_report: the page of regions, its facts, and what it refuses."""

from __future__ import annotations

import html
import subprocess
import sys
from html.parser import HTMLParser

import nibabel
import numpy as np
import pytest

import skerry
from report.made import HOSTILE, SAMPLE, facts_in, noise, sample_regions
from skerry.datasets import load_mni152_template
from skerry.errors import ArgumentError, ArgumentTypeError, DimensionError, OutputError
from skerry.io.save import save_image

OBLIQUE = np.array([[2, 0.3, 0.1, -10], [-0.3, 2, 0.2, 4], [0.1, -0.2, 2.1, 7], [0, 0, 0, 1]])


class Elements(HTMLParser):
    """Names of the elements of a page, and how many."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.names.append(tag)
        self.handlers += [name for name, _ in attributes if name.startswith("on")]


def test_the_page_knows_the_map_the_regions_and_how_they_were_made():
    regions = sample_regions("97%", kind="z", min_volume_mm3=1500)
    facts = facts_in(skerry.make_report(regions, title="Left & right").html)
    assert facts["title"] == "Left & right"
    assert facts["map"]["kind"] == "z"
    assert facts["map"]["source"] == "image_10426.nii.gz"
    assert facts["asked"]["threshold"] == regions.threshold
    assert facts["asked"]["min_volume_mm3"] == 1500
    record = facts["record"]
    assert record["inputs"][0]["sha256"] == regions.statmap.sha256
    assert record["parameters"]["threshold"] == "97%"
    assert record["parameters"]["comparison"] == "|value| >= threshold, in double precision"
    assert record["counts"]["regions"] == len(regions)
    assert record["statistics"]["p_cluster_fwe"].endswith(
        "(Eklund 2016, doi 10.1073/pnas.1602413113)"
    )
    assert facts["given"] is None
    beneath = (
        "the MNI152 template lies beneath the map, which is in MNI space: 98 % of its mask lies "
        "inside the MNI152 brain"
    )
    assert facts["notes"] == [*regions.notes, beneath]


def test_peaks_are_listed_as_asked():
    report = skerry.make_report(
        sample_regions(), min_distance_mm=20, max_peaks=7, min_prominence=0.5
    )
    asked = facts_in(report.html)["asked"]
    assert (asked["peak_distance_mm"], asked["max_peaks"], asked["min_prominence"]) == (20, 7, 0.5)


def test_atlases_name_regions_on_the_page():
    facts = facts_in(skerry.make_report(sample_regions(), atlas="schaefer200").html)
    assert [one["name"] for one in facts["atlases"]] == ["schaefer200"]
    assert facts["record"]["atlases"][0]["labels"] == 200


def test_the_same_regions_give_the_same_bytes(tmp_path):
    pages = []
    for name in ("one.html", "two.html"):
        skerry.make_report(sample_regions("97%", kind="z"), atlas="schaefer200").save(
            tmp_path / name
        )
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]


def test_a_notebook_shows_the_page_in_a_frame_of_its_own_origin():
    report = skerry.make_report(sample_regions())
    shown = report._repr_html_()
    assert shown.startswith("<iframe ")
    assert 'sandbox="allow-scripts' in shown
    assert "allow-same-origin" not in shown
    assert html.unescape(shown.split('srcdoc="')[1].split('"')[0]) == report.html


def test_nothing_is_made_before_it_is_needed():
    code = (
        "import sys, skerry\n"
        f"report = skerry.make_report(skerry.find_regions({SAMPLE!r}, 3))\n"
        "assert 'jinja2' not in sys.modules\n"
        "report.html\n"
        "print(sorted({'matplotlib', 'pandas', 'scipy.ndimage', 'numba'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Text of users


def test_text_of_users_is_text_in_page_and_facts(tmp_path):
    name = HOSTILE.replace("/", "_") + ".nii"
    save_image(noise(), tmp_path / name)
    labels = np.ones((12, 12, 12), dtype=np.int16)
    atlas = skerry.atlas.load_atlas(
        nibabel.Nifti1Image(labels, noise().affine), {1: HOSTILE}, name=HOSTILE
    )
    regions = skerry.find_regions(str(tmp_path / name), 2)
    plain = Elements(skerry.make_report(regions).html)
    page = skerry.make_report(regions, title=HOSTILE, atlas=atlas).html
    facts = facts_in(page)
    assert facts["title"] == HOSTILE
    assert facts["name"] == name.removesuffix(".nii")
    assert facts["map"]["source"] == name
    assert facts["record"]["inputs"][0]["path"] == name
    elements = Elements(page)
    assert elements.handlers == []
    # The atlas adds blocks of data; nothing else may come in.
    assert [tag for tag in elements.names if tag != "script"] == [
        tag for tag in plain.names if tag != "script"
    ]
    n_blocks = page.count("data-block=") - skerry.make_report(regions).html.count("data-block=")
    assert elements.names.count("script") == plain.names.count("script") + n_blocks
    assert "alert(1)</script>" not in page
    assert "\u2028" not in page.split("skerry-facts")[1].split("</script")[0]


# Regions that no single height gives


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: skerry.split_regions(sample_regions(3)), "split along the valleys"),
        (lambda: sample_regions("tdp>0.9", kind="z"), 'asked for as "tdp>0.9"'),
        (lambda: sample_regions(3)[:2], "Only some regions were given (2)"),
        (lambda: sample_regions(3, min_volume_mm3=1500)[[0]], "Only some regions were given (1)"),
        (lambda: sample_regions(3)[[]], "Only some regions were given (0)"),
    ],
)
def test_regions_that_no_height_gives_have_a_table_of_their_own(make, says):
    regions = make()
    facts = facts_in(skerry.make_report(regions).html)
    assert says in facts["given"]["why"]
    assert facts["given"]["columns"][:2] == ["region", "sign"]
    table = skerry.region_table(regions)
    assert [row[0] for row in facts["given"]["rows"]] == [str(n) for n in table["region"]]
    assert facts["given"]["columns"] == list(table)
    assert facts["asked"]["threshold"] == regions.threshold


@pytest.mark.parametrize("options", [{}, {"min_volume_mm3": 1500}, {"sign": "negative"}])
def test_regions_of_one_height_need_none(options):
    assert facts_in(skerry.make_report(sample_regions(3, **options)).html)["given"] is None


# Odd maps


@pytest.mark.parametrize(
    ("values", "threshold"),
    [
        (np.zeros((5, 6, 7)), 3),
        (np.full((4, 4, 4), np.nan), 1),
        (np.full((1, 1, 1), 5.0), 3),
        (np.random.default_rng(0).normal(size=(20, 20, 1)), 1),
        (np.random.default_rng(0).random((9, 9, 9)) + 5, 3),
        (np.random.default_rng(0).normal(size=(9, 9, 9)), 99),
    ],
    ids=["zeros", "NaN", "one voxel", "one slice", "all above", "none above"],
)
@pytest.mark.parametrize("kind", [None, "z"])
def test_odd_maps_have_pages(values, threshold, kind):
    img = nibabel.Nifti1Image(values.astype(np.float32), np.eye(4))
    regions = skerry.find_regions(img, threshold, kind=kind)
    facts = facts_in(skerry.make_report(regions).html)
    assert facts["record"]["counts"]["regions"] == len(regions)
    assert facts["grid"]["shape"] == list(values.shape)


def test_thousands_of_regions_have_a_page():
    regions = skerry.find_regions(noise((64, 64, 64)), 2.3, connectivity=6)
    assert len(regions) > 5000
    assert facts_in(skerry.make_report(regions).html)["record"]["counts"]["regions"] == len(regions)


def test_a_threshold_that_nothing_can_pass_is_said_without_a_number():
    regions = skerry.find_regions(noise(), "fdr<0.0001", kind="z")
    assert regions.threshold == np.inf
    facts = facts_in(skerry.make_report(regions).html)
    assert facts["asked"]["threshold"] is None
    assert facts["record"]["threshold"] is None
    assert facts["methods"]["initial"]["threshold"] is None


@pytest.mark.filterwarnings("ignore:.*infinite")
def test_infinite_values_have_a_page():
    values = np.asarray(noise().dataobj).copy()
    values[3, 3, 3] = np.inf
    regions = skerry.find_regions(nibabel.Nifti1Image(values, np.eye(4)), 2, kind="t", df=9)
    assert facts_in(skerry.make_report(regions).html)["map"]["n_infinite"] == 1


# What lies beneath


def test_no_template_lies_beneath_a_map_that_is_not_known_to_be_in_mni_space():
    for img in (noise((20, 12, 7), np.diag([1.0, 3, 5, 1])), noise((12, 12, 12), OBLIQUE)):
        facts = facts_in(skerry.make_report(skerry.find_regions(img, 2)).html)
        assert facts["background"] is None
        assert "may not be in MNI space" in facts["notes"][-1]
        assert "its own values, in grey" in facts["notes"][-1]


@pytest.mark.parametrize("nothing", [False, "none"])
def test_there_may_be_no_background(nothing):
    facts = facts_in(skerry.make_report(sample_regions(), background=nothing).html)
    assert facts["background"] is None


def test_the_template_can_be_asked_for_and_is_doubted():
    facts = facts_in(skerry.make_report(skerry.find_regions(noise(), 2), background="MNI152").html)
    assert facts["background"]["name"] == "MNI152 template"
    assert "though the map may not be in MNI space" in facts["notes"][-1]
    assert "Fonov" in " ".join(facts["methods"]["paragraph"])


def test_the_users_own_image_lies_beneath(tmp_path):
    save_image(load_mni152_template(resolution=6), tmp_path / "anat.nii.gz")
    for background, name in (
        (tmp_path / "anat.nii.gz", "anat.nii.gz"),
        (load_mni152_template(resolution=6), "an image in memory"),
    ):
        facts = facts_in(skerry.make_report(sample_regions(), background=background).html)
        assert facts["background"]["name"] == name
        assert "Fonov" not in " ".join(facts["methods"]["paragraph"])


# What is refused


@pytest.mark.parametrize(
    ("options", "kind", "says"),
    [
        ({"title": 3}, ArgumentTypeError, "title must be text, got int"),
        ({"background": 3}, ArgumentTypeError, "background"),
        ({"background": np.zeros((3, 3, 3))}, ArgumentTypeError, "background must be a path or"),
        ({"background": "nowhere.nii"}, FileNotFoundError, "nowhere.nii"),
        ({"background": noise((3, 3, 3, 2))}, DimensionError, "4D"),
        ({"atlas": "nowhere"}, FileNotFoundError, "nowhere"),
        ({"max_peaks": 0}, ArgumentError, "max_peaks must be at least 1, got 0; None lists all"),
        ({"max_peaks": 2.5}, ArgumentTypeError, "max_peaks must be a whole number, got 2.5"),
        ({"min_distance_mm": -1}, ArgumentError, "min_distance_mm"),
        ({"min_prominence": "1"}, ArgumentTypeError, "min_prominence must be a number"),
    ],
)
def test_what_cannot_be_is_refused_at_once_in_one_line(options, kind, says):
    with pytest.raises(kind, match=says) as error:
        skerry.make_report(sample_regions(), **options)
    assert "\n" not in str(error.value)


def test_numbers_of_numpy_are_numbers():
    listing = skerry.make_report(
        sample_regions(), max_peaks=np.int64(2), min_distance_mm=np.float32(4)
    ).contents.listing
    assert (listing.max_peaks, listing.peak_distance_mm) == (2, 4.0)


def test_only_regions_have_a_report():
    with pytest.raises(
        ArgumentTypeError, match=r"regions must be Regions, got str; .*find_regions"
    ):
        skerry.make_report(SAMPLE)


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path):
    report = skerry.make_report(sample_regions())
    with pytest.raises(OutputError):
        report.save(tmp_path / "no folder" / "report.html")
    assert list(tmp_path.iterdir()) == []
