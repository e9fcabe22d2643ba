"""TFCE from its definition: the integral over h of e(h)**E h**H, height by height."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from reference.merge_tree import SlowTree, grid_edges


def slow_tfce(values, connectivity, E=0.5, H=2.0):
    """Scores of a small 3-D array, both signs; every island is flooded anew."""
    edges = grid_edges(values.shape, connectivity)
    no_matter = np.zeros((values.size, 3))
    scores = np.zeros(values.size)
    for sign in (1, -1):
        islands = SlowTree(sign * values.ravel().astype(float), edges, no_matter)
        steps = np.unique([0.0, *islands.height.values()])
        for low, high in pairwise(steps):
            slab = (high ** (H + 1) - low ** (H + 1)) / (H + 1)
            left = {voxel for voxel, height in islands.height.items() if height >= high}
            while left:
                island = islands.island(next(iter(left)), high)
                scores[list(island)] += sign * len(island) ** E * slab
                left -= island
    return scores.reshape(values.shape)
