"""The voxels of a set, met one by one."""

from __future__ import annotations

import numpy as np


def walk(inside):
    """Indices of the voxels of a set into the raveled set, met in C order."""
    return [index for index, position in enumerate(np.ndindex(*inside.shape)) if inside[position]]
