"""An interactive page of a map over a brain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.checks import is_number
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.image.niimg import image_data
from skerry.io.notice import notice
from skerry.plotting.colors.palettes import DEFAULT_SIGNED_CMAP
from skerry.plotting.colors.scale import color_range
from skerry.plotting.inputs.arguments import check_plot_arguments
from skerry.plotting.inputs.background import MNI152TEMPLATE, load_background
from skerry.plotting.inputs.display_threshold import threshold_value
from skerry.plotting.inputs.drawable import drawable_image

if TYPE_CHECKING:
    from skerry.page.pack import Packed
    from skerry.plotting.view.document import StatMapView
    from skerry.typing import FloatArray, ImageLike

_TITLE = "Slice viewer"
_DEFAULT_THRESHOLD = 1e-6  # hides the zeros around a brain
# Room for the marks above and below the slices, as a part of their height.
_HEIGHT_PART = 1.5


def view_img(
    stat_map_img: ImageLike,
    bg_img: ImageLike | Literal["MNI152", False] | None = "MNI152",
    cut_coords: Any = None,
    colorbar: bool = True,
    title: str | None = None,
    threshold: float | str | None = _DEFAULT_THRESHOLD,
    annotate: bool = True,
    draw_cross: bool = True,
    black_bg: bool | Literal["auto"] = "auto",
    cmap: Any = DEFAULT_SIGNED_CMAP,
    symmetric_cmap: bool = True,
    dim: float | Literal["auto"] | None = "auto",
    vmax: float | None = None,
    vmin: float | None = None,
    resampling_interpolation: Literal["continuous", "linear", "nearest"] = "continuous",
    width_view: int = 600,
    opacity: float = 1,
    radiological: bool = False,
    show_lr: bool = True,
) -> StatMapView:
    """Show a map over a brain as an interactive page: three slices, and a crosshair to move.

    Parameters
    ----------
    stat_map_img : path or nibabel image
        Volume of shape (I, J, K), or (I, J, K, 1). Non-finite values count as zero.
    bg_img : path, nibabel image, "MNI152", False or None
        What lies beneath; the MNI152 template unless given, nothing for None and
        False.
    cut_coords : (x, y, z), optional
        Where the slices meet when the page opens, RAS+ mm; by default where the
        map is above the threshold.
    colorbar : bool
        Show the scale of the colours.
    title : str, optional
        Plain text, above the slices and on the browser's tab.
    threshold : float, "auto", percentage or None
        Voxels with |value| up to it are transparent. `"97%"` is the 97th
        percentile of |value| over the volume, `"auto"` the 80th. None hides
        nothing.
    annotate : bool
        Write the coordinates.
    draw_cross : bool
        Show the crosshair.
    black_bg : bool or "auto"
        Black page; `"auto"` looks at the border of the background (white for
        the template).
    cmap : str or matplotlib colormap
        Colours.
    symmetric_cmap : bool
        Whether zero is in the middle of the colours.
    dim : float or "auto"
        How much the background steps back, see `plot_anat`.
    vmax, vmin : float, optional
        Values at the ends of the colours; those of the map above the threshold
        otherwise.
    resampling_interpolation : {"continuous", "linear", "nearest"}
        Whether colours pass smoothly from voxel to voxel; "nearest" shows
        voxels as they are.
    width_view : int
        Width of the frame in a notebook, pixels.
    opacity : float
        Of the map, from 0 to 1.
    radiological : bool
        Show the left of the brain on the right of the picture.
    show_lr : bool
        Mark left and right.

    Returns
    -------
    StatMapView
        `save_as_html(file)`, `open_in_browser()`, `get_iframe()`, `resize(width,
        height)`; a notebook shows it where it is the last value of a cell.

    Raises
    ------
    ArgumentError
        If the threshold is negative, or `cut_coords` are not three numbers.
    ArgumentTypeError
        If an argument has the wrong type, or the map is not 3-D.

    Warns
    -----
    UserWarning
        If the threshold is above all values, or below them all.

    Examples
    --------
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> view = view_img(load_sample_motor_activation_image(), threshold=3, title="Motor")
    >>> "<title>Motor" in view.get_standalone()
    True
    """
    check_plot_arguments(locals())
    _check_more(opacity, width_view, show_lr=show_lr, symmetric_cmap=symmetric_cmap)
    from skerry.page.page import Page
    from skerry.plotting.view.document import StatMapView

    under = MNI152TEMPLATE if isinstance(bg_img, str) and bg_img == "MNI152" else bg_img
    background = load_background(under, dim=dim, black_bg=black_bg)
    image = drawable_image(stat_map_img, name="stat_map_img")
    values = np.asarray(image_data(image))
    level = threshold_value(threshold, values)
    _warn_of_level(threshold, level, values)
    shown = values if level is None else np.where(np.abs(values) > level, values, 0)
    colors = color_range(shown, vmin, vmax, symmetric_cmap)
    facts, blocks = _packed(image, values, background.img, everywhere=level is None)
    facts["title"], facts["name"] = title, _TITLE
    facts["display"] = {
        "title": title,
        "threshold": level,
        "cmap": _colors(cmap, colors.vmin, colors.vmax),
        "vmin": colors.vmin,
        "vmax": colors.vmax,
        "cut_coords": _cuts(cut_coords, image, shown, level),
        "colorbar": bool(colorbar),
        "annotate": bool(annotate),
        "draw_cross": bool(draw_cross),
        "black_bg": bool(background.black_bg),
        "opacity": float(opacity),
        "radiological": bool(radiological),
        "show_lr": bool(show_lr),
        "smooth": resampling_interpolation != "nearest",
        "show": {
            "slices": True,
            **dict.fromkeys(("glass", "table", "controls", "curve", "methods"), False),
        },
    }
    if background.vmin is not None and background.vmax is not None:
        facts["display"]["background"] = {"vmin": background.vmin, "vmax": background.vmax}
    height = _height(background.img or image, width_view)
    facts["display"] |= {"width": int(width_view), "height": height}
    return StatMapView(Page(facts, blocks), width=width_view, height=height)


def _check_more(opacity: Any, width_view: Any, **switches: Any) -> None:
    for name, value in switches.items():
        if not isinstance(value, (bool, np.bool_)):
            raise ArgumentTypeError(f"'{name}' must be bool, got {type(value).__name__}")
    for name, value in (("opacity", opacity), ("width_view", width_view)):
        if not is_number(value):
            raise ArgumentTypeError(f"'{name}' must be a number, got {type(value).__name__}")
    if not 0 <= opacity <= 1:
        raise ArgumentError(f"'opacity' must lie between 0 and 1, got {opacity}")
    if not 1 <= width_view < math.inf:
        raise ArgumentError(f"'width_view' must be at least 1 pixel, got {width_view}")


def _warn_of_level(threshold: Any, level: float | None, values: FloatArray) -> None:
    """Say where a threshold hides all or nothing."""
    if level is None or threshold == _DEFAULT_THRESHOLD:
        return
    heights = np.abs(values)
    if not isinstance(threshold, str) and level > heights.max(initial=0):
        notice(
            f"The given float value must not exceed {heights.max(initial=0)}. "
            f"But, you have given threshold={level}: nothing is above it.",
            UserWarning,
        )
    elif not (heights <= level).any():
        notice(
            f"Threshold given was {level}, but the data has no values below "
            f"{heights.min(initial=math.inf)}: nothing is hidden.",
            UserWarning,
        )


def _packed(image: Any, values: FloatArray, background: Any, *, everywhere: bool) -> Packed:
    """Pack the map for the page: where it is not 0, or everywhere."""
    from skerry.page.pack import pack
    from skerry.space.grid import grid_of
    from skerry.space.statmap import StatMap

    if values.dtype not in (np.float32, np.float64):
        values = values.astype(np.float64)
    mask = np.ones(values.shape, dtype=bool) if everywhere else None
    statmap = StatMap(values, grid_of(image), mask)  # type: ignore[arg-type]  # None: not 0
    return pack(statmap, background=background)


def _colors(cmap: Any, vmin: float, vmax: float) -> list[str]:
    """Give 256 colours from the lowest to the highest value, as `#rrggbb`."""
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    from skerry.plotting.colors.palettes import signed_cmap
    from skerry.plotting.displays.colormaps import shared_colormap

    colors = mpl.colormaps.get_cmap(shared_colormap(signed_cmap(vmin, vmax, cmap)))
    return [to_hex(color) for color in colors(np.linspace(0, 1, 256))]


def _cuts(cut_coords: Any, image: Any, shown: FloatArray, level: float | None) -> list[float]:
    if cut_coords is None:
        return _cuts_of_map(image, shown, level)
    try:
        cuts = [float(x) for x in cut_coords]
    except (TypeError, ValueError):
        cuts = []
    if len(cuts) != 3 or not all(math.isfinite(x) for x in cuts):
        raise ArgumentError(
            f"cut_coords must be three numbers, (x, y, z) in mm, got {cut_coords!r}"
        )
    return cuts


def _cuts_of_map(image: Any, shown: FloatArray, level: float | None) -> list[float]:
    """Choose where the map is above the threshold; the middle where it is nowhere."""
    from skerry.plotting.cuts.maps import find_xyz_cut_coords
    from skerry.space.grid import grid_of

    if not shown.any():
        grid = grid_of(image)
        return [float(x) for x in grid.xyz((np.array(grid.shape) - 1) / 2)]
    return find_xyz_cut_coords(image, activation_threshold=level)


def _height(image: Any, width_px: float) -> int:
    """Give the height of a frame that shows three slices of an image side by side."""
    from skerry.space.grid import grid_of

    grid = grid_of(image)
    x, y, z = np.abs(grid.affine[:3, :3]) @ np.array(grid.shape)
    return int(np.ceil(_HEIGHT_PART * max(y, z) / (y + 2 * x) * width_px))
