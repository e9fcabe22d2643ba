"""Cuts through any volume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from skerry.plotting.inputs.arguments import check_plot_arguments
from skerry.plotting.inputs.background import Background
from skerry.plotting.inputs.drawable import drawable_image
from skerry.plotting.maps.draw import draw_map

if TYPE_CHECKING:
    from skerry.plotting.displays import BaseSlicer
    from skerry.typing import ImageLike, PathLike


def plot_img(
    img: ImageLike,
    cut_coords: Any = None,
    output_file: PathLike | None = None,
    display_mode: str = "ortho",
    figure: Any = None,
    axes: Any = None,
    title: str | None = None,
    threshold: float | str | None = None,
    annotate: bool = True,
    draw_cross: bool = True,
    black_bg: bool = False,
    colorbar: bool = True,
    cbar_tick_format: str = "%.2g",
    resampling_interpolation: Literal["continuous", "linear", "nearest"] = "continuous",
    bg_img: ImageLike | Literal[False] | None = None,
    vmin: float | None = None,
    vmax: float | None = None,
    radiological: bool = False,
    decimals: int | bool = False,
    cmap: Any = "gray",
    transparency: float | ImageLike | None = None,
    transparency_range: tuple[float, float] | list[float] | None = None,
    **kwargs: Any,
) -> BaseSlicer:
    """Draw cuts through a volume.

    Parameters
    ----------
    img : path or nibabel image
        Volume of shape (I, J, K). Non-finite values count as zero.
    cut_coords : int, float, sequence, dict or None
        Where to cut, RAS+ mm. Three numbers for `"ortho"` and `"tiled"`, two for
        `"xz"`, `"yx"`, `"yz"`; for `"x"`, `"y"`, `"z"` the positions or how many
        of them; for `"mosaic"` how many for all or for each axis, or a dict of
        positions. None chooses them where the values are.
    output_file : path, optional
        Save the figure there (format by suffix, folders are made) and close it,
        unless it was drawn into a figure or axes of the caller's.
    display_mode : {"ortho", "tiled", "mosaic", "x", "y", "z", "xz", "yx", "yz"}
        Which cuts, and how they are laid out.
    figure : int or matplotlib.figure.Figure, optional
        What to draw into; else a new figure of a fitting size.
    axes : matplotlib axes or (left, bottom, width, height), optional
        Part of the figure to draw into.
    title : str, optional
        Written in the upper left corner as it is (never read as mathematics).
    threshold : float, "auto", percentage or None
        Voxels with |value| up to it are hidden. `"97%"` is the 97th percentile of
        |value| over the volume, `"auto"` the 80th. None hides nothing.
    annotate : bool
        Write the positions of the cuts, and left and right.
    draw_cross : bool
        Draw where the other cuts are.
    black_bg : bool
        Black page instead of a white one.
    colorbar : bool
        Draw the scale of the colours.
    cbar_tick_format : str
        Format of its numbers, for example `"%i"`.
    resampling_interpolation : {"continuous", "linear", "nearest"}
        How a volume with oblique axes is sampled; others are drawn voxel by voxel.
    bg_img : path, nibabel image, False or None
        Drawn in greys beneath.
    vmin, vmax : float, optional
        Values at the ends of the colours; those of the cuts otherwise.
    radiological : bool
        Show the left of the brain on the right.
    decimals : int or bool
        Decimals of the written positions.
    cmap : str or matplotlib colormap
        Colours.
    transparency : float or image, optional
        Opacity, from 0 to 1, or an image whose |values| give it.
    transparency_range : two floats, optional
        Values of that image drawn with opacity 0 and 1.
    **kwargs
        Go to matplotlib's `imshow`.

    Returns
    -------
    BaseSlicer
        The display, to which overlays, contours and markers can be added.

    Raises
    ------
    ArgumentError
        If the threshold is negative, the display mode unknown, or the cuts do
        not fit it or all lie outside the volume.
    ArgumentTypeError
        If an argument has the wrong type, or the image is not 3-D.
    """
    check_plot_arguments(locals())
    background = None
    if bg_img is not None and bg_img is not False:
        background = Background(drawable_image(bg_img, name="bg_img"), black_bg, None, None)
    return draw_map(
        img,
        background,
        cut_coords=cut_coords,
        output_file=output_file,
        display_mode=display_mode,
        figure=figure,
        axes=axes,
        title=title,
        threshold=threshold,
        annotate=annotate,
        draw_cross=draw_cross,
        black_bg=black_bg,
        colorbar=colorbar,
        cbar_tick_format=cbar_tick_format,
        resampling_interpolation=resampling_interpolation,
        vmin=vmin,
        vmax=vmax,
        radiological=radiological,
        decimals=decimals,
        cmap=cmap,
        transparency=transparency,
        transparency_range=transparency_range,
        **kwargs,
    )
