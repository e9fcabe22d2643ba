"""The figure that a display lives in: opened, framed, saved and closed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from skerry.typing import PathLike

COLORBAR_INCHES = 0.7
FREE_SPACE_INCHES = 3.4
BEHIND_ALL = -1000

# Options of savefig that say how the figure is drawn, not how the file is written.
_OF_THE_DRAWING = frozenset(
    {"bbox_extra_artists", "bbox_inches", "edgecolor", "facecolor", "pad_inches", "transparent"}
)


def open_frame(
    figure: Any,
    axes: Any,
    *,
    size_inches: tuple[float, float],
    n_views: int,
    black: bool,
    leave_space: bool,
    colorbar: bool,
) -> Any:
    """Make the frame's axes, in a new figure unless one is given.

    Parameters
    ----------
    figure : matplotlib.figure.Figure, int or None
        A figure, the number of one, or None for a new one.
    axes : matplotlib.axes.Axes, (left, bottom, width, height) or None
        The frame, if the caller has one.
    size_inches : (width, height)
        Size of a new figure, for one view.
    n_views : int
        How many views stand beside each other.
    black, leave_space, colorbar : bool
        See `BaseSlicer.init_with_figure`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        If the axes are not in the figure.
    """
    import matplotlib.pyplot as plt
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

    if isinstance(axes, Axes):
        if isinstance(figure, FigureBase) and axes.figure is not figure:
            raise ArgumentError("The axes passed are not in the figure: give one of the two.")
        axes.axis("off")
        return axes
    if not isinstance(figure, FigureBase):
        width = size_inches[0] * n_views
        width += COLORBAR_INCHES * bool(colorbar) + FREE_SPACE_INCHES * bool(leave_space)
        figure = plt.figure(
            figure, figsize=(width, size_inches[1]), facecolor="k" if black else "w"
        )
    if isinstance(axes, Sequence):
        place = tuple(axes)
    else:
        place = (0.3, 0.0, 0.7, 1.0) if leave_space else (0.0, 0.0, 1.0, 1.0)
    return add_bare_axes(figure, place)


def add_bare_axes(figure: Any, place: tuple[float, ...], **kwargs: Any) -> Any:
    """Add axes without ticks or outline at (left, bottom, width, height) of a figure."""
    from skerry.plotting.displays.bare_axes import BareAxes

    axes = figure.add_axes(place, axes_class=BareAxes, **kwargs)
    axes.axis("off")
    return axes


def prepare(axes: Any, *, black: bool) -> Any:
    """Make axes a frame: invisible, or a black ground behind the views."""
    if axes is None:
        import matplotlib.pyplot as plt

        axes = add_bare_axes(plt.gcf(), (0.0, 0.0, 1.0, 1.0))
    if black:
        from matplotlib.patches import Rectangle

        # A patch, since axes that are off do not paint their own ground.
        ground = Rectangle((0, 0), 1, 1, transform=axes.transAxes, color="k", zorder=BEHIND_ALL)
        axes.add_patch(ground)
        axes.set_zorder(BEHIND_ALL)
    else:
        axes.set_zorder(1)
    return axes


def save(
    figure: Any, filename: PathLike | None, *, black: bool, dpi: float | None, **kwargs: Any
) -> None:
    """Save a figure on its own ground; make the folders that are missing."""
    if filename is None:
        raise ArgumentError("You must provide an output file name to save the figure.")
    import matplotlib as mpl

    path = Path(filename)
    path.parent.mkdir(exist_ok=True, parents=True)
    ground = "k" if black else "w"
    options = {"facecolor": ground, "edgecolor": ground} | undated(path.suffix) | kwargs
    if _is_plain_png(figure, path, kwargs):
        from skerry.plotting.displays.png import save_png

        save_png(figure, path, dpi, **options)
        return
    # Names of parts in an SVG are random otherwise: the same figure gives the same bytes.
    with mpl.rc_context({"svg.hashsalt": "skerry"}):
        figure.savefig(path, dpi=dpi or "figure", **options)


def undated(suffix: str) -> dict[str, Any]:
    """Give the option that keeps the time of saving out of a file of this kind."""
    dates = {".svg": "Date", ".svgz": "Date", ".pdf": "CreationDate"}
    key = dates.get(suffix.lower())
    return {"metadata": {key: None}} if key else {}


def _is_plain_png(figure: Any, path: Path, options: dict[str, Any]) -> bool:
    """Tell whether nothing is asked of the file but to hold the picture."""
    if path.suffix.lower() != ".png" or not options.keys() <= _OF_THE_DRAWING:
        return False
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    return isinstance(figure.canvas, FigureCanvasAgg)


def close(figure: Any) -> None:
    """Close a figure."""
    import matplotlib.pyplot as plt

    plt.close(figure.get_figure(root=True))
