"""Draw the outlines of a map in every view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.io.notice import notice
from skerry.plotting.displays.overlay import interpolation_of
from skerry.plotting.displays.slices import Slice
from skerry.plotting.displays.transparency import Transparency, drop_alpha

if TYPE_CHECKING:
    from collections.abc import Collection

    from skerry.plotting.displays.axes import BaseAxes
    from skerry.plotting.displays.slices import Volume
    from skerry.typing import AnyArray, Interpolation

# Below this a threshold only means "not zero": it is no level that anyone asked for.
NOT_ZERO = 1e-6


@dataclass(frozen=True, slots=True)
class Lines:
    """Levels of one sign, from low to high, with the look of each."""

    levels: list[float]
    look: dict[str, Any]

    def mirrored(self) -> Lines:
        """Give the same levels below zero, dashed unless the look says otherwise."""
        look = {"linestyles": "dashed"} | self.look
        for name in ("colors", "linewidths", "linestyles"):
            if isinstance(look.get(name), (list, tuple, np.ndarray)) and not _is_a_color(
                look[name]
            ):
                look[name] = list(look[name])[::-1]
        return Lines([-level for level in reversed(self.levels)], look)


def draw_contours(
    views: Collection[BaseAxes],
    volume: Volume,
    *,
    threshold: float | None,
    filled: bool = False,
    both_signs: bool | None = None,
    levels: Any = None,
    transparency: Any = None,
    transparency_range: Any = None,  # means nothing for one number
    resampling_interpolation: Interpolation = "continuous",
    **kwargs: Any,
) -> None:
    """Draw outlines of a volume in every view that it reaches.

    Parameters
    ----------
    views : collection of BaseAxes
        What to draw on.
    volume : Volume
        NaN counts as 0.
    threshold : float or None
        The level, where it says more than "not zero" and `levels` is None. Filled
        outlines leave |v| <= threshold empty.
    filled : bool
        Fill the outlines; one level is filled without an upper end.
    both_signs : bool, optional
        Draw the levels for negative values as well; by default where the level
        comes from `threshold`.
    levels : sequence of float, int or None
        What to outline; None, without a threshold, leaves it to matplotlib.
    transparency : float, optional
        Opacity, from 0 to 1.
    resampling_interpolation : {"nearest", "linear", "continuous"}
        How an oblique volume is sampled.
    **kwargs
        Go to contour and contourf.
    """
    look = drop_alpha(kwargs, transparency)
    opacity = Transparency.read(transparency, None)
    if opacity.volume is not None:
        raise ArgumentError("the transparency of contours must be a number from 0 to 1")
    look["alpha"] = opacity.everywhere
    if levels is None and threshold is not None and threshold > NOT_ZERO:
        levels, both_signs = [threshold], both_signs is not False
    how = interpolation_of(volume, resampling_interpolation)
    seen = [(view, view.view_of(volume, how)) for view in views]
    pictures = [(view, picture) for view, picture in seen if picture is not None]
    if levels is None or isinstance(levels, (int, np.integer)):
        _draw_chosen_by_matplotlib(
            pictures, volume, None if levels is None else int(levels), filled, look
        )
        return
    lines = Lines(sorted(float(level) for level in levels), look)
    signs = [lines, lines.mirrored()] if both_signs else [lines]
    bounds = volume.bounds_above_mm(0.9 * min(abs(level) for level in lines.levels))
    hidden = threshold if filled and threshold is not None else 0.0
    for view, picture in pictures:
        view.show_bounds(bounds)
        closed = _closed(picture, hidden)
        for each in signs:
            _draw_lines(view, closed, each, bounds)
            if filled:
                _draw_filled(view, closed, each, bounds)
    if filled:
        _warn_of_linewidths(look)


def _draw_lines(view: BaseAxes, picture: Slice, lines: Lines, bounds: AnyArray) -> None:
    low, high = picture.values.min(), picture.values.max()
    # matplotlib warns of each slice that no level crosses: not drawing is no fault.
    if any(low < level < high for level in lines.levels):
        view.draw_slice(picture, bounds, "contour", levels=lines.levels, **lines.look)


def _draw_filled(view: BaseAxes, picture: Slice, lines: Lines, bounds: AnyArray) -> None:
    levels = lines.levels
    if len(levels) == 1:
        # Beyond all values, but finite: matplotlib computes colours from the ends.
        beyond = 2 * max(np.abs(picture.values).max(), abs(levels[0]), 1.0)
        levels = [levels[0], beyond] if levels[0] >= 0 else [-beyond, levels[0]]
    if picture.values.max() <= levels[0] or picture.values.min() >= levels[-1]:
        return
    look = {k: v for k, v in lines.look.items() if k not in ("linewidths", "linestyles")}
    view.draw_slice(picture, bounds, "contourf", levels=levels, **look)


def _draw_chosen_by_matplotlib(
    pictures: list[tuple[BaseAxes, Slice]],
    volume: Volume,
    n_levels: int | None,
    filled: bool,
    look: dict[str, Any],
) -> None:
    """Draw levels that matplotlib spreads over the values, the same range in all views."""
    ready = [
        (view, Slice(_finite(picture.values), picture.extent_mm)) for view, picture in pictures
    ]
    bounds = volume.bounds_above_mm(NOT_ZERO)
    if "colors" not in look and ready:
        look = {
            "vmin": min(picture.values.min() for _, picture in ready),
            "vmax": max(picture.values.max() for _, picture in ready),
        } | look
    if n_levels is not None:
        look["levels"] = n_levels
    for view, picture in ready:
        view.show_bounds(bounds)
        if min(picture.values.shape) < 2 or picture.values.min() == picture.values.max():
            continue
        view.draw_slice(picture, bounds, "contour", **look)
        if filled:
            fill = {k: v for k, v in look.items() if k not in ("linewidths", "linestyles")}
            view.draw_slice(picture, bounds, "contourf", **fill)


def _closed(picture: Slice, hidden_up_to: float) -> Slice:
    """Put a rim of zeros around a slice, so that outlines at its edge close."""
    values = _finite(picture.values)
    if hidden_up_to > 0:
        values = np.where(np.abs(values) <= hidden_up_to, 0.0, values)
    left, right, bottom, top = picture.extent_mm
    rows, columns = values.shape
    width, height = (right - left) / columns, (top - bottom) / rows
    extent = (left - width, right + width, bottom - height, top + height)
    return Slice(np.pad(values, 1), extent)


def _finite(values: AnyArray) -> AnyArray:
    """Give plain floating point values: 0 for NaN, the extremes for infinite ones."""
    plain = np.ma.filled(values, 0).astype(np.float64)
    if np.isfinite(plain).all():
        return plain
    finite = plain[np.isfinite(plain)]
    low, high = (finite.min(), finite.max()) if finite.size else (-1.0, 1.0)
    return np.nan_to_num(plain, nan=0.0, posinf=max(high, 1.0) * 2, neginf=min(low, -1.0) * 2)


def _is_a_color(value: Any) -> bool:
    from matplotlib.colors import is_color_like

    return bool(is_color_like(value))


def _warn_of_linewidths(look: dict[str, Any]) -> None:
    if "linewidths" in look:
        notice("'linewidths' is not supported for filled contours: they have no lines of their own")
