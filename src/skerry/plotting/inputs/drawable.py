"""Images that can be drawn: of one volume, and finite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentTypeError
from skerry.image.niimg import check_niimg, image_data

if TYPE_CHECKING:
    from skerry.typing import AnyArray


def drawable_image(img: Any, name: str = "img") -> Any:
    """Give a 3-D image in memory whose values are finite.

    Parameters
    ----------
    img : path or nibabel image
        Non-finite values count as zero. Never written to.
    name : str
        Name of the parameter, for messages.

    Returns
    -------
    nibabel image
        The one given where nothing had to change.

    Raises
    ------
    DimensionError
        If it has not three axes, or a fourth of more than one volume.
    ArgumentTypeError
        If it is no image, or its values are no real numbers.
    """
    import nibabel

    image = check_niimg(img, ensure_ndim=3, name=name)
    values = image_data(image)
    finite = finite_values(values, name)
    if finite is values and not nibabel.is_proxy(image.dataobj):
        return image
    return image_in_memory(finite, image.affine)


def image_in_memory(values: AnyArray, affine: AnyArray) -> Any:
    """Give values of any type as an image: nibabel wants to be told of 64-bit integers."""
    import nibabel

    wide = values.dtype in (np.int64, np.uint64)
    return nibabel.Nifti1Image(values, affine, dtype=values.dtype if wide else None)


def finite_values(values: AnyArray, name: str = "img") -> AnyArray:
    """Give the values with zeros for NaN and infinities; the same array if there are none.

    Raises
    ------
    ArgumentTypeError
        If the values are no real numbers (colours, complex numbers).
    """
    if values.dtype.kind not in "biuf":
        raise ArgumentTypeError(
            f"{name} holds values of type {values.dtype}; a map must hold real numbers "
            "(of complex ones, plot the absolute value or a part)"
        )
    if not np.issubdtype(values.dtype, np.inexact) or np.isfinite(values).all():
        return values
    return np.where(np.isfinite(values), values, values.dtype.type(0))
