"""From the name of a display mode to the class that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentError
from skerry.plotting.displays.mosaic import MosaicSlicer
from skerry.plotting.displays.ortho import OrthoSlicer, XZSlicer, YXSlicer, YZSlicer
from skerry.plotting.displays.stacked import XSlicer, YSlicer, ZSlicer
from skerry.plotting.displays.tiled import TiledSlicer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from skerry.plotting.displays.base import BaseSlicer

SLICERS: dict[str, type[BaseSlicer]] = {
    "ortho": OrthoSlicer,
    "tiled": TiledSlicer,
    "mosaic": MosaicSlicer,
    "xz": XZSlicer,
    "yz": YZSlicer,
    "yx": YXSlicer,
    "x": XSlicer,
    "y": YSlicer,
    "z": ZSlicer,
}


def get_slicer(display_mode: str) -> Callable[..., Any]:
    """Give what makes a display of cuts.

    Parameters
    ----------
    display_mode : {"ortho", "tiled", "mosaic", "x", "y", "z", "xz", "yx", "yz"}
        One cut of each direction in a row or in a square, cuts of all directions,
        cuts of one direction, or one cut of each of two directions.

    Returns
    -------
    callable
        `init_with_figure` of the class.

    Raises
    ------
    ArgumentError
        If there is no such mode.
    """
    return choose_display(display_mode, SLICERS)


def choose_display(
    display_mode: str, classes: Mapping[str, type[BaseSlicer]]
) -> Callable[..., Any]:
    """Give `init_with_figure` of the class of a mode; an error lists the modes there are."""
    if display_mode not in classes:
        raise ArgumentError(
            f"{display_mode} is not a valid display_mode. Valid options are {sorted(classes)}"
        )
    return classes[display_mode].init_with_figure
