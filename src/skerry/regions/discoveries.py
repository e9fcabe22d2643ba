"""How much of each region is truly active, and the largest regions of which enough is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.regions.evidence import UNLIKELY_P, Evidence, evidence_of
from skerry.regions.numbered import Numbered, number_labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.regions.regions import Regions
    from skerry.regions.threshold import Threshold
    from skerry.space.neighbours import GridNeighbours
    from skerry.space.statmap import StatMap
    from skerry.stats.ari import Family
    from skerry.typing import AnyArray, Sign

# Every true discovery proportion of a map holds with 95 % confidence, all together.
ALPHA = 0.05


class ByProportion(NamedTuple):
    """Regions chosen by their true discovery proportion."""

    found: Numbered  # with a further column, `height`
    height: float  # the lowest of them: all voxels of the regions reach it; else infinite
    notes: tuple[str, ...]


def true_discovery_proportion(regions: Regions, evidence: Evidence) -> NDArray[np.float64]:
    """Give the least share of each region that is truly active.

    Parameters
    ----------
    regions : Regions
    evidence : Evidence
        Of their map and sign.

    Returns
    -------
    (n,) float64
        From 0 to 1, by all-resolutions inference over the whole mask (Simes):
        with 95 % confidence for all regions together, however they were chosen.
    """
    from skerry.core.label import inside_voxels
    from skerry.stats.ari import discoveries_of

    where = inside_voxels(regions.labels)
    label = regions.labels[where].astype(np.int64)
    with np.errstate(under="ignore"):
        p_values = np.exp(evidence.log_p_at(np.stack(where, axis=-1)))
    deadlines = _family(evidence).deadlines(p_values)
    found = discoveries_of(deadlines, label - 1, int(label.max(initial=0)))
    number = np.asarray(regions.columns["region"])
    active = np.zeros(int(number.max(initial=0)) + 1, dtype=np.int64)
    active[1 : len(found) + 1] = found
    return np.asarray(active[number] / np.maximum(regions.columns["n_voxels"], 1))


def _family(evidence: Evidence) -> Family:
    """Calibrate the family of a map's voxels."""
    from skerry.stats.ari import calibrate

    n_tests = evidence.statmap.n_in_mask
    with np.errstate(under="ignore"):
        family = calibrate(np.exp(evidence.unlikely_log_p), alpha=ALPHA, n_tests=n_tests)
        # A p counts up to this; where half the brain is active, that can be any.
        if n_tests * ALPHA >= UNLIKELY_P * (1 - 1e-6) * family.cost(family.n_null):
            family = calibrate(np.exp(evidence.log_p), alpha=ALPHA)
    return family


def regions_by_proportion(
    threshold: Threshold,
    statmap: StatMap,
    sign: Sign,
    neighbours: GridNeighbours,
    least: float = 0.0,
) -> ByProportion:
    """Find the largest regions of which a share is truly active, each at its own height.

    Parameters
    ----------
    threshold : Threshold
        Of the form "tdp".
    statmap : StatMap
    sign : {"both", "positive", "negative"}
    neighbours : GridNeighbours
        Of the map's grid.
    least : float
        Regions of fewer voxels are dropped; what is said of the others holds all the same.

    Returns
    -------
    ByProportion

    Raises
    ------
    ArgumentError
        If the map's kind or df is unknown.
    """
    from skerry.core.tree import build_tree
    from skerry.stats.ari import calibrate
    from skerry.stats.ari_tree import largest_regions

    evidence = evidence_of(statmap, sign, wanted_by=f'threshold "{threshold}"')
    p_values = np.full(statmap.grid.shape, np.nan)
    with np.errstate(under="ignore"):
        p_values[statmap.mask] = np.exp(evidence.log_p)
    family = calibrate(p_values[statmap.mask], alpha=ALPHA)
    labels = np.zeros(statmap.grid.shape, dtype=np.int32)
    heights: list[float] = []
    for side in ("positive", "negative"):
        if sign not in ("both", side):
            continue
        tree = build_tree(statmap.values, neighbours, sign=side, mask=statmap.mask)
        found = largest_regions(tree, p_values, tdp=threshold.number, family=family)
        inside = found.labels > 0
        labels[inside] = found.labels[inside] + len(heights)
        heights += found.height.tolist()
    numbered = number_labels(labels, len(heights), statmap, neighbours, least)
    height = np.array(heights)[numbered.came_from - 1]
    numbered.columns["height"] = height
    notes = (_said(threshold, evidence, height if numbered.n_voxels else None),)
    return ByProportion(numbered, float(height.min(initial=math.inf)), notes)


def _said(threshold: Threshold, evidence: Evidence, height: AnyArray | None) -> str:
    how = (
        f'threshold "{threshold}": {evidence}, all-resolutions inference over '
        f"{evidence.statmap.n_in_mask} voxels (Simes)"
    )
    if height is None:
        return f"{how}: nothing found: no cluster has that share of active voxels for sure"
    how += (
        f": with {1 - ALPHA:.0%} confidence at least {threshold.number:.4g} of the voxels of every "
        "region are active"
    )
    if not len(height):
        return how
    at = " to ".join(dict.fromkeys(f"{end:.4g}" for end in (height.min(), height.max())))
    return f"{how}; each region is the largest such cluster, at its own height ({at})"
