"""Read a mask image, as nilearn understands one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.image.niimg import check_niimg, image_data
from skerry.io.notice import notice
from skerry.space.grid import grid_of
from skerry.space.resample import resample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray


def load_mask(mask_img: Any, grid: Grid, *, name: str = "mask_img") -> NDArray[np.bool_]:
    """Give a mask on a grid.

    Parameters
    ----------
    mask_img : path or nibabel image
        3-D; 0 is outside and one other value is inside. A mask on another
        grid is read at the nearest voxel.
    grid : Grid
        Where the mask is wanted.
    name : str
        Name of the parameter, for error messages.

    Returns
    -------
    (I, J, K) bool

    Raises
    ------
    ArgumentError
        If the mask is empty, has no 0 beside its other values, or has more
        than two values.
    """
    loaded = check_niimg(mask_img, ensure_ndim=3, name=name)
    values = zero_non_finite(image_data(loaded).copy(order="K"))
    values = resample(values, grid_of(loaded), grid, interpolation="nearest")
    inside = values != 0
    if not inside.any():
        raise ArgumentError(f"{name}: the mask is invalid as it is empty: it masks all data")
    kinds = np.unique(values[inside])
    if kinds.size == 2 and inside.all():
        raise ArgumentError(
            f"{name}: the background of a mask must be 0, but it holds {kinds[0]} and {kinds[1]}"
        )
    if kinds.size > 1:
        raise ArgumentError(
            f"{name}: a mask is made of 2 values, 0 and one other, but it holds "
            f"{kinds.size} values besides 0 (from {kinds[0]} to {kinds[-1]})"
        )
    return np.asarray(inside)


def zero_non_finite(values: AnyArray) -> AnyArray:
    """Set NaN and infinite values to zero, in place, and say so."""
    if values.dtype.kind not in "fc":
        return values
    finite = np.isfinite(values)
    if not finite.all():
        n_bad = finite.size - np.count_nonzero(finite)
        notice(
            f"Non-finite values detected ({n_bad} of {finite.size}): they count as zero.",
            UserWarning,
        )
        values[~finite] = 0
    return values
