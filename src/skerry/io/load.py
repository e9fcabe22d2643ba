"""Read images, safely."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentTypeError, MissingFileError

if TYPE_CHECKING:
    from skerry.typing import ImageLike


def load_image(img: ImageLike, *, name: str = "img") -> Any:
    """Give a nibabel image for a path or an image.

    Parameters
    ----------
    img : path or nibabel image
        What to read. An image in memory is returned as it is.
    name : str
        Name of the parameter, for error messages.

    Returns
    -------
    nibabel.spatialimages.SpatialImage
        With its data in memory when `img` is a path.
    """
    if hasattr(img, "affine") and hasattr(img, "dataobj"):
        return img
    if not isinstance(img, (str, os.PathLike)):
        raise ArgumentTypeError(f"{name} must be a path or a nibabel image, got {type(img).__name__}")
    import nibabel

    if not os.path.isfile(img):  # noqa: PTH113
        raise MissingFileError(f"File not found: {os.fspath(img)!r}")
    return nibabel.load(img)
