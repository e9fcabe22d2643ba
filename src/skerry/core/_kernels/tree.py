"""The loops of the merge tree itself, once every voxel knows its peak.

"Rank" and "place" are what they are in `skerry.core._kernels.ascend`. All arrays are
one-dimensional, int32 unless said, and long enough.
"""

from __future__ import annotations

from typing import Any

__all__ = ["N_BITS", "accumulate", "join"]

# Powers of 2 below 2**28 all leave another remainder: the quickest way from a bit to a step.
N_BITS = 29


def join(
    volume: Any,
    gates: Any,
    steps: Any,
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
    none; `gates` is 0 for ranks that join nothing; on a grid its bits are the steps
    to a voxel of each island that the rank may touch, ``steps[bit % N_BITS]`` for each;
    `leaf` and `level` give the leaf and a number of the height of each rank; `root`
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
        opens = gates[rank]
        if opens != 0 and not mesh:  # nearly all that could join two islands do not
            place = places[rank]
            bits, opens = opens, 0
            while bits != 0:
                bit = bits & -bits
                bits ^= bit
                side = leaf[volume[place + steps[bit % N_BITS]]]
                other = root[side]
                while root[other] != other:
                    other = root[other]
                root[side] = other
                opens |= other ^ own
        if opens != 0:
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
