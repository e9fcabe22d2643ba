"""Headers are judged before anything is believed."""

from __future__ import annotations

import math

import nibabel
import numpy as np
import pytest

from skerry.errors import DamagedFileError, ImageFileError, SkerryWarning
from skerry.io.load import load_image, load_map

NAN = math.nan
INF = math.inf


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"dim__0": 0}, r"0 axes \(dim\[0\]\)"),
        ({"dim__0": 8}, r"8 axes \(dim\[0\]\)"),
        ({"dim__0": -3}, r"-3 axes"),
        ({"dim__0": 1}, "1 axis"),
        ({"dim__0": 2}, "2 axes"),
        ({"dim__1": 0}, "0 x 7 x 5 voxels"),
        ({"dim__2": -7}, "6 x -7 x 5 voxels"),
        ({"dim__1": 7}, "is cut short, or its header is wrong: 980 bytes of voxels are due"),
        ({"datatype": 0}, r"no known data type \(0\)"),
        ({"datatype": 17}, "no known data type"),
        ({"datatype": 1}, "single bits"),
        ({"datatype": 32}, "complex"),
        ({"datatype": 128}, "colours"),
        ({"datatype": 1536}, "128-bit"),
        ({"datatype": 64, "bitpix": 64}, "is cut short"),
        ({"vox_offset": 0}, "begin at byte 0"),
        ({"vox_offset": 348}, "begin at byte 348"),
        ({"vox_offset": -352}, "begin at byte -352"),
        ({"vox_offset": 352.5}, "begin at byte 352.5"),
        ({"vox_offset": 368}, "is cut short"),
        ({"vox_offset": 1e30}, "more than 16777216 bytes of header"),
        ({"vox_offset": NAN}, "begin at byte nan"),
        ({"vox_offset": INF}, "begin at byte inf"),
        ({"scl_slope": NAN}, "scale factors are not finite"),
        ({"scl_slope": INF}, "scale factors are not finite"),
        ({"scl_slope": 2, "scl_inter": -INF}, "scale factors are not finite"),
        ({"sform_code": 999}, "sform_code is 999"),
        ({"sform_code": -1}, "sform_code is -1"),
        ({"qform_code": 256}, "qform_code is 256"),
        ({"srow_x": 0}, r"affine \(sform\) cannot be inverted"),
        ({"srow_y__1": NAN}, r"affine \(sform\) is not made of finite numbers"),
        ({"srow_z__3": INF}, r"affine \(sform\) is not made of finite numbers"),
        ({"sform_code": 0, "pixdim__1": 0}, r"affine \(qform\) cannot be inverted"),
        ({"sform_code": 0, "pixdim__2": -2}, r"affine \(qform\) makes no sense"),
        ({"sform_code": 0, "pixdim__3": NAN}, "voxel sizes"),
        ({"sform_code": 0, "quatern_b": 3}, r"affine \(qform\) makes no sense"),
        ({"sform_code": 0, "quatern_c": NAN}, r"affine \(qform\)"),
        ({"sform_code": 0, "qform_code": 0, "pixdim__3": INF}, "voxel sizes"),
        ({"sizeof_hdr": 347}, "its first bytes are damaged"),
        ({"magic": b"n+9"}, "its first bytes are damaged"),
        ({"intent_code": 3006}, "CIFTI"),
    ],
)
def test_a_header_that_makes_no_sense_is_one_clear_line(edited, write, fields, said):
    path = write(edited(**fields))
    with pytest.raises(ImageFileError, match=said) as caught:
        load_map(path)
    assert "map.nii" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"dim__3": 4}, "168 bytes are left over"),
        ({"bitpix": 8}, "8 bits a voxel"),
        ({"scl_slope": NAN, "scl_inter": NAN}, "taken as stored"),
        ({"xyzt_units": 1}, "metres"),
        ({"xyzt_units": 3}, "micrometres"),
        ({"qoffset_x": 30}, "up to 22 mm apart; its sform is used"),
        ({"quatern_b": 3}, "qform makes no sense; its sform is used"),
    ],
)
def test_what_deserves_a_look_is_warned_of(edited, write, values, fields, said):
    with pytest.warns(SkerryWarning, match=said):
        found = load_map(write(edited(**fields)))
    assert np.array_equal(found.values, values[:, :, : found.grid.shape[2]])


@pytest.mark.parametrize(
    "fields",
    [
        {"scl_slope": 0, "scl_inter": 3},
        {"scl_slope": 0, "scl_inter": NAN},
        {"bitpix": 0},
        {"pixdim__0": -3},
        {"dim__5": -1},
        {"sform_code": 5, "qform_code": 1, "qoffset_x": 30},
        {"sform_code": 0},
        {"cal_max": NAN, "toffset": INF, "slice_code": 9},
        {"descrip": b"\xff\xfe\x1b[0m"},
    ],
)
def test_a_strange_header_that_makes_sense_is_read(edited, write, values, fields):
    found = load_map(write(edited(**fields)))
    assert np.array_equal(found.values, values)
    assert np.allclose(found.grid.voxel_sizes_mm, 2)


def test_without_a_place_in_space_the_taken_affine_is_said(edited, write):
    path = write(edited(sform_code=0, qform_code=0))
    with pytest.warns(SkerryWarning, match=r"qform_code = sform_code = 0.*2 x 2 x 2 mm"):
        found = load_map(path)
    assert np.allclose(found.grid.affine, nibabel.load(path).affine)
    assert np.allclose(found.grid.xyz([2.5, 3, 2]), 0)


@pytest.mark.parametrize("shape", [(163842, 1, 1), (27307, 1, 6), (1, 10242, 1), (32492, 1, 1)])
def test_a_surface_map_in_the_clothes_of_an_image_is_told_apart(tmp_path, shape):
    path = tmp_path / "lh.nii.gz"
    nibabel.Nifti2Image(np.ones(shape, np.float32), np.eye(4)).to_filename(path)
    for source in (path, nibabel.load(path)):
        with pytest.raises(ImageFileError, match=r"a surface map \(\d+ vertices\)"):
            load_map(source)


def test_freesurfers_way_past_32767_is_a_surface_too(edited, write):
    path = write(edited(dim=(3, -1, 1, 1, 1, 1, 1, 1), glmin=163842))
    with pytest.raises(ImageFileError, match=r"a surface map \(163842 vertices\)"):
        load_map(path)


@pytest.mark.parametrize("shape", [(1, 1, 1), (91, 1, 1), (60, 70, 1), (1, 20, 30)])
def test_thin_volumes_are_volumes(tmp_path, shape):
    path = tmp_path / "thin.nii"
    nibabel.Nifti1Image(np.ones(shape, np.float32), np.eye(4)).to_filename(path)
    assert load_map(path).grid.shape == shape


def test_header_extensions_are_kept(with_extension, write, values):
    loaded = load_image(write(with_extension(b"a comment" + bytes(31))))
    (extension,) = loaded.header.extensions
    assert extension.get_code() == 6
    assert np.array_equal(loaded.dataobj, values)


@pytest.mark.parametrize("size", [0, 7, 17, 1 << 20, -16])
def test_broken_extensions_are_left_out_with_a_warning(with_extension, write, values, size):
    path = write(with_extension(b"a comment" + bytes(31), size))
    with pytest.warns(SkerryWarning, match="extensions are broken"):
        loaded = load_image(path)
    assert not loaded.header.extensions
    assert np.array_equal(loaded.dataobj, values)


def test_damage_is_also_a_value_error_and_an_os_error(edited, write):
    with pytest.raises(DamagedFileError) as caught:
        load_map(write(edited(dim__0=0)))
    assert isinstance(caught.value, (ValueError, OSError))
