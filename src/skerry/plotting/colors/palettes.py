"""Colours: of regions, told apart by every reader, and of signs, never mixed up."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Okabe and Ito's colours for all kinds of colour vision, without black and grey
# (a brain is drawn in those), first the ones that differ most.
_DISTINCT = ("#D55E00", "#0072B2", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#F0E442")

# Turning the hue by the golden ratio never comes back to a hue already used.
_GOLDEN = 0.618033988749895


class _DefaultColormap(str):
    """A colormap's name that the user did not write."""

    __slots__ = ()


#: Default of `cmap` where nilearn has this name: colours from `region_colors`.
DEFAULT_REGION_CMAP = _DefaultColormap("gist_rainbow")

#: Default of `cmap` of maps with a sign: blue below zero, red above.
DEFAULT_SIGNED_CMAP = _DefaultColormap("RdBu_r")


def signed_cmap(vmin: float, vmax: float, cmap: Any = DEFAULT_SIGNED_CMAP) -> Any:
    """Give the colours of a map whose values range from `vmin` to `vmax`.

    Parameters
    ----------
    vmin, vmax : float
        Ends of the colours, in the map's unit.
    cmap : str or matplotlib colormap
        Used as it is, unless left at its default: then a range on one side of
        zero gets the half of the colours that stands for its sign. (Stretched
        over positive values only, the whole would draw weak ones in blue.)

    Returns
    -------
    str or matplotlib colormap
    """
    if cmap is not DEFAULT_SIGNED_CMAP or vmin < 0 < vmax:
        return cmap
    import matplotlib as mpl
    from matplotlib.colors import ListedColormap

    half = np.linspace(0.5, 1.0, 256) if vmax > 0 else np.linspace(0.0, 0.5, 256)
    return ListedColormap(mpl.colormaps[str(cmap)](half), f"{cmap}_half")


def region_colors(n_regions: int, cmap: Any = DEFAULT_REGION_CMAP) -> NDArray[np.float64]:
    """Give each region a colour.

    Parameters
    ----------
    n_regions : int
        How many.
    cmap : str or matplotlib colormap
        Colours evenly spaced in it. Left at its default, up to seven regions get
        colours that readers with any colour vision can tell apart; the next
        fourteen get darker and lighter ones, further regions further hues.

    Returns
    -------
    (n_regions, 4) float
        Red, green, blue, opacity from 0 to 1.

    References
    ----------
    Okabe & Ito 2008, "Color Universal Design"; Wong 2011, doi:10.1038/nmeth.1618.
    """
    import matplotlib as mpl

    if cmap is DEFAULT_REGION_CMAP:
        return np.array([_distinct(number) for number in range(n_regions)]).reshape(-1, 4)
    return np.asarray(mpl.colormaps.get_cmap(cmap)(np.linspace(0, 1, n_regions)))


def _distinct(number: int) -> tuple[float, float, float, float]:
    from matplotlib.colors import to_rgb

    round_, place = divmod(number, len(_DISTINCT))
    if round_ > 2:
        hue = (number * _GOLDEN) % 1.0
        return (*colorsys.hsv_to_rgb(hue, 0.85, 0.95 if number % 2 else 0.6), 1.0)
    red, green, blue = to_rgb(_DISTINCT[place])
    if round_ == 1:
        red, green, blue = (0.55 * part for part in (red, green, blue))
    elif round_ == 2:
        red, green, blue = (0.5 + 0.5 * part for part in (red, green, blue))
    return red, green, blue, 1.0
