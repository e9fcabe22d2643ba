"""The colour bar beside the views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.plotting.displays.ticks import as_written, tick_values

if TYPE_CHECKING:
    from skerry.plotting.displays.layout import Box

BAR_INCHES = 0.12
EDGE_INCHES = 0.08  # between the bar and the edge of the frame
GAP_INCHES = 0.08  # between the numbers and the views
HEIGHT_PART = 0.9


def draw_colorbar(
    frame_axes: Any,
    frame: Box,
    cmap: Any,
    norm: Any,
    *,
    low: float | None,
    high: float | None,
    threshold: float | None,
    tick_format: str,
    background: Any,
    ink: Any,
) -> tuple[Any, Any, float] | None:
    """Draw a colour bar at the right end of a frame, its numbers to its left.

    Parameters
    ----------
    frame_axes : matplotlib.axes.Axes
        The frame's axes.
    frame : Box
        Left, bottom, right, top of the frame, in fractions of the figure.
    cmap, norm
        Colours and the range of values that they stand for.
    low, high : float, optional
        Ends of the bar; by default those of `norm`.
    threshold : float, optional
        Values up to this, of both signs, are shown as `background`.
    tick_format : str
        Format of the numbers.
    background, ink : matplotlib color
        Of the part below the threshold; of numbers and outline.

    Returns
    -------
    (colorbar, axes, width) or None
        The width is what the bar and its numbers take from the frame, in fractions
        of the figure. None where the bar would have no length.
    """
    low = float(norm.vmin if low is None else low)
    high = float(norm.vmax if high is None else high)
    if not np.isfinite([low, high]).all() or low == high:
        return None
    from matplotlib.cm import ScalarMappable

    from skerry.plotting.displays.bare_axes import TickedLater

    figure = frame_axes.get_figure()
    ax = figure.add_axes(place(figure, frame), axes_class=TickedLater)
    colours = without_colours_below(cmap, norm, threshold, (*_rgb(background), 0.0))
    mappable = ScalarMappable(norm=norm, cmap=colours)
    mappable.set_array([])
    bar = figure.colorbar(
        mappable,
        cax=ax,
        ticks=tick_values(low, high, threshold=threshold, tick_format=tick_format),
        boundaries=boundaries(low, high, colours.N, tick_format),
        spacing="proportional",
        orientation="vertical",
        format=tick_format,
    )
    ax.set_facecolor(background)
    ax.yaxis.tick_left()
    ax.yaxis.set_tick_params(width=0, labelcolor=ink)
    bar.outline.set_edgecolor(ink)
    numbers = ax.get_yticklabels()
    for number in numbers:
        number.set_parse_math(False)
    return bar, ax, width_taken(figure, ax, numbers)


def place(figure: Any, frame: Box) -> tuple[float, float, float, float]:
    """Give left, bottom, width, height of the bar, in fractions of the figure."""
    _, bottom, right, top = frame
    inches = _width_inches(figure)
    margin = (1 - HEIGHT_PART) / 2 * (top - bottom)
    return (
        right - (BAR_INCHES + EDGE_INCHES) / inches,
        bottom + margin,
        BAR_INCHES / inches,
        HEIGHT_PART * (top - bottom),
    )


def width_taken(figure: Any, ax: Any, numbers: Any) -> float:
    """Measure what the bar, its numbers and the gaps take, in fractions of the figure."""
    bar = ax.get_window_extent()
    left = min([bar.x0, *(number.get_window_extent().x0 for number in numbers)])
    pixels = figure.get_figure(root=True).bbox.width
    gaps = (EDGE_INCHES + GAP_INCHES) / _width_inches(figure)
    return float((bar.x1 - left) / pixels + gaps)


def boundaries(low: float, high: float, n: int, tick_format: str) -> Any:
    """Spread n values over the bar, whose ends are rounded as its numbers are.

    The numbers at the ends would lie outside it otherwise, and not be shown.
    """
    ends = np.linspace(as_written(low, tick_format), as_written(high, tick_format), n)
    return ends if ends.any() and ends[0] < ends[-1] else None


def without_colours_below(cmap: Any, norm: Any, threshold: float | None, color: Any) -> Any:
    """Give a colour map with one color for the values up to a threshold, of both signs."""
    from matplotlib.colors import ListedColormap

    colours = cmap(np.arange(cmap.N))
    if threshold is not None:
        values = norm.inverse((np.arange(cmap.N) + 0.5) / cmap.N)
        colours[np.abs(values) <= threshold] = color
    return ListedColormap(colours)


def _rgb(color: Any) -> tuple[float, ...]:
    from matplotlib.colors import to_rgb

    return to_rgb(color)


def _width_inches(figure: Any) -> float:
    whole = figure.get_figure(root=True)
    return float(whole.bbox.width / whole.dpi)
