"""Judge Analyze 7.5 headers, as SPM99 and SPM2 wrote them."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from skerry.errors import DamagedFileError, ImageFileError
from skerry.io.container import opened
from skerry.io.layout import (
    ByteOrder,
    Layout,
    check_affine,
    check_scaling,
    check_shape,
    header_faults,
)
from skerry.io.notice import notice
from skerry.io.paths import shown, sibling

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.io.container import ByteSource
    from skerry.typing import PathLike

_HEADER_BYTES = 348
_MAX_MAT_BYTES = 1 << 20
_DTYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 130: "i1", 132: "u2", 136: "u4"}


def is_analyze(head: bytes) -> bool:
    """Tell whether bytes begin like an Analyze header (NIfTI is asked first)."""
    return head[:4] in (b"\x5c\x01\0\0", b"\0\0\x01\x5c")


def read_layout(source: ByteSource) -> Layout:
    """Read an Analyze header and judge it before anything is allocated."""
    import nibabel

    path = source.path
    block = source.read(_HEADER_BYTES)
    if len(block) < _HEADER_BYTES:
        raise DamagedFileError(f"{shown(path)} is cut short: it ends inside its header")
    order: ByteOrder = "<" if block[0] else ">"
    header = nibabel.Spm2AnalyzeHeader(block, endianness=order, check=False)
    dim = [int(n) for n in header["dim"]]
    if not 1 <= dim[0] <= 7:
        raise DamagedFileError(
            f"{shown(path)}: its header says {dim[0]} axes (dim[0]); an image has 1 to 7"
        )
    shape = check_shape(tuple(dim[1 : dim[0] + 1]), path)
    code = int(header["datatype"])
    if code not in _DTYPES:
        raise ImageFileError(
            f"{shown(path)}: its data type ({code}) is not one real number a voxel"
        )
    offset = float(header["vox_offset"])
    if not np.isfinite(offset) or offset != int(offset) or not 0 <= offset < 2**31:
        raise DamagedFileError(
            f"{shown(path)}: its header says that voxels begin at byte {offset:g} (vox_offset)"
        )
    if not np.isfinite(header["scl_slope"]):
        raise DamagedFileError(f"{shown(path)}: its scale factor is not a finite number")
    with header_faults(path):
        slope, inter = header.get_slope_inter()
    slopes, inters = check_scaling(1 if slope is None else slope, inter or 0, path)
    affine = _affine(header, path)
    with header_faults(path):
        plain = _as_nifti(header, affine)
    dtype = np.dtype(_DTYPES[code]).newbyteorder(order)
    return Layout(shape, dtype, int(offset), affine, plain, slopes, inters)


def _affine(header: Any, path: PathLike) -> NDArray[np.float64]:
    """Give SPM's affine: of the .mat file beside the image, else of voxel sizes and origin."""
    mat = sibling(path, ".mat")
    if os.path.isfile(mat):  # noqa: PTH113
        return check_affine(_affine_of_mat(mat, header), mat, "affine")
    header["pixdim"][1:4] = np.abs(header["pixdim"][1:4])
    with header_faults(path, "place in space"):
        affine = check_affine(header.get_best_affine(), path, "voxel sizes (pixdim)")
    notice(
        f"{shown(path)} is an Analyze file, which does not say which side is left; "
        "taken: the first axis from right to left, as SPM does"
    )
    return affine


def _affine_of_mat(mat: str, header: Any) -> Any:
    with opened(mat) as source:
        content = source.read(_MAX_MAT_BYTES)
    import scipy.io

    with header_faults(mat, "content"):
        found: dict[str, Any] = scipy.io.loadmat(cast("Any", io.BytesIO(content)))
        if "mat" in found:
            affine = np.asarray(found["mat"], dtype=np.float64)
            affine = affine[:, :, 0] if affine.ndim > 2 else affine
        else:  # SPM99's M does not hold the flip of the first axis
            affine = np.diag([-1.0, 1, 1, 1]) @ np.asarray(found["M"], dtype=np.float64)
        from_zero = np.eye(4)
        from_zero[:3, 3] = 1  # MATLAB counts voxels from 1
        return affine @ from_zero


def _as_nifti(header: Any, affine: NDArray[np.float64]) -> Any:
    import nibabel

    plain = nibabel.Nifti1Header()
    plain.set_data_dtype(header.get_data_dtype())
    plain.set_data_shape(header.get_data_shape())
    plain.set_sform(affine, code=2)
    return plain
