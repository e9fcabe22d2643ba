"""The loops that list the voxels of a set, row by row as they lie in memory.

All arrays are one-dimensional; `inside` (bool) says of every voxel of the grid
whether it belongs to the set. A row runs along the last axis in memory, rows count
along the middle axis, then along the first.
"""

from __future__ import annotations

from typing import Any

__all__ = ["bound_voxels", "number_voxels"]


def bound_voxels(inside: Any, n_middle: int, n_last: int, low: Any, high: Any) -> int:
    """Find the box that holds a set of voxels.

    No checks: `low` (3, int64) starts as the sizes of the axes and `high` (3, int64) as -1.

    Returns
    -------
    int
        Number of voxels in the set.
    """
    n_voxels = 0
    for row in range(len(inside) // n_last):
        own = inside[row * n_last : (row + 1) * n_last]
        n_own = 0
        for last in range(n_last):
            n_own += own[last]
        if n_own == 0:
            continue
        n_voxels += n_own
        first, middle = row // n_middle, row % n_middle
        low[0], high[0] = min(low[0], first), first
        low[1], high[1] = min(low[1], middle), max(high[1], middle)
        last = 0
        while last < low[2] and not own[last]:
            last += 1
        low[2] = last
        last = n_last - 1
        while last > high[2] and not own[last]:
            last -= 1
        high[2] = last
    return n_voxels


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

    No checks: `low` and `high` come from `bound_voxels`; `place_rows` and
    `number_rows` (int32) are what each row adds to the index and to `number_step`
    times the index; `listed` (int64) is longer by one than there are voxels.
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
