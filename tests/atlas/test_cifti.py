"""CIFTI label files: the voxels of their volume part, and what is refused."""

from __future__ import annotations

import contextlib

import nibabel
import numpy as np
import pytest
from nibabel.cifti2 import BrainModelAxis, LabelAxis

from skerry.atlas import load_atlas
from skerry.errors import (
    ArgumentError,
    DamagedFileError,
    ImageFileError,
    MissingFileError,
    SkerryError,
    TooLargeError,
)

AFFINE = np.array([[-2.0, 0, 0, 10], [0, 2, 0, -8], [0, 0, 2, -6], [0, 0, 0, 1]])
TABLE = {0: ("???", (0, 0, 0, 0)), 3: ("Left <Caudate>", (1, 0, 0, 1)), 7: ("Pallidum", (0,) * 4)}


def volume():
    values = np.zeros((6, 5, 4), dtype=np.int64)
    values[1:4, 1:3, 1] = 3
    values[2:5, 2:4, 2:] = 7
    return values


def dlabel(folder, *, voxels=True, maps=1, surface=True, name="a.dlabel.nii"):
    """Write labels of four vertices and of the voxels of two structures."""
    models, columns = [], []
    if surface:
        models.append(BrainModelAxis.from_surface(np.arange(4), 10, "CortexLeft"))
        columns.append([3, 3, 7, 7])
    if voxels:
        for structure, half in (("caudate_left", np.s_[:3]), ("pallidum_left", np.s_[3:])):
            mask = np.zeros(volume().shape, dtype=bool)
            mask[half] = True
            models.append(BrainModelAxis.from_mask(mask, structure, AFFINE))
            columns.append(volume()[mask])
    axis = models[0]
    for model in models[1:]:
        axis = axis + model
    names = [f"map {n}" for n in range(maps)]
    row = np.concatenate(columns)
    matrix = np.stack([row] + [np.zeros_like(row)] * (maps - 1)).astype(np.float32)
    img = nibabel.Cifti2Image(matrix, (LabelAxis(names, TABLE), axis))
    img.nifti_header.set_intent("NIFTI_INTENT_CONNECTIVITY_DENSE_LABELS")
    path = folder / name
    nibabel.save(img, path)
    return path


@pytest.mark.parametrize("maps", [1, 3])
def test_the_voxels_come_back_at_their_places_with_their_names(tmp_path, maps):
    atlas = load_atlas(dlabel(tmp_path, maps=maps, name="space-MNI152NLin6Asym_x.dlabel.nii"))
    np.testing.assert_array_equal(atlas.values, volume())
    np.testing.assert_array_equal(atlas.grid.affine, AFFINE)
    assert atlas.names == ("Left <Caudate>", "Pallidum")
    assert atlas.name == "space-MNI152NLin6Asym_x"
    assert atlas.space == "MNI152NLin6Asym"
    assert "its volume part is read" in atlas.notes[0]
    assert len(atlas.notes) == (1 if maps == 1 else 2)
    assert len(atlas.files) == 1


def test_a_gzipped_one_is_read_too_and_names_can_be_given(tmp_path):
    import gzip

    path = tmp_path / "b.dlabel.nii.gz"
    path.write_bytes(gzip.compress(dlabel(tmp_path).read_bytes()))
    assert load_atlas(path, {3: "A", 7: "B"}).names == ("A", "B")


def test_metres_are_read_as_such(tmp_path):
    path = dlabel(tmp_path)
    data = path.read_bytes()
    assert data.count(b'MeterExponent="-3"') == 1
    path.write_bytes(data.replace(b'MeterExponent="-3"', b'MeterExponent="-2"'))
    np.testing.assert_array_equal(load_atlas(path).grid.affine[:3], AFFINE[:3] * 10)


def test_surfaces_alone_are_refused(tmp_path, shared_data):
    with pytest.raises(ArgumentError, match="labels of surfaces only"):
        load_atlas(dlabel(tmp_path, voxels=False))
    name = "Conte69.parcellations_VGD11b.6k_fs_LR.dlabel.nii"
    with pytest.raises(ArgumentError, match="labels of surfaces only"):
        load_atlas(shared_data / "atlases" / name)


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        (b"<CIFTI ", b"<!DOCTYPE a [<!ENTITY b 'c'>]>\n<CIFTI ", ArgumentError, "document type"),
        (b"</CIFTI>", b"        ", ArgumentError, "not whole XML"),
        (b'VolumeDimensions="6,5,4"', b'VolumeDimensions="2,5,4"', DamagedFileError, "contradicts"),
        (b'VolumeDimensions="6,5,4"', b'VolumeDimensions="6,-5,4"', DamagedFileError, "contradic"),
        (b'VolumeDimensions="6,5,4"', b'VolumeDimensions="99999,99999,9"', TooLargeError, "memory"),
        (
            b'MeterExponent="-3"',
            b'MeterExponent="-999"',
            DamagedFileError,
            "nii: its affine cannot",
        ),
        (b'IndexOffset="4"', b'IndexOffset="999"', DamagedFileError, "contradicts itself"),
        (b'IndexOffset="4"', b'IndexOffset="-9"', DamagedFileError, "contradicts itself"),
        (b'IndexCount="60"', b'IndexCount="61"', DamagedFileError, "contradicts itself"),
        (b'Key="3"', b'Key="x"', DamagedFileError, "contradicts itself"),
        (b'Key="3"', b'Key="-3"', ArgumentError, "names label -3"),
        (b"INDEX_TYPE_BRAIN_MODELS", b"INDEX_TYPE_PARCELS", DamagedFileError, "contradicts|no "),
    ],
)
def test_a_header_that_makes_no_sense_is_refused_in_one_line(tmp_path, old, new, kind, said):
    path = dlabel(tmp_path)
    data = path.read_bytes()
    assert old in data
    room = len(new) - len(old)
    at = data.index(old)
    offset = int.from_bytes(data[168:176], "little")
    xml = data[552:offset].rstrip(b"\0")
    xml = xml.replace(old, new, 1)
    size = -(-(len(xml) + 8) // 16) * 16
    block = size.to_bytes(4, "little") + data[548:552] + xml.ljust(size - 8, b"\0")
    assert at >= 552
    assert room <= 100
    moved = (544 + size).to_bytes(8, "little")
    path.write_bytes(data[:168] + moved + data[176:544] + block + data[offset:])
    with pytest.raises(kind, match=said) as caught:
        load_atlas(path)
    assert "\n" not in str(caught.value)


def test_cut_short_anywhere_it_is_refused(tmp_path):
    path = dlabel(tmp_path)
    data = path.read_bytes()
    for at in (0, 3, 100, 539, 560, len(data) - 600, len(data) - 1):
        path.write_bytes(data[:at])
        with pytest.raises(ImageFileError):
            load_atlas(path)
    path.unlink()
    with pytest.raises(MissingFileError):
        load_atlas(path)


def test_another_nifti_file_under_that_name_is_refused(tmp_path):
    path = tmp_path / "b.dlabel.nii"
    for image_class in (nibabel.Nifti1Image, nibabel.Nifti2Image):
        path.write_bytes(image_class(volume().astype(np.int16), AFFINE).to_bytes())
        with pytest.raises(ImageFileError, match="is not a CIFTI-2"):
            load_atlas(path)


@pytest.mark.filterwarnings("ignore::skerry.errors.SkerryWarning")
def test_flipped_bytes_give_an_atlas_or_an_error_of_our_own(tmp_path):
    data = dlabel(tmp_path).read_bytes()
    rng = np.random.default_rng(0)
    path = tmp_path / "c.dlabel.nii"
    refused = 0
    for _ in range(150):
        flipped = bytearray(data)
        for at in rng.integers(0, len(data), size=3):
            flipped[at] = rng.integers(0, 256)
        path.write_bytes(flipped)
        with contextlib.suppress(SkerryError):
            load_atlas(path)
            continue
        refused += 1
    assert 0 < refused < 150
