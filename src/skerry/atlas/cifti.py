"""The volume part of a CIFTI-2 label file (`.dlabel.nii`) as a label image."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.atlas.label_file import LabelNames, checked_names
from skerry.errors import ArgumentError, DamagedFileError, ImageFileError
from skerry.io.container import opened
from skerry.io.extensions import read_extensions
from skerry.io.label_elements import plain_tree
from skerry.io.layout import MAX_HEADER_BYTES, allowed_bytes, check_affine, check_memory
from skerry.io.paths import shown

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from skerry.io.container import ByteSource
    from skerry.typing import AnyArray, PathLike

__all__ = ["is_dlabel", "read_dlabel"]

_HEADER_BYTES = 540
_INTENT = 3007  # labels of grayordinates
_CIFTI_EXTENSION = 32
# What a header or an index that makes no sense comes to.
_FAULTS = (ValueError, KeyError, TypeError, OverflowError, IndexError, AttributeError)


class DenseLabels(NamedTuple):
    """Labels of voxels.

    Attributes
    ----------
    img : nibabel.Nifti1Image
        int32, 0 where the file has no voxel.
    names : LabelNames
    notes : tuple of str
    """

    img: Any
    names: LabelNames
    notes: tuple[str, ...]


def is_dlabel(path: PathLike) -> bool:
    """Tell by its name whether a file is a CIFTI label file."""
    return os.fspath(path).lower().endswith((".dlabel.nii", ".dlabel.nii.gz"))


def read_dlabel(path: PathLike) -> DenseLabels:
    """Read the voxels of a CIFTI-2 label file; of several maps, the first.

    Parameters
    ----------
    path : path

    Returns
    -------
    DenseLabels

    Raises
    ------
    MissingFileError, ImageFileError
        If it cannot be read, or is no such file.
    ArgumentError
        If it has vertices of surfaces only, or no names.

    References
    ----------
    https://www.nitrc.org/projects/cifti/ (CIFTI-2); Glasser et al. 2013,
    doi:10.1016/j.neuroimage.2013.04.127.
    """
    said = shown(path)
    with opened(path) as source:
        values, xml = _content(source, said)
    matrix = plain_tree(xml, f"the header of {said}").find("Matrix")
    if matrix is None:
        raise DamagedFileError(f"{said}: its CIFTI header has no matrix")
    try:
        labels, voxels = (_mapping(matrix, kind) for kind in ("LABELS", "BRAIN_MODELS"))
        dense, affine = _dense(values[0], voxels, said)
        rows = [
            (int(label.get("Key", "")), label.text or "", "")
            for label in labels.findall("NamedMap")[0].iter("Label")
        ]
    except _FAULTS as error:
        if isinstance(error, (ArgumentError, ImageFileError)):
            raise
        raise DamagedFileError(f"{said}: its CIFTI header contradicts itself") from error
    import nibabel

    notes: tuple[str, ...] = (f"{said}: its volume part is read, not its surfaces",)
    if len(values) > 1:
        notes += (f"{said}: the first of its {len(values)} maps is read",)
    return DenseLabels(nibabel.Nifti1Image(dense, affine), checked_names(rows, said), notes)


def _content(source: ByteSource, said: str) -> tuple[AnyArray, str]:
    """Give the matrix, (maps, grayordinates), and the XML that describes it."""
    import nibabel

    block = source.read(_HEADER_BYTES)
    order = {b"\x1c\x02\0\0": "<", b"\0\0\x02\x1c": ">"}.get(block[:4])
    if len(block) < _HEADER_BYTES or order is None:
        raise ImageFileError(f"{said} is not a CIFTI-2 file")
    header: Any = nibabel.Nifti2Header(block, endianness=order, check=False)
    offset, code = int(header["vox_offset"]), int(header["intent_code"])
    n_maps, n_places = (int(n) for n in header["dim"][5:7])
    if code != _INTENT or n_maps < 1 or n_places < 1:
        raise ImageFileError(f"{said} is not a CIFTI-2 label file")
    if not _HEADER_BYTES < offset <= _HEADER_BYTES + MAX_HEADER_BYTES:
        raise DamagedFileError(f"{said}: its data begin at byte {offset}, which cannot be")
    read_extensions(header, source, _HEADER_BYTES, offset)
    contents = [e.get_content() for e in header.extensions if e.get_code() == _CIFTI_EXTENSION]
    try:
        dtype = np.dtype(header.get_data_dtype())
    except KeyError:  # no such code
        dtype = np.dtype(object)
    scaled = header.get_slope_inter() not in ((None, None), (1.0, 0.0))
    if not contents or dtype.kind not in "iuf" or scaled:
        raise DamagedFileError(f"{said} does not hold plain numbers, or does not say of what")
    n_bytes = n_maps * n_places * dtype.itemsize
    check_memory(n_bytes, min(allowed_bytes(None), source.most_bytes), source.path)
    data = source.read(n_bytes)
    if len(data) < n_bytes:
        raise DamagedFileError(f"{said} is cut short")
    values = np.frombuffer(data, dtype).reshape((n_maps, n_places), order="F")
    return values, bytes(contents[0]).rstrip(b"\0").decode("utf-8", "replace")


def _mapping(matrix: Element, kind: str) -> Element:
    wanted = f"CIFTI_INDEX_TYPE_{kind}"
    maps = {one.get("IndicesMapToDataType"): one for one in matrix.findall("MatrixIndicesMap")}
    return maps[wanted]


def _dense(values: AnyArray, models: Element, said: str) -> tuple[AnyArray, AnyArray]:
    """Put the labels of voxels into a volume."""
    parts = [
        model
        for model in models.findall("BrainModel")
        if model.get("ModelType") == "CIFTI_MODEL_TYPE_VOXELS"
    ]
    if not parts:
        raise ArgumentError(
            f"{said} has labels of surfaces only; the regions of a volume need a label image"
        )
    volume: Any = models.find("Volume")
    transform: Any = volume.find("TransformationMatrixVoxelIndicesIJKtoXYZ")
    shape = tuple(int(n) for n in volume.get("VolumeDimensions").split(","))
    in_mm = 10.0 ** (int(transform.get("MeterExponent")) + 3)
    affine = np.array(transform.text.split(), dtype=np.float64).reshape(4, 4)
    affine[:3] *= in_mm
    affine = check_affine(affine, said, "affine")
    if len(shape) != 3 or min(shape) < 1:
        raise ValueError(shape)
    check_memory(4 * shape[0] * shape[1] * shape[2], allowed_bytes(None), said)
    dense = np.zeros(shape, dtype=np.int32)
    for part in parts:
        first, count = int(part.get("IndexOffset", "")), int(part.get("IndexCount", ""))
        indices: Any = part.find("VoxelIndicesIJK")
        ijk = np.array(indices.text.split(), dtype=np.int64).reshape(count, 3)
        found = values[first : first + count]
        if first < 0 or len(found) < count or (ijk < 0).any() or (ijk >= shape).any():
            raise ValueError("indices beyond the volume or the matrix")
        if not (found == np.rint(found)).all() or np.abs(found).max(initial=0) > 2**31 - 1:
            raise ArgumentError(f"{said} holds NaN or fractions; labels are whole numbers")
        dense[tuple(ijk.T)] = found
    return dense, affine
