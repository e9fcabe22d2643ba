"""Arrays as bytes that compress well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from skerry.typing import AnyArray, BoolArray


def shuffled(values: AnyArray) -> bytes:
    """Give the bytes of numbers, little end first: all first bytes, all second ones, ..."""
    small_end_first = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    return small_end_first.view(np.uint8).reshape(values.size, values.itemsize).T.tobytes()


def in_mask(values: AnyArray, mask: BoolArray) -> AnyArray:
    """Give the values inside a mask, the first axis fastest."""
    return np.asarray(values.T[mask.T])
