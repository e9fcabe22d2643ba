"""Judge FreeSurfer's MGH headers (.mgh, and .mgz when gzipped)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import DamagedFileError, ImageFileError
from skerry.io.layout import Layout, check_affine, check_shape, header_faults
from skerry.io.notice import notice
from skerry.io.paths import shown

if TYPE_CHECKING:
    from skerry.io.container import ByteSource

_HEADER_BYTES = 284
_PLACE_FLAG = slice(28, 30)
_DTYPES = {0: ">u1", 1: ">i4", 3: ">f4", 4: ">i2", 10: ">u2"}


def read_layout(source: ByteSource) -> Layout:
    """Read an MGH header and judge it before anything is allocated."""
    import nibabel

    path = source.path
    block = source.read(_HEADER_BYTES)
    if len(block) < _HEADER_BYTES:
        raise DamagedFileError(f"{shown(path)} is cut short: it ends inside its header")
    with header_faults(path):
        header = nibabel.freesurfer.mghformat.MGHHeader(block, check=False)
    version, code = int(header["version"]), int(header["type"])
    if version != 1:
        raise ImageFileError(f"{shown(path)} is not an MGH file (version {version} instead of 1)")
    if code not in _DTYPES:
        raise ImageFileError(
            f"{shown(path)}: its data type ({code}) is not one real number a voxel"
        )
    dims = tuple(int(n) for n in header["dims"])
    shape = check_shape(dims[:3] if dims[3] == 1 else dims, path)
    if block[_PLACE_FLAG] == b"\0\0":
        # Axes to left, down and front (FreeSurfer's load_mgh.m); nibabel 5.4 transposes them.
        header["Mdc"] = [[-1, 0, 0], [0, 0, -1], [0, 1, 0]]
        header["delta"], header["Pxyz_c"] = 1, 0
        notice(
            f"{shown(path)} says nothing of its place in space (goodRASFlag = 0); "
            "taken: coronal slices of 1 mm voxels around 0 mm, as FreeSurfer does"
        )
    with header_faults(path, "place in space"), np.errstate(all="ignore"):
        affine = header.get_affine()
    affine = check_affine(affine, path, "affine")
    plain = nibabel.Nifti1Header()
    plain.set_data_dtype(np.dtype(_DTYPES[code]).newbyteorder("="))
    plain.set_sform(affine, code=1)
    return Layout(shape, np.dtype(_DTYPES[code]), _HEADER_BYTES, affine, plain, has_trailer=True)
