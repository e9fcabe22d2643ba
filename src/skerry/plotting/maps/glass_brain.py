"""A statistical map seen through a glass brain."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from skerry.image.niimg import image_data
from skerry.io.notice import notice
from skerry.plotting.colors.scale import ColorRange, color_range
from skerry.plotting.inputs.arguments import check_plot_arguments
from skerry.plotting.inputs.drawable import drawable_image
from skerry.plotting.maps.draw import draw_map

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.plotting.displays import OrthoProjector
    from skerry.typing import AnyArray, ImageLike, PathLike

# One hue that darkens (or, on black, lightens) with |value|: it stays readable in
# print and for every colour vision. Both signs: blue and red.
_ON_WHITE, _ON_BLACK, _SIGNED = "YlOrRd", "afmhot", "RdBu_r"


def plot_glass_brain(
    stat_map_img: ImageLike | Literal[False] | None,
    output_file: PathLike | None = None,
    display_mode: str = "ortho",
    colorbar: bool = True,
    cbar_tick_format: str = "%.2g",
    figure: Any = None,
    axes: Any = None,
    title: str | None = None,
    threshold: float | str | None = "auto",
    annotate: bool = True,
    black_bg: bool = False,
    cmap: Any = None,
    alpha: float = 0.7,
    vmin: float | None = None,
    vmax: float | None = None,
    plot_abs: bool = True,
    symmetric_cbar: bool | Literal["auto"] = "auto",
    resampling_interpolation: Literal["continuous", "linear", "nearest"] = "continuous",
    radiological: bool = False,
    transparency: float | ImageLike | None = None,
    **kwargs: Any,
) -> OrthoProjector:
    """Draw a statistical map as seen through a glass brain.

    Each pixel shows the strongest voxel on the line of sight (a maximum intensity
    projection), on outlines of the MNI152 brain.

    Parameters
    ----------
    stat_map_img : path, nibabel image, False or None
        Volume of shape (I, J, K) in MNI space. Non-finite values count as zero.
        None and False draw the empty brain.
    output_file : path, optional
        Save there and close the figure.
    display_mode : str
        Views from left to right: `x` from the side, `y` from behind, `z` from above,
        `l` and `r` one hemisphere from its own side. One of `"ortho"` (x, y, z),
        `"x"`, `"y"`, `"z"`, `"xz"`, `"yx"`, `"yz"`, `"l"`, `"r"`, `"lr"`, `"lzr"`,
        `"lyr"`, `"lzry"`, `"lyrz"`.
    colorbar : bool
        Draw the scale of the colours.
    cbar_tick_format : str
        Format of its numbers, such as `"%i"`.
    figure : matplotlib figure or int, optional
        Where to draw; a new figure by default.
    axes : matplotlib axes or (left, bottom, width, height), optional
        The part of the figure to draw in.
    title : str, optional
        Plain text.
    threshold : float, "auto", percentage or None
        Voxels with |value| up to it are hidden. `"97%"` is the 97th percentile of
        |value| over the volume, `"auto"` the 80th. None hides nothing.
    annotate : bool
        Write L and R.
    black_bg : bool
        Black page.
    cmap : str or matplotlib colormap, optional
        Colours; by default of one hue for |values|, blue and red for signed ones.
    alpha : float
        Opacity of the outlines, from 0 to 1.
    vmin, vmax : float, optional
        Values at the ends of the colours.
    plot_abs : bool
        Show |values|; otherwise each pixel has the sign of its strongest voxel.
    symmetric_cbar : bool or "auto"
        Whether zero is in the middle of the colours; `"auto"` for maps of both signs.
    resampling_interpolation : {"continuous", "linear", "nearest"}
        How a map with oblique axes is sampled; others are never interpolated.
    radiological : bool
        Show the left of the brain on the right of the picture.
    transparency : float, path or nibabel image, optional
        Opacity of the map, from 0 to 1, or an image whose |value| gives it.
    **kwargs
        Go to matplotlib's `imshow`.

    Returns
    -------
    OrthoProjector
        The display, to which overlays, contours and markers can be added.

    Raises
    ------
    ArgumentError
        If the threshold is negative, or the display mode unknown.
    ArgumentTypeError
        If an argument has the wrong type, or the map is not 3-D.

    Warns
    -----
    UserWarning
        If `vmin` is negative although |values| are shown.
    """
    from skerry.plotting.displays.projectors import get_projector

    check_plot_arguments(locals())
    empty = stat_map_img is None or stat_map_img is False
    image = None if empty else drawable_image(stat_map_img, name="stat_map_img")
    colors: dict[str, Any] = {}
    if image is not None:
        if plot_abs and vmin is not None and vmin < 0:
            notice(
                f"vmin is negative but plot_abs is True: no value is below 0, got vmin={vmin}",
                UserWarning,
            )
        ends = _colors(image_data(image), vmin, vmax, plot_abs, symmetric_cbar)
        colors = {
            "vmin": ends.vmin,
            "vmax": ends.vmax,
            "cbar_vmin": ends.bar_min,
            "cbar_vmax": ends.bar_max,
        }

    def display_factory(mode: str) -> Callable[..., Any]:
        return partial(get_projector(mode), alpha=alpha, plot_abs=plot_abs)

    drawn = draw_map(
        image,
        output_file=output_file,
        display_mode=display_mode,
        colorbar=colorbar and image is not None,
        cbar_tick_format=cbar_tick_format,
        figure=figure,
        axes=axes,
        title=title,
        threshold=threshold,
        annotate=annotate,
        black_bg=black_bg,
        cmap=_colormap(plot_abs, black_bg) if cmap is None else cmap,
        resampling_interpolation=resampling_interpolation,
        radiological=radiological,
        transparency=transparency,
        display_factory=display_factory,
        **colors,
        **kwargs,
    )
    return cast("OrthoProjector", drawn)


def _colormap(plot_abs: bool, black_bg: bool) -> str:
    if not plot_abs:
        return _SIGNED
    return _ON_BLACK if black_bg else _ON_WHITE


def _colors(
    values: AnyArray,
    vmin: float | None,
    vmax: float | None,
    plot_abs: bool,
    symmetric_cbar: bool | Literal["auto"],
) -> ColorRange:
    if not plot_abs:
        return color_range(values, vmin, vmax, symmetric_cbar)
    # What is drawn is |value|, so the strongest voxel of either sign ends the colours.
    highest = max(float(values.max()), -float(values.min())) if values.size else 0.0
    return color_range(np.array([0.0, highest]), vmin, vmax, symmetric_cbar)
