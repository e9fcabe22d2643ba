"""Judge NIfTI-1 and NIfTI-2 headers."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import DamagedFileError, ImageFileError
from skerry.io.extensions import read_extensions
from skerry.io.layout import (
    MAX_HEADER_BYTES,
    ByteOrder,
    Layout,
    check_affine,
    check_scaling,
    check_shape,
    header_faults,
)
from skerry.io.notice import notice
from skerry.io.paths import shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.io.container import ByteSource
    from skerry.typing import PathLike

# Of the size of the header: where its magic is, of a single file and of a pair.
_MAGIC = {348: (344, b"n+1\0", b"ni1\0"), 540: (4, b"n+2\0\r\n\x1a\n", b"ni2\0\r\n\x1a\n")}
_DTYPES = {
    2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8",
    256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8",
}  # fmt: skip
_REFUSED = {
    1: "single bits", 32: "complex numbers", 128: "colours (RGB)", 1536: "128-bit numbers",
    1792: "complex numbers", 2048: "complex numbers", 2304: "colours (RGBA)",
}  # fmt: skip
_LAST_SPACE_CODE = 5  # "template other"
_UNITS = {1: "metres", 3: "micrometres"}


def is_nifti(head: bytes) -> bool:
    """Tell whether bytes begin like a NIfTI file."""
    return _size_and_order(head) is not None and _magic(head) is not None


def is_pair(head: bytes) -> bool:
    """Tell whether a NIfTI header keeps its voxels in another file."""
    size = _size_and_order(head)
    return size is not None and _magic(head) == _MAGIC[size[0]][2]


def is_cut(head: bytes) -> bool:
    """Tell whether bytes begin like a NIfTI file and end before its magic."""
    found = _size_and_order(head)
    return found is not None and len(head) < found[0]


def read_layout(source: ByteSource) -> Layout:
    """Read a NIfTI header and judge it before anything is allocated.

    Parameters
    ----------
    source : ByteSource
        At its start; afterwards at the first byte after header and extensions
        (of a single file: at its first voxel).

    Raises
    ------
    DamagedFileError, ImageFileError
        If the header contradicts itself, or holds what is not a map.
    """
    import nibabel

    path = source.path
    found = _size_and_order(source.peek(540))
    if found is None:
        raise ImageFileError(f"{shown(path)} has no NIfTI header")
    size, order = found
    block = source.read(size)
    if len(block) < size:
        raise DamagedFileError(f"{shown(path)} is cut short: it ends inside its header")
    header_class: Any = (nibabel.Nifti1Header, nibabel.Nifti2Header)[size == 540]
    header = header_class(block, endianness=order, check=False)
    pair = is_pair(block)

    _refuse_cifti(header, path)
    shape = check_shape(_shape(header, path), path)
    dtype = _dtype(header, path).newbyteorder(order)
    offset = _offset(header, size, pair=pair, path=path)
    slope, inter = _scaling(header, path)
    affine = _affine(header, path)
    read_extensions(header, source, size, None if pair else offset)
    code = int(header["intent_code"])
    parameters = tuple(float(header[f"intent_p{k}"]) for k in (1, 2, 3))
    header.set_slope_inter(None, None)  # as nibabel leaves it once values are scaled
    header.set_data_offset(0)
    return Layout(shape, dtype, offset, affine, header, slope, inter, {None: (code, parameters)})


def _size_and_order(head: bytes) -> tuple[int, ByteOrder] | None:
    if len(head) < 4:
        return None
    orders: tuple[ByteOrder, ByteOrder] = ("<", ">")
    for order in orders:
        (size,) = struct.unpack(f"{order}i", head[:4])
        if size in _MAGIC:
            return size, order
    return None


def _magic(head: bytes) -> bytes | None:
    found = _size_and_order(head)
    if found is None:
        return None
    at, *magics = _MAGIC[found[0]]
    return next((magic for magic in magics if head[at : at + len(magic)] == magic), None)


def _refuse_cifti(header: Any, path: PathLike) -> None:
    if 3000 <= int(header["intent_code"]) < 3100:
        raise ImageFileError(
            f"{shown(path)} is a CIFTI file (grayordinates), not a volume; "
            "write its volume part with wb_command -cifti-separate"
        )


def _shape(header: Any, path: PathLike) -> tuple[int, ...]:
    dim = [int(n) for n in header["dim"]]
    if not 1 <= dim[0] <= 7:
        raise DamagedFileError(
            f"{shown(path)}: its header says {dim[0]} axes (dim[0]); an image has 1 to 7"
        )
    if dim[1:4] == [-1, 1, 1] and "glmin" in header.keys() and header["glmin"] > 0:  # noqa: SIM118
        return (int(header["glmin"]), *dim[2 : dim[0] + 1])  # FreeSurfer's way past 32767
    return tuple(dim[1 : dim[0] + 1])


def _dtype(header: Any, path: PathLike) -> np.dtype[Any]:
    code = int(header["datatype"])
    if code in _REFUSED:
        raise ImageFileError(f"{shown(path)} holds {_REFUSED[code]}, not one real number a voxel")
    if code not in _DTYPES:
        raise DamagedFileError(f"{shown(path)}: its header names no known data type ({code})")
    dtype = np.dtype(_DTYPES[code])
    bits = int(header["bitpix"])
    if bits not in (0, 8 * dtype.itemsize):
        notice(
            f"{shown(path)}: its header says {bits} bits a voxel, but its data type has "
            f"{8 * dtype.itemsize}; the data type is used"
        )
    return dtype


def _offset(header: Any, size: int, *, pair: bool, path: PathLike) -> int:
    offset = float(header["vox_offset"])
    least = 0 if pair else size + 4
    if not math.isfinite(offset) or offset != int(offset) or offset < least:
        raise DamagedFileError(
            f"{shown(path)}: its header says that voxels begin at byte {offset:g} (vox_offset); "
            f"a whole number of at least {least} is needed"
        )
    if not pair and offset - size > MAX_HEADER_BYTES:
        raise DamagedFileError(
            f"{shown(path)}: its header says that voxels begin at byte {offset:g} (vox_offset); "
            f"more than {MAX_HEADER_BYTES} bytes of header are not read"
        )
    return int(offset)


def _scaling(header: Any, path: PathLike) -> Any:
    slope, inter = float(header["scl_slope"]), float(header["scl_inter"])
    if math.isnan(slope) and math.isnan(inter):
        # nibabel's mark for "not set", which it left in files that it wrote in pieces.
        notice(f"{shown(path)}: its scale factors are both NaN; values are taken as stored")
        return None, None
    if slope == 0:
        return None, None
    return check_scaling(slope, inter, path)


def _affine(header: Any, path: PathLike) -> NDArray[np.float64]:
    codes = {name: int(header[f"{name}_code"]) for name in ("sform", "qform")}
    for name, code in codes.items():
        if not 0 <= code <= _LAST_SPACE_CODE:
            raise DamagedFileError(
                f"{shown(path)}: its {name}_code is {code}; NIfTI knows 0 to {_LAST_SPACE_CODE}"
            )
    units = int(header["xyzt_units"]) & 7
    if units in _UNITS:
        notice(
            f"{shown(path)}: its header gives lengths in {_UNITS[units]}; "
            "they are read as millimetres"
        )
    # 0 is common and means 1 (NIfTI-1, METHOD 2); nibabel takes nothing but -1 and 1.
    header["pixdim"][0] = -1 if header["pixdim"][0] < 0 else 1
    if codes["sform"]:
        affine = check_affine(header.get_sform(), path, "affine (sform)")
        _compare_qform(header, affine, codes, path)
        return affine
    sizes = np.asarray(header["pixdim"][1:4], dtype=np.float64)
    if not np.isfinite(sizes).all():
        raise DamagedFileError(f"{shown(path)}: its voxel sizes (pixdim) are not finite numbers")
    if codes["qform"]:
        return check_affine(_qform(header, path), path, "affine (qform)")
    header["pixdim"][1:4] = np.where(sizes == 0, 1, np.abs(sizes))
    affine = check_affine(header.get_base_affine(), path, "voxel sizes (pixdim)")
    notice(
        f"{shown(path)} says nothing of its place in space (qform_code = sform_code = 0); "
        f"taken: voxels of {' x '.join(f'{size:.4g}' for size in header['pixdim'][1:4])} mm, "
        "the first axis from right to left, 0 mm at the centre; "
        "coordinates are not those of a template"
    )
    return affine


def _qform(header: Any, path: PathLike) -> NDArray[np.float64]:
    with header_faults(path, "affine (qform)"):
        return np.asarray(header.get_qform(), dtype=np.float64)


def _compare_qform(
    header: Any, sform: NDArray[np.float64], codes: dict[str, int], path: PathLike
) -> None:
    """Warn where sform and qform claim the same space but lie more than 1 mm apart."""
    if codes["qform"] != codes["sform"]:
        return  # two spaces: two affines
    try:
        qform = check_affine(_qform(header, path), path, "affine (qform)")
    except DamagedFileError:
        notice(f"{shown(path)}: its qform makes no sense; its sform is used")
        return
    corners = np.array(np.meshgrid(*[(0, int(n)) for n in header["dim"][1:4]])).reshape(3, -1).T
    apart = corners @ (sform - qform)[:3, :3].T + (sform - qform)[:3, 3]
    farthest_mm = float(np.sqrt((apart**2).sum(axis=1)).max())
    if farthest_mm > 1:
        notice(
            f"{shown(path)}: its sform and qform lie up to {farthest_mm:.3g} mm apart; "
            "its sform is used"
        )
