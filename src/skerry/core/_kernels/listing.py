"""Loops over lists of voxels: which there are, and what their numbers are elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["place_voxels", "renumber"]


def place_voxels(
    words: Any, rest: Any, factor: Any, shift: Any, place_rows: Any, listed: Any, place: Any
) -> None:
    """List voxels by rising index into a set, with their places.

    No checks: all arrays are one-dimensional; `words` (uint64) holds a voxel a byte, the
    first in the lowest, 1 if it belongs to the set, and `rest` (uint8) those that fill no
    word; `place_rows` (int32) is what each row adds to the index, ``index * factor >> shift``
    (all three uint64) is a voxel's row; `listed` (int64) is longer by one than there are
    voxels.
    """
    n_listed = np.uint64(0)
    for k in range(len(words)):
        word = words[k]
        if word != 0:  # most of a map's field of view is empty, and so are its words
            begin = 8 * k
            for i in range(8):  # a wrong one is written over: quicker than a branch
                listed[n_listed] = begin + i
                n_listed += word & np.uint64(1)
                word >>= np.uint64(8)
    for i in range(len(rest)):
        listed[n_listed] = 8 * len(words) + i
        n_listed += np.uint64(rest[i])
    for i in range(len(place)):
        index = listed[i]
        place[i] = place_rows[(np.uint64(index) * factor) >> shift] + index


def renumber(numbers: Any, factor: Any, shift: Any, rows: Any, step: int, new: Any) -> None:
    """Turn the numbers of voxels into others.

    No checks: all arrays are one-dimensional int32; `factor` and `shift` are the
    `reciprocal`, `rows` and `step` those of a `skerry.space.renumber.Renumbering`.
    """
    for i in range(len(numbers)):
        number = numbers[i]
        # Unsigned, because a negative row would have to be looked out for.
        row = (np.uint64(np.uint32(number)) * factor) >> shift
        new[i] = rows[row] + step * number
