"""From one way to number the voxels of a box to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Renumbering", "renumbering"]


@dataclass(frozen=True, slots=True)
class Renumbering:
    """What turns the numbers of voxels, counted row by row, into other numbers.

    Parameters
    ----------
    n_last : int32
        Voxels in a row.
    step : int32
        From the new number of a voxel to that of the next in its row.
    rows : (n_rows,) int32
        What each row adds to `step` times the old number.

    Notes
    -----
    One division and one small table for each voxel. All is computed modulo 2**32; what
    comes out fits.
    """

    n_last: np.int32
    step: np.int32
    rows: NDArray[np.int32]

    def reciprocal(self) -> tuple[np.uint64, np.uint64]:
        """Give m and s for which ``number * m >> s`` is ``number // n_last``.

        For all numbers below 2**31, exactly and within 64 bits: ``m * n_last`` is above
        ``2**s`` by less than n_last, so that what it adds, times the number, stays below
        ``2**s`` (Granlund & Montgomery 1994, doi:10.1145/178243.178249).
        """
        n_last = int(self.n_last)
        shift = 31 + (n_last - 1).bit_length()
        return np.uint64(-(-(1 << shift) // n_last)), np.uint64(shift)

    def of(
        self, numbers: NDArray[np.int32], row: NDArray[np.int32] | None = None
    ) -> NDArray[np.int32]:
        """(n,) new numbers of old ones; `row` is the row of each, where that is known."""
        row = numbers // self.n_last if row is None else row
        # int64: `take` is slower where it has to convert its indices
        # mode: half the time of plain indexing, which looks for wrong numbers first
        new = self.rows.take(row.astype(np.int64), mode="clip")
        new += numbers if self.step == 1 else numbers * self.step
        return new


def renumbering(shape: Sequence[int], strides: Sequence[int], offset: int) -> Renumbering:
    """Make what turns raveled indices into other numbers.

    Parameters
    ----------
    shape : sequence of three int
        Old numbers count its voxels, the last axis fastest.
    strides : sequence of three int
        From the new number of a voxel to that of the next along each axis.
    offset : int
        New number of the voxel (0, 0, 0).

    Examples
    --------
    >>> reversed_ = renumbering((2, 2, 3), (-6, -3, -1), 11)
    >>> reversed_.of(np.arange(4, dtype=np.int32))
    array([11, 10,  9,  8], dtype=int32)
    """
    n_first, n_middle, n_last = shape
    first, middle, last = strides
    # Wrapped to 32 bits before they are added up: a quarter of the memory to go through.
    of_first = np.arange(n_first) * (first - last * n_middle * n_last) + offset
    of_middle = np.arange(n_middle) * (middle - last * n_last)
    rows = np.add.outer(of_first.astype(np.int32), of_middle.astype(np.int32)).ravel()
    return Renumbering(np.int32(max(n_last, 1)), np.int32(last), rows)
