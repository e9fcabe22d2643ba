"""Formats, told apart by content; and what is no image at all."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import nibabel
import numpy as np
import pytest

from skerry.errors import (
    ArgumentTypeError,
    DamagedFileError,
    ImageFileError,
    MissingFileError,
    SkerryWarning,
)
from skerry.io.load import load_image, load_map


def test_an_image_in_memory_is_returned_as_it_is(image):
    assert load_image(image) is image


def test_a_loaded_image_is_in_memory_and_equals_nibabels(image, tmp_path):
    path = tmp_path / "map.nii.gz"
    image.header["descrip"] = b"a description"
    image.to_filename(path)
    ours, theirs = load_image(path), nibabel.load(path)
    assert type(ours) is type(theirs)
    assert type(ours.dataobj) is np.ndarray
    assert ours.header == theirs.header
    assert ours.get_filename() == str(path)
    assert np.array_equal(ours.dataobj, theirs.dataobj)
    assert np.array_equal(ours.affine, theirs.affine)


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_dtype_in_both_byte_orders_is_kept(tmp_path, dtype, order):
    stored = np.arange(60, dtype=np.dtype(dtype)).reshape(3, 4, 5)
    header = nibabel.Nifti1Header(endianness=order)
    header.set_data_dtype(dtype)
    path = tmp_path / "map.nii"
    nibabel.Nifti1Image(stored, np.eye(4), header).to_filename(path)
    loaded = load_image(path)
    assert loaded.dataobj.dtype == np.dtype(dtype)
    assert loaded.header.endianness == order
    assert np.array_equal(loaded.dataobj, stored)
    assert load_map(path).values.dtype == (np.float32 if dtype == "f4" else np.float64)


def test_nifti2_is_read_and_stays_nifti2(values, tmp_path):
    nibabel.Nifti2Image(values, np.eye(4)).to_filename(tmp_path / "map.nii.gz")
    loaded = load_image(tmp_path / "map.nii.gz")
    assert type(loaded) is nibabel.Nifti2Image
    assert np.array_equal(loaded.dataobj, values)


@pytest.mark.parametrize("pair", [nibabel.Nifti1Pair, nibabel.Nifti2Pair])
@pytest.mark.parametrize("suffixes", [(".hdr", ".img"), (".hdr.gz", ".img.gz"), (".HDR", ".IMG")])
def test_a_nifti_pair_is_read_by_either_name(values, tmp_path, pair, suffixes):
    pair(values, np.diag([2.0, 2, 2, 1])).to_filename(tmp_path / f"map{suffixes[0]}")
    for suffix in suffixes:
        found = load_map(tmp_path / f"map{suffix}")
        assert np.array_equal(found.values, values)
        assert found.name == "map"


def test_an_analyze_pair_is_read_as_spm_does_and_says_so(values, tmp_path):
    image = nibabel.Spm2AnalyzeImage(values, None)
    image.header.set_zooms((2, 3, 4))
    image.header["origin"][:3] = 3, 4, 2
    image.to_filename(tmp_path / "con.img")
    for suffix in (".img", ".hdr"):
        with pytest.warns(SkerryWarning, match="does not say which side is left"):
            found = load_map(tmp_path / f"con{suffix}")
        assert np.array_equal(found.values, values)
        assert np.array_equal(found.grid.affine, nibabel.load(tmp_path / "con.img").affine)


def test_the_mat_file_of_spm99_places_an_analyze_image(values, tmp_path):
    affine = np.array([[-2.0, 0, 0, 8], [0, 2, 0, -10], [0, 0, 2, -6], [0, 0, 0, 1]])
    nibabel.Spm99AnalyzeImage(values, affine).to_filename(tmp_path / "con.img")
    assert (tmp_path / "con.mat").is_file()
    assert np.allclose(load_map(tmp_path / "con.img").grid.affine, affine)
    (tmp_path / "con.mat").write_bytes(b"MATLAB 5.0 MAT-file, but no more" * 8)
    with pytest.raises(ImageFileError, match=r"con\.mat: its content makes no sense"):
        load_map(tmp_path / "con.img")


@pytest.mark.parametrize("there", [".hdr", ".img"])
def test_half_a_pair_names_the_file_that_is_missing(values, tmp_path, there):
    nibabel.Nifti1Pair(values, np.eye(4)).to_filename(tmp_path / "map.img")
    missing = ".img" if there == ".hdr" else ".hdr"
    (tmp_path / f"map{missing}").unlink()
    with pytest.raises(MissingFileError, match=rf"File not found: .*map\{missing}"):
        load_image(tmp_path / f"map{there}")


def test_a_pair_with_cut_voxels_names_their_file(values, tmp_path):
    nibabel.Nifti1Pair(values, np.eye(4)).to_filename(tmp_path / "map.img")
    stored = (tmp_path / "map.img").read_bytes()
    (tmp_path / "map.img").write_bytes(stored[:-1])
    with pytest.raises(DamagedFileError, match=r"map\.img is cut short"):
        load_image(tmp_path / "map.hdr")


@pytest.mark.parametrize("suffix", [".mgh", ".mgz"])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.float32])
def test_mgh_is_read(tmp_path, suffix, dtype):
    stored = np.arange(60).reshape(3, 4, 5).astype(dtype)
    affine = np.array([[-1.0, 0, 0, 3], [0, 0, 1, -2], [0, -1, 0, 2], [0, 0, 0, 1]])
    nibabel.MGHImage(stored, affine).to_filename(tmp_path / f"T{suffix}")
    loaded = load_image(tmp_path / f"T{suffix}")
    assert loaded.dataobj.dtype == dtype
    assert np.array_equal(loaded.dataobj, stored)
    assert np.allclose(loaded.affine, affine)
    assert load_map(tmp_path / f"T{suffix}").name == "T"


def test_mgh_without_a_place_in_space_says_which_is_taken(tmp_path):
    path = tmp_path / "T.mgh"
    nibabel.MGHImage(np.ones((3, 4, 5), np.float32), np.eye(4)).to_filename(path)
    stored = bytearray(path.read_bytes())
    stored[28:30] = b"\0\0"
    path.write_bytes(stored)
    with pytest.warns(SkerryWarning, match="goodRASFlag = 0"):
        found = load_map(path)
    expected = [[-1, 0, 0, 1.5], [0, 0, 1, -2.5], [0, -1, 0, 2], [0, 0, 0, 1]]
    assert np.allclose(found.grid.affine, expected)


AFNI_HEAD = """
type = integer-attribute
name = DATASET_RANK
count = 8
3 {volumes} 0 0 0 0 0 0

type = integer-attribute
name = DATASET_DIMENSIONS
count = 5
3 4 5 0 0

type = float-attribute
name = DELTA
count = 3
2 2 2

type = float-attribute
name = IJK_TO_DICOM_REAL
count = 12
2 0 0 -2 0 2 0 -4 0 0 2 -6

type = string-attribute
name = BYTEORDER_STRING
count = 10
'MSB_FIRST~

type = integer-attribute
name = BRICK_TYPES
count = {volumes}
{types}

type = float-attribute
name = BRICK_FLOAT_FACS
count = {volumes}
{factors}

type = float-attribute
name = BRICK_STATAUX
count = 8
1 3 1 21 2 4 2 3 40
"""


@pytest.fixture
def afni(tmp_path):
    stored = np.arange(180, dtype=">i2").reshape(3, 4, 5, 3, order="F")
    head = AFNI_HEAD.format(volumes=3, types="1 1 1", factors="0 0.5 0.25")
    (tmp_path / "stats+tlrc.HEAD").write_text(head)
    (tmp_path / "stats+tlrc.BRIK").write_bytes(stored.tobytes(order="F"))
    return tmp_path / "stats+tlrc.HEAD", stored


def test_afni_sub_bricks_have_their_own_scale_kind_and_df(afni):
    path, stored = afni
    expected = stored * np.array([1, 0.5, 0.25])
    assert np.array_equal(load_image(path).dataobj, expected)
    assert np.array_equal(load_image(path).dataobj, nibabel.load(path).dataobj)
    assert np.array_equal(load_image(path).affine, nibabel.load(path).affine)
    found = [load_map(path, volume=volume) for volume in range(3)]
    assert [np.array_equal(m.values, expected[..., v]) for v, m in enumerate(found)] == [True] * 3
    assert [(m.kind, m.df) for m in found] == [(None, None), ("t", 21), ("F", (3, 40))]
    assert found[0].name == "stats+tlrc"


def test_afni_is_read_by_its_data_file_also_gzipped(afni):
    path, stored = afni
    brik = path.with_suffix(".BRIK")
    assert np.array_equal(load_map(brik, volume=0).values, stored[..., 0])
    path.with_suffix(".BRIK.gz").write_bytes(gzip.compress(brik.read_bytes()))
    brik.unlink()
    for name in (path, path.with_suffix(".BRIK.gz")):
        assert np.array_equal(load_map(name, volume=0).values, stored[..., 0])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("DATASET_RANK", "DATASET_BANK", "lacks DATASET_RANK"),
        ("3 3 0 0", "3 0 0 0", "0 voxels"),
        ("3 3 0 0", "3 99999999 0 0", "scale factors for 99999999 sub-bricks"),
        ("3 4 5 0 0", "3 -4 5 0 0", "3 x -4 x 5"),
        ("3 4 5 0 0", "3 x 5 0 0", "makes no sense"),
        ("1 1 1", "1 3 1", "several data types"),
        ("1 1 1", "5 5 5", r"data type \(5\)"),
        ("0 0.5 0.25", "0 nan 0.25", "scale factors are not finite"),
        ("MSB_FIRST", "XYZ_FIRST", "BYTEORDER_STRING"),
        ("2 0 0 -2", "0 0 0 -2", "cannot be inverted"),
        ("2 0 0 -2 0", "2 0 0 -2", "makes no sense"),
    ],
)
def test_an_afni_header_that_makes_no_sense_is_one_clear_line(afni, old, new, said):
    path, _ = afni
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(ImageFileError, match=said) as caught:
        load_image(path)
    assert "\n" not in str(caught.value)


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("map.nii"), io.BytesIO())
    return buffer.getvalue()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("map.nii", b"")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x y z\n1 2 3\n", "is a text file"),
        (_tar(), "is a tar archive"),
        (_zip(), "is a zip archive"),
        (b"BZh9" + bytes(60), "compressed with bzip2"),
        (b"\xfd7zXZ\0" + bytes(60), "compressed with xz"),
        (b"\x28\xb5\x2f\xfd" + bytes(60), "compressed with zstd"),
        (gzip.compress(b"x" * 400), "is gzipped twice|is a text file"),
        (bytes(128) + b"DICM" + bytes(600), "is a DICOM file"),
        (b'<?xml version="1.0"?><!DOCTYPE GIFTI><GIFTI/>', "is a GIFTI file"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (b"\n<html>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer"),
        (b"/annex/objects/MD5E-s123--abc.nii.gz\n", "is a git-annex pointer"),
        (b"\x93NUMPY\1\0", "is a NumPy file"),
        (b"\x89HDF\r\n\x1a\n", "is an HDF5 file"),
        (b"CDF\1" + bytes(30), "is a NetCDF file"),
        (b"NRRD0004\n", "is an NRRD file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(9), "is a PNG picture"),
        (b"\xff\xff\xfecreated by", "is a FreeSurfer surface"),
        (bytes(5000), "is not an image that skerry knows"),
        (b"\x5c\x01\0\0" + bytes(2), "is cut short"),
        (b"\x01", "is not an image that skerry knows"),
    ],
)
@pytest.mark.parametrize("name", ["map.nii", "map.nii.gz", "map.hdr", "map.HEAD", "map.mgz"])
def test_a_file_that_is_no_image_is_named_for_what_it_is(write, content, said, name):
    path = write(content, name)
    if content[:4] == b"\x5c\x01\0\0" and name == "map.hdr":
        said = "is cut short"
    with pytest.raises(ImageFileError, match=said) as caught:
        load_image(path)
    assert "\n" not in str(caught.value)
    assert "map." in str(caught.value)


@pytest.mark.parametrize("thing", [None, 3, b"map.nii", ["a.nii"], np.ones((3, 3, 3)), object()])
def test_what_is_neither_path_nor_image_is_a_type_error(thing):
    with pytest.raises(ArgumentTypeError, match="mask_img must be a path or a nibabel image"):
        load_image(thing, name="mask_img")
    with pytest.raises(ArgumentTypeError, match="img must be a path or a nibabel image"):
        load_map(thing)


def test_the_home_folder_is_found(write, nii, values, tmp_path, monkeypatch):
    write(nii)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert np.array_equal(load_map("~/map.nii").values, values)
