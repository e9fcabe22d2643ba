"""Cuts through a statistical map over a background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from skerry.image.niimg import image_data
from skerry.plotting.colors.palettes import DEFAULT_SIGNED_CMAP, signed_cmap
from skerry.plotting.colors.scale import color_range
from skerry.plotting.inputs.arguments import check_plot_arguments
from skerry.plotting.inputs.background import MNI152TEMPLATE, load_background
from skerry.plotting.inputs.drawable import drawable_image
from skerry.plotting.maps.draw import draw_map

if TYPE_CHECKING:
    from skerry.plotting.displays import BaseSlicer
    from skerry.typing import ImageLike, PathLike


def plot_stat_map(
    stat_map_img: ImageLike,
    bg_img: ImageLike | Literal[False] | None = MNI152TEMPLATE,
    cut_coords: Any = None,
    output_file: PathLike | None = None,
    display_mode: str = "ortho",
    colorbar: bool = True,
    cbar_tick_format: str = "%.2g",
    figure: Any = None,
    axes: Any = None,
    title: str | None = None,
    threshold: float | str | None = 1e-6,
    annotate: bool = True,
    draw_cross: bool = True,
    black_bg: bool | Literal["auto"] = "auto",
    cmap: Any = DEFAULT_SIGNED_CMAP,
    symmetric_cbar: bool | Literal["auto"] = "auto",
    dim: float | Literal["auto"] | None = "auto",
    vmin: float | None = None,
    vmax: float | None = None,
    radiological: bool = False,
    resampling_interpolation: Literal["continuous", "linear", "nearest"] = "continuous",
    transparency: float | ImageLike | None = None,
    transparency_range: tuple[float, float] | list[float] | None = None,
    **kwargs: Any,
) -> BaseSlicer:
    """Draw cuts through a statistical map, over a brain.

    Parameters
    ----------
    stat_map_img : path or nibabel image
        Volume of shape (I, J, K). Non-finite values count as zero.
    bg_img : path, nibabel image, False or None
        What lies beneath; the MNI152 template unless given, nothing for None and
        False.
    cut_coords, output_file, display_mode
        As in `plot_img`; cuts are chosen where the map is above the threshold.
    colorbar : bool
        Draw the scale of the colours; what the threshold hides is grey in it.
    cbar_tick_format, figure, axes, title
        As in `plot_img`.
    threshold : float, "auto", percentage or None
        Voxels with |value| up to it are hidden. `"97%"` is the 97th percentile of
        |value| over the volume, `"auto"` the 80th. None hides nothing.
    annotate, draw_cross
        As in `plot_img`.
    black_bg : bool or "auto"
        Black page; `"auto"` looks at the border of the background (white for
        the template).
    cmap : str or matplotlib colormap
        Colours; negative values are blue and positive ones red unless given,
        also in a map of one sign.
    symmetric_cbar : bool or "auto"
        Whether zero is in the middle of the colours; `"auto"` for maps with both
        signs.
    dim : float or "auto"
        How much the background steps back, see `plot_anat`.
    vmin, vmax : float, optional
        Values at the ends of the colours; those of the whole map otherwise.
    radiological, resampling_interpolation, transparency, transparency_range
        As in `plot_img`.
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
        If an argument has the wrong type, or the map is not 3-D.
    """
    check_plot_arguments(locals())
    background = load_background(bg_img, dim=dim, black_bg=black_bg)
    image = drawable_image(stat_map_img, name="stat_map_img")
    colors = color_range(image_data(image), vmin, vmax, symmetric_cbar)
    return draw_map(
        image,
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
        black_bg=background.black_bg,
        cmap=signed_cmap(colors.vmin, colors.vmax, cmap),
        colorbar=colorbar,
        cbar_tick_format=cbar_tick_format,
        vmin=colors.vmin,
        vmax=colors.vmax,
        cbar_vmin=colors.bar_min,
        cbar_vmax=colors.bar_max,
        radiological=radiological,
        resampling_interpolation=resampling_interpolation,
        transparency=transparency,
        transparency_range=transparency_range,
        **kwargs,
    )
