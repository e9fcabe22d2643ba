"""Where views go in a figure: pure arithmetic on their sizes in millimetres.

Every function takes the widths and heights of the views and a frame (left,
bottom, right, top, in fractions of the figure), and gives a box of the same
kind for each view. Within its box matplotlib keeps the aspect equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Box: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top


def in_a_row(widths_mm: Sequence[float], frame: Box) -> list[Box]:
    """Put views side by side, each as wide as its part of the sum.

    Examples
    --------
    >>> in_a_row([1, 3], (0, 0, 1, 1))
    [(0.0, 0, 0.25, 1), (0.25, 0, 1.0, 1)]
    """
    left, bottom, right, top = frame
    total = float(sum(widths_mm))
    boxes, start = [], float(left)
    for width in widths_mm:
        end = start + width / total * (right - left)
        boxes.append((start, bottom, end, top))
        start = end
    return boxes


def in_rows(rows_mm: Sequence[Sequence[float]], frame: Box) -> list[list[Box]]:
    """Put rows of views on top of each other, the first at the bottom, equally high.

    Examples
    --------
    >>> in_rows([[1], [2, 2]], (0, 0, 1, 1))
    [[(0.0, 0.0, 1.0, 0.5)], [(0.0, 0.5, 0.5, 1.0), (0.5, 0.5, 1.0, 1.0)]]
    """
    left, bottom, right, top = frame
    height = (top - bottom) / len(rows_mm)
    return [
        in_a_row(widths, (left, bottom + row * height, right, bottom + (row + 1) * height))
        for row, widths in enumerate(rows_mm)
    ]


def tiled(
    x_mm: tuple[float, float], y_mm: tuple[float, float], z_mm: tuple[float, float], frame: Box
) -> tuple[Box, Box, Box]:
    """Put the y view top left, the x view top right, the z view below y.

    Parameters
    ----------
    x_mm, y_mm, z_mm : (width, height)
        Of each view, mm.
    frame : Box
        What they share.

    Returns
    -------
    tuple of Box
        Of x, y and z.
    """
    left, bottom, right, top = frame
    across = (right - left) / (y_mm[0] + x_mm[0])
    up = (top - bottom) / (y_mm[1] + z_mm[1])
    x = (right - x_mm[0] * across, top - x_mm[1] * up, right, top)
    y = (left, top - y_mm[1] * up, left + y_mm[0] * across, top)
    z = (left, bottom, left + z_mm[0] * across, bottom + z_mm[1] * up)
    return x, y, z
