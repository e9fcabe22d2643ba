"""Colours of labels from a look-up table."""

from __future__ import annotations

from typing import Any

import numpy as np

from skerry.io.notice import notice

#: Name of the colormaps made here.
TABLE_COLORMAP = "look-up table"

# Rows that name what lies between the regions.
_BACKGROUND = ("background", "Background")


def colormap_of_table(table: Any) -> tuple[Any, float | None, float | None]:
    """Make a colormap that gives each label the colour its row says.

    Parameters
    ----------
    table : pandas.DataFrame
        With columns `index` (the label), `name` and `color` (anything that
        matplotlib reads as a colour). Rows named background are left out.

    Returns
    -------
    cmap : matplotlib colormap, or the name of the default one
    vmin, vmax : float or None
        Range of labels to draw it with, so that colours fall on their labels.

    Warns
    -----
    UserWarning
        If the table has no column `color`; the default colormap is used.
    """
    from matplotlib.colors import ListedColormap, to_rgba

    if "color" not in table.columns:
        notice(
            "No 'color' column found in the look-up table. The default colormap is used.",
            UserWarning,
        )
        return "gist_ncar", None, None
    rows = table[~table["name"].isin(_BACKGROUND)].sort_values(by="index")
    labels = rows["index"].to_numpy().astype(int)
    if not labels.size:
        return "gist_ncar", None, None
    # One entry before the first label stands for what is not a region; entries
    # for numbers that no row has are grey.
    first = int(labels[0]) - 1
    colors = np.tile(to_rgba("0.5"), (int(labels[-1]) - first + 1, 1))
    colors[labels - first] = [to_rgba(color) for color in rows["color"]]
    return ListedColormap(colors, TABLE_COLORMAP), float(first), float(labels[-1])
