"""Loops over lists of voxels: which there are, and what their numbers are elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["place_voxels", "renumber"]


def place_voxels(
    inside: Any,
    n_middle: int,
    n_last: int,
    low: Any,
    end: Any,
    place_rows: Any,
    listed: Any,
    place: Any,
) -> None:
    """List voxels by rising index into `inside`, with their places.

    No checks: all arrays are one-dimensional; `inside` (bool) says of every voxel of the
    grid whether it belongs to the set; rows count along the middle axis, then along the
    first; the set lies from `low` (3, int64) to before `end`;
    `place_rows` (int32) is what each row adds to the index; `listed` (int64) is longer by
    one than there are voxels.
    """
    size = end[2] - low[2]
    n_listed = 0
    for first in range(low[0], end[0]):
        for middle in range(low[1], end[1]):
            row = first * n_middle + middle
            begin = row * n_last + low[2]
            own = inside[begin : begin + size]
            ahead = listed[n_listed:]
            n_own = 0
            for i in range(size):  # a wrong one is written over: quicker than a branch
                ahead[n_own] = begin + i
                n_own += own[i]
            index = listed[n_listed : n_listed + n_own]
            own_place = place[n_listed : n_listed + n_own]
            for i in range(n_own):
                own_place[i] = place_rows[row] + index[i]
            n_listed += n_own


def renumber(numbers: Any, n_last_inverse: float, rows: Any, step: int, new: Any) -> None:
    """Turn the numbers of voxels into others.

    No checks: all arrays are one-dimensional int32; `rows` and `step` are those of a
    `skerry.space.renumber.Renumbering` whose rows hold ``1 / n_last_inverse`` voxels.
    """
    for i in range(len(numbers)):
        number = numbers[i]
        # A product, because vector registers cannot divide; half a voxel keeps it off the
        # edge of a row. Unsigned, because a negative row would have to be looked out for.
        row = np.uint32((number + 0.5) * n_last_inverse)
        new[i] = rows[row] + step * number
