"""What each label of a map holds, worked out voxel by voxel."""

from __future__ import annotations

import numpy as np


def slow_measures(labels, values, xyz, plateau_middle):
    """A dict per label; `plateau_middle(voxels)` gives the middles of the plateaus of a set."""
    found = {}
    for label in range(1, int(labels.max(initial=0)) + 1):
        voxels = np.flatnonzero(labels.ravel() == label).tolist()
        if not voxels:
            continue
        value = {v: float(values.ravel()[v]) for v in voxels}
        mass = sum(abs(x) for x in value.values())
        top = max(abs(x) for x in value.values())
        peak = plateau_middle([v for v in voxels if abs(value[v]) == top])
        found[label] = {
            "extent": len(voxels),
            "mass": mass,
            "mean": sum(value.values()) / len(voxels),
            "peak": peak,
            "centroid": sum(xyz[v] for v in voxels) / len(voxels),
            "cog": sum(xyz[v] * abs(value[v]) for v in voxels) / mass,
        }
    return found
