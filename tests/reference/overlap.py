"""What maps have in common, worked out set by set and voxel by voxel."""

from __future__ import annotations

from fractions import Fraction
from itertools import product


def slow_frequency(maps):
    """Count of maps per voxel and sign; a map is a dict (sign, number) -> set of (i, j, k)."""
    counts = {1: {}, -1: {}}
    for one in maps:
        for sign in counts:
            for voxel in set().union(*(v for (s, _), v in one.items() if s == sign)):
                counts[sign][voxel] = counts[sign].get(voxel, 0) + 1
    return counts


def slow_recurring(maps, min_share):
    """The recurring regions as (sign, frozenset of voxels), in no order; 26 neighbours."""
    counts = slow_frequency(maps)
    least = Fraction(str(min_share)) * len(maps)
    found = set()
    for sign, here in counts.items():
        other = counts[-sign]
        left = {
            voxel
            for voxel, n in here.items()
            if n >= least
            and n >= 2
            and (n > other.get(voxel, 0) or (n == other.get(voxel, 0) and sign > 0))
        }
        while left:
            found.add((sign, frozenset(_flood(left))))
    return found


def _flood(left):
    """Take one connected set out of `left`."""
    open_voxels, inside = [left.pop()], set()
    while open_voxels:
        voxel = open_voxels.pop()
        inside.add(voxel)
        for step in product((-1, 0, 1), repeat=3):
            near = tuple(a + b for a, b in zip(voxel, step, strict=True))
            if near in left:
                left.remove(near)
                open_voxels.append(near)
    return inside


def slow_matches(maps, recurring, measure, min_overlap):
    """(sign, recurring set) -> list of (map, region number, overlap), and maps that touch it."""
    matches, touching = {}, {}
    for sign, voxels in recurring:
        matches[sign, voxels], touching[sign, voxels] = [], 0
        for number, one in enumerate(maps):
            best = None
            for (their_sign, region), theirs in sorted(one.items()):
                shared = len(voxels & theirs)
                if their_sign != sign or not shared:
                    continue
                overlap = (
                    Fraction(2 * shared, len(voxels) + len(theirs))
                    if measure == "dice"
                    else Fraction(shared, min(len(voxels), len(theirs)))
                )
                if best is None or (overlap, -region) > (best[1], -best[0]):
                    best = region, overlap
            touching[sign, voxels] += best is not None
            if best is not None and best[1] >= Fraction(str(min_overlap)):
                matches[sign, voxels].append((number, *best))
    return matches, touching
