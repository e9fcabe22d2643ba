"""Loops that make one basin of several.

"Rank" and "place" are what they are in `skerry.core._kernels.ascend`.
"""

from __future__ import annotations

from typing import Any

__all__ = ["merge_leaves", "unite_plateaus"]


def unite_plateaus(
    volume: Any,
    starts: Any,
    table: Any,
    places: Any,
    flat: Any,
    basin: Any,
    level: Any,
    peaks: Any,
    target: Any,
    above: Any,
) -> None:
    """Find the one summit of every flat top, and the tops that are only shoulders.

    No checks: `volume` as for `ascend_mesh`; `flat` holds, in rising order, the
    ranks of the voxels that are as high as their own summit; `target` starts
    as 0, 1, 2, ...; `above` starts as -1. Afterwards ``target[b]`` is the basin
    that basin b belongs to: b itself for a true peak.
    """
    mesh = len(starts) > 1
    n = len(basin)
    first, end = 0, len(table)
    lowest, highest = -1, -1  # the ranks of the height that is looked at
    first_shoulder, end_shoulder = 0, 0
    for i in range(len(flat)):
        rank = flat[i]
        place = places[rank]
        base = place
        if mesh:
            first, end, base = starts[place], starts[place + 1], 0
        if level[rank] != lowest:
            lowest = highest = level[rank]
            while highest + 1 < n and level[highest + 1] == lowest:
                highest += 1
        home = basin[rank]
        a = home
        while target[a] != a:
            a = target[a]
        target[home] = a
        for k in range(first, end):
            other = volume[base + table[k]]
            if lowest <= other <= highest and basin[other] != home:
                b = basin[other]
                if level[peaks[b]] != lowest:
                    first_shoulder = first_shoulder if end_shoulder > 0 else i
                    end_shoulder = i + 1
                    continue
                while target[b] != b:
                    target[b] = target[target[b]]
                    b = target[b]
                a, b = min(a, b), max(a, b)
                target[b] = a
    for i in range(first_shoulder, end_shoulder):
        rank = flat[i]
        place = places[rank]
        base = place
        if mesh:
            first, end, base = starts[place], starts[place + 1], 0
        a = basin[rank]
        while target[a] != a:
            a = target[a]
        for k in range(first, end):
            other = volume[base + table[k]]
            if other < n and level[other] == level[rank]:
                b = basin[other]
                if level[peaks[b]] < level[rank] and (above[a] < 0 or b < above[a]):
                    above[a] = b
    # Basins count by falling height, so that a target is final when it is read.
    for b in range(len(target)):
        if target[b] != b:
            target[b] = target[target[b]]
        elif above[b] >= 0:
            target[b] = target[above[b]]


def merge_leaves(side_a: Any, side_b: Any, loses: Any, size: Any, least: int, owner: Any) -> None:
    """Merge basins over their saddles, the highest saddle first.

    No checks: `side_a` and `side_b` are the leaves beside each saddle, by
    falling saddle; the two are merged where `loses` (bool) says so or where the
    basin of either has a `size` (int64) below `least`; `owner` holds for each
    leaf the highest leaf of its basin, at first itself at the latest.
    """
    for i in range(len(side_a)):
        a = side_a[i]
        while owner[a] != a:
            owner[a] = owner[owner[a]]
            a = owner[a]
        b = side_b[i]
        while owner[b] != b:
            owner[b] = owner[owner[b]]
            b = owner[b]
        if a != b and (loses[i] or size[a] < least or size[b] < least):
            keeps, goes = min(a, b), max(a, b)
            owner[goes] = keeps
            size[keeps] += size[goes]
    for leaf in range(len(owner)):
        owner[leaf] = owner[owner[leaf]]
