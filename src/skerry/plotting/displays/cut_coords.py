"""The rules on `cut_coords`: which kinds a display takes, and whether they hit the image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.io.notice import notice

if TYPE_CHECKING:
    from skerry.plotting.displays.slices import Bounds

# Evenly spaced cuts where there is no image to choose them from: MNI space, mm.
USUAL_RANGE_MM = {"x": (-40.0, 40.0), "y": (-30.0, 30.0), "z": (-30.0, 75.0)}
USUAL_NUMBER_OF_CUTS = 7


def is_sequence(cut_coords: Any) -> bool:
    """Tell whether this is a list of coordinates (not a number, text or dict)."""
    return isinstance(cut_coords, (list, tuple, np.ndarray))


def refuse(display: str, expects: str, cut_coords: Any) -> ArgumentError:
    """Make the error for coordinates of the wrong kind."""
    return ArgumentError(
        f"cut_coords passed does not match the display mode. {display} plotting expects "
        f"{expects}. You provided cut_coords={cut_coords}."
    )


def spread_cuts(direction: str, n_cuts: int) -> list[float]:
    """Give evenly spaced cuts through the middle of the brain, mm."""
    cuts: list[float] = np.linspace(*USUAL_RANGE_MM[direction], int(n_cuts)).tolist()
    return cuts


def chosen_cuts(img: Any, direction: Any, n_cuts: int) -> list[float]:
    """Give cuts through the strongest parts of an image, mm."""
    from skerry.plotting.cuts.maps import find_cut_slices

    return [float(cut) for cut in find_cut_slices(img, direction=direction, n_cuts=int(n_cuts))]


def without_duplicates(cut_coords: Sequence[float], where: str = "") -> list[float]:
    """Drop repeated cuts, with a warning, keeping the order."""
    kept = list(dict.fromkeys(cut_coords))
    if len(kept) < len(cut_coords):
        notice(f"Dropping duplicates cuts from: cut_coords={list(cut_coords)}{where}")
    return kept


def stacked(display: str, cut_coords: Any) -> Any:
    """Check the cuts of a display of one direction: a number of cuts, or their places."""
    if cut_coords is None:
        return USUAL_NUMBER_OF_CUTS
    if is_sequence(cut_coords):
        kept = without_duplicates(cut_coords)
        return kept if len(kept) < len(cut_coords) else cut_coords
    if isinstance(cut_coords, Number):
        return cut_coords
    raise refuse(display, "a number, list, tuple or array of numbers or None", cut_coords)


def one_each(display: str, n_directions: int, cut_coords: Any) -> Any:
    """Check the cuts of a display with one cut for each direction."""
    if cut_coords is None or (is_sequence(cut_coords) and len(cut_coords) == n_directions):
        return cut_coords
    raise refuse(display, f"tuple of length {n_directions} or None", cut_coords)


def mosaic(display: str, cut_coords: Any) -> Any:
    """Check the cuts of a mosaic: numbers of cuts, or their places by direction."""
    if cut_coords is None:
        cut_coords = USUAL_NUMBER_OF_CUTS
    if isinstance(cut_coords, Number):
        return [cut_coords] * 3
    if is_sequence(cut_coords) and len(cut_coords) == 3:
        return cut_coords
    if (
        isinstance(cut_coords, Mapping)
        and set(cut_coords) == {"x", "y", "z"}
        and all(is_sequence(cuts) for cuts in cut_coords.values())
    ):
        return {
            direction: without_duplicates(cuts, f" (direction '{direction}')")
            for direction, cuts in cut_coords.items()
        }
    raise refuse(
        display,
        "a number, a list, tuple, or array of 3 numbers, or a dictionary with keys "
        "'x', 'y', 'z' and values as array",
        cut_coords,
    )


def check_inside(bounds_mm: Bounds, directions: Sequence[str], coordinates: Sequence[Any]) -> None:
    """Refuse cuts that all miss the image; warn if some do.

    Parameters
    ----------
    bounds_mm : (3, 2) float
        Outer edges of the image.
    directions, coordinates : sequences of equal length
        The direction and the coordinate (mm) of each cut.

    Raises
    ------
    ArgumentError
        If no cut hits the image.
    """
    inside = [
        bounds_mm["xyz".index(direction)][0] <= at <= bounds_mm["xyz".index(direction)][1]
        for direction, at in zip(directions, coordinates, strict=True)
    ]
    if all(inside):
        return
    reach = "; ".join(
        f"{name}: [{low:.2f}, {high:.2f}]"
        for name, (low, high) in zip("xyz", bounds_mm, strict=True)
    )
    if not any(inside):
        given = [float(at) for at in coordinates]
        raise ArgumentError(
            f"Specified cut_coords={given} is out of the bounds of the image. "
            f"The image reaches, in mm, over {reach}."
        )
    notice(
        "Some of the specified cut_coords seem to be out of the image bounds, "
        f"and show nothing of it. It reaches, in mm, over {reach}."
    )
