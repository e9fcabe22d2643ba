"""The way up from every voxel: the first loops of the merge tree.

A voxel's *rank* is its number by falling height
(0 is the highest); its *place* is its position in `volume`, a padded array in
which the neighbours of place p stand at ``p + table[k]`` for every k when
`starts` has one element (a grid), else at ``table[starts[p]:starts[p + 1]]``
(a mesh). All arrays are one-dimensional, int32 unless said, and long enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["ascend_grid", "ascend_mesh", "find_mesh_gates", "number_summits"]


# Sets of voxels of a 3 x 3 x 3 block: bit 9 x + 3 y + z. A shift moves a set along
# an axis; a mask drops what would come out on the other side. All in 32 bits, so
# that a vector register holds as many as it can: numba makes 64 bits of every sum and
# shift of two, unless `INT` cuts each one short.
INT = np.int32
NO_BITS, ONE, THREE, NINE = INT(0), INT(1), INT(3), INT(9)
Z_UP, Z_DOWN = INT(0b110110110110110110110110110), INT(0b011011011011011011011011011)
Y_UP, Y_DOWN = INT(0b111111000111111000111111000), INT(0b000111111000111111000111111)
X_UP = INT(0b111111111111111111000000000)
FACES = INT(0b000010000010101010000010000)


def ascend_grid(
    volume: Any,
    places: Any,
    visit: Any,
    block_steps: Any,
    one: Any,
    table: Any,
    chosen: int,
    reach: int,
    best: Any,
    higher: Any,
    flood: Any,
    basin: Any,
    gates: Any,
) -> None:
    """Send every voxel to the highest around it, and find likely saddles.

    No checks: `volume` holds the number of voxels everywhere, and afterwards the
    rank of each voxel at its place; `places` holds the place of each rank, `visit`
    the places of the voxels, rising; `block_steps` are the 27 steps of a
    3 x 3 x 3 block, its first axis slowest, `one` the sets of one voxel each (2**k),
    `table` those of the steps that lead to a neighbour, and bit k of `chosen` says
    whether step k does; `reach` is the most
    axes that a step goes along; `best`, `higher` and `flood` are work space of one
    length. Every place of a voxel is at least the largest step from both ends.
    `gates` starts as 0. Afterwards `basin` holds the rank of the highest neighbour of
    each rank, its own where none is higher, and `gates` the steps, as bits,
    to look along from each rank: a higher neighbour of every piece of its higher
    neighbours, where these fall into pieces within the block, else none: no
    other voxel can join two islands.
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
        for k in range(0, 27, 9):  # plane by plane, each row a stretch in vector registers
            at = begin + block_steps[k]
            row_0 = volume[at : at + size + 2]
            at = begin + block_steps[k + 3]
            row_1 = volume[at : at + size + 2]
            at = begin + block_steps[k + 6]
            row_2 = volume[at : at + size + 2]
            bit_0, bit_1, bit_2 = one[k], one[k + 1], one[k + 2]
            bit_3, bit_4, bit_5 = one[k + 3], one[k + 4], one[k + 5]
            bit_6, bit_7, bit_8 = one[k + 6], one[k + 7], one[k + 8]
            for i in range(size):
                rank = own[i]
                a, b, c = row_0[i], row_0[i + 1], row_0[i + 2]
                d, e, f = row_1[i], row_1[i + 1], row_1[i + 2]
                g, h, j = row_2[i], row_2[i + 1], row_2[i + 2]
                lowest = min(min(min(a, b), min(c, d)), min(min(e, f), min(g, min(h, j))))
                best[i] = min(best[i], lowest)
                higher[i] |= (
                    (bit_0 if a < rank else NO_BITS)
                    | (bit_1 if b < rank else NO_BITS)
                    | (bit_2 if c < rank else NO_BITS)
                    | (bit_3 if d < rank else NO_BITS)
                    | (bit_4 if e < rank else NO_BITS)
                    | (bit_5 if f < rank else NO_BITS)
                    | (bit_6 if g < rank else NO_BITS)
                    | (bit_7 if h < rank else NO_BITS)
                    | (bit_8 if j < rank else NO_BITS)
                )
        if reach < 3:  # not the whole block, but its neighbours alone
            for i in range(size):
                best[i] = own[i]
            for k in range(len(table)):
                at = begin + table[k]
                beside = volume[at : at + size]
                for i in range(size):
                    best[i] = min(best[i], beside[i])
        if reach == 3:  # two rounds without a branch settle nearly all
            for i in range(size):
                bits = higher[i]
                old = INT(bits & FACES)  # a face's middle is next to most of the block
                old = old if old != 0 else bits
                old = INT(old & INT(-old))
                z = INT(old | INT(INT(old << ONE) & Z_UP) | INT(INT(old >> ONE) & Z_DOWN))
                y = INT(z | INT(INT(z << THREE) & Y_UP) | INT(INT(z >> THREE) & Y_DOWN))
                old = INT(INT(y | INT(INT(y << NINE) & X_UP) | INT(y >> NINE)) & bits)
                z = INT(old | INT(INT(old << ONE) & Z_UP) | INT(INT(old >> ONE) & Z_DOWN))
                y = INT(z | INT(INT(z << THREE) & Y_UP) | INT(INT(z >> THREE) & Y_DOWN))
                flood[i] = INT(INT(y | INT(INT(y << NINE) & X_UP) | INT(y >> NINE)) & bits)
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
            if settled:
                whole = old & wanted
                gates[rank] = (bits & wanted & ~old) | (whole & -whole)
            basin[rank] = best[i]


def ascend_mesh(volume: Any, places: Any, starts: Any, table: Any, basin: Any) -> None:
    """Send every vertex to the highest around it.

    No checks: `volume`, `places` and `basin` as for `ascend_grid`.
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


def number_summits(basin: Any, peaks: Any) -> int:
    """Follow every way up to its summit.

    No checks: `basin` as `ascend_grid` leaves it; afterwards it holds the number of the
    summit of each rank, and `peaks` the rank of each summit, by falling height.

    Returns
    -------
    int
        Number of summits.
    """
    n_peaks = 0
    for rank in range(len(basin)):
        if basin[rank] == rank:
            peaks[n_peaks] = rank
            basin[rank] = n_peaks
            n_peaks += 1
        else:  # the voxel above is higher, so its summit is known already
            basin[rank] = basin[basin[rank]]
    return n_peaks


def find_mesh_gates(volume: Any, starts: Any, table: Any, basin: Any, gates: Any) -> None:
    """Find likely saddles of a mesh: vertices with a higher neighbour in another basin.

    No checks: `volume` as `ascend_mesh` and `basin` as `number_summits` leaves it; `gates`
    is 1 for likely saddles, else 0.
    """
    n = len(basin)
    for place in range(len(volume)):
        rank = volume[place]
        if rank < n:
            touches = False
            for k in range(starts[place], starts[place + 1]):
                other = volume[table[k]]
                touches |= other < rank and basin[other] != basin[rank]
            gates[rank] = touches
