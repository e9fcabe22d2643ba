"""Cuts through maps of regions: contours, filled contours, or colours that fade."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.image.niimg import check_niimg, image_data
from skerry.io.notice import notice
from skerry.plotting.colors.palettes import DEFAULT_REGION_CMAP, region_colors
from skerry.plotting.cuts.regions import RegionVoxels, cuts_through_regions
from skerry.plotting.inputs.arguments import check_choice, check_plot_arguments
from skerry.plotting.inputs.background import MNI152TEMPLATE
from skerry.plotting.inputs.drawable import finite_values
from skerry.plotting.maps.anat import plot_anat
from skerry.plotting.maps.draw import save_if_asked
from skerry.plotting.regions.atlas_levels import map_levels
from skerry.plotting.regions.figure import say_no_regions
from skerry.plotting.regions.image import cropped_image, signed_mask
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.plotting.displays import BaseSlicer
    from skerry.space.grid import Grid
    from skerry.typing import AnyArray, ImageLike, IntArray, PathLike

_VIEW_TYPES = ("auto", "contours", "filled_contours", "continuous")
_DEFAULT_LINEWIDTHS = 2.5

# A background's zeros are not drawn: the page shows, as under a statistical map.
_EMPTY_BACKGROUND = 1e-6

_BAR_STEPS, _MOST_NUMBERS = 32, 10

# Dashes of a negative part's contour, in line widths: long enough that the line
# still reads as one.
_DASHED = (0, (2.0, 0.8))

# Faintest part of a map of fading colour, as a part of its strongest.
_FAINTEST = 0.5


def plot_prob_atlas(
    maps_img: ImageLike | None,
    bg_img: ImageLike | Literal[False] | None = MNI152TEMPLATE,
    view_type: Literal["auto", "contours", "filled_contours", "continuous"] = "auto",
    threshold: float | str | Sequence[float | str] | None = "auto",
    linewidths: float = _DEFAULT_LINEWIDTHS,
    cut_coords: Any = None,
    output_file: PathLike | None = None,
    display_mode: str = "ortho",
    figure: Any = None,
    axes: Any = None,
    title: str | None = None,
    annotate: bool = True,
    draw_cross: bool = True,
    black_bg: bool | Literal["auto"] = "auto",
    dim: float | Literal["auto"] | None = "auto",
    colorbar: bool = True,
    cmap: Any = DEFAULT_REGION_CMAP,
    vmin: float | None = None,
    vmax: float | None = None,
    alpha: float = 0.7,
    radiological: bool = False,
    **kwargs: Any,
) -> BaseSlicer:
    """Draw regions, one map each, over a brain.

    Parameters
    ----------
    maps_img : path, nibabel image or None
        Volumes of shape (I, J, K, n_maps), one region a volume: probabilities,
        weights, or regions cut out of a statistical map. None, which
        `connected_regions` gives where it finds nothing, draws the background
        and the words "no regions".
    bg_img : path, nibabel image, False or None
        What lies beneath; the MNI152 template unless given.
    view_type : {"auto", "contours", "filled_contours", "continuous"}
        Lines around the regions, filled lines, or colours that fade with |value|.
        `"auto"`: contours for more than 20 maps, filled ones for more than 10.
    threshold : float, "auto", percentage, None, or a list of one for each map
        |value| from which on a map is drawn; a percentage is a percentile of the
        |values| of each map. `"auto"` draws regions that end with an edge (cut
        out by a threshold) whole, along their border; of maps that fade away
        the highest values, so that they overlap little. None draws all that is
        not zero.
    linewidths : float
        Width of contours, points.
    cut_coords : int, sequence, dict or None
        Where to cut, RAS+ mm, as in `plot_img`. Cuts that are left to be chosen
        meet every region if so many cuts can, else the largest regions.
    output_file, display_mode, figure, axes, title, annotate, draw_cross
        As in `plot_img`.
    black_bg, dim
        As in `plot_anat`.
    colorbar : bool
        Draw which colour is which map, numbered from 1.
    cmap : str or matplotlib colormap
        Colours, evenly spaced over the maps. Unless given, colours that are easy
        to tell apart.
    vmin, vmax : float, optional
        Values of the background drawn in black and white.
    alpha : float
        Opacity of the regions, from 0 to 1.
    radiological : bool
        Show the left of the brain on the right.
    **kwargs
        Go to `plot_img`, for the background.

    Returns
    -------
    BaseSlicer
        The display. Negative parts of regions are drawn as positive ones are,
        their contours dashed.

    Raises
    ------
    DimensionError
        If the image is not 4-D.
    ArgumentError
        If a threshold is negative or no percentage, or a word is unknown.
    ArgumentTypeError
        If an argument has the wrong type, or there is not one threshold a map.

    Warns
    -----
    RuntimeWarning
        If a colour bar is asked for a single map (none is drawn).
    UserWarning
        If `linewidths` is given for filled contours, or a threshold is above a map.
    """
    check_plot_arguments(locals())
    check_choice(view_type, _VIEW_TYPES, "view_type")
    maps, grid = _read_maps(maps_img)
    style = _style_for(len(maps)) if view_type == "auto" else view_type
    if style == "filled_contours" and linewidths != _DEFAULT_LINEWIDTHS:
        notice(f"'linewidths' is not supported by view_type={style!r}", UserWarning)
    regions = _regions(maps, map_levels(maps, threshold, style), region_colors(len(maps), cmap))
    if grid is not None:
        voxels = RegionVoxels([region.ijk for region in regions], grid)
        cut_coords = cuts_through_regions(voxels, display_mode, cut_coords)
    display = plot_anat(
        bg_img,
        cut_coords=cut_coords,
        display_mode=display_mode,
        figure=figure,
        axes=axes,
        title=title,
        annotate=annotate,
        threshold=_EMPTY_BACKGROUND,
        draw_cross=draw_cross,
        black_bg=black_bg,
        dim=dim,
        radiological=radiological,
        vmin=vmin,
        vmax=vmax,
        colorbar=False,
        **kwargs,
    )
    for region in regions:
        _draw(display, region, grid, style, linewidths, alpha)
    if not regions:
        say_no_regions(display)
    if colorbar and maps:
        _number_colors(display, region_colors(len(maps), cmap))
    save_if_asked(display, output_file, keep_open=figure is not None or axes is not None)
    return display


@dataclass(frozen=True, slots=True)
class _Region:
    """A map, the voxels of it that are drawn, from which |value| on, and its colour."""

    values: AnyArray
    ijk: IntArray
    level: float
    color: AnyArray


def _read_maps(maps_img: Any) -> tuple[list[AnyArray], Grid | None]:
    if maps_img is None:
        return [], None
    image = check_niimg(maps_img, ensure_ndim=4, name="maps_img")
    volumes = finite_values(image_data(image), "maps_img")
    if volumes.dtype.kind in "iu":  # |-128| is no int8, and nibabel asks about 64 bits
        volumes = volumes.astype(np.promote_types(volumes.dtype, np.float32))
    return [volumes[..., number] for number in range(volumes.shape[3])], grid_of(image)


def _style_for(n_maps: int) -> str:
    if n_maps > 20:
        return "contours"
    return "filled_contours" if n_maps > 10 else "continuous"


def _regions(maps: Sequence[AnyArray], levels: Sequence[float], colors: AnyArray) -> list[_Region]:
    drawn = [np.argwhere(np.abs(one) > level) for one, level in zip(maps, levels, strict=True)]
    return [
        _Region(*parts) for parts in zip(maps, drawn, levels, colors, strict=True) if len(parts[1])
    ]


def _draw(
    display: Any, region: _Region, grid: Any, style: str, linewidths: float, alpha: float
) -> None:
    image = cropped_image(region.values, region.ijk, grid)
    values = image_data(image)
    if style == "continuous":
        heights = type(image)(np.abs(values), image.affine)
        highest = float(image_data(heights).max())
        display.add_overlay(
            heights,
            threshold=region.level,
            cmap=_fading(region.color),
            vmin=region.level,
            vmax=highest,
            transparency=alpha,
        )
        return
    inside = np.abs(values) > region.level
    level = region.level
    if (inside == (values != 0)).all():
        # The level cuts nothing off: the line runs along the outer faces of the
        # voxels, whatever their values.
        image, level = type(image)(signed_mask(values, inside), image.affine), 0.5
    widths = {} if style == "filled_contours" else {"linewidths": linewidths}
    for sign, line in ((1, "solid"), (-1, _DASHED)):
        if (sign * values[inside] > 0).any():
            display.add_contours(
                image,
                filled=style == "filled_contours",
                levels=[sign * level],
                colors=[region.color],
                transparency=alpha,
                linestyles=[line],
                **widths,
            )


def _fading(color: AnyArray) -> Any:
    from matplotlib.colors import ListedColormap

    shades = np.tile(np.asarray(color, dtype=float), (256, 1))
    shades[:, 3] = np.linspace(_FAINTEST, 1.0, len(shades))
    return ListedColormap(shades)


def _number_colors(display: Any, colors: AnyArray) -> None:
    """Add a bar that shows which colour is which map."""
    from matplotlib.colors import ListedColormap, Normalize

    n_maps = len(colors)
    if n_maps == 1:
        notice("The image maps contains a single image: it needs no bar of colours", RuntimeWarning)
        return
    # Many steps a colour, so that the bar's own steps hardly shift their borders.
    steps = np.repeat(colors, _BAR_STEPS, axis=0)
    display._show_colorbar(ListedColormap(steps), Normalize(1, n_maps + 1))
    numbers = np.arange(1, n_maps + 1, math.ceil(n_maps / _MOST_NUMBERS))
    display._cbar.set_ticks(numbers + 0.5, labels=[str(number) for number in numbers])
    display._colorbar_ax.annotate(
        "Map #",
        xy=(1, 1.01),
        xycoords="axes fraction",
        ha="right",
        va="bottom",
        color="w" if display.black_bg else "k",
    )
