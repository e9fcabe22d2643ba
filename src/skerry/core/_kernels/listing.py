"""The loop that lists the voxels of a set, row by row as they lie in memory."""

from __future__ import annotations

from typing import Any

__all__ = ["number_voxels"]


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
