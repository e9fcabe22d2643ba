"""The methods paragraph, and the lines that make a page again."""

from __future__ import annotations

import re
import shutil
import sys

import numpy as np
import pytest

import skerry
from report.made import SAMPLE, command, facts_in, filled, noise, paragraph, python, sample_regions
from skerry.cli.main import run
from skerry.io.save import save_image
from skerry.report import make_report
from skerry.report.facts import methods_facts
from skerry.report.report import assemble


def methods_of(regions, **options):
    return methods_facts(make_report(regions, **options).contents)


def test_the_paragraph_says_what_was_done():
    said = paragraph(methods_of(sample_regions("97%", kind="z", min_volume_mm3=1500)))
    for part in (
        f"found with skerry {skerry.__version__}",
        "z map image_10426.nii.gz",
        "Of the 45448 voxels that are neither 0 nor NaN, those with |z| of at least",
        "(the 97th percentile of |value| over the mask)",
        "positive and negative regions, each sign by itself",
        "a face, an edge or a corner (26 neighbours)",
        "regions of less than 1500 mm³ were left out",
        "more than 8 mm",
        "MNI space",
    ):
        assert part in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "t", "df": 20}, "t map with 20 degrees of freedom image_10426.nii.gz"),
        ({"kind": "F", "df": (3, 60), "sign": "positive"}, "of an F map with 3 and 60 degrees"),
        ({"kind": "other"}, "Regions of the map image_10426.nii.gz"),
        ({}, "Regions of the map image_10426.nii.gz"),
        ({"sign": "negative"}, "joined into negative regions"),
        ({"connectivity": 6}, "a face (6 neighbours)"),
    ],
)
@pytest.mark.filterwarnings("ignore::skerry.errors.SkerryWarning")
def test_the_paragraph_says_what_the_map_is_and_what_was_looked_for(options, says):
    regions = skerry.find_regions(
        abs_sample() if options.get("kind") == "F" else SAMPLE, 3, **options
    )
    assert says in paragraph(methods_of(regions))


def abs_sample():
    loaded = skerry.load_map(SAMPLE)
    return type(loaded.to_img())(np.abs(loaded.values), loaded.grid.affine)


@pytest.mark.parametrize(
    ("threshold", "says"),
    [
        ("fdr<0.001", "(false discovery rate 0.001 over 45448 voxels, Benjamini and Hochberg)"),
        ("p<0.0001", "(p < 0.0001, each voxel by itself)"),
        ("fwe<0.05", "(family-wise error 0.05, voxels, random field theory)"),
        ("bonferroni<0.05", "(family-wise error 0.05 over 45448 voxels, Bonferroni)"),
        ("92%", "(the 92nd percentile of |value| over the mask)"),
    ],
)
def test_the_paragraph_says_how_the_threshold_was_asked_for(threshold, says):
    assert says in paragraph(methods_of(sample_regions(threshold, kind="z")))


@pytest.mark.parametrize(
    ("max_peaks", "says"),
    [
        (1, "Of a region the highest peak is listed; coordinates are"),
        (3, "Of a region at most 3 peaks are listed, those that lie more than 8 mm"),
        (None, "Of a region all peaks are listed that lie more than 8 mm"),
    ],
)
def test_the_paragraph_says_how_many_peaks_are_listed(max_peaks, says):
    assert says in paragraph(methods_of(sample_regions(3), max_peaks=max_peaks))


def test_a_plain_height_needs_no_words():
    said = paragraph(methods_of(sample_regions(3)))
    assert "|value| of at least 3 were joined" in said


def test_every_work_that_the_paragraph_names_is_cited_once_with_its_doi():
    regions = skerry.split_regions(sample_regions(3, kind="t", df=20), min_prominence=1)
    methods = methods_of(regions, atlas="schaefer200")
    said = paragraph(methods)
    named = set(re.findall(r"(\w+)(?: et al\.| and \w+) (\d{4})", said))
    listed = [(entry["text"].split()[0], re.search(r"\((\d{4})\)", entry["text"])[1])
              for entry in methods["citations"]]  # fmt: skip
    assert set(listed) == named
    assert len(listed) == len(set(listed)) == 10
    assert all(re.fullmatch(r"10\.\d{4,}/\S+", entry["doi"]) for entry in methods["citations"])


def test_a_map_of_unknown_kind_is_said_to_have_no_p_values():
    methods = methods_of(sample_regions(3), background=False)
    assert "p values" not in paragraph(methods)
    assert methods["citations"] == []
    assert methods["low_forming"] is None


def test_clusters_formed_low_are_warned_of_below_the_height_of_z_3_1():
    low = methods_of(sample_regions(3, kind="z"))["low_forming"]
    assert low["height"] == pytest.approx(3.09)
    assert "10.1073/pnas.1602413113" in low["text"]
    of_t = methods_of(sample_regions(3, kind="t", df=20))["low_forming"]
    assert of_t["height"] == pytest.approx(3.5515, abs=1e-3)


def test_the_mask_that_was_given_is_named(tmp_path):
    loaded = skerry.load_map(SAMPLE)
    inside = type(loaded.to_img())((loaded.values > 1).astype(np.uint8), loaded.grid.affine)
    regions = skerry.find_regions(SAMPLE, 3, mask=inside)
    assert f"Of the {loaded.values[loaded.values > 1].size} voxels of the mask," in paragraph(
        methods_of(regions)
    )
    named = assemble(regions, mask="/secret/folder/brain{x}.nii.gz")
    assert "voxels of the mask brain{x}.nii.gz," in paragraph(methods_facts(named.contents))


# Lines that make a page again


CASES = [
    {},
    {"threshold": 3.0, "min_volume_mm3": 1500},
    {"threshold": "fdr<0.01", "kind": "z", "sign": "positive"},
    {"threshold": 2.345678901234567, "kind": "t", "df": 20, "connectivity": 6},
    {"threshold": "tdp>0.9", "kind": "z"},
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("max_peaks", [5, None])
@pytest.mark.parametrize("options", CASES)
def test_the_python_lines_and_the_command_make_the_same_page_again(
    here, monkeypatch, options, max_peaks
):
    shutil.copy(SAMPLE, here / "a map.nii.gz")
    regions = skerry.find_regions("a map.nii.gz", **options)
    title = 'It\'s {a} "title"'
    report = make_report(regions, title=title, atlas="schaefer200", max_peaks=max_peaks)
    methods = methods_facts(report.contents)
    exec(python(methods), {})  # noqa: S102  # our own lines
    assert (here / "a map_report.html").read_text(encoding="utf-8") == report.html
    monkeypatch.setattr(sys, "argv", command(methods))
    with pytest.raises(SystemExit) as stop:
        run()
    assert not stop.value.code
    made = (here / "a map_skerry" / "a map_report.html").read_text(encoding="utf-8")
    assert made == report.html


@pytest.mark.parametrize(
    "name", ["-t.nii.gz", "a'b\"c.nii", "{sign}.nii", "ä €.nii", "x;rm -r.nii"]
)
def test_names_of_files_are_text_in_the_lines(here, monkeypatch, name):
    save_image(noise(), here / name)
    report = make_report(skerry.find_regions(str(here / name), 2))
    methods = methods_facts(report.contents)
    exec(python(methods), {})  # noqa: S102  # our own lines
    monkeypatch.setattr(sys, "argv", [*command(methods), "-o", "out"])
    with pytest.raises(SystemExit) as stop:
        run()
    assert not stop.value.code
    stem = report.regions.statmap.name
    made = {
        path.read_bytes()
        for path in (here / f"{stem}_report.html", here / "out" / f"{stem}_report.html")
    }
    assert made == {report.html.encode()}


def test_the_slider_changes_the_lines_and_the_regions_that_they_give(here):
    shutil.copy(SAMPLE, here / "image_10426.nii.gz")
    methods = methods_of(skerry.find_regions("image_10426.nii.gz", "97%"))
    names: dict = {}
    exec(filled(methods, methods["python"], "4.25"), names)  # noqa: S102  # our own lines
    assert names["regions"].threshold == 4.25


def test_folders_of_files_stay_at_home(here):
    (here / "patient jane").mkdir()
    shutil.copy(SAMPLE, here / "patient jane" / "map.nii.gz")
    shutil.copy(SAMPLE, here / "patient jane" / "anat.nii.gz")
    place = here / "patient jane"
    report = make_report(
        skerry.find_regions(place / "map.nii.gz", 3), background=place / "anat.nii.gz"
    )
    assert "patient jane" not in report.html
    assert str(here) not in report.html


def test_a_map_of_neurovault_is_named_by_its_number():
    report = assemble(sample_regions(3), map="neurovault:10426")
    methods = methods_facts(report.contents)
    assert methods["command"][2] == "neurovault:10426"
    assert "fetch_neurovault_ids(image_ids=[10426]).images[0]" in methods["python"]
    compile(python(methods), "lines", "exec")


def whole_mask():
    loaded = skerry.load_map(SAMPLE)
    return type(loaded.to_img())(loaded.mask.astype(np.uint8), loaded.grid.affine)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: skerry.find_regions(noise(), 2), "the map was an image in memory"),
        (lambda: sample_regions(3)[[1, 2]], "which regions were selected is not known here"),
        (lambda: skerry.split_regions(sample_regions(3)), "how regions were split is not known"),
        (lambda: skerry.find_regions(SAMPLE, 3, mask=whole_mask()), None),  # the usual one
    ],
)
def test_what_lines_cannot_know_is_said_in_them_and_no_command_is_given(make, says):
    methods = methods_of(make())
    compile(python(methods), "lines", "exec")
    assert (methods["command"] is None) == (says is not None)
    assert "#" not in methods["python"] if says is None else f"# {says}" in methods["python"]


def test_a_volume_of_a_file_with_several_is_named_or_said_to_be_unknown(here, monkeypatch):
    stack = np.random.default_rng(0).normal(size=(8, 8, 8, 3))
    save_image(type(noise())(stack, np.eye(4)), here / "stack.nii.gz")
    found = skerry.find_regions(skerry.load_map("stack.nii.gz", volume=2), 1.5)
    unknown = methods_of(found)
    assert unknown["command"] is None
    assert "which of the 3 volumes" in unknown["python"]
    report = assemble(found, volume=2)
    methods = methods_facts(report.contents)
    assert "--volume=2" in methods["command"]
    exec(python(methods), {})  # noqa: S102  # our own lines
    page = (here / "stack_report.html").read_text(encoding="utf-8")
    assert facts_in(page)["record"]["counts"]["regions"] == len(found)


def test_atlases_are_named_as_they_were_given_but_for_their_folders(here):
    (here / "mine").mkdir()
    labels = np.ones((12, 12, 12), dtype=np.int16)
    save_image(type(noise())(labels, noise().affine), here / "mine" / "a:b.nii.gz")
    (here / "mine" / "names.txt").write_text("1 one\n")
    regions = skerry.find_regions(noise(), 2)
    place = here / "mine" / "a:b.nii.gz"

    def named(*atlas):
        return make_report(regions, atlas=list(atlas)).contents.made_from.atlases

    assert named("schaefer200", f"{place}:{here / 'mine' / 'names.txt'}") == (
        "schaefer200",
        "a:b.nii.gz:names.txt",
    )
    beside = here / "mine" / "a:b.txt"
    beside.write_text("1 one\n")
    assert named(place) == named(str(place)) == ("a:b.nii.gz:a:b.txt",)
    in_memory = skerry.atlas.load_atlas(type(noise())(labels, noise().affine), {1: "one"})
    assert named(in_memory) == ()
    report = make_report(regions, atlas=in_memory)
    assert "an atlas was an object in memory" in report.contents.made_from.unknown[-1]
