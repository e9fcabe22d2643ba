"""How sure regions and peaks are: their p and q values, and what each assumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.regions.discoveries import ALPHA, true_discovery_proportion
from skerry.regions.evidence import Evidence, evidence_if_known

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.regions.regions import Regions
    from skerry.space.statmap import StatMap
    from skerry.typing import AnyArray, Sign

# Below it, cluster p values were far too small on real data.
SAFE_FORMING_Z = 3.1
EKLUND = "Eklund 2016, doi 10.1073/pnas.1602413113"
# A p below all doubles is written as the smallest that keeps its digits.
_SMALLEST_P = float(np.finfo(np.float64).tiny)


def region_certainty(regions: Regions) -> dict[str, AnyArray]:
    """Give what chance says of each region.

    Parameters
    ----------
    regions : Regions

    Returns
    -------
    dict of (n,) float64
        `p_peak_fwe` and `p_cluster_fwe` (family-wise, random field theory; NaN
        where it does not apply), `q_fdr` (of the peak) and `tdp` (the least
        share of its voxels that is active). Empty where the map's kind or df
        is unknown.
    """
    evidence = evidence_if_known(regions.statmap, regions.sign)
    if evidence is None:
        return {}
    peak_z = evidence.z(evidence.heights(regions.columns["peak_value"]))
    log_q = evidence.log_q_at(regions.columns["peak_ijk"])
    smoothness = evidence.smoothness
    unknown = np.full(len(regions), np.nan)
    peak, cluster = unknown, unknown
    if smoothness is not None:
        from skerry.stats.random_field import cluster_log_p, voxel_log_p

        peak = _p(voxel_log_p(peak_z, smoothness, sides=evidence.sides))
        # A part of a region is no cluster, nor was one formed at a height of its own
        # choice: their extent says nothing.
        if not {"part_of", "height"} & regions.columns.keys() and len(regions):
            z = forming_z(evidence, regions.threshold)
            extent = regions.columns["n_voxels"]
            cluster = _p(cluster_log_p(extent, z, smoothness, sides=evidence.sides))
    return {
        "p_peak_fwe": peak,
        "p_cluster_fwe": cluster,
        "q_fdr": _p(log_q),
        "tdp": true_discovery_proportion(regions, evidence),
    }


def peak_certainty(regions: Regions, ijk: AnyArray) -> dict[str, AnyArray]:
    """Give what chance says of some peaks of regions.

    Parameters
    ----------
    regions : Regions
    ijk : (n, 3) int
        Voxels of the peaks.

    Returns
    -------
    dict of (n,) float64
        `p` (uncorrected) and `q` (false discovery rate over the mask). Empty
        where the map's kind or df is unknown.
    """
    evidence = evidence_if_known(regions.statmap, regions.sign)
    if evidence is None:
        return {}
    return {"p": _p(evidence.log_p_at(ijk)), "q": _p(evidence.log_q_at(ijk))}


def certainty_record(regions: Regions) -> dict[str, Any]:
    """Say for a JSON file what the p and q columns assume; empty where there are none."""
    evidence = evidence_if_known(regions.statmap, regions.sign)
    if evidence is None:
        return {}
    n_voxels, sides = regions.statmap.n_in_mask, evidence.sides
    field = (
        "random field theory as FSL computes it: Gaussian noise of one smoothness everywhere, "
        "estimated from the map itself (signal counts as smoothness: voxel p are too small then, "
        "cluster p too large)"
    )
    if evidence.kind != "z":
        field += "; the map is turned into z first"
    both = "; both signs together" if sides == 2 else ""
    said: dict[str, Any] = {
        "p": f"uncorrected, {evidence}",
        "q_fdr": f"Benjamini and Hochberg over the {n_voxels} voxels of the mask, {evidence}",
        "tdp": f"at least this share of a region is active, with {1 - ALPHA:.0%} confidence for "
        f"all regions together: all-resolutions inference (Simes) over {n_voxels} voxels, "
        f"{evidence}",
        "p_peak_fwe": f"{field}{both}",
        "p_cluster_fwe": f"{field}{both}; not of parts of split regions nor of clusters "
        f"formed at heights of their own; needs a forming "
        f"threshold of z {SAFE_FORMING_Z} or more to hold its level ({EKLUND})",
        "forming_z": None,
        "smoothness": None,
    }
    smoothness = evidence.smoothness
    if np.isfinite(regions.threshold) and "height" not in regions.columns:
        said["forming_z"] = forming_z(evidence, regions.threshold)
    if smoothness is not None:
        if not smoothness.knows_extents:
            said["p_cluster_fwe"] += (
                "; n/a of this map, whose resels are smaller than its voxels: random field theory "
                "says nothing of extents there; smooth it, or test maps by permutation"
            )
        said["smoothness"] = {
            "fwhm_mm": list(evidence.fwhm_mm),
            "voxels_per_resel": smoothness.voxels_per_resel,
            "resels": smoothness.n_resels,
            "dlh": smoothness.roughness,
            "voxels": smoothness.n_voxels,
        }
    return said


def forming_z(evidence: Evidence, threshold: float) -> float:
    """Give the z of a height of the map."""
    return float(evidence.z(np.array([threshold]))[0])


def forming_note(statmap: StatMap, sign: Sign, height: float) -> str | None:
    """Warn of cluster p values at a low forming threshold; None where there is nothing to say."""
    evidence = evidence_if_known(statmap, sign)
    if evidence is None or not np.isfinite(height):
        return None
    z = forming_z(evidence, height)
    if z >= SAFE_FORMING_Z - 0.01:  # 3.09 is p < 0.001
        return None
    return (
        f"cluster p values are too small in practice when regions are formed below z = "
        f"{SAFE_FORMING_Z}; here it is z = {z:.3g} ({EKLUND})"
    )


def _p(log_p: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(under="ignore"):
        return np.maximum(np.exp(log_p), _SMALLEST_P)
