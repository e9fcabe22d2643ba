"""One map over one background: what every plot function of volumes does in the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from skerry.image.niimg import image_data
from skerry.io.notice import notice
from skerry.plotting.inputs.display_threshold import check_not_negative, threshold_value
from skerry.plotting.inputs.drawable import drawable_image

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.plotting.displays import BaseSlicer
    from skerry.plotting.inputs.background import Background
    from skerry.typing import PathLike


def draw_map(
    img: Any,
    background: Background | None = None,
    *,
    cuts_from: Any = None,
    display_mode: str = "ortho",
    cut_coords: Any = None,
    figure: Any = None,
    axes: Any = None,
    title: str | None = None,
    threshold: Any = None,
    annotate: bool = True,
    draw_cross: bool = True,
    black_bg: bool = False,
    colorbar: bool = False,
    vmin: float | None = None,
    vmax: float | None = None,
    radiological: bool = False,
    decimals: int | bool = False,
    interpolation: str = "nearest",
    brain_color: tuple[float, float, float] = (0.5, 0.5, 0.5),
    display_factory: Callable[[str], Callable[..., Any]] | None = None,
    output_file: PathLike | None = None,
    **overlay: Any,
) -> BaseSlicer:
    """Draw a map over a background, with marks and a title.

    Parameters
    ----------
    img : path, nibabel image, None or False
        What to draw. None draws the background alone.
    background : Background, optional
        What lies beneath.
    cuts_from : nibabel image, optional
        What to choose the cuts from, and to hold given cuts against, if not `img`.
    display_factory : callable
        Gives, for a display mode, what makes its display; slicers unless said
        otherwise.
    output_file : path, optional
        Save there and close the figure (a figure or axes of the caller's stay open).
    **overlay
        Go to the display's `add_overlay`.

    Returns
    -------
    display
        It can be saved again, but is not shown by pyplot once closed.

    Raises
    ------
    ArgumentError
        If the threshold is negative or no percentage, or the display mode unknown.
    """
    check_not_negative(threshold)
    vmin, vmax = _without_nan(vmin, vmax)
    image = None if img is None or img is False else drawable_image(img)
    level = threshold if image is None else threshold_value(threshold, image_data(image))
    display: BaseSlicer = (display_factory or _slicers())(display_mode)(
        image if cuts_from is None else cuts_from,
        threshold=None if isinstance(level, str) else level,
        cut_coords=cut_coords,
        figure=figure,
        axes=axes,
        black_bg=black_bg,
        colorbar=colorbar,
        brain_color=brain_color,
        radiological=radiological,
    )
    if background is not None and background.img is not None:
        display.add_overlay(
            background.img,
            vmin=background.vmin,
            vmax=background.vmax,
            cmap="gray",
            interpolation=interpolation,
        )
    if image is not None:
        display.add_overlay(
            image,
            threshold=level,
            interpolation=interpolation,
            colorbar=colorbar,
            vmin=vmin,
            vmax=vmax,
            **overlay,
        )
    if annotate:
        display.annotate(decimals=decimals)
    if draw_cross:
        display.draw_cross()
    if title:
        display.title(title)
    save_if_asked(display, output_file, keep_open=figure is not None or axes is not None)
    return display


def _slicers() -> Callable[[str], Callable[..., Any]]:
    from skerry.plotting.displays import get_slicer

    return get_slicer


def save_if_asked(display: Any, output_file: PathLike | None, *, keep_open: bool) -> None:
    """Save a display where a file is asked for, and close its figure.

    Parameters
    ----------
    display : display object
        With `savefig` and `close`.
    output_file : path or None
        Folders on the way are made.
    keep_open : bool
        Whether the figure is the caller's, who closes it.
    """
    if output_file is None:
        return
    display.savefig(output_file)
    if not keep_open:
        display.close()


def _without_nan(*ends: float | None) -> tuple[float | None, ...]:
    kept = tuple(None if end is not None and math.isnan(end) else end for end in ends)
    if kept != ends:
        notice(
            "NaN is not permitted for the vmax and vmin arguments; that end is chosen from the "
            "map. Tip: use np.nanmax() instead of np.max().",
            UserWarning,
        )
    return kept
