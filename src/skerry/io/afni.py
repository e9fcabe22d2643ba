"""Judge AFNI's headers (.HEAD, beside .BRIK or .BRIK.gz)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import DamagedFileError, ImageFileError
from skerry.io.layout import (
    MAX_HEADER_BYTES,
    ByteOrder,
    Intent,
    Layout,
    check_affine,
    check_scaling,
    check_shape,
    header_faults,
)
from skerry.io.paths import shown

if TYPE_CHECKING:
    from skerry.io.container import ByteSource
    from skerry.typing import PathLike

_DTYPES = {0: "u1", 1: "i2", 2: "i4", 3: "f4", 4: "f8"}


def read_layout(source: ByteSource) -> Layout:
    """Read an AFNI header and judge it before anything is allocated."""
    import nibabel

    path = source.path
    block = source.read(MAX_HEADER_BYTES + 1)
    if len(block) > MAX_HEADER_BYTES:
        raise DamagedFileError(
            f"{shown(path)}: more than {MAX_HEADER_BYTES} bytes of header are not read"
        )
    text = block.decode("utf-8", errors="replace")
    if "-attribute" not in text:
        raise ImageFileError(f"{shown(path)} is not an AFNI header")
    with header_faults(path):
        info = nibabel.brikhead.parse_AFNI_header(io.StringIO(text))
    with header_faults(path):
        n_volumes = int(_numbers(info, "DATASET_RANK", path)[1])
        dims = tuple(int(n) for n in _numbers(info, "DATASET_DIMENSIONS", path)[:3])
        dtype = _dtype(info, path)
        affine = _numbers(info, "IJK_TO_DICOM_REAL", path)[:12].reshape(3, 4)
        slopes = _slopes(info, n_volumes, path)
        intents = _intents(info)
    shape = check_shape(dims if n_volumes == 1 else (*dims, n_volumes), path)
    # AFNI counts millimetres towards left and back; RAS+ to right and front.
    affine = np.vstack([affine * [[-1], [-1], [1]], [0, 0, 0, 1]])
    affine = check_affine(affine, path, "affine (IJK_TO_DICOM_REAL)")
    slope, inter = check_scaling(slopes, 0.0, path)
    plain = nibabel.Nifti1Header()
    plain.set_data_dtype(dtype.newbyteorder("="))
    plain.set_sform(affine, code=4 if info.get("TEMPLATE_SPACE") == "MNI" else 2)
    return Layout(shape, dtype, 0, affine, plain, slope, inter, intents)


def _numbers(info: dict[str, Any], name: str, path: PathLike) -> Any:
    if name not in info:
        raise DamagedFileError(f"{shown(path)}: its header lacks {name}")
    return np.atleast_1d(np.asarray(info[name], dtype=np.float64))


def _dtype(info: dict[str, Any], path: PathLike) -> np.dtype[Any]:
    codes = {int(code) for code in _numbers(info, "BRICK_TYPES", path)}
    if len(codes) != 1:
        raise ImageFileError(
            f"{shown(path)}: its sub-bricks have several data types; "
            "write them as one with 3dcalc -datum float"
        )
    (code,) = codes
    if code not in _DTYPES:
        raise ImageFileError(
            f"{shown(path)}: its data type ({code}) is not one real number a voxel"
        )
    orders: dict[Any, ByteOrder] = {"MSB_FIRST": ">", "LSB_FIRST": "<"}
    order = orders.get(info.get("BYTEORDER_STRING", "LSB_FIRST"))
    if order is None:
        raise DamagedFileError(f"{shown(path)}: its BYTEORDER_STRING is not known")
    return np.dtype(_DTYPES[code]).newbyteorder(order)


def _slopes(info: dict[str, Any], n_volumes: int, path: PathLike) -> Any:
    if "BRICK_FLOAT_FACS" not in info:
        return 1.0
    factors = _numbers(info, "BRICK_FLOAT_FACS", path)
    if len(factors) < n_volumes:
        raise DamagedFileError(
            f"{shown(path)}: its header has {len(factors)} scale factors for {n_volumes} sub-bricks"
        )
    return factors[: max(n_volumes, 0)]


def _intents(info: dict[str, Any]) -> dict[int | None, Intent]:
    """Read BRICK_STATAUX: volume, code, number of parameters, parameters, and again."""
    intents: dict[int | None, Intent] = {}
    numbers = np.atleast_1d(np.asarray(info.get("BRICK_STATAUX", ()), dtype=np.float64))
    at = 0
    while at + 3 <= len(numbers):
        volume, code, n_parameters = (int(n) for n in numbers[at : at + 3])
        after = at + 3 + max(n_parameters, 0)
        intents[volume] = (code, tuple(float(n) for n in numbers[at + 3 : after]))
        at = after
    return intents
