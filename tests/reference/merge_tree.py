"""What the merge tree must say, worked out the slow way from the definitions.

Nothing here is swept or sorted cleverly: islands are flooded anew for every
question, and ties are decided by comparing millimetres.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np

REACH = {6: 1, 18: 2, 26: 3}


def grid_edges(shape, connectivity):
    """Neighbours of every voxel of a grid, by index into the raveled array."""
    steps = [
        step
        for step in product((-1, 0, 1), repeat=3)
        if 0 < sum(map(abs, step)) <= REACH[connectivity]
    ]
    edges = {}
    for voxel in np.ndindex(*shape):
        beside = [tuple(np.add(voxel, step)) for step in steps]
        inside = [b for b in beside if all(0 <= x < n for x, n in zip(b, shape, strict=True))]
        edges[int(np.ravel_multi_index(voxel, shape))] = [
            int(np.ravel_multi_index(b, shape)) for b in inside
        ]
    return edges


class SlowTree:
    """The positive voxels of a map as a landscape.

    `values` by index; `edges` from `grid_edges`; `xyz` (n, 3) whole millimetres.
    """

    def __init__(self, values, edges, xyz, floor=0.0):
        self.height = {i: float(v) for i, v in enumerate(values) if v > 0 and float(v) >= floor}
        self.edges = {i: [j for j in edges[i] if j in self.height] for i in self.height}
        self.xyz = {i: tuple(int(c) for c in xyz[i]) for i in self.height}
        self.floor = floor

    def key(self, voxel):
        """Sorts the higher voxel first; of equal ones the lower x, y, z."""
        return (-self.height[voxel], self.xyz[voxel])

    def flood(self, voxel, allowed):
        found, todo = {voxel}, [voxel]
        while todo:
            for beside in self.edges[todo.pop()]:
                if beside not in found and allowed(beside):
                    found.add(beside)
                    todo.append(beside)
        return frozenset(found)

    def island(self, voxel, height):
        return self.flood(voxel, lambda other: self.height[other] >= height)

    def islands(self, height):
        return {self.island(v, height) for v in self.height if self.height[v] >= height}

    def plateau(self, voxel):
        return self.flood(voxel, lambda other: self.height[other] == self.height[voxel])

    def middle(self, plateau):
        """The voxel nearest to the mean position; of equally near ones the lowest x, y, z."""
        mean = [Fraction(sum(self.xyz[v][a] for v in plateau), len(plateau)) for a in range(3)]
        return min(
            plateau,
            key=lambda v: (
                sum((x - m) ** 2 for x, m in zip(self.xyz[v], mean, strict=True)),
                self.xyz[v],
            ),
        )

    def peaks(self):
        """Middle voxels of the plateaus without a higher neighbour, the highest first."""
        plateaus = {self.plateau(v) for v in self.height}
        tops = [
            p
            for p in plateaus
            if not any(self.height[b] > self.height[v] for v in p for b in self.edges[v])
        ]
        return sorted((self.middle(top) for top in tops), key=self.key)

    def saddle_height(self, peak, threshold):
        """Highest sea level at which the peak shares its island with a higher peak."""
        higher = [p for p in self.peaks() if self.key(p) < self.key(peak)]
        for level in sorted(set(self.height.values()), reverse=True):
            if level < threshold:
                return None
            if level <= self.height[peak] and self.island(peak, level) & set(higher):
                return level
        return None

    def summit(self, voxel):
        """Where the steepest path ends (on a plateau it walks towards low x, y, z)."""
        while True:
            best = min([voxel, *self.edges[voxel]], key=self.key)
            if best == voxel:
                return voxel
            voxel = best

    def basin(self, voxel):
        """The peak that a voxel belongs to."""
        end = self.summit(voxel)
        height = self.height[end]
        plateau = self.plateau(end)
        peak = self.middle(plateau)
        if peak in self.peaks():
            return peak
        # A flat shoulder: it goes where its plateau leads up to, the highest such summit.
        flat = self.flood(
            end,
            lambda v: self.height[v] == height and self.height[self.summit(v)] == height,
        )
        ways = {
            self.summit(b)
            for v in flat
            for b in self.edges[v]
            if self.height[b] == height and self.height[self.summit(b)] > height
        }
        return self.basin(min(ways, key=self.key))

    def territories(self, threshold, min_prominence, min_extent):
        """Sets of voxels: basins, the small ones merged greedily over their highest saddle."""
        above = [v for v in self.height if self.height[v] >= threshold]
        owner = {v: self.basin(v) for v in above}
        # Every pair of neighbours in two basins: the lower voxel decides where they meet,
        # and at one voxel the neighbour's basin with the higher peak comes first.
        meetings = sorted(
            (max(self.key(v), self.key(b)), self.key(owner[min(v, b, key=self.key)]), v, b)
            for v in above
            for b in self.edges[v]
            if b in owner and owner[v] != owner[b]
        )
        saddles = {
            p: threshold if (s := self.saddle_height(p, threshold)) is None else s
            for p in self.peaks()
            if self.height[p] >= threshold
        }
        alone = {p for p in saddles if self.saddle_height(p, threshold) is None}

        def merge(is_small):
            while True:
                for _, _, v, b in meetings:
                    a, c = sorted((owner[v], owner[b]), key=self.key)
                    if a != c and (is_small(a) or is_small(c)):
                        for voxel in owner:
                            if owner[voxel] == c:
                                owner[voxel] = a
                        break
                else:
                    return

        merge(lambda p: p not in alone and self.height[p] - saddles[p] < min_prominence)
        merge(lambda p: list(owner.values()).count(p) < min_extent)
        return {frozenset(v for v in owner if owner[v] == p): p for p in set(owner.values())}
