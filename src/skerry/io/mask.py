"""Read masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError, GridMismatchError
from skerry.io.volume import volume_of

if TYPE_CHECKING:
    from skerry.space.grid import Grid
    from skerry.typing import BoolArray, ImageLike


def load_mask(
    mask: ImageLike, grid: Grid, *, name: str = "mask", max_bytes: int | None = None
) -> BoolArray:
    """Read a mask that lies on a grid: non-zero voxels are inside.

    Parameters
    ----------
    mask : path or nibabel image
        Whole numbers only.
    grid : Grid
        That of the map; a mask is never resampled.
    name : str
        Name of the parameter, for error messages.
    max_bytes : int, optional
        As in `load_map`.

    Returns
    -------
    (I, J, K) bool
        Inside.

    Raises
    ------
    GridMismatchError
        If it lies on another grid.
    ArgumentError
        If it holds NaN or fractions, or is empty.
    """
    found = volume_of(mask, None, name, max_bytes)
    said = found.said if found.said.startswith(name) else f"{name} {found.said}"
    check_same_grid(found.grid, grid, said)
    values = found.values
    if values.dtype.kind == "f" and not (values == np.rint(values)).all():
        raise ArgumentError(
            f"{said} holds NaN or fractions; a mask is made of whole numbers, 0 outside"
        )
    inside = values != 0
    if not inside.any():
        raise ArgumentError(f"{said} is empty: all its voxels are 0")
    return np.asarray(inside)


def check_same_grid(found: Grid, wanted: Grid, said: str, *, whose: str = "the map") -> None:
    """Refuse what lies on another grid: nothing is resampled without being asked.

    Raises
    ------
    GridMismatchError
        If the grids differ (see `Grid.same_as` for the tolerance).
    """
    if found.shape != wanted.shape:
        raise GridMismatchError(
            f"{said} has shape {found.shape} but {whose} has {wanted.shape}; "
            "bring it to the same grid first"
        )
    if not found.same_as(wanted):
        raise GridMismatchError(
            f"{said} has the shape of {whose} but another affine (its corners lie up to "
            f"{found.farthest_corner_mm(wanted):.3g} mm apart); bring it to the same grid first"
        )
