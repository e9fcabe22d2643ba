"""Loops around a sort: heights and places into one key that falls with the height, and back.

A key has 64 bits, as many as numpy's vectorised sort takes. All arrays are one-dimensional
and of one length.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["key_double", "key_single", "read_double", "read_single"]

HALF = np.uint64(32)


def key_single(bits: Any, place: Any, keys: Any) -> None:
    """Make `keys` (uint64) of the `bits` (uint32) of positive floats and of their places."""
    for i in range(len(keys)):
        keys[i] = (np.uint64(~bits[i]) << HALF) | np.uint64(place[i])


def read_single(keys: Any, bits: Any, place: Any) -> None:
    """Read `bits` (uint32) and `place` (int32) from what `key_single` made."""
    for i in range(len(keys)):
        key = keys[i]
        bits[i] = ~np.uint32(key >> HALF)
        place[i] = np.int32(key)


def key_double(bits: Any, low: Any, keys: Any) -> None:
    """Make `keys` (uint64) of the `bits` (uint64) of positive floats and of their numbers.

    No checks: `low` (uint64) covers the bits that the numbers need.
    """
    for i in range(len(keys)):
        keys[i] = (~bits[i] & ~low) | np.uint64(i)


def read_double(keys: Any, low: Any, heights: Any, places: Any, height: Any, place: Any) -> bool:
    """Put heights and places in the order of what `key_double` made.

    Returns
    -------
    bool
        Whether a height is above the one before, for the bits that the numbers took.
    """
    wrong = False
    before = np.inf
    for i in range(len(keys)):
        number = keys[i] & low
        here = heights[number]
        height[i] = here
        place[i] = places[number]
        wrong |= here > before
        before = here
    return wrong
