"""The outline of a slice at one level, in one colour.

Matplotlib's `contour` makes colour maps and norms for it that it does not need,
and takes three times as long; the lines are the same, from the same library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import PathCollection

from skerry.plotting.displays.plain_set import PlainSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.typing import AnyArray, FloatArray

_SIMPLE = frozenset({"alpha", "colors", "linewidths", "linestyles"})
_ABOVE_PATCHES = 2  # matplotlib's order of lines
# Matplotlib's own choice, so that the lines pass through the same points.
_ALGORITHM = "mpl2014"


class Outline(PlainSet, PathCollection):
    """Lines of one level.

    Attributes
    ----------
    levels : (1,) float
        The level.
    filled : bool
        False, as of matplotlib's own contours that are lines.
    """

    levels: FloatArray
    filled = False


def show_outline(
    ax: Any,
    values: AnyArray,
    extent_mm: tuple[float, float, float, float],
    levels: Sequence[float],
    look: dict[str, Any],
) -> Any:
    """Draw what matplotlib's `contour` draws of a slice whose first row is on top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        What to draw on; its limits stay.
    values : (rows, columns) float
        Finite.
    extent_mm : tuple of four float
        Left, right, bottom, top.
    levels : sequence of float
        What to outline.
    look : dict
        Options of `contour`.

    Returns
    -------
    matplotlib artist
        With `levels`.
    """
    from matplotlib import rcParams

    color = _one_color(look.get("colors"))
    if color is None or not _is_plain(values, levels, look):
        return ax.contour(values, levels=levels, extent=extent_mm, origin="upper", **look)
    width = look.get("linewidths")
    if width is None:
        width = rcParams["contour.linewidth"] or rcParams["lines.linewidth"]
    lines = Outline(
        [_path(values, extent_mm, levels[0])],
        facecolors="none",
        edgecolors=[color],
        linewidths=width,
        linestyles=look.get("linestyles") or "solid",
        antialiaseds=rcParams["lines.antialiased"],
        alpha=look.get("alpha"),
        zorder=_ABOVE_PATCHES,
    )
    lines.levels = np.array(levels, dtype=np.float64)
    ax.add_collection(lines, autolim=False)
    return lines


def _is_plain(values: AnyArray, levels: Sequence[float], look: dict[str, Any]) -> bool:
    if len(levels) != 1 or not look.keys() <= _SIMPLE or min(values.shape) < 2:
        return False
    if levels[0] <= 0 and look.get("linestyles") is None:
        return False  # matplotlib's settings have a style of their own for these
    return not np.ma.isMaskedArray(values) and bool(np.isfinite(values).all())


def _path(values: AnyArray, extent_mm: tuple[float, float, float, float], level: float) -> Any:
    from contourpy import LineType, contour_generator
    from matplotlib.path import Path

    left, right, bottom, top = extent_mm
    rows, columns = values.shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
    generator = contour_generator(
        x, y, values, name=_ALGORITHM, corner_mask=True, line_type=LineType.SeparateCode
    )
    lines: Any = generator.lines(level)
    points, codes = lines
    if not points:
        return Path(np.empty((0, 2)))
    return Path(np.concatenate(points), np.concatenate(codes))


def _one_color(colors: Any) -> Any:
    """Give the color where there is just one; None otherwise."""
    from matplotlib.colors import is_color_like

    if is_color_like(colors):
        return colors
    if isinstance(colors, (list, tuple)) and len(colors) == 1 and is_color_like(colors[0]):
        return colors[0]
    return None
