"""What fetchers return, as an atlas; and atlases by name."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel
import numpy as np
import pandas as pd
import pytest

import fake_neurovault
from fake_atlases import (
    AFFINE,
    HO_IMAGE,
    HO_LABELS,
    HO_URL,
    harvard_oxford,
    label_values,
    nifti_gz,
    tarred,
)
from fake_neurovault import answer
from skerry import find_regions, peak_table, region_table
from skerry.atlas import load_atlas
from skerry.atlas.named import FETCHED, fetch_named
from skerry.cli.main import run
from skerry.datasets import fetch_atlas_harvard_oxford, fetch_atlas_pauli_2017
from skerry.datasets.bunch import Bunch
from skerry.datasets.web import fetch
from skerry.errors import ArgumentError, ArgumentTypeError, NetworkError

NAMES = ("Frontal Pole", "Left Lateral Ventricle", "Central Opercular")


@pytest.fixture
def mirror(monkeypatch, tmp_path):
    monkeypatch.setattr(fetch, "_PAUSES_S", (0.0, 0.0, 0.0))
    monkeypatch.setenv("SKERRY_DATA", str(tmp_path / "data"))
    with fake_neurovault.running() as server:
        monkeypatch.setenv("SKERRY_ATLAS_MIRROR", server.url)
        server.pages[HO_URL] = answer(tarred(harvard_oxford()))
        yield server


@pytest.fixture
def statmap(tmp_path):
    """Give a map with one region: all of the Harvard-Oxford label 2, and one voxel outside."""
    values = np.where(label_values() == 2, 5.0, 0.0)
    values[tuple(np.argwhere(label_values() == 0)[0])] = 9.0
    path = tmp_path / "map.nii.gz"
    nibabel.save(nibabel.Nifti1Image(values, AFFINE), path)
    return path


def test_a_fetched_label_image_gives_names_whichever_way_its_axes_run(mirror):
    bunch = fetch_atlas_harvard_oxford("sub-maxprob-thr25-2mm", verbose=0)
    atlas = load_atlas(bunch)
    assert atlas.names == NAMES
    assert atlas.space == "MNI152NLin6Asym"
    assert atlas.name == "HarvardOxford-sub-maxprob-thr25-2mm"
    assert [Path(path).name for path, _ in atlas.files] == [Path(HO_IMAGE).name]
    ijk = np.argwhere(label_values() == 2)[0]
    there = np.linalg.solve(atlas.grid.affine, [*(AFFINE[:3, :3] @ ijk + AFFINE[:3, 3]), 1])
    assert atlas.values[tuple(there[:3].round().astype(int))] == 2


def test_probabilities_are_read_as_such(mirror):
    atlas = load_atlas("harvard_oxford:sub-prob-2mm", verbose=0)
    assert atlas.is_probabilistic
    assert atlas.names == NAMES
    assert atlas.values.max() <= 1


def test_tables_take_a_bunch_and_a_name(mirror, statmap, capsys):
    found = find_regions(statmap, 4.0)
    bunch = fetch_atlas_harvard_oxford("sub-maxprob-thr25-2mm", verbose=0)
    by_bunch = region_table(found, atlas=bunch)
    by_name = region_table(found, atlas="harvard_oxford:sub")
    column = "HarvardOxford-sub-maxprob-thr25-2mm_overlap"
    assert by_bunch[column].to_list() == by_name["harvard_oxford_sub_overlap"].to_list()
    ijk = np.argwhere(label_values() == 2)
    assert sum(found.columns["n_voxels"]) == len(ijk) + 1
    assert any("Left Lateral Ventricle" in text for text in by_bunch[column])
    assert "harvard_oxford" in peak_table(found, atlas="harvard_oxford").columns
    assert "Licence" in capsys.readouterr().err


def test_the_command_line_takes_a_name(mirror, statmap, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["skerry"])
    out = tmp_path / "out"
    arguments = [
        "regions",
        str(statmap),
        "-t",
        "4",
        "--atlas",
        "harvard_oxford:sub",
        "-o",
        str(out),
    ]
    with pytest.raises(SystemExit) as ended:
        run([*arguments, "--quiet"])
    assert ended.value.code == 0
    assert capsys.readouterr() == ("", "")
    record = json.loads((out / "map_regions.json").read_text())["atlases"][0]
    assert record["name"] == "harvard_oxford_sub"
    assert record["files"][0]["path"].endswith(HO_IMAGE)
    assert mirror.asked == [HO_URL]
    with pytest.raises(SystemExit):
        run(arguments)
    assert "Licence: FSL's" in capsys.readouterr().err


def test_offline_the_command_line_says_how_to_get_it(
    mirror, statmap, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("SKERRY_OFFLINE", "1")
    with pytest.raises(SystemExit) as ended:
        run(["regions", str(statmap), "--atlas", "juelich", "-o", str(tmp_path / "out")])
    assert ended.value.code == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert said[-1].startswith("skerry: error: the Juelich atlas is not on disk and could not be ")
    assert str(tmp_path / "data" / "fsl") in said[-1]
    assert mirror.asked == []


def test_a_table_names_the_labels_of_an_image():
    img = nibabel.Nifti1Image(label_values(), AFFINE)
    lut = pd.DataFrame({"index": [0.0, 3.0, 1.0, 2.0], "name": ["Background", "c", "a", None]})
    assert load_atlas(img, lut).names == ("a", "label 2", "c")
    with pytest.raises(ArgumentError, match="needs a column of numbers"):
        load_atlas(img, lut[["name"]])


def test_a_table_gives_networks_where_it_has_them():
    lut = pd.DataFrame({"index": [1, 2, 3], "name": list("abc"), "network": ["X", "Y", "X"]})
    assert load_atlas(nibabel.Nifti1Image(label_values(), AFFINE), lut).networks == ("X", "Y", "X")


def weights():
    values = np.random.default_rng(0).random((10, 9, 8, 3)) * 7
    values[0] = 0
    return values.astype(np.float32)


@pytest.mark.parametrize(
    ("labels", "more"),
    [
        (["a", "b", "c"], {"region_coords": [[0, 0, 0]] * 3, "networks": ["X", "X", "Y"]}),
        (
            pd.DataFrame(
                {"component": [1, 2, 3], "difumo_names": list("abc"), "yeo_networks7": list("XXY")}
            ),
            {},
        ),
    ],
    ids=["msdl", "difumo"],
)
def test_of_weights_the_highest_counts_and_that_is_said(labels, more):
    maps = nibabel.Nifti1Image(weights(), AFFINE)
    atlas = load_atlas(Bunch(maps=maps, labels=labels, atlas_type="probabilistic", **more))
    assert not atlas.is_probabilistic
    assert atlas.names == ("a", "b", "c")
    assert atlas.networks == ("X", "X", "Y")
    np.testing.assert_array_equal(atlas.values[1:], weights()[1:].argmax(axis=3) + 1)
    assert not atlas.values[0].any()
    assert "weights" in atlas.notes[0]


@pytest.mark.parametrize("kind", ["mapping", "path", "list"])
def test_a_bunch_of_ones_own_names_its_labels_in_any_form(tmp_path, kind):
    (tmp_path / "names.txt").write_text("1 a\n2 b\n3 c\n")
    labels = {"mapping": {1: "a", 2: "b", 3: "c"}, "path": tmp_path / "names.txt", "list": [*"abc"]}
    bunch = Bunch(maps=nibabel.Nifti1Image(label_values(), AFFINE), labels=labels[kind])
    assert load_atlas(bunch).names == ("a", "b", "c")


def test_components_without_names_are_refused():
    maps = nibabel.Nifti1Image(weights(), AFFINE)
    with pytest.raises(ArgumentError, match="components or parcellations without names"):
        load_atlas(Bunch(maps=maps, atlas_type="probabilistic"))


@pytest.mark.parametrize("bunch", [{}, {"maps": 3}, {"rois": []}])
def test_a_dictionary_without_an_image_is_refused(bunch):
    with pytest.raises(ArgumentTypeError, match="under 'maps'"):
        load_atlas(bunch)


@pytest.mark.parametrize(
    ("template", "space"),
    [("MNIColin27", "MNIColin27"), ("MNI152sym", "MNI152NLin2009aSym"), ("MNI?", None)],
)
def test_the_template_is_told_where_it_is_told_exactly(template, space):
    maps = nibabel.Nifti1Image(label_values(), AFFINE)
    lut = pd.DataFrame({"index": [1, 2, 3], "name": list("abc")})
    assert load_atlas(Bunch(maps=maps, lut=lut, template=template)).space == space
    assert load_atlas(Bunch(maps=maps, lut=lut, template=template), space="mine").space == "mine"


def test_the_numbers_of_aal_are_those_of_its_image(mirror, tmp_path):
    from skerry.datasets import fetch_atlas_aal

    values = label_values().astype(np.int16) * 1000 + 1
    values[values == 1] = 0
    xml = b"".join(
        b"<label><index>%d</index><name>%s</name></label>" % (number, name)
        for number, name in ((3001, b"Insula_L"), (1001, b"Precentral_L"), (2001, b"Rolandic_L"))
    )
    files = {"AAL3/AAL3v1.nii": nibabel.Nifti1Image(values, AFFINE).to_bytes(),
             "AAL3/AAL3v1.xml": b"<atlas><data>" + xml + b"</data></atlas>"}  # fmt: skip
    first = "/www.gin.cnrs.fr/wp-content/uploads/AAL3v2_for_SPM12.tar.gz"
    mirror.pages["/osf.io/6jngh/download"] = answer(tarred(files))
    bunch = fetch_atlas_aal(verbose=0)
    assert mirror.asked == [first, "/osf.io/6jngh/download"]
    assert bunch.indices == ["0", "3001", "1001", "2001"]
    assert bunch.labels == ["Background", "Insula_L", "Precentral_L", "Rolandic_L"]
    atlas = load_atlas("aal", verbose=0)
    assert list(zip(atlas.numbers, atlas.names, strict=True)) == [
        (1001, "Precentral_L"), (2001, "Rolandic_L"), (3001, "Insula_L"),
    ]  # fmt: skip
    assert atlas.space == "MNIColin27"


def test_pauli_is_an_atlas_of_either_type(mirror):
    lines = "\n".join(f"{n}\tnucleus_{n}" for n in range(16)).encode()
    mirror.pages["/osf.io/6qrcb/download"] = answer(lines)
    mirror.pages["/osf.io/5mqfx/download"] = answer(nifti_gz(label_values(16)))
    chances = np.random.default_rng(0).random((10, 9, 8, 16)).astype(np.float32)
    mirror.pages["/osf.io/w8zq2/download"] = answer(nifti_gz(chances))
    for kind in ("probabilistic", "deterministic"):
        atlas = load_atlas(fetch_atlas_pauli_2017(kind, verbose=0))
        assert atlas.is_probabilistic == (kind == "probabilistic")
        assert atlas.names == tuple(f"nucleus_{n}" for n in range(16))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("harvard_oxford:corte", "cortical, cortical with sides"),
        ("aal:4", "3v2, SPM12"),
        ("schaefer_2018:abc", "parcels, and networks if 17"),
        ("schaefer_2018:450", "parcels"),
        ("schaefer_2018:400-8", "parcels"),
        ("difumo:65", "modes"),
        ("yeo_2011:²", "networks"),
        ("msdl:1", "has no variants"),
        ("aal:", "has no variants; leave out ':'|after the colon"),
    ],
)
def test_an_unknown_variant_says_which_there_are(text, said):
    with pytest.raises(ArgumentError, match=said):
        load_atlas(text)


def test_another_fault_is_not_taken_for_a_wrong_variant(mirror, monkeypatch):
    mirror.pages[HO_URL] = answer(tarred(harvard_oxford() | {HO_LABELS: b"<a><label index='0'>"}))
    with pytest.raises(ArgumentError, match=r"Subcortical\.xml is not whole XML"):
        load_atlas("harvard_oxford:sub", verbose=0)
    monkeypatch.setenv("SKERRY_ATLAS_MIRROR", "ftp://mirror.example")
    with pytest.raises(ArgumentError, match="SKERRY_ATLAS_MIRROR must start with https://"):
        load_atlas("aal:SPM12", verbose=0)


def test_the_names_of_schaefers_parcels_tell_their_networks():
    names = ["7Networks_LH_Vis_1", "7Networks_RH_SalVentAttn_Med_1", "17Networks_LH_ContA_IPS_1"]
    lut = pd.DataFrame({"index": [1, 2, 3], "name": names})
    maps = nibabel.Nifti1Image(label_values(), AFFINE)
    networks = ("Visual", "Salience and ventral attention", "ContA")
    assert load_atlas(Bunch(maps=maps, lut=lut)).networks == networks
    lut.loc[0, "name"] = "Insula"
    assert load_atlas(Bunch(maps=maps, lut=lut)).networks == ()


def test_other_texts_are_no_names():
    for text in ("schaefer200", "harvard", "a/aal", "AAL", "aal.nii.gz", ""):
        assert fetch_named(text) is None


@pytest.mark.parametrize("name", FETCHED)
def test_each_name_has_its_fetcher_and_its_variants_are_arguments_of_it(
    name, monkeypatch, tmp_path
):
    """Nothing is on disk and nobody is asked: an argument that is wrong would be said first."""
    monkeypatch.setenv("SKERRY_OFFLINE", "1")
    monkeypatch.setenv("SKERRY_DATA", str(tmp_path))
    for variant in ("", *(f":{one}" for one in FETCHED[name].variants)):
        with pytest.raises(NetworkError, match="is not on disk"):
            load_atlas(f"{name}{variant}", verbose=0)


def test_many_modes_are_taken_at_3_mm():
    options = FETCHED["difumo"].options
    assert options("1024") == {"dimension": 1024, "resolution_mm": 3}
    assert options("64") == {"dimension": 64, "resolution_mm": 2}


def test_a_batch_takes_a_name(mirror, statmap, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="skerry[batch] is not installed")
    pytest.importorskip("distributed", reason="skerry[batch] is not installed")
    from skerry.batch import run as run_batch

    out = tmp_path / "out"
    options = {"threshold": 4.0, "atlas": ["harvard_oxford:sub"]}
    run_batch([statmap], out, workers=0, quiet=True, **options)
    table = parquet.read_table(out / "regions.parquet").to_pydict()
    expected = region_table(find_regions(statmap, 4.0), atlas="harvard_oxford:sub")
    name = "harvard_oxford_sub_overlap"
    assert table[name] == expected[name].to_list()
