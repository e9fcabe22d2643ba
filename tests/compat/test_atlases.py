"""skerry's fetchers of atlases under nilearn's tests, and beside nilearn's on the same files.

nilearn's tests answer requests inside the `requests` library, often with empty
files. Here their answers go over HTTP, on loopback, and an image is where they
have an empty one: what is not an image is refused. For the same reason an atlas
of probabilities has a volume for each of its names, where theirs is 3-D.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import nibabel
import numpy as np
import pandas as pd
import pytest
from borrow import borrow
from nilearn.datasets import atlas as theirs
from nilearn.datasets.tests.conftest import Sender

from skerry import datasets
from skerry.atlas import load_atlas
from skerry.datasets.bunch import Bunch

_PRIVATE = "tests a private helper of nilearn"
_FETCHERS = (
    "aal",
    "allen_2011",
    "basc_multiscale_2015",
    "craddock_2012",
    "destrieux_2009",
    "difumo",
    "harvard_oxford",
    "juelich",
    "msdl",
    "pauli_2017",
    "schaefer_2018",
    "smith_2009",
    "talairach",
    "yeo_2011",
)

globals().update(
    borrow(
        "nilearn.datasets.tests.test_atlas",
        replace={
            "atlas": datasets,
            "Bunch": Bunch,
            **{f"fetch_atlas_{n}": getattr(datasets, f"fetch_atlas_{n}") for n in _FETCHERS},
        },
        leave_out={
            "test_downloader": _PRIVATE,
            "test_fetch_atlas_source": _PRIVATE,
            "test_fetch_atlas_surf_destrieux": "surfaces",
        },
    )
)


def small_image():
    img = nibabel.Nifti1Image(np.ones((2, 3, 4), dtype=np.int16), np.eye(4))
    return img.to_bytes()


def filled(name, data):
    """Give an image where nilearn's tests have an empty file of that name."""
    if data or not name.endswith((".nii", ".nii.gz")):
        return data
    return small_image() if name.endswith(".nii") else gzip.compress(small_image(), mtime=0)


def refilled(body, url):
    """Fill in the images of an archive."""
    out = io.BytesIO()
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                new.writestr(name, filled(name, old.read(name)))
        return out.getvalue()
    if not tarfile.is_tarfile(io.BytesIO(body)):
        return filled(url, body)
    with (
        tarfile.open(fileobj=io.BytesIO(body), mode="r:gz") as old,
        tarfile.open(fileobj=out, mode="w:gz") as new,
    ):
        for member in old:
            data = filled(member.name, old.extractfile(member).read()) if member.isreg() else b""
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return out.getvalue()


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        url = f"https:/{self.path}"
        body = refilled(self.server.sender(url).content, url)
        if "osf.io/4k9bf" in url:
            body = b"what DiFuMo is"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(autouse=True)
def request_mocker(monkeypatch):
    """Take the place of nilearn's fixture: what its tests make up comes from a mirror."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answering) as server:
        server.sender = Sender()
        monkeypatch.setenv("SKERRY_ATLAS_MIRROR", f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setattr("skerry.datasets.web.fetch._PAUSES_S", (0.0, 0.0, 0.0))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.sender
        server.shutdown()
        thread.join()


atlas_of_numbers = globals().pop("atlas_data")


@pytest.fixture
def atlas_data(atlas_of_numbers, fname):
    """Give each name of an atlas of probabilities the volume that FSL's files have."""
    if "maxprob" in fname:
        return atlas_of_numbers
    return np.stack([(atlas_of_numbers == n) * np.int32(100) for n in (1, 2, 3)], axis=-1)


HO_NAMES = ["Frontal Pole", "Lateral Ventrical", "Central Operculum"]


@pytest.fixture
def fsl(tmp_path):
    """Lay atlases out as FSL and nilearn do: axes to the left, parts on one and on both sides."""
    rng = np.random.default_rng(0)
    values = rng.integers(0, 4, size=(10, 9, 8)).astype(np.uint8)
    values[:7][values[:7] == 3] = 0  # the third one is on one side
    affine = np.diag([-2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = (9, -8, -7)
    probabilities = rng.integers(0, 101, size=(10, 9, 8, 3)).astype(np.uint8)
    for atlas, files, names in (
        ("HarvardOxford", ("sub", "cort", "cortl"), HO_NAMES),
        ("Juelich", ("",), ["GM Amygdala L", "GM Amygdala R", "WM Fornix"]),
    ):
        folder = tmp_path / "fsl" / "data" / "atlases"
        (folder / atlas).mkdir(parents=True, exist_ok=True)
        for part in files:
            for kind, array in (("maxprob-thr25", values), ("prob", probabilities)):
                name = "-".join(filter(None, (atlas, part, kind, "2mm")))
                nibabel.save(nibabel.Nifti1Image(array, affine), folder / atlas / f"{name}.nii.gz")
        text = "".join(f'<label index="{n}">{name}</label>' for n, name in enumerate(names))
        for kind in ("-Cortical", "-Cortical-Lateralized", "-Subcortical", ""):
            (folder / f"{atlas}{kind}.xml").write_text(f"<atlas><data>{text}</data></atlas>")
    return tmp_path


def same(mine, other):
    for name in set(other) - {"description", "maps"}:
        if isinstance(other[name], pd.DataFrame):
            pd.testing.assert_frame_equal(mine[name], other[name])
        else:
            assert mine[name] == other[name], name
    assert set(mine) == set(other)
    if isinstance(other.maps, str):
        assert mine.maps == other.maps
        return
    np.testing.assert_array_equal(mine.maps.affine, other.maps.affine)
    np.testing.assert_array_equal(mine.maps.get_fdata(), other.maps.get_fdata())
    if mine.atlas_type == "deterministic":
        assert mine.maps.get_data_dtype() == other.maps.get_data_dtype()


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("name", ["sub-maxprob-thr25-2mm", "cort-maxprob-thr25-2mm"])
def test_both_give_the_same_harvard_oxford_numbers(fsl, name, split):
    options = {"data_dir": fsl, "symmetric_split": split, "verbose": 0}
    mine = datasets.fetch_atlas_harvard_oxford(name, **options)
    same(mine, theirs.fetch_atlas_harvard_oxford(name, **options))


def test_both_give_the_same_probabilities(fsl):
    options = {"data_dir": fsl, "verbose": 0}
    for fetch, name in (("harvard_oxford", "cort-prob-2mm"), ("juelich", "prob-2mm")):
        mine = getattr(datasets, f"fetch_atlas_{fetch}")(name, **options)
        same(mine, getattr(theirs, f"fetch_atlas_{fetch}")(name, **options))


@pytest.mark.parametrize("split", [False, True])
def test_both_give_the_same_juelich_numbers(fsl, split):
    options = {"data_dir": fsl, "symmetric_split": split, "verbose": 0}
    mine = datasets.fetch_atlas_juelich("maxprob-thr25-2mm", **options)
    same(mine, theirs.fetch_atlas_juelich("maxprob-thr25-2mm", **options))


def test_where_a_part_has_no_voxel_the_next_one_keeps_its_own_name_here_and_not_there(fsl):
    path = fsl / "fsl/data/atlases/HarvardOxford/HarvardOxford-sub-maxprob-thr25-2mm.nii.gz"
    img = nibabel.load(path)
    values = np.asarray(img.dataobj).copy()
    values[values == 1] = 0
    nibabel.save(nibabel.Nifti1Image(values, img.affine), path)
    options = {"data_dir": fsl, "symmetric_split": True, "verbose": 0}
    name = "sub-maxprob-thr25-2mm"
    with pytest.warns(UserWarning, match="missing from the image: 1"):
        mine = datasets.fetch_atlas_harvard_oxford(name, **options)
    other = theirs.fetch_atlas_harvard_oxford(name, **options)
    there = np.asarray(theirs.check_niimg(other.maps).dataobj)
    both = "Left Lateral Ventricle"  # the first part that has voxels
    assert mine.labels[2] == both
    assert (np.asarray(mine.maps.dataobj) == 2).sum() == (there == 1).sum()
    assert other.labels[1] == "Left Frontal Pole"


@pytest.mark.parametrize("name", ["power_2011", "dosenbach_2010", "seitzman_2018"])
def test_both_give_the_same_coordinates(name):
    options = [{}] if name == "power_2011" else [{}, {"ordered_regions": False}]
    for given in options:
        mine = getattr(datasets, f"fetch_coords_{name}")(**given)
        other = getattr(theirs, f"fetch_coords_{name}")(**given)
        assert set(mine) == set(other)
        pd.testing.assert_frame_equal(mine.rois, other.rois)
        for item in set(other) - {"rois", "description"}:
            np.testing.assert_array_equal(mine[item], other[item])


@pytest.mark.parametrize("name", _FETCHERS)
def test_arguments_and_defaults_are_nilearns(name):
    import inspect

    mine, other = (
        [
            (parameter.name, parameter.default)
            for parameter in inspect.signature(
                getattr(module, f"fetch_atlas_{name}")
            ).parameters.values()
        ]
        for module in (datasets, theirs)
    )
    assert mine == other


@pytest.mark.parametrize(
    ("fetch", "name"),
    [
        ("harvard_oxford", "cort-maxprob-thr25-2mm"),
        ("harvard_oxford", "cort-prob-2mm"),
        ("juelich", "maxprob-thr25-2mm"),
    ],
)
def test_what_nilearn_fetched_is_an_atlas_too(fsl, fetch, name):
    mine, other = (
        load_atlas(getattr(module, f"fetch_atlas_{fetch}")(name, data_dir=fsl, verbose=0))
        for module in (datasets, theirs)
    )
    assert mine.names == other.names
    assert (mine.name, mine.space, mine.files) == (other.name, other.space, other.files)
    np.testing.assert_array_equal(mine.values, other.values)
