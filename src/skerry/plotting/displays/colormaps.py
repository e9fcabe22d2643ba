"""Colour maps of the field that matplotlib does not have, by the names people know.

All are made from matplotlib's own: cold colours are hot ones with red and blue
exchanged. They are found by name in `add_overlay`, not registered with
matplotlib, where other packages register maps of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Name -> the map below zero, from its end to zero, its channels in an order of
# red, green, blue; and the map above zero.
_TWO_SIDED = {
    "cold_hot": ("hot_r", "bgr", "hot"),
    "cold_white_hot": ("hot", "bgr", "hot_r"),
    "brown_blue": ("bone_r", "bgr", "bone"),
    "cyan_copper": ("copper_r", "bgr", "copper"),
    "cyan_orange": ("YlOrBr", "bgr", "YlOrBr_r"),
    "blue_red": ("Reds", "bgr", "Reds_r"),
    "brown_cyan": ("Blues", "bgr", "Blues_r"),
    "purple_green": ("Greens", "grb", "Greens_r"),
    "purple_blue": ("Blues", "grb", "Blues_r"),
    "blue_orange": ("Oranges", "bgr", "Oranges_r"),
    "ocean_hot": ("ocean", "rgb", "hot_r"),
    "hot_white_bone": ("afmhot", "rgb", "bone_r"),
    "hot_black_bone": ("afmhot_r", "rgb", "bone"),
}
_ONE_SIDED = {
    "black_red": ("hot", "rgb"),
    "black_blue": ("hot", "bgr"),
    "black_green": ("hot", "grb"),
    "black_purple": ("hot", "gbr"),
    "black_pink": ("hot", "rbg"),
}
N_COLOURS = 256


def colormap(name: Any) -> Any:
    """Give the colour map of a name; anything that is not one of ours as it is.

    Parameters
    ----------
    name : str or matplotlib colormap
        For example `"cold_hot"` or, reversed, `"cold_hot_r"`.

    Returns
    -------
    str or matplotlib colormap
    """
    if not isinstance(name, str):
        return name
    import matplotlib as mpl
    from matplotlib.colors import ListedColormap

    plain = name.removesuffix("_r")
    if name in mpl.colormaps or not (plain in _TWO_SIDED or plain in _ONE_SIDED):
        return name
    colours = _two_sided(plain) if plain in _TWO_SIDED else _sample(*_ONE_SIDED[plain], N_COLOURS)
    return ListedColormap(colours[::-1] if name != plain else colours, name=name)


def shared_colormap(name: Any) -> Any:
    """Give the colour map of a name, ready to be shared by several artists.

    Matplotlib makes a new map, and later its table of colours, for each artist that is
    given a name. Names that are unknown are left to matplotlib, which says so.
    """
    import matplotlib as mpl

    found = colormap(name)
    return mpl.colormaps[found] if isinstance(found, str) and found in mpl.colormaps else found


def _two_sided(name: str) -> Any:
    below, channels, above = _TWO_SIDED[name]
    half = N_COLOURS // 2
    return np.vstack([_sample(below, channels, half), _sample(above, "rgb", half)])


def _sample(name: str, channels: str, n: int) -> Any:
    """Give n colours of one of matplotlib's maps, with its channels exchanged."""
    import matplotlib as mpl

    colours = mpl.colormaps[name](np.linspace(0, 1, n))
    return colours[:, ["rgb".index(channel) for channel in channels] + [3]]
