"""Cuts through an anatomical image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from skerry.plotting.inputs.arguments import check_plot_arguments
from skerry.plotting.inputs.background import MNI152TEMPLATE, load_background
from skerry.plotting.maps.img import plot_img

if TYPE_CHECKING:
    from skerry.plotting.displays import BaseSlicer
    from skerry.typing import ImageLike, PathLike

# The template is zero outside the brain: nothing is drawn there.
_OUTSIDE_THE_BRAIN = 1e-6


def plot_anat(
    anat_img: ImageLike | Literal[False] | None = MNI152TEMPLATE,
    cut_coords: Any = None,
    output_file: PathLike | None = None,
    display_mode: str = "ortho",
    figure: Any = None,
    axes: Any = None,
    title: str | None = None,
    annotate: bool = True,
    threshold: float | str | None = None,
    draw_cross: bool = True,
    black_bg: bool | Literal["auto"] = "auto",
    dim: float | Literal["auto"] | None = "auto",
    cmap: Any = "gray",
    colorbar: bool = True,
    cbar_tick_format: str = "%.2g",
    radiological: bool = False,
    vmin: float | None = None,
    vmax: float | None = None,
    **kwargs: Any,
) -> BaseSlicer:
    """Draw cuts through an anatomical image.

    Parameters
    ----------
    anat_img : path, nibabel image, False or None
        Volume of shape (I, J, K); the MNI152 template unless given. None and
        False draw empty views. Non-finite values count as zero.
    cut_coords, output_file, display_mode, figure, axes, title, annotate, threshold
        As in `plot_img`.
    draw_cross : bool
        Draw where the other cuts are.
    black_bg : bool or "auto"
        Black page; `"auto"` looks at the border of the image (white for the
        template).
    dim : float or "auto"
        How much the image steps back: positive values pull its greys towards
        the page, negative ones add contrast, 0 leaves them.
    cmap, colorbar, cbar_tick_format, radiological
        As in `plot_img`.
    vmin, vmax : float, optional
        Values drawn in black and white, in place of those that `dim` gives.
    **kwargs
        Go to `plot_img`.

    Returns
    -------
    BaseSlicer
        The display, to which overlays, contours and markers can be added.

    Raises
    ------
    ArgumentError
        If the threshold is negative, `dim` no number, the display mode unknown,
        or the cuts do not fit it.
    ArgumentTypeError
        If an argument has the wrong type, or the image is not 3-D.
    """
    check_plot_arguments(locals())
    background = load_background(anat_img, dim=dim, black_bg=black_bg)
    if anat_img is MNI152TEMPLATE and threshold is None:
        threshold = _OUTSIDE_THE_BRAIN
    return plot_img(
        background.img,
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
        colorbar=colorbar,
        cbar_tick_format=cbar_tick_format,
        vmin=background.vmin if vmin is None else vmin,
        vmax=background.vmax if vmax is None else vmax,
        cmap=cmap,
        radiological=radiological,
        **kwargs,
    )
