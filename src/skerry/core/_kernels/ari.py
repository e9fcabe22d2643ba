"""The loops of all-resolutions inference, on a merge tree by rank.

How many of a set's voxels are true discoveries is how many jobs cannot be done in
time: each voxel is a job of one day with a *deadline* (a voxel without one matters
to no set), each day has room for one job, and a job goes to the latest free day
that still meets its deadline. A set of jobs that can be done stands for all the
jobs it was chosen from when further jobs come, so that islands that join need
only those of the smaller one.

All arrays are one-dimensional and int32; ``parent[r]`` is above r, or -1.
"""

from __future__ import annotations

from typing import Any

__all__ = ["count_discoveries", "find_largest", "plan_paths"]


def plan_paths(
    parent: Any, deadline: Any, extent: Any, n_jobs: Any, heavy: Any, path: Any, first: Any
) -> int:
    """Cut the tree into paths that follow the child with the most jobs.

    No checks: `extent` starts as ones, `n_jobs` as zeros, `heavy` and `path` as -1;
    `first` is longer by one than there are leaves. Afterwards `extent` and
    `n_jobs` count the voxels and jobs of each rank's island, `heavy` is the child
    that its path comes from, `path` the number of that path (-1 without jobs), and
    the days of path k are those from ``first[k]`` to ``first[k + 1]`` in the
    calendar of all paths.

    Returns
    -------
    int
        Number of paths.
    """
    for rank in range(len(parent)):
        if deadline[rank] >= 0:
            n_jobs[rank] += 1
        below = parent[rank]
        if below >= 0:
            extent[below] += extent[rank]
            if n_jobs[rank] > 0:
                n_jobs[below] += n_jobs[rank]
                if heavy[below] < 0 or n_jobs[rank] > n_jobs[heavy[below]]:
                    heavy[below] = rank
    n_paths = 0
    first[0] = 0
    for rank in range(len(parent) - 1, -1, -1):
        if n_jobs[rank] == 0:
            continue
        below = parent[rank]
        if below >= 0 and heavy[below] == rank:
            path[rank] = path[below]
        else:
            path[rank] = n_paths
            # One more than there are jobs: its day 0 is no day, but says that all are taken.
            first[n_paths + 1] = first[n_paths] + n_jobs[rank] + 1
            n_paths += 1
    return n_paths


def count_discoveries(
    parent: Any,
    deadline: Any,
    path: Any,
    first: Any,
    latest: Any,
    held: Any,
    joining: Any,
    next_joining: Any,
    late_at_end: Any,
    found: Any,
) -> None:
    """Count the jobs of each rank's island that cannot be done in time.

    No checks: `path` and `first` come from `plan_paths`; `latest` and `held` are
    the calendar, `held` -1 throughout; `joining` (by rank) starts as -1;
    `next_joining` and `late_at_end` are as long as there are paths; `found`
    holds what `plan_paths` put into `heavy`, and in the end the counts.
    """
    for rank in range(len(parent)):
        own = path[rank]
        if own < 0:
            found[rank] = 0
            continue
        late = 0
        if found[rank] >= 0:
            late = found[found[rank]]
        if deadline[rank] >= 0 or joining[rank] >= 0:  # else, as for most, nothing is new
            start = first[own]
            days = first[own + 1] - start - 1
            if found[rank] < 0:  # the path begins: the latest free day up to each is that day
                for day in range(days + 1):
                    latest[start + day] = day
            held[start] = deadline[rank]  # the voxel's own job, until it has found its day
            begin, end = start, start + 1
            while True:
                for at in range(begin, end):
                    job = held[at]
                    if job < 0:
                        continue
                    free = min(job, days)
                    while latest[start + free] != free:
                        latest[start + free] = latest[start + latest[start + free]]
                        free = latest[start + free]
                    if free > 0:
                        latest[start + free] = free - 1
                        held[start + free] = job
                    else:
                        late += 1
                other = joining[rank]  # an island that joins here: what it could do in time
                if other < 0:
                    break
                joining[rank] = next_joining[other]
                late += late_at_end[other]
                begin, end = first[other] + 1, first[other + 1]
        found[rank] = late
        below = parent[rank]
        if below >= 0 and path[below] != own:
            late_at_end[own] = late
            next_joining[own] = joining[below]
            joining[below] = own


def find_largest(parent: Any, wanted: Any, largest: Any) -> None:
    """Give each rank the highest rank on its way to the sea that is `wanted`.

    No checks: `wanted` is bool; -1 where there is none.
    """
    for rank in range(len(parent) - 1, -1, -1):
        below = parent[rank]
        if below >= 0 and largest[below] >= 0:
            largest[rank] = largest[below]
        elif wanted[rank]:
            largest[rank] = rank
        else:
            largest[rank] = -1
