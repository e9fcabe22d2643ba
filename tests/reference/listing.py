"""The voxels of a set and its box, met one by one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Walked(NamedTuple):
    listed: list  # index into the raveled set
    low: list  # the lowest and the highest position along each axis
    high: list


def walk(inside):
    """Walk through the voxels in C order."""
    listed, positions = [], []
    for index, position in enumerate(np.ndindex(*inside.shape)):
        if inside[position]:
            listed.append(index)
            positions.append(position)
    along = list(zip(*positions, strict=True))
    return Walked(listed, [min(axis) for axis in along], [max(axis) for axis in along])
