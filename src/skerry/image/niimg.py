"""Take images in every form that nilearn takes them, and make new ones."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import (
    ArgumentTypeError,
    DimensionError,
    GridMismatchError,
    MissingFileError,
)
from skerry.image.arguments import check_bool
from skerry.io.load import load_image
from skerry.io.notice import notice
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from skerry.typing import AnyArray

# Header fields that describe the old values: left alone they would rescale,
# or misreport, the new ones.
_FIELDS_OF_OLD_VALUES = ("scl_slope", "scl_inter", "glmax")


def check_niimg(
    img: Any, *, ensure_ndim: int | None = None, atleast_4d: bool = False, name: str = "img"
) -> Any:
    """Give one image for whatever stands for one in nilearn.

    Parameters
    ----------
    img : path, glob pattern, nibabel image, or sequence of them
        Several images, or a pattern, are joined along a fourth axis, in a type
        that holds the values of all.
        `~` is the user's folder.
    ensure_ndim : {3, 4}, optional
        Number of axes wanted. A 4-D image with one volume passes for 3-D.
    atleast_4d : bool
        Give a 3-D image a fourth axis of length one.
    name : str
        Name of the parameter, for error messages.

    Returns
    -------
    nibabel.spatialimages.SpatialImage
        The image given when nothing had to change: its array is not copied.

    Raises
    ------
    ArgumentTypeError
        If `img` is none of these, or an empty sequence.
    DimensionError
        If the image has another number of axes than `ensure_ndim`.
    GridMismatchError
        If the images of a sequence lie on different grids.
    """
    found = _load(img, name)
    if ensure_ndim == 3 and len(found.shape) == 4 and found.shape[3] == 1:
        found = new_img_like(found, image_data(found)[..., 0])
    if atleast_4d and len(found.shape) == 3:
        found = new_img_like(found, image_data(found)[..., np.newaxis])
    if ensure_ndim is not None and len(found.shape) != ensure_ndim:
        raise DimensionError(len(found.shape), ensure_ndim, found.get_filename())
    return found


def image_data(img: Any) -> AnyArray:
    """Give the values of an image in the type they have after scaling.

    Parameters
    ----------
    img : nibabel image

    Returns
    -------
    array
        The very array of an image in memory (a change to it changes the
        image); otherwise read from the file.
    """
    return np.asanyarray(img.dataobj)


def is_surface(img: Any) -> bool:
    """Tell whether an object looks like a map on a mesh."""
    return hasattr(img, "mesh") and hasattr(img, "data")


def new_img_like(
    ref_niimg: Any, data: AnyArray, affine: ArrayLike | None = None, copy_header: bool = True
) -> Any:
    """Make an image with the class and header of another one.

    Unlike nilearn, the type that a file will have is the type of `data`:
    floating-point values under an integer header would be rescaled when
    saved, and their zeros would not stay zeros.

    Parameters
    ----------
    ref_niimg : path, nibabel image, or sequence of them
        The model; of a sequence, its first image.
    data : (I, J, K[, T]) array
        Values. Booleans become uint8, and 64-bit integers int32 where they fit.
    affine : (4, 4) array_like, optional
        From voxel indices to RAS+ mm; that of the model if not given.
    copy_header : bool
        Take over the model's header fields, apart from those that describe
        the old values (scaling, type, and display range).

    Returns
    -------
    nibabel image
        Of the model's class (NIfTI where that class cannot be written).

    Raises
    ------
    ArgumentTypeError
        If the model is not an image.
    """
    check_bool(copy_header, "copy_header")
    return image_like(_model(ref_niimg), data, affine, copy_header=copy_header)


def image_like(
    model: Any,
    data: AnyArray,
    affine: ArrayLike | None = None,
    *,
    copy_header: bool = True,
    value_range: tuple[float, float] | None = None,
) -> Any:
    """Do the work of `new_img_like`, for a model that is an image.

    Parameters
    ----------
    value_range : (float, float), optional
        Smallest and largest value of `data`, where the caller knows them:
        looking for them reads all of a large, nearly empty array.
    """
    from nibabel.nifti1 import Nifti1Image, Nifti1Pair

    data = _storable(data)
    affine = model.affine if affine is None else affine
    image_class = type(model)
    writable = getattr(image_class, "rw", True)
    if image_class is Nifti1Pair or not writable:
        image_class = Nifti1Image
    header = model.header.copy() if copy_header and writable and model.header is not None else None
    if header is not None:
        _describe_new_values(header, data, value_range)
    return image_class(data, affine, header=header)


def _load(img: Any, name: str) -> Any:
    if is_surface(img):
        raise ArgumentTypeError(f"{name} is a surface image; this function takes volumes")
    if isinstance(img, (str, os.PathLike)):
        img = _expand(os.fspath(img))
    if isinstance(img, (list, tuple)) or _is_iterator(img):
        return _join([_load(one, name) for one in img], name)
    return load_image(img, name=name)


def _is_iterator(img: Any) -> bool:
    return hasattr(img, "__next__") and not hasattr(img, "affine")


def _expand(path: str) -> str | list[str]:
    """Give the path itself, or the sorted files that a pattern stands for."""
    path = os.path.expanduser(path)  # noqa: PTH111  # keeps a trailing slash for the message
    if not glob.has_magic(path) or os.path.exists(path):  # noqa: PTH110
        return path
    matches = sorted(glob.glob(path))  # noqa: PTH207
    if not matches:
        raise MissingFileError(f"no file matches the pattern {path!r}")
    return matches


def _join(images: Sequence[Any], name: str) -> Any:
    if not images:
        raise ArgumentTypeError(f"{name} is empty: give at least one image")
    first = images[0]
    volumes = [image_data(image) for image in images]
    volumes = [one if one.ndim > 3 else one[..., np.newaxis] for one in volumes]
    grid = grid_of(first)
    for number, image in enumerate(images):
        if not grid.same_as(grid_of(image)):
            raise GridMismatchError(
                f"image {number} of {name} lies on another grid than the first one: "
                "resample them to one grid before"
            )
    return new_img_like(first, np.concatenate(volumes, axis=3))


def _model(ref_niimg: Any) -> Any:
    if isinstance(ref_niimg, (list, tuple)):
        if not ref_niimg:
            raise ArgumentTypeError("ref_niimg is empty: give at least one image")
        ref_niimg = ref_niimg[0]
    return load_image(ref_niimg, name="ref_niimg")


def _storable(data: AnyArray) -> AnyArray:
    """Give values in a type that the field's programs read."""
    if data.dtype == np.bool_:
        return data.astype(np.uint8)
    if data.dtype not in (np.int64, np.uint64):
        return data
    bounds = np.iinfo(np.int32)
    if data.size == 0 or (bounds.min <= data.min() and data.max() <= bounds.max):
        notice(
            "The data array contains 64-bit integers, which FSL and SPM cannot read: "
            "they are kept as int32. Give int32 data to avoid this message.",
            UserWarning,
        )
        return data.astype(np.int32)
    notice(
        "The data array contains 64-bit integers, some too large for int32: "
        "the image keeps them, and other programs may not read it.",
        UserWarning,
    )
    return data


def _describe_new_values(
    header: Any, data: AnyArray, value_range: tuple[float, float] | None
) -> None:
    from nibabel.freesurfer.mghformat import MGHError
    from nibabel.spatialimages import HeaderDataError

    dtype = data.dtype.newbyteorder("=")
    # A format without float64 (MGH) still has float32; what it has nothing
    # for (complex) stays with the header's own type, as nibabel leaves it.
    for candidate in (dtype, np.dtype(np.float32) if dtype.kind == "f" else dtype):
        try:
            header.set_data_dtype(candidate)
            break
        except (HeaderDataError, MGHError):
            continue
    try:
        fields = set(header.keys())
    except (AttributeError, TypeError):
        return  # a header without named fields has no display range
    for field in fields.intersection(_FIELDS_OF_OLD_VALUES):
        header[field] = 0
    if {"cal_min", "cal_max"} <= fields:
        if value_range is None:
            value_range = (data.min(), data.max()) if data.size else (0.0, 0.0)
        header["cal_min"], header["cal_max"] = value_range
