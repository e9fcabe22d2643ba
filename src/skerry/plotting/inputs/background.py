"""What lies beneath a map: the template, the user's own image, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.errors import ArgumentError
from skerry.image.niimg import image_data
from skerry.plotting.inputs.drawable import drawable_image

if TYPE_CHECKING:
    from skerry.typing import AnyArray

# Resolution of the template under a map: finer than the field's usual maps,
# coarse enough to be read in no time.
_TEMPLATE_RESOLUTION_MM = 2

# How far the page's colour is from the template's or image's darkest, or
# brightest, grey: see `_dimmed`.
_DIM_ON_BLACK, _DIM_ON_WHITE = 0.8, 0.6


class _MNI152Template:
    """Stands for the MNI152 template, which is read when first looked at."""

    def __getattr__(self, name: str) -> Any:
        # Copying and pickling look for methods on an object that is not set up:
        # they must not make it read the template.
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_template()[0], name)

    def __repr__(self) -> str:
        return "<MNI152Template>"


#: The background of the plot functions unless another one is given.
MNI152TEMPLATE: Any = _MNI152Template()


@dataclass(frozen=True, slots=True)
class Background:
    """A background, with the greys of its values and the colour of its page.

    Parameters
    ----------
    img : nibabel image or None
        Finite, 3-D, in memory.
    black_bg : bool
        Whether the page is black.
    vmin, vmax : float or None
        Values drawn in black and in white; None takes those of the cut.
    """

    img: Any
    black_bg: bool
    vmin: float | None
    vmax: float | None


def load_background(
    bg_img: Any = MNI152TEMPLATE,
    dim: float | Literal["auto"] | None = "auto",
    black_bg: bool | Literal["auto"] = "auto",
) -> Background:
    """Read a background and choose its greys.

    Parameters
    ----------
    bg_img : path, nibabel image, MNI152TEMPLATE, None or False
        The image; None and False give none.
    dim : float or "auto"
        How much the image steps back behind a map: greys are stretched beyond
        its values, towards dark on a black page and towards light on a white
        one. 0, None or False leaves them; negative values add contrast.
        `"auto"` is 0.8 on black and 0.6 on white.
    black_bg : bool or "auto"
        Colour of the page. `"auto"` is white without a background and for the
        template; for other images black if the border of the field of view is
        nearer to the darkest value than to the brightest.

    Returns
    -------
    Background

    Raises
    ------
    ArgumentError
        If `dim` is neither a number nor `"auto"`.
    """
    if bg_img is None or bg_img is False:
        return Background(None, False if black_bg == "auto" else bool(black_bg), None, None)
    vmin: float | None
    vmax: float | None
    if bg_img is MNI152TEMPLATE:
        image, brightest = _template()
        vmin, vmax = 0.0, brightest
        black = black_bg != "auto" and bool(black_bg)
    else:
        image = drawable_image(bg_img, name="bg_img")
        values = image_data(image)
        vmin, vmax = float(values.min()), float(values.max())
        black = _border_is_dark(values, vmin, vmax) if black_bg == "auto" else bool(black_bg)
        if black_bg != "auto" and not dim:
            vmin = vmax = None
    if dim and vmin is not None and vmax is not None:
        vmin, vmax = _dimmed(vmin, vmax, dim, black)
    return Background(image, black, vmin, vmax)


@cache
def _template() -> tuple[Any, float]:
    from skerry.datasets import load_mni152_template

    image = drawable_image(load_mni152_template(resolution=_TEMPLATE_RESOLUTION_MM))
    return image, float(image_data(image).max())


def _border_is_dark(values: AnyArray, vmin: float, vmax: float) -> bool:
    edge = 2
    slabs = [
        side.ravel()
        for axis in range(3)
        for side in (
            np.moveaxis(values, axis, 0)[:edge],
            np.moveaxis(values, axis, 0)[-edge:],
        )
    ]
    return bool(np.median(np.concatenate(slabs)) <= 0.5 * (vmin + vmax))


def _dimmed(vmin: float, vmax: float, dim: Any, black: bool) -> tuple[float, float]:
    """Stretch the greys away from the page's colour, by nilearn's formulae."""
    if dim == "auto":
        dim = _DIM_ON_BLACK if black else _DIM_ON_WHITE
    elif not isinstance(dim, Real):
        raise ArgumentError(f"'dim' needs to be a float or \"auto\", got {dim!r}")
    middle, half = 0.5 * (vmin + vmax), 0.5 * (vmax - vmin)
    if black:
        return vmin, middle + (1 + float(dim)) * half
    return 0.5 * (2 - float(dim)) * middle - (1 + float(dim)) * half, vmax
