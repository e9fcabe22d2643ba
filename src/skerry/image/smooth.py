"""Smooth images, under nilearn's contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.core.smooth import smooth
from skerry.errors import ArgumentError
from skerry.image.niimg import check_niimg, image_data, image_like
from skerry.io.notice import notice
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray, ImageLike


def smooth_img(
    imgs: ImageLike | Sequence[ImageLike], fwhm: float | Sequence[float | None] | None
) -> Any:
    """Smooth one image, or each of several, with a Gaussian.

    Values that are not finite count as zero. nilearn's ``fwhm="fast"`` is not
    offered: it knows no millimetres.

    Parameters
    ----------
    imgs : path or nibabel image, or list of them
        3-D or 4-D.
    fwhm : float, sequence of three, or None
        mm; three give one width for each axis of the array. None smooths nothing.

    Returns
    -------
    nibabel image, or list of them
        Floating point, on the grid of each image.

    Raises
    ------
    ArgumentError
        If a width is negative or not finite, or there are not one or three.
    """
    if isinstance(imgs, (list, tuple)):
        return [smooth_img(img, fwhm) for img in imgs]
    source = check_niimg(imgs)
    return image_like(source, smoothed(image_data(source), grid_of(source), fwhm))


def smoothed(
    values: AnyArray, grid: Grid, fwhm_mm: float | Sequence[float | None] | None
) -> AnyArray:
    """Smooth the first three axes of an array.

    Parameters
    ----------
    values : (I, J, K[, T]) array
        It is not changed.
    grid : Grid
        Of the first three axes.
    fwhm_mm : float, sequence of three, or None

    Returns
    -------
    array of floats of the same shape
    """
    widths: Any = np.array(_widths_mm(fwhm_mm))  # one for each axis
    return smooth(values, grid, widths)


def _widths_mm(fwhm_mm: float | Sequence[float | None] | None) -> list[float]:
    if isinstance(fwhm_mm, (int, float)) and fwhm_mm == 0:
        notice("fwhm is 0: no smoothing (None says the same).", UserWarning)
    given: Any = fwhm_mm if isinstance(fwhm_mm, (list, tuple, np.ndarray)) else [fwhm_mm]
    try:
        widths = [0.0 if width is None else float(width) for width in given]
    except (TypeError, ValueError):
        widths = []
    if len(widths) not in (1, 3) or not all(0 <= width < np.inf for width in widths):
        raise ArgumentError(
            f"fwhm must be one width in mm, or three, from 0 upwards; got {fwhm_mm!r}"
        )
    return widths * 3 if len(widths) == 1 else widths
