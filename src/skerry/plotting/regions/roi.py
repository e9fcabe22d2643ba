"""Cuts through an image of labels, or a mask, over a background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.image.niimg import image_data
from skerry.plotting.colors.lookup_table import TABLE_COLORMAP, colormap_of_table
from skerry.plotting.cuts.regions import RegionVoxels, cuts_through_regions
from skerry.plotting.inputs.arguments import check_choice, check_plot_arguments
from skerry.plotting.inputs.background import MNI152TEMPLATE, load_background
from skerry.plotting.inputs.drawable import drawable_image
from skerry.plotting.maps.draw import draw_map, save_if_asked
from skerry.plotting.regions.image import cropped_image, voxels_of_labels
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    from skerry.plotting.displays import BaseSlicer
    from skerry.typing import AnyArray, ImageLike, PathLike

_DEFAULT_FORMAT = "%.2g"


def plot_roi(
    roi_img: ImageLike,
    bg_img: ImageLike | Literal[False] | None = MNI152TEMPLATE,
    cut_coords: Any = None,
    output_file: PathLike | None = None,
    display_mode: str = "ortho",
    figure: Any = None,
    axes: Any = None,
    title: str | None = None,
    annotate: bool = True,
    draw_cross: bool = True,
    black_bg: bool | Literal["auto"] = "auto",
    threshold: float | str | None = 0.5,
    alpha: float = 0.7,
    cmap: Any = "gist_ncar",
    dim: float | Literal["auto"] | None = "auto",
    colorbar: bool = True,
    cbar_tick_format: str = _DEFAULT_FORMAT,
    vmin: float | None = None,
    vmax: float | None = None,
    resampling_interpolation: Literal["continuous", "linear", "nearest"] = "nearest",
    view_type: Literal["continuous", "contours"] = "continuous",
    linewidths: float = 2.5,
    radiological: bool = False,
    **kwargs: Any,
) -> BaseSlicer:
    """Draw cuts through a mask or an image of labels, over a brain.

    Parameters
    ----------
    roi_img : path or nibabel image
        Volume of shape (I, J, K), a number for each region; 0 is no region.
        Non-finite values count as zero.
    bg_img : path, nibabel image, False or None
        What lies beneath; the MNI152 template unless given, nothing for None and
        False.
    cut_coords : int, float, sequence, dict or None
        Where to cut, RAS+ mm, as in `plot_img`. Cuts along one axis that are left
        to be chosen meet every label if so many cuts can, else the largest.
    output_file, display_mode, figure, axes, title, annotate, draw_cross
        As in `plot_img`.
    black_bg, dim
        As in `plot_anat`.
    threshold : float, "auto", percentage or None
        Voxels with |value| up to it are hidden. Not used for contours.
    alpha : float
        Opacity of the regions, from 0 to 1.
    cmap : str, matplotlib colormap, or pandas.DataFrame
        Colours over the range of the labels of the whole image, or a table with
        columns `index`, `name` and `color`.
    colorbar, cbar_tick_format
        As in `plot_img`.
    vmin, vmax : float, optional
        Labels at the ends of the colours.
    resampling_interpolation : {"nearest", "continuous", "linear"}
        How a volume with oblique axes is sampled.
    view_type : {"continuous", "contours"}
        Filled regions, or a line around each.
    linewidths : float
        Width of the lines, points.
    radiological : bool
        Show the left of the brain on the right.
    **kwargs
        Go to matplotlib's `imshow` (not for contours).

    Returns
    -------
    BaseSlicer
        The display, to which overlays, contours and markers can be added.

    Raises
    ------
    ArgumentError
        If the threshold is negative, the view type or display mode unknown, or
        the cuts do not fit it or all lie outside the volume.
    ArgumentTypeError
        If an argument has the wrong type, or the image is not 3-D.
    """
    check_plot_arguments(locals())
    check_choice(view_type, ("continuous", "contours"), "view_type")
    background = load_background(bg_img, dim=dim, black_bg=black_bg)
    image = drawable_image(roi_img, name="roi_img")
    regions = voxels_of_labels(image_data(image)) if _are_labels(image_data(image)) else {}
    if display_mode in ("x", "y", "z", "mosaic"):
        voxels = RegionVoxels(list(regions.values()), grid_of(image))
        cut_coords = cuts_through_regions(voxels, display_mode, cut_coords)
    cmap, vmin, vmax = _colors(cmap, vmin, vmax, list(regions))
    display = draw_map(
        image if view_type == "continuous" else None,
        background,
        cuts_from=image,
        cut_coords=cut_coords,
        display_mode=display_mode,
        figure=figure,
        axes=axes,
        title=title,
        annotate=annotate,
        draw_cross=draw_cross,
        black_bg=background.black_bg,
        threshold=threshold,
        resampling_interpolation=resampling_interpolation,
        colorbar=colorbar,
        cbar_tick_format=_label_format(cbar_tick_format, list(regions)),
        transparency=alpha,
        cmap=cmap,
        vmin=vmin,
        vmax=vmax,
        radiological=radiological,
        **kwargs,
    )
    if view_type == "contours":
        _draw_lines(display, image, cmap, vmin, vmax, alpha, linewidths)
    save_if_asked(display, output_file, keep_open=figure is not None or axes is not None)
    return display


def _label_format(tick_format: str, labels: list[float]) -> str:
    """Write whole labels as they are: the default would write 200 as 2e+02."""
    return "%d" if tick_format == _DEFAULT_FORMAT and labels else tick_format


def _are_labels(values: AnyArray) -> bool:
    return bool((values == np.rint(values)).all())


def _colors(
    cmap: Any, vmin: float | None, vmax: float | None, labels: list[float]
) -> tuple[Any, float | None, float | None]:
    """Give the colours and the range of labels that they stand for.

    The range is that of the whole image: taken from the cuts, a label would
    change its colour with them.
    """
    if hasattr(cmap, "columns"):
        cmap, first, last = colormap_of_table(cmap)
    else:
        first, last = None, None
    if first is None and labels:
        first, last = labels[0], labels[-1]
    return cmap, first if vmin is None else vmin, last if vmax is None else vmax


def _draw_lines(
    display: Any,
    image: Any,
    cmap: Any,
    vmin: float | None,
    vmax: float | None,
    alpha: float,
    linewidths: float,
) -> None:
    """Draw a line around each label."""
    values, grid = image_data(image), grid_of(image)
    regions = voxels_of_labels(values)
    for (label, ijk), color in zip(
        regions.items(), _line_colors(cmap, vmin, vmax, list(regions)), strict=True
    ):
        box = cropped_image(values, ijk, grid)
        mask = (image_data(box) == label).astype(np.float32)
        display.add_contours(
            type(box)(mask, box.affine),
            levels=[0.5],
            colors=[color],
            transparency=alpha,
            linewidths=linewidths,
            linestyles="solid",
        )


def _line_colors(
    cmap: Any, vmin: float | None, vmax: float | None, labels: list[float]
) -> AnyArray:
    import matplotlib as mpl

    cmap = mpl.colormaps.get_cmap(cmap)
    if cmap.name == TABLE_COLORMAP and vmin is not None and vmax is not None:
        return np.asarray(cmap((np.array(labels) - vmin) / (vmax - vmin)))
    return np.asarray(cmap(np.linspace(0, 1, len(labels))))
