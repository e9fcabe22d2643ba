"""Loops over lists of voxels: which there are, and what their numbers are elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["number_voxels", "renumber_twice"]


def number_voxels(
    inside: Any,
    n_middle: int,
    n_last: int,
    low: Any,
    high: Any,
    place_rows: Any,
    number_rows: Any,
    number_step: int,
    listed: Any,
    place: Any,
    number: Any,
) -> None:
    """List voxels by rising index into `inside`, with their places and numbers.

    No checks: all arrays are one-dimensional; `inside` (bool) says of every voxel of the
    grid whether it belongs to the set; rows count along the middle axis, then along the
    first; `low` and `high` (3, int64) are the lowest and highest positions of the set;
    `place_rows` and `number_rows` (int32) are what each row adds to the index and to
    `number_step` times the index; `listed` (int64) is longer by one than there are voxels.
    """
    size = high[2] + 1 - low[2]
    n_listed = 0
    for first in range(low[0], high[0] + 1):
        for middle in range(low[1], high[1] + 1):
            row = first * n_middle + middle
            begin = row * n_last + low[2]
            own = inside[begin : begin + size]
            ahead = listed[n_listed:]
            n_own = 0
            for i in range(size):  # a wrong one is written over: quicker than a branch
                ahead[n_own] = begin + i
                n_own += own[i]
            end = n_listed + n_own
            index, to_place, to_number = listed[n_listed:end], place_rows[row], number_rows[row]
            own_place, own_number = place[n_listed:end], number[n_listed:end]
            for i in range(n_own):
                own_place[i] = to_place + index[i]
                own_number[i] = to_number + number_step * index[i]
            n_listed = end


def renumber_twice(
    numbers: Any,
    n_last_inverse: float,
    place_rows: Any,
    place_step: int,
    index_rows: Any,
    index_step: int,
    place: Any,
    index: Any,
) -> None:
    """Turn the numbers of voxels into their places and indices.

    No checks: all arrays are one-dimensional int32; the rows and steps are those of
    two `skerry.space.renumber.Renumbering` whose rows hold ``1 / n_last_inverse`` voxels.
    """
    for i in range(len(numbers)):
        number = numbers[i]
        # A product, because vector registers cannot divide; half a voxel keeps it off the
        # edge of a row. Unsigned, because a negative row would have to be looked out for.
        row = np.uint32((number + 0.5) * n_last_inverse)
        place[i] = place_rows[row] + place_step * number
        index[i] = index_rows[row] + index_step * number
