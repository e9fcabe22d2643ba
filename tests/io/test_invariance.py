"""The same data, however stored, are the same map."""

from __future__ import annotations

import struct

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.errors import SkerryWarning
from skerry.io.load import load_image, load_map
from skerry.io.save import save_image

AFFINE = np.array([[-2.0, 0, 0, 8], [0, 2, 0, -10], [0, 0, 2, -6], [0, 0, 0, 1]])
# Quarters between -8 and 8: each way of storing them below is exact.
QUARTERS = np.random.default_rng(5).integers(-32, 33, (6, 7, 5)) / 4.0


def nifti(folder, name, dtype, *, order="<", slope=None, inter=0.0, kind=nibabel.Nifti1Image):
    header = kind.header_class(endianness=order)
    header.set_data_dtype(dtype)
    stored = QUARTERS if slope is None else np.rint((QUARTERS - inter) / slope)
    image = kind(stored.astype(dtype), AFFINE, header)
    image.header.set_sform(AFFINE, 4)
    image.header.set_qform(AFFINE, 4)
    if slope is not None:
        image.header.set_slope_inter(slope, inter)
    image.to_filename(folder / name)
    if slope is not None and dtype == "f4":  # nibabel writes floats unscaled: do it by hand
        content = bytearray((folder / name).read_bytes())
        content[112:120] = struct.pack("<2f", slope, inter)
        (folder / name).write_bytes(content)
    return folder / name


WAYS = {
    "float32": lambda d: nifti(d, "a.nii", "f4"),
    "float64": lambda d: nifti(d, "a.nii", "f8"),
    "gzipped": lambda d: nifti(d, "a.nii.gz", "f4"),
    "big-endian": lambda d: nifti(d, "a.nii", "f4", order=">"),
    "scaled int16": lambda d: nifti(d, "a.nii", "i2", slope=0.25),
    "scaled big-endian int16": lambda d: nifti(d, "a.nii.gz", "i2", slope=0.25, order=">"),
    "scaled uint8": lambda d: nifti(d, "a.nii.gz", "u1", slope=0.25, inter=-8.0),
    "scaled float32": lambda d: nifti(d, "a.nii", "f4", slope=0.25, inter=1.0),
    "NIfTI-2": lambda d: nifti(d, "a.nii.gz", "f4", kind=nibabel.Nifti2Image),
    "pair": lambda d: nifti(d, "a.img", "i4", slope=0.25, kind=nibabel.Nifti1Pair),
}


@pytest.mark.parametrize("way", WAYS)
def test_values_mask_and_grid_do_not_depend_on_how_they_are_stored(tmp_path, way):
    path = WAYS[way](tmp_path)
    found, through_nibabel = load_map(path), load_map(nibabel.load(path))
    for one in (found, through_nibabel):
        assert np.array_equal(one.values, QUARTERS)
        assert np.array_equal(one.mask, QUARTERS != 0)
        assert np.allclose(one.grid.affine, AFFINE, atol=1e-6)
        assert one.values.dtype.isnative
    plain = way in ("float32", "gzipped", "big-endian", "NIfTI-2")
    assert found.values.dtype == (np.float32 if plain else np.float64)


def test_analyze_gives_the_same_values(tmp_path):
    image = nibabel.Spm2AnalyzeImage(QUARTERS.astype(np.float32), None)
    image.to_filename(tmp_path / "a.img")
    with pytest.warns(SkerryWarning, match="Analyze"):
        assert np.array_equal(load_map(tmp_path / "a.hdr").values, QUARTERS)


@given(
    slope=st.floats(2**-20, 2**20, width=32),
    inter=st.floats(-1024, 1024, width=32),
    dtype=st.sampled_from(["u1", "i2", "i4", "f4", "f8"]),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_scaled_values_are_nibabels_to_the_bit(tmp_path_factory, slope, inter, dtype):
    path = tmp_path_factory.mktemp("scaled") / "a.nii"
    image = nibabel.Nifti1Image(np.arange(24, dtype=dtype).reshape(2, 3, 4), np.eye(4))
    content = bytearray(image.to_bytes())
    content[112:120] = struct.pack("<2f", slope, inter)
    path.write_bytes(content)
    expected = np.asanyarray(nibabel.load(path).dataobj)
    assert np.array_equal(load_image(path).dataobj, expected)


def test_a_map_saved_and_read_again_is_the_same_map(tmp_path):
    first = load_map(WAYS["scaled uint8"](tmp_path))
    save_image(first.to_img(), tmp_path / "again.nii.gz")
    again = load_map(tmp_path / "again.nii.gz")
    assert np.array_equal(again.values, first.values)
    assert again.values.dtype == first.values.dtype
    assert again.grid == first.grid


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", ">f8"])
@pytest.mark.parametrize("slope", [0.0, 2.0])
def test_a_signalling_nan_is_a_nan_like_others(tmp_path, dtype, slope):
    stored = np.ones((3, 4, 5), dtype)
    unsigned = stored.view(dtype.replace("f", "u"))
    unsigned[1, 2, 3] = 0x7F810000 if "4" in dtype else 0x7FF0000000000001
    header = nibabel.Nifti1Header(endianness=dtype[0])
    header.set_data_dtype(dtype)
    empty = bytearray(nibabel.Nifti1Image(np.ones((3, 4, 5), dtype), np.eye(4), header).to_bytes())
    empty[112:116] = struct.pack(f"{dtype[0]}f", slope)
    (tmp_path / "a.nii").write_bytes(bytes(empty[:352]) + stored.tobytes(order="F"))
    found = load_map(tmp_path / "a.nii")
    assert found.n_nan == 1
    assert np.isnan(found.values[1, 2, 3])
