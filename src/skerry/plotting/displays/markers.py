"""Draw points in the views that pass close to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.plotting.displays.slices import ACROSS_AND_UP, THROUGH

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import ArrayLike

    from skerry.plotting.displays.axes import BaseAxes
    from skerry.typing import BoolArray, FloatArray

WITHIN_MM = 2.0


def draw_markers(
    views: Collection[BaseAxes], xyz: ArrayLike, color: Any, size: Any, **kwargs: Any
) -> None:
    """Draw markers in each view: near its cut, or in its hemisphere.

    Parameters
    ----------
    views : collection of BaseAxes
        What to draw on.
    xyz : (n, 3) array_like
        RAS+ mm.
    color : matplotlib color or sequence of n
        Color of all, or of each.
    size : float or sequence of n
        Area in points squared.
    **kwargs
        Go to scatter.

    Raises
    ------
    ArgumentError
        If the coordinates have not three columns.
    """
    points = np.atleast_2d(np.asarray(xyz, dtype=np.float64))
    if points.ndim != 2 or points.shape[1] != 3:
        raise ArgumentError(f"marker_coords must have shape (n, 3), got {points.shape}")
    options = {"marker": "o", "zorder": 1000} | kwargs
    for view in views:
        across, up = ACROSS_AND_UP[str(view.direction)]
        near = is_shown(view, points)
        view.ax.scatter(
            points[near, across],
            points[near, up],
            s=for_each(size, near),
            c=for_each(color, near),
            **options,
        )


def is_shown(view: BaseAxes, points: FloatArray) -> BoolArray:
    """Mark the points (n, 3) that a view shows."""
    direction = str(view.direction)
    depth = points[:, THROUGH[direction]]
    if direction == "l":
        return np.asarray(depth <= 0)
    if direction == "r":
        return np.asarray(depth >= 0)
    if view.coord is None:
        return np.ones(len(points), dtype=bool)
    return np.asarray(np.abs(depth - float(view.coord)) <= WITHIN_MM)


def for_each(option: Any, kept: BoolArray) -> Any:
    """Keep the part of an option that has one entry for each marker."""
    is_list = isinstance(option, (list, tuple, np.ndarray)) and np.ndim(option) > 0
    if not is_list or len(option) != len(kept) or _is_one_color(option):
        return option
    if isinstance(option, np.ndarray):
        return option[kept]
    return [entry for entry, keep in zip(option, kept, strict=True) if keep]


def _is_one_color(option: Any) -> bool:
    """Tell whether three or four numbers mean one color (matplotlib's own reading)."""
    from matplotlib.colors import is_color_like

    return bool(is_color_like(option)) and not isinstance(option, (np.ndarray, list))
