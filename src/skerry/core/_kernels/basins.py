"""Loops that make one basin of several.

"Rank" and "place" are what they are in `skerry.core._kernels.ascend`.
"""

from __future__ import annotations

from typing import Any

__all__ = ["merge_leaves", "rename", "stand_on_plateaus", "unite_plateaus"]


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
    beside: Any,
) -> None:
    """Find the one summit of every flat top, and the tops that are only shoulders.

    No checks: `volume` as for `ascend_mesh`; `flat` holds, in rising order, the
    ranks of the voxels that are as high as their own summit; `target` starts
    as 0, 1, 2, ...; `above` starts as -1; `beside` is longer by one than the most
    neighbours of a voxel. Afterwards ``target[b]`` is the basin that basin b belongs
    to: b itself for a true peak.
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
        n_beside = 0
        for k in range(first, end):  # a wrong one is written over: quicker than a branch
            other = volume[base + table[k]]
            beside[n_beside] = other
            n_beside += (other >= lowest) & (other <= highest)
        for k in range(n_beside):
            b = basin[beside[k]]
            if b != home and b != a:
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


def stand_on_plateaus(
    flat: Any,
    basin: Any,
    target: Any,
    level: Any,
    peaks: Any,
    position: Any,
    basis: Any,
    equally_near: float,
    size: Any,
    total: Any,
    distance: Any,
    least: Any,
    stands: Any,
) -> None:
    """Find the voxel of each plateau that is nearest to the plateau's mean position.

    No checks: `flat`, `basin`, `level`, `peaks` and `target` as `unite_plateaus` leaves
    them; `position` holds three coordinates of each of `flat`, and `basis` the matrix that
    makes millimetres of them, row by row (float64); squared distances up to `equally_near`
    times the least are equal to it. For each basin, `size` and `total` (three each) start as
    0, `least` as infinite (float64), `stands` as `peaks`; `distance` (float64) is as long as
    `flat`. Afterwards `stands` holds the rank of that voxel; of equally near ones, the first.
    `skerry.core.plateaus.middle_voxels` computes the same, term by term.
    """
    for i in range(len(flat)):
        top = target[basin[flat[i]]]
        if level[peaks[top]] == level[flat[i]]:  # the others are shoulders of a higher peak
            size[top] += 1
            for axis in range(3):
                total[3 * top + axis] += position[3 * i + axis]
    for i in range(len(flat)):
        top = target[basin[flat[i]]]
        a = size[top] * position[3 * i] - total[3 * top]
        b = size[top] * position[3 * i + 1] - total[3 * top + 1]
        c = size[top] * position[3 * i + 2] - total[3 * top + 2]
        x = a * basis[0] + b * basis[1] + c * basis[2]
        y = a * basis[3] + b * basis[4] + c * basis[5]
        z = a * basis[6] + b * basis[7] + c * basis[8]
        distance[i] = x * x + y * y + z * z
        if level[peaks[top]] == level[flat[i]]:
            least[top] = min(least[top], distance[i])
    for i in range(len(flat) - 1, -1, -1):  # the last one written stays: of equals, the first
        top = target[basin[flat[i]]]
        if level[peaks[top]] == level[flat[i]] and distance[i] <= equally_near * least[top]:
            stands[top] = flat[i]


def rename(basin: Any, number: Any) -> None:
    """Give each rank the new number of its basin, in place."""
    for rank in range(len(basin)):
        basin[rank] = number[basin[rank]]


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
