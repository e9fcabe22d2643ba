"""The brain's outlines on which a glass brain is drawn."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from matplotlib.path import Path
    from numpy.typing import NDArray

# Made by tools/make_glass_outlines.py from the template; see there.
_FILE = "glass_outlines.json"
_VIEW = {"x": "side", "l": "side", "r": "side", "y": "back", "z": "top"}

# Greys on white (turned around on black), and widths in points.
_GREY = {"silhouette": 0.30, "fissure": 0.45, "sulcus": 0.60}
_WIDTH = {"silhouette": 1.2, "fissure": 0.8, "sulcus": 0.5}

# Room around the brain, as a share of its size.
_MARGIN = 0.03


class Outline(NamedTuple):
    """Lines of one kind in one view.

    Parameters
    ----------
    kind : {"silhouette", "fissure", "sulcus"}
        Edge of the brain, deep furrow, or shallow one.
    lines_mm : tuple of (n, 2) float
        Points across and up, MNI152 mm. A line that ends where it began is closed.
    """

    kind: str
    lines_mm: tuple[NDArray[np.float64], ...]


@cache
def outlines(direction: str) -> tuple[Outline, ...]:
    """Give the lines of a view, the faintest first.

    Parameters
    ----------
    direction : {"x", "l", "r", "y", "z"}
        From the side, from behind, or from above.

    Returns
    -------
    tuple of Outline

    Raises
    ------
    ArgumentError
        If there is no such view.
    """
    if direction not in _VIEW:
        raise ArgumentError(
            f"No glass brain view associated with direction '{direction}'. Possible directions "
            f"are {list(_VIEW)}"
        )
    text = files("skerry.plotting.displays").joinpath(_FILE).read_text(encoding="utf-8")
    drawn = json.loads(text)[_VIEW[direction]]
    return tuple(
        Outline(
            kind,
            tuple(
                np.array(line["points"], dtype=np.float64).reshape(-1, 2) / 10
                for line in drawn
                if line["kind"] == kind
            ),
        )
        for kind in reversed(_GREY)
    )


def draw_outlines(
    ax: Any,
    direction: str,
    *,
    edgecolor: Any = None,
    linewidth: float | None = None,
    **kwargs: Any,
) -> tuple[float, float, float, float]:
    """Draw the outlines of a view on matplotlib axes in mm.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Black axes get light lines.
    direction : {"x", "l", "r", "y", "z"}
        The view.
    edgecolor : matplotlib color, optional
        One color for all lines; greys unless given.
    linewidth : float, optional
        One width for all lines, points.
    **kwargs
        Go to matplotlib's PathPatch (`alpha`, `zorder`, ...).

    Returns
    -------
    tuple of float
        Left, right, bottom, top (mm) of the brain with a margin.
    """
    from matplotlib.colors import to_rgb
    from matplotlib.patches import PathPatch

    black = to_rgb(ax.get_facecolor()) == (0.0, 0.0, 0.0)
    for kind, path in _paths(direction).items():
        grey = 1 - _GREY[kind] if black else _GREY[kind]
        # Not add_patch, which measures every curve: the view's bounds are known.
        ax.add_artist(
            PathPatch(
                path,
                edgecolor=str(grey) if edgecolor is None else edgecolor,
                linewidth=_WIDTH[kind] if linewidth is None else linewidth,
                facecolor="none",
                capstyle="round",
                gid=f"{_VIEW[direction]} {kind}",
                **kwargs,
            )
        )
    return brain_bounds(direction)


def brain_bounds(direction: str) -> tuple[float, float, float, float]:
    """Left, right, bottom, top (mm) of the brain in a view, with a margin."""
    silhouette = next(outline for outline in outlines(direction) if outline.kind == "silhouette")
    points = np.concatenate(silhouette.lines_mm)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = _MARGIN * (high - low)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    return left, right, bottom, top


@cache
def _paths(direction: str) -> dict[str, Path]:
    """Curves of each kind in a view; matplotlib only reads them."""
    from matplotlib.path import Path

    return {
        kind: Path.make_compound_path(*(_curve(line) for line in lines))
        for kind, lines in outlines(direction)
        if lines
    }


def _curve(points: NDArray[np.float64]) -> Path:
    """Lead a smooth curve through points (a Catmull-Rom spline in Bezier pieces)."""
    from matplotlib.path import Path

    closed = bool(np.allclose(points[0], points[-1]))
    before, after = (points[-2], points[1]) if closed else (points[0], points[-1])
    known = np.vstack([before, points, after])
    tangents = (known[2:] - known[:-2]) / 6
    pieces = np.stack(
        [points[:-1] + tangents[:-1], points[1:] - tangents[1:], points[1:]], axis=1
    ).reshape(-1, 2)
    codes = [Path.MOVETO] + [Path.CURVE4] * len(pieces)
    return Path(np.vstack([points[:1], pieces]), codes)
