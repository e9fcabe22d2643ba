"""What figures of regions share: their checks, their title, and how they end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.errors import ArgumentError
from skerry.io.paths import shown
from skerry.plotting.inputs.arguments import check_figure_file
from skerry.plotting.maps.draw import save_if_asked

if TYPE_CHECKING:
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray, PathLike

DISPLAYS = ("ortho", "x", "y", "z", "mosaic", "glass")
NO_REGIONS = "no regions"


def check_display(display_mode: str, output_file: PathLike | None) -> None:
    """Refuse a display mode or a file that a figure cannot have.

    Raises
    ------
    ArgumentError
        With what is possible.
    """
    if display_mode not in DISPLAYS:
        raise ArgumentError(
            f"display_mode must be one of {', '.join(DISPLAYS)}, got {display_mode!r}"
        )
    check_figure_file(output_file)


def image_on_grid(values: AnyArray, regions: Regions) -> Any:
    """Give values as an image on the grid of some regions."""
    from skerry.space.nifti import nifti_image

    return nifti_image(values, regions.grid.affine)


def cuts_through_map(shown: Any, regions: Regions, display_mode: str) -> Any:
    """Choose cuts where a map has something to see: five along an axis, seven in a mosaic.

    Parameters
    ----------
    shown : nibabel image
        The map as it is drawn.
    regions : Regions
        Without any, an ortho display cuts through the middle of the grid.
    display_mode : str
        A mode of the slicers.

    Returns
    -------
    cut_coords for that mode, RAS+ mm
    """
    from skerry.plotting.cuts.maps import find_cut_slices, find_xyz_cut_coords

    axes: tuple[Literal["x", "y", "z"], ...] = ("x", "y", "z")
    if display_mode == "mosaic":
        return {axis: find_cut_slices(shown, direction=axis, n_cuts=7) for axis in axes}
    for axis in axes:
        if display_mode == axis:
            return find_cut_slices(shown, direction=axis, n_cuts=5)
    if len(regions):
        return find_xyz_cut_coords(shown)
    return regions.grid.xyz((np.array(regions.grid.shape) - 1) / 2).tolist()


def title_of(regions: Regions) -> str:
    """Give the map's name, the number of regions, the threshold, and how it was asked for."""
    found = {0: NO_REGIONS, 1: "1 region"}.get(len(regions), f"{len(regions)} regions")
    height = f"|value| ≥ {regions.threshold:.4g}"
    if not math.isfinite(regions.threshold):  # no height can hold what was asked for
        height = regions.asked
    elif not _is_number(regions.asked):
        height += f" ({regions.asked})"
    return f"{shown(regions.statmap.name)}: {found}, {height}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def say_no_regions(display: Any) -> None:
    """Write across a display that there are no regions."""
    ink, page = ("w", "k") if display.black_bg else ("k", "w")
    left, bottom, right, top = display.rect
    display.frame_axes.get_figure().text(
        (left + right) / 2,
        (bottom + top) / 2,
        NO_REGIONS,
        color=ink,
        ha="center",
        va="center",
        size=15,
        zorder=1003,
        bbox={"boxstyle": "square,pad=.3", "ec": page, "fc": page},
        parse_math=False,
    )


def finished(display: Any, output_file: PathLike | None, *, keep_open: bool = False) -> Any:
    """Give a display; where a file is asked for, save it there, close it and give None."""
    save_if_asked(display, output_file, keep_open=keep_open)
    return display if output_file is None else None
