"""Connectivity 6, 18 or 26: which voxels of a 3 x 3 x 3 block neighbour its centre."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BLOCK", "REACH", "in_block"]

REACH = {6: 1, 18: 2, 26: 3}  # along how many axes a step may go at once
BLOCK = np.array(list(product((-1, 0, 1), repeat=3)))


@cache
def in_block(connectivity: int) -> NDArray[np.bool_]:
    """(27,) whether each voxel of a 3 x 3 x 3 block, x slowest, neighbours its centre."""
    far = np.abs(BLOCK).sum(axis=1)
    neighbour = np.asarray((far > 0) & (far <= REACH[connectivity]))
    neighbour.flags.writeable = False  # all callers share it
    return neighbour
