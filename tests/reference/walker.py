"""Local regions, slowly: dense matrices, one voxel at a time, the rules as they are written."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.ndimage import gaussian_filter1d

FACES = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
TIE = 1e-6


def local_regions(values, grid, fwhm_mm, seed_distance_mm=30.0):
    """Regions as a set of frozensets of voxels, without numbers."""
    regions = set()
    for sign in (1, -1):
        heights = np.where(sign * values > 0, sign * values, 0.0).astype(float)
        if heights.any():
            regions |= _one_sign(heights, grid, fwhm_mm, seed_distance_mm)
    return regions


def as_sets(labels):
    return {
        frozenset(map(tuple, np.argwhere(labels == one).tolist()))
        for one in np.unique(labels[labels > 0])
    }


def _one_sign(heights, grid, fwhm_mm, seed_distance_mm):
    sizes = grid.voxel_sizes_mm
    seeds = _seeds(heights, sizes, fwhm_mm, seed_distance_mm)
    above = heights[heights > 0]
    variance = 0.03 * (above**2).mean() - (0.03 * above.mean()) ** 2

    def weight(a, b):
        axis = int(np.flatnonzero(np.subtract(a, b))[0])
        slope = (heights[a] - heights[b]) * 3.0 / sizes[axis]
        c = np.prod(sizes) ** (2 / 3) / sizes[axis] ** 2
        return c * (np.exp(-13 * slope**2 / variance) + 1e-10)

    regions = set()
    for component in components(set(map(tuple, np.argwhere(heights > 0).tolist()))):
        groups = components(seeds & component)
        groups.sort(key=lambda group: min(tuple(np.round(grid.xyz(v), 6)) for v in group))
        if len(groups) < 2:
            regions.add(frozenset(component))
            continue
        parts = [set(group) for group in groups]
        for voxel, share in probabilities(component, groups, weight).items():
            parts[int(np.flatnonzero(share >= share.max() - TIE)[0])].add(voxel)
        regions |= {frozenset(part) for part in parts}
    return regions


def probabilities(component, groups, weight):
    """Solve Laplace's equation densely: for each unknown voxel, its chances for each seed."""
    unknown = sorted(component - set().union(*groups))
    row = {voxel: at for at, voxel in enumerate(unknown)}
    matrix = np.zeros((len(unknown),) * 2)
    right = np.zeros((len(unknown), len(groups)))
    for voxel, at in row.items():
        for step in FACES:
            beside = tuple(np.add(voxel, step))
            if beside not in component:
                continue
            w = weight(voxel, beside)
            matrix[at, at] += w
            if beside in row:
                matrix[at, row[beside]] -= w
            else:
                right[at, next(k for k, g in enumerate(groups) if beside in g)] += w
    return dict(zip(unknown, np.linalg.solve(matrix, right), strict=True))


def components(voxels):
    left, found = set(voxels), []
    while left:
        queue = [left.pop()]
        component = set(queue)
        while queue:
            voxel = queue.pop()
            for step in FACES:
                beside = tuple(np.add(voxel, step).tolist())
                if beside in left:
                    left.remove(beside)
                    component.add(beside)
                    queue.append(beside)
        found.append(component)
    return found


def _seeds(heights, sizes, fwhm_mm, seed_distance_mm):
    margin = 14
    smoothed = np.pad(heights, margin) if fwhm_mm else heights.copy()
    if fwhm_mm:
        for axis in range(3):
            sigma = fwhm_mm / np.sqrt(8 * np.log(2)) / sizes[axis]
            smoothed = gaussian_filter1d(smoothed, sigma, axis=axis, mode="constant")
    else:
        margin = 0
    smoothed = (smoothed / smoothed.max()).astype(np.float32)
    half = np.maximum(np.rint(seed_distance_mm / sizes).astype(int), 1)
    seeds = set()
    for voxel in np.argwhere(heights > 0):
        at = voxel + margin
        box = smoothed[
            tuple(slice(max(0, a - h), a + h + 1) for a, h in zip(at, half, strict=True))
        ]
        if smoothed[tuple(at)] > 0.1 and smoothed[tuple(at)] >= box.max():
            seeds.add(tuple(voxel.tolist()))
    return seeds


def box_maxima(values, half_widths, above):
    """Indices of the voxels above `above` that equal the maximum of their box."""
    found = []
    for voxel in product(*map(range, values.shape)):
        box = values[
            tuple(slice(max(0, a - h), a + h + 1) for a, h in zip(voxel, half_widths, strict=True))
        ]
        if values[voxel] > above and values[voxel] == box.max():
            found.append(voxel)
    return found
