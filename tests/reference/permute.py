"""A permutation test from its definition: each arrangement's data fitted anew by least squares."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from reference.tfce import slow_tfce


def slow_statistic(data, design, contrast):
    """t (or F) of a contrast for every column of data."""
    rows = np.atleast_2d(np.asarray(contrast, dtype=float))
    gram = np.linalg.inv(design.T @ design)
    beta = gram @ design.T @ data
    df = len(design) - design.shape[1]
    variance = ((data - design @ beta) ** 2).sum(axis=0) / df
    effect = rows @ beta
    spread = rows @ gram @ rows.T
    if len(rows) == 1:
        return effect[0] / np.sqrt(variance * spread[0, 0])
    return np.einsum("sv,st,tv->v", effect, np.linalg.inv(spread), effect) / len(rows) / variance


def freedman_lane(data, design, contrast, order, sign):
    """The rearranged data: nuisance fitted, residuals moved, nuisance put back."""
    rows = np.atleast_2d(np.asarray(contrast, dtype=float))
    *_, turned = np.linalg.svd(rows)
    nuisance = design @ turned[len(rows) :].T
    if nuisance.shape[1] == 0:
        return sign[:, None] * data[order]
    fitted = nuisance @ np.linalg.lstsq(nuisance, data, rcond=None)[0]
    return fitted + sign[:, None] * (data - fitted)[order]


def slow_maxima(values, mask, *, threshold, connectivity, sign="both"):
    """Highest statistic, extent, excess mass and TFCE score of a map."""
    structure = ndimage.generate_binary_structure(3, {6: 1, 18: 2, 26: 3}[connectivity])
    volume = np.zeros(mask.shape)
    volume[mask] = values
    highest = [0.0, 0.0, 0.0, 0.0]
    for side, turn in (("positive", 1), ("negative", -1)):
        if sign not in ("both", side):
            continue
        heights = turn * volume
        labels, n = ndimage.label((heights >= threshold) & (heights > 0), structure)
        numbers = range(1, n + 1)
        found = [
            heights[mask].max(),
            max((np.sum(labels == k) for k in numbers), default=0),
            max(((heights - threshold)[labels == k].sum() for k in numbers), default=0),
            (turn * slow_tfce(volume, connectivity)).max(),
        ]
        highest = [max(pair) for pair in zip(highest, found, strict=True)]
    return np.array(highest)
