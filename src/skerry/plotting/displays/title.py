"""A title that stays inside its frame."""

from __future__ import annotations

import textwrap
from typing import Any

# A long title is first made smaller, down to this part of its size and these
# points, then broken into lines; with all lines it takes at most this part of the frame.
SMALLEST_PART, SMALLEST_POINTS = 0.7, 8.0
TALLEST_PART = 0.4
PADDING = 0.3  # of the font size, on each side of the text


def draw_title(
    frame_axes: Any,
    text: str,
    x: float,
    y: float,
    size: float,
    color: Any,
    bgcolor: Any,
    alpha: float,
    **kwargs: Any,
) -> float:
    """Write a title into a frame.

    Parameters
    ----------
    frame_axes : matplotlib.axes.Axes
        The frame.
    text : str
        Plain text; dollar signs are dollar signs.
    x, y : float
        Where, in fractions of the frame.
    size : float
        Points.
    color, bgcolor : matplotlib color
        Of the text and of its box.
    alpha : float
        Opacity of the box.
    **kwargs
        Go to matplotlib's text and win.

    Returns
    -------
    float
        Height that the title takes from the top of the frame, in fractions of
        the figure; 0 where it stands elsewhere.
    """
    figure = frame_axes.get_figure()
    options = {
        "transform": frame_axes.transAxes,
        "horizontalalignment": "left",
        "verticalalignment": "top",
        "zorder": 1002,
        "size": size,
        "color": color,
        "bbox": {
            "boxstyle": f"square,pad={PADDING}",
            "ec": bgcolor,
            "fc": bgcolor,
            "alpha": alpha,
        },
        "parse_math": False,
    } | kwargs
    drawn = figure.text(x, y, str(text), **options)
    frame = frame_axes.get_window_extent()
    fit(drawn, frame.width * (1 - x if drawn.get_ha() == "left" else 1), frame.height)
    _move_inside(drawn, frame)
    if y < 0.9 or drawn.get_va() != "top":
        return 0.0
    whole = figure.get_figure(root=True).bbox
    below = drawn.get_window_extent().y0 - _padding_pixels(drawn)
    return float(max(0.0, (frame.y1 - below) / whole.height))


def fit(drawn: Any, width: float, height: float) -> None:
    """Make a text smaller, then break it into lines, until it fits.

    Parameters
    ----------
    drawn : matplotlib.text.Text
        Changed in place.
    width : float
        Room for the text, pixels.
    height : float
        Of the frame or figure that it stands in, pixels: the text takes a part of it, and
        ends in an ellipsis where it is longer.
    """
    size, words = drawn.get_fontsize(), drawn.get_text()
    smallest = min(size, max(SMALLEST_PART * size, SMALLEST_POINTS))
    shrunk = size * min(1.0, width / _width(drawn))
    drawn.set_fontsize(max(smallest, shrunk * 0.99 if shrunk < size else size))
    if _width(drawn) <= width or not words.strip():
        return
    longest = max(len(line) for line in words.splitlines())
    fitting = max(1, int(longest * width / _width(drawn)))
    while True:
        lines = [part for line in words.splitlines() for part in textwrap.wrap(line, fitting)]
        drawn.set_text("\n".join(lines))
        if _width(drawn) <= width or fitting == 1:
            break
        fitting -= max(1, fitting // 20)
    line_height = drawn.get_window_extent().height / len(lines)
    most = max(1, int(TALLEST_PART * height / line_height))
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: max(1, fitting - 2)] + "…"]
        drawn.set_text("\n".join(lines))


def _move_inside(drawn: Any, frame: Any) -> None:
    """Move a text whose box would be cut off by the frame's top or left edge."""
    words, padding = drawn.get_window_extent(), _padding_pixels(drawn) + 1
    x, y = drawn.get_position()
    drawn.set_x(x + max(0.0, frame.x0 + padding - words.x0) / frame.width)
    drawn.set_y(y - max(0.0, words.y1 + padding - frame.y1) / frame.height)


def _width(drawn: Any) -> float:
    return float(drawn.get_window_extent().width) + 2 * _padding_pixels(drawn)


def _padding_pixels(drawn: Any) -> float:
    return float(PADDING * drawn.get_fontsize() * drawn.get_figure(root=True).dpi / 72)
