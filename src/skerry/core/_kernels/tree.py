"""The loops of the merge tree.

Words shared by all of them: a voxel's *rank* is its number by falling height
(0 is the highest); its *place* is its position in `volume`, a padded array in
which the neighbours of place p stand at ``p + table[k]`` for every k when
`starts` has one element (a grid), else at ``table[starts[p]:starts[p + 1]]``
(a mesh). All arrays are one-dimensional, int32 unless said, and long enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "accumulate",
    "ascend_grid",
    "ascend_mesh",
    "join",
    "merge_leaves",
    "unite_plateaus",
]


# Sets of voxels of a 3 x 3 x 3 block: bit 9 x + 3 y + z. A shift moves a set along
# an axis; a mask drops what would come out on the other side. All in 32 bits, so
# that a vector register holds as many as it can.
INT = np.int32
NO_BITS, ONE, THREE, NINE, LOWEST = INT(0), INT(1), INT(3), INT(9), INT(2**31 - 1)
Z_UP, Z_DOWN = INT(0b110110110110110110110110110), INT(0b011011011011011011011011011)
Y_UP, Y_DOWN = INT(0b111111000111111000111111000), INT(0b000111111000111111000111111)
X_UP = INT(0b111111111111111111000000000)
FACES = INT(0b000010000010101010000010000)


def ascend_grid(
    volume: Any,
    places: Any,
    visit: Any,
    block_steps: Any,
    chosen: int,
    reach: int,
    best: Any,
    higher: Any,
    flood: Any,
    basin: Any,
    critical: Any,
    peaks: Any,
) -> int:
    """Send every voxel up its steepest path, number the summits, find likely saddles.

    No checks: `volume` holds the number of voxels everywhere, and afterwards the
    rank of each voxel at its place; `places` holds the place of each rank, `visit`
    the places of the voxels, rising; `block_steps` are the
    27 steps of a 3 x 3 x 3 block, its first axis slowest, and bit k of `chosen`
    says whether step k leads to a neighbour; `reach` is the most axes that a step
    goes along; `best`, `higher` and `flood` are work space
    of one length. Every place of a voxel is at least the largest step from both ends.
    Afterwards `basin` holds the number of the summit of each rank, `peaks` the
    rank of each summit by falling height, and `critical` (bool) is true for the
    ranks whose higher neighbours do not hang together within the block: no
    other voxel can join two islands.

    Returns
    -------
    int
        Number of summits.
    """
    n = len(basin)
    length = len(best)
    margin = block_steps[26]
    end = len(volume) - margin
    wanted = INT(chosen)
    for rank in range(n):
        volume[places[rank]] = rank
    seen = 0
    while seen < n:
        begin = visit[seen]
        size = min(length, end - begin)
        own = volume[begin : begin + size]
        for i in range(size):
            best[i] = own[i]
            higher[i] = NO_BITS
        for k in range(0, 27, 3):  # stretches of rows at once, in vector registers
            at = begin + block_steps[k]
            beside = volume[at : at + size + 2]
            bit_0, bit_1, bit_2 = INT(1 << k), INT(2 << k), INT(4 << k)
            drop_0 = NO_BITS if wanted & bit_0 else LOWEST
            drop_1 = NO_BITS if wanted & bit_1 else LOWEST
            drop_2 = NO_BITS if wanted & bit_2 else LOWEST
            for i in range(size):
                x, y, z = beside[i], beside[i + 1], beside[i + 2]
                best[i] = min(min(best[i], x | drop_0), min(y | drop_1, z | drop_2))
                higher[i] |= (
                    (bit_0 if x < own[i] else NO_BITS)
                    | (bit_1 if y < own[i] else NO_BITS)
                    | (bit_2 if z < own[i] else NO_BITS)
                )
        if reach == 3:  # two rounds without a branch settle nearly all
            for i in range(size):
                bits = higher[i]
                old = bits & FACES  # a face's middle is next to most of the block
                old = old if old != 0 else bits
                old &= -old
                z = old | ((old << ONE) & Z_UP) | ((old >> ONE) & Z_DOWN)
                y = z | ((z << THREE) & Y_UP) | ((z >> THREE) & Y_DOWN)
                old = (y | ((y << NINE) & X_UP) | (y >> NINE)) & bits
                z = old | ((old << ONE) & Z_UP) | ((old >> ONE) & Z_DOWN)
                y = z | ((z << THREE) & Y_UP) | ((z >> THREE) & Y_DOWN)
                flood[i] = (y | ((y << NINE) & X_UP) | (y >> NINE)) & bits
        else:
            for i in range(size):
                bits = higher[i] & wanted
                flood[i] = bits & -bits
        while seen < n and visit[seen] < begin + size:
            i = visit[seen] - begin
            seen += 1
            rank = own[i]
            bits, old = higher[i], flood[i]
            settled = False
            while not settled and bits & wanted & ~old != 0:
                z = old | ((old << ONE) & Z_UP) | ((old >> ONE) & Z_DOWN)
                if reach == 3:
                    y = z | ((z << THREE) & Y_UP) | ((z >> THREE) & Y_DOWN)
                    new = y | ((y << NINE) & X_UP) | (y >> NINE)
                else:
                    y = old | ((old << THREE) & Y_UP) | ((old >> THREE) & Y_DOWN)
                    x = old | ((old << NINE) & X_UP) | (old >> NINE)
                    new = x | y | z
                    if reach == 2:
                        new |= ((y << ONE) & Z_UP) | ((y >> ONE) & Z_DOWN)
                        new |= ((x << ONE) & Z_UP) | ((x >> ONE) & Z_DOWN)
                        new |= ((x << THREE) & Y_UP) | ((x >> THREE) & Y_DOWN)
                new &= bits
                settled = new == old
                old = new
            basin[rank] = ~best[i] if settled else best[i]
    n_peaks = 0
    for rank in range(n):
        above = basin[rank]
        critical[rank] = above < 0  # one array to write in random order, not two
        above = ~above if above < 0 else above
        if above == rank:
            peaks[n_peaks] = rank
            basin[rank] = n_peaks
            n_peaks += 1
        else:  # the voxel above is higher, so its summit is known already
            basin[rank] = basin[above]
    return n_peaks


def ascend_mesh(
    volume: Any, places: Any, starts: Any, table: Any, basin: Any, critical: Any, peaks: Any
) -> int:
    """Do on a mesh what `ascend_grid` does; likely saddles touch two basins.

    No checks: `volume` and `places` as for `ascend_grid`.
    """
    n = len(basin)
    for rank in range(n):
        volume[places[rank]] = rank
    for place in range(len(volume)):
        rank = volume[place]
        if rank < n:
            best = rank
            for k in range(starts[place], starts[place + 1]):
                best = min(best, volume[table[k]])
            basin[rank] = best
    n_peaks = 0
    for rank in range(n):
        if basin[rank] == rank:
            peaks[n_peaks] = rank
            basin[rank] = n_peaks
            n_peaks += 1
        else:  # the voxel above is higher, so its summit is known already
            basin[rank] = basin[basin[rank]]
    for place in range(len(volume)):
        rank = volume[place]
        if rank < n:
            touches = False
            for k in range(starts[place], starts[place + 1]):
                other = volume[table[k]]
                touches |= other < rank and basin[other] != basin[rank]
            critical[rank] = touches
    return n_peaks


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

    No checks: `volume` as for `ascend`; `flat` holds, in rising order, the
    ranks of the voxels that are as high as their own summit; `target` starts
    as 0, 1, 2, ...; `above` starts as -1. Afterwards ``target[b]`` is the basin
    that basin b belongs to: b itself for a true peak.
    """
    mesh = len(starts) > 1
    n = len(basin)
    first, end = 0, len(table)
    for i in range(len(flat)):
        rank = flat[i]
        place = places[rank]
        base = place
        if mesh:
            first, end, base = starts[place], starts[place + 1], 0
        for k in range(first, end):
            other = volume[base + table[k]]
            if other < n and level[other] == level[rank]:
                a = basin[rank]
                while target[a] != a:
                    target[a] = target[target[a]]
                    a = target[a]
                b = basin[other]
                if level[peaks[b]] == level[rank]:
                    while target[b] != b:
                        target[b] = target[target[b]]
                        b = target[b]
                    if a < b:
                        target[b] = a
                    else:
                        target[a] = b
    for i in range(len(flat)):
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


def join(
    volume: Any,
    critical: Any,
    starts: Any,
    table: Any,
    places: Any,
    leaf: Any,
    level: Any,
    root: Any,
    last: Any,
    current: Any,
    found: Any,
    touched: Any,
    parent: Any,
    node: Any,
    node_parent: Any,
    node_rank: Any,
    forward: Any,
    saddle: Any,
    elder: Any,
    saddle_from: Any,
    saddle_to: Any,
) -> int:
    """Lower the sea: add voxel after voxel and join the islands that meet.

    No checks: `volume` holds ranks, and the number of voxels where there is
    none; `critical` (bool) is false only for ranks that join nothing; `leaf`
    and `level` give the leaf and a number of the height of each rank; `root`
    and `current` start as 0, 1, 2, ... per leaf; `last`, `parent`, `node_parent`, `forward`,
    `saddle`, `elder`, `saddle_from` and `saddle_to` start as -1; `node_rank`
    starts with the rank of each leaf's peak; `found` and `touched` are as long
    as the most neighbours of a voxel; the arrays of nodes hold twice the number
    of leaves.

    Returns
    -------
    int
        Number of nodes, those that `forward` sends to another among them.
    """
    mesh = len(starts) > 1
    first, end = 0, len(table)
    n_leaves = len(root)
    n_nodes = n_leaves
    for rank in range(len(leaf)):
        home = leaf[rank]
        own = root[home]
        while root[own] != own:
            own = root[own]
        root[home] = own  # the next voxel of this leaf finds it in one step
        n_found = 0
        oldest = own
        if critical[rank]:
            place = places[rank]
            base = place
            if mesh:
                first, end, base = starts[place], starts[place + 1], 0
            for k in range(first, end):
                above = volume[base + table[k]]
                if above >= rank or leaf[above] == home:
                    continue
                side = leaf[above]
                other = root[side]
                while root[other] != other:
                    other = root[other]
                root[side] = other
                if other == own:
                    continue
                i = 0
                while i < n_found and found[i] != other:
                    i += 1
                if i == n_found:
                    found[i] = other
                    touched[i] = side
                    n_found += 1
                    oldest = min(oldest, other)
                else:
                    touched[i] = min(touched[i], side)
        if n_found > 0:
            here = level[rank]
            target = current[oldest]
            if target < n_leaves or level[node_rank[target]] != here:
                node_parent[target] = n_nodes
                target = n_nodes
                node_rank[target] = rank
                current[oldest] = target
                n_nodes += 1
            # `found` holds the others; the voxel's own island comes last.
            for i in range(n_found + 1):
                ends = own
                comes_from, leads_to = home, home
                if i < n_found:
                    ends = found[i]
                    comes_from = touched[i]
                if ends == oldest:
                    continue
                if i == n_found:
                    for k in range(n_found):
                        if found[k] == oldest:
                            leads_to = touched[k]
                below = current[ends]
                if below >= n_leaves and level[node_rank[below]] == here:
                    forward[below] = target
                else:
                    node_parent[below] = target
                saddle[ends] = rank
                elder[ends] = oldest
                saddle_from[ends] = comes_from
                saddle_to[ends] = leads_to
                root[ends] = oldest
                if last[ends] >= 0:
                    parent[last[ends]] = rank
        if last[oldest] >= 0:
            parent[last[oldest]] = rank
        last[oldest] = rank
        node[rank] = current[oldest]
    return n_nodes


def accumulate(parent: Any, total: Any) -> None:
    """Add to every node what its children hold, in place.

    No checks: a parent's number is higher than its children's, -1 for none;
    `total` is float64.
    """
    for i in range(len(parent)):
        if parent[i] >= 0:
            total[parent[i]] += total[i]


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
