"""From what a user gives to a volume that can be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import DimensionError
from skerry.io.load import load_image
from skerry.plotting.displays.slices import Volume, stand_upright

if TYPE_CHECKING:
    from skerry.typing import AnyArray


def read_volume(img: Any, *, name: str = "img") -> Volume:
    """Read one volume, upright where its affine allows.

    Parameters
    ----------
    img : path, nibabel image or Volume
        With three axes, or more when the further ones have length 1.
    name : str
        Name of the parameter, for error messages.

    Returns
    -------
    Volume
        A view of the image's own array where it is in memory.

    Raises
    ------
    DimensionError
        If the image has fewer than three axes or several volumes.
    """
    if isinstance(img, Volume):
        return img
    image = load_image(img, name=name)
    values = image_array(image)
    if values.ndim > 3 and set(values.shape[3:]) == {1}:
        values = values.reshape(values.shape[:3])
    if values.ndim != 3:
        raise DimensionError(values.ndim, 3)
    return stand_upright(values, image.affine)


def image_array(image: Any) -> AnyArray:
    """Give an image's array without a copy where it is in memory, scaled by its header."""
    import nibabel

    if nibabel.is_proxy(image.dataobj) and image.in_memory:
        return np.asanyarray(image.get_fdata(caching="unchanged"))
    return np.asanyarray(image.dataobj)
