"""Draw merge trees on axes: branches, the lines between them, numbers, and the sea."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.plotting.tree.layout import widths_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.plotting.tree.forest import Forest
    from skerry.plotting.tree.layout import Branch
    from skerry.typing import AnyArray

_BELOW = "#B0B0B0"  # what the sea covers
_UNNUMBERED = "#707070"  # above the sea, but in no region
_SIGN_COLORS = {"positive": "#B2182B", "negative": "#2166AC"}
_SEA, _SHORE = "#56B4E9", "#0072B2"
_NUMBER_POINTS = 9.0

# Room for the name of the sea, in font sizes.
_LABEL_EMS = 7.5

# Room between two trees, and above the highest peak, as parts of the whole.
_BETWEEN, _HEADROOM = 0.06, 0.08


def new_axes(forests: Sequence[Forest]) -> Any:
    """Open a figure as wide as its branches need."""
    import matplotlib.pyplot as plt

    n_branches = sum(len(forest.branches) for forest in forests)
    width = float(np.clip(3.0 + 0.14 * n_branches, 5.0, 14.0))
    return plt.figure(figsize=(width, 4.2), layout="constrained").add_subplot()


def draw_forests(
    axes: Any, forests: Sequence[Forest], threshold: float | None, *, widths: bool
) -> None:
    """Draw trees side by side, and the sea.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    forests : sequence of Forest
    threshold : float or None
        Height of the sea.
    widths : bool
        Draw branches as wide as their islands.
    """
    gap = _BETWEEN * sum(forest.places.breadth for forest in forests)
    starts = []
    start = 0.0
    for forest in forests:
        _draw_forest(axes, forest, start, threshold, widths=widths)
        starts.append(start)
        start += forest.places.breadth + gap
    branches = [branch for forest in forests for branch in forest.branches]
    floor = min((branch.base for branch in branches), default=0.0)
    highest = max((branch.top for branch in branches), default=1.0)
    if threshold is not None and math.isfinite(threshold):
        highest = max(highest, threshold)
        _draw_sea(axes, threshold, floor)
    end, words = start - gap / 2, 0.0
    if threshold is not None:
        words = _LABEL_EMS * _NUMBER_POINTS / _width_points(axes)
    axes.set_xlim(-gap / 2, end + min(words, 0.3) * (end + gap / 2))
    axes.set_ylim(floor, floor + (1 + _HEADROOM) * ((highest - floor) or 1.0))
    _label(axes, forests, starts, floor, widths=widths)
    _write_numbers(axes, forests, starts)


def write_title(axes: Any, text: str) -> None:
    """Write a title above the axes, within the figure: smaller, or in lines, where it is long."""
    from skerry.plotting.displays.title import fit

    whole = axes.get_figure(root=True).bbox
    drawn = axes.set_title(text, loc="left", parse_math=False)
    fit(drawn, whole.x1 - axes.get_window_extent().x0, whole.height)


def _width_points(axes: Any) -> float:
    return float(axes.get_window_extent().width * 72 / axes.get_figure(root=True).dpi)


def _label(
    axes: Any, forests: Sequence[Forest], starts: list[float], floor: float, *, widths: bool
) -> None:
    middles = [
        start + forest.places.breadth / 2 for forest, start in zip(forests, starts, strict=True)
    ]
    names = [f"{f.sign}: {len(f.branches)} of {f.n_peaks} peaks" for f in forests]
    axes.set_xticks(middles, names, parse_math=False)
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("height: |value|", parse_math=False)
    if widths:
        axes.set_xlabel("width: cube root of the number of voxels", size="small", color="0.35")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for forest, middle in zip(forests, middles, strict=True):
        if not forest.branches:
            axes.text(middle, floor, "no peaks", ha="center", va="bottom", color=_UNNUMBERED)


def _draw_forest(
    axes: Any, forest: Forest, start: float, threshold: float | None, *, widths: bool
) -> None:
    from matplotlib.collections import LineCollection, PolyCollection

    colors = _colors(forest, threshold)
    outlines, fills, lines, line_colors = [], [], [], []
    sea = -math.inf if threshold is None else threshold
    for place, (branch, color) in enumerate(zip(forest.branches, colors, strict=True)):
        x = start + float(forest.places.middle[place])
        for low, high, paint in (
            (branch.base, min(branch.top, sea), _BELOW),
            (max(branch.base, sea), branch.top, color),
        ):
            if low > high or (low == high and paint is _BELOW):
                continue
            lines.append([(x, low), (x, high)])
            line_colors.append(paint)
            if widths:
                outlines.append(_outline(branch, x, low, high))
                fills.append(paint)
        if branch.elder >= 0:
            lines.append(
                [(x, branch.base), (start + float(forest.places.middle[branch.elder]), branch.base)]
            )
            line_colors.append(color if branch.base >= sea else _BELOW)
    axes.add_collection(
        LineCollection(lines, colors=line_colors, linewidths=0.8 if widths else 1.6, zorder=2)
    )
    if widths:
        axes.add_collection(PolyCollection(outlines, facecolors=fills, linewidths=0, zorder=3))


def _colors(forest: Forest, threshold: float | None) -> list[Any]:
    from skerry.plotting.colors.palettes import region_colors

    if threshold is None:
        return [_SIGN_COLORS[forest.sign]] * len(forest.branches)
    table = region_colors(int(forest.number.max(initial=0)))
    return [table[number - 1] if number else _UNNUMBERED for number in forest.number.tolist()]


def _outline(branch: Branch, x: float, low: float, high: float) -> AnyArray:
    """Give the corners of the part of a branch between two heights."""
    inside = (branch.heights > low) & (branch.heights < high)
    heights = np.concatenate([[low], branch.heights[inside], [high]])
    half = np.interp(heights, branch.heights, widths_of(branch)) / 2
    left = np.column_stack([x - half, heights])
    right = np.column_stack([x + half, heights])
    return np.concatenate([left, right[::-1]])


def _write_numbers(axes: Any, forests: Sequence[Forest], starts: Sequence[float]) -> None:
    """Write the number of each region on its highest peak; where room is short, on the highest."""
    heads = [
        (branch.top, -number, start + float(middle))
        for forest, start in zip(forests, starts, strict=True)
        for branch, number, is_head, middle in zip(
            forest.branches,
            forest.number.tolist(),
            forest.is_head,
            forest.places.middle,
            strict=True,
        )
        if is_head
    ]
    scale = np.array(_points_per_unit(axes))
    taken = np.empty((0, 3))  # x, y and half the width, points
    for top, minus_number, x in sorted(heads, reverse=True):
        text = str(-minus_number)
        spot = np.array([*(np.array([x, top]) * scale), 0.35 * _NUMBER_POINTS * len(text)])
        # Apart by a gap, or 4 beside 9 would be read as 49.
        beside = abs(taken[:, 0] - spot[0]) >= taken[:, 2] + spot[2] + 0.2 * _NUMBER_POINTS
        if not (beside | (abs(taken[:, 1] - spot[1]) >= 0.75 * _NUMBER_POINTS)).all():
            continue
        taken = np.vstack([taken, spot])
        axes.annotate(
            text,
            (x, top),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=_NUMBER_POINTS,
            weight="bold",
            zorder=5,
            gid=f"region {text}",
        )


def _points_per_unit(axes: Any) -> tuple[float, float]:
    """Give the scale of the axes across and up, once they are laid out."""
    engine = axes.get_figure(root=True).get_layout_engine()
    if engine is not None:
        engine.execute(axes.get_figure(root=True))
    box, dots = axes.get_window_extent(), axes.get_figure(root=True).dpi / 72
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    return box.width / dots / (right - left), box.height / dots / (top - bottom)


def _draw_sea(axes: Any, threshold: float, floor: float) -> None:
    axes.axhspan(floor, threshold, color=_SEA, alpha=0.18, linewidth=0, zorder=0)
    axes.axhline(threshold, color=_SHORE, linewidth=1.2, zorder=4)
    axes.annotate(
        f"threshold {threshold:.4g}",
        (1, threshold),
        xycoords=("axes fraction", "data"),
        xytext=(-2, 2),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color=_SHORE,
        size=_NUMBER_POINTS,
        parse_math=False,
    )
