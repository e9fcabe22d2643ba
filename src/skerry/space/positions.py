"""From positions to millimetres, and millimetres that compare the same on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray

__all__ = ["RESOLUTION_MM", "turn", "whole"]

# Coordinates closer than this are equal: headers hold float32, which rounds at 1e-5 mm.
RESOLUTION_MM = 1e-3


def turn(positions: AnyArray, basis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Go from positions on some axes to millimetres, term by term.

    A matrix product may add in another order on another machine.
    """
    p = np.asarray(positions, dtype=np.float64)
    return np.stack(
        [p[..., 0] * row[0] + p[..., 1] * row[1] + p[..., 2] * row[2] for row in basis], axis=-1
    )


def whole(xyz_mm: AnyArray) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Give x, y and z in whole steps of `RESOLUTION_MM`, which compare without rounding."""
    x, y, z = np.rint(np.moveaxis(xyz_mm, -1, 0) / RESOLUTION_MM).astype(np.int64)
    return x, y, z
