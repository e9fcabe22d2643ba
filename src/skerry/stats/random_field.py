"""Gaussian random field theory: how large a cluster, how high a voxel, noise would give.

All assume a stationary, smooth Gaussian field: noise of one smoothness
everywhere, several voxels wide, and a forming threshold that is not low.
Nothing here depends on the data but through its `Smoothness`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError
from skerry.stats.convert import log_p_to_z, z_to_log_p

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from skerry.stats.smoothness import Smoothness

__all__ = [
    "LOWEST_FORMING_Z", "cluster_log_p", "expected_clusters", "smallest_cluster",
    "voxel_height", "voxel_log_p",
]  # fmt: skip

# The expected number of clusters falls with height above sqrt(3) only; below, the
# approximation says nothing.
LOWEST_FORMING_Z = math.sqrt(3)
# FSL gives voxels below it a p of 1.
_LOWEST_VOXEL_Z = 2.0
# Infinite for all purposes; its square still is a double.
_HIGHEST_Z = 1e100


def expected_log_clusters(z: ArrayLike, smoothness: Smoothness) -> NDArray[np.float64]:
    """Give ln of the number of clusters expected above a height in noise, one sign.

    Parameters
    ----------
    z : (...) float
        Height, above 1.
    smoothness : Smoothness

    Returns
    -------
    (...) float64

    Notes
    -----
    FSL's count is of the volume alone: in a mask of few voxels that are much alike it falls
    below the chance of a single voxel. But no cluster is larger than the mask, so that no
    fewer are expected than voxels above the height, over the voxels of the mask.
    """
    height = np.minimum(np.asarray(z, dtype=np.float64), _HIGHEST_Z)
    dimensions = smoothness.n_dimensions
    # The Hermite polynomial of degree D - 1.
    shape = np.log(height) if dimensions == 2 else np.log(height - 1) + np.log(height + 1)
    constant = math.log(smoothness.n_voxels) + math.log(smoothness.roughness)
    constant -= (dimensions + 1) / 2 * math.log(2 * math.pi)
    return np.maximum(constant + shape - height**2 / 2, z_to_log_p(height))


def expected_clusters(z: float, smoothness: Smoothness) -> float:
    """Give the number of clusters expected above a height in noise, one sign (FSL's Em)."""
    return math.exp(float(expected_log_clusters(z, smoothness)))


def cluster_log_p(
    n_voxels: ArrayLike, z: float, smoothness: Smoothness, *, sides: int = 1
) -> NDArray[np.float64]:
    """Give ln of the family-wise p of clusters of some extent, as FSL's `cluster`.

    Parameters
    ----------
    n_voxels : (n,) float
        Extents, voxels.
    z : float
        Forming threshold, above `LOWEST_FORMING_Z`.
    smoothness : Smoothness
    sides : {1, 2}
        2 when clusters of both signs were looked for.

    Returns
    -------
    (n,) float64
        ln P(the largest cluster in noise is at least so large); NaN where the
        forming threshold is too low for the theory, or the map too rough
        (`Smoothness.knows_extents`).

    Notes
    -----
    FSL replaces the normal tail by a series for z of 8 and more, and its
    constant is wrong; here the tail is exact at every height.

    References
    ----------
    Friston et al. (1994), doi 10.1002/hbm.460010306
    """
    extent = np.asarray(n_voxels, dtype=np.float64)
    if not (z > LOWEST_FORMING_Z and smoothness.knows_extents):
        return np.full(extent.shape, np.nan)
    half = smoothness.n_dimensions / 2
    log_clusters = float(expected_log_clusters(z, smoothness))
    log_voxels = math.log(smoothness.n_voxels) + float(z_to_log_p(z))
    log_beta = (math.lgamma(half + 1) + log_clusters - log_voxels) / half
    log_expected = math.log(sides) + log_clusters - math.exp(log_beta) * extent ** (1 / half)
    return _log_of_any(log_expected)


def smallest_cluster(alpha: float, z: float, smoothness: Smoothness, *, sides: int = 1) -> int:
    """Give the smallest extent, voxels, whose family-wise p is below alpha."""
    if not z > LOWEST_FORMING_Z:
        raise ArgumentError(
            f"cluster p values need a forming threshold above z = {LOWEST_FORMING_Z:.2f}, got {z:g}"
        )
    if not smoothness.knows_extents:
        raise ArgumentError(
            "cluster p values need a map with a voxel or more per resel, got "
            f"{smoothness.voxels_per_resel:.3g}; smooth it, or test maps by permutation"
        )
    low, high = 0, smoothness.n_voxels + 1
    while high - low > 1:
        middle = (low + high) // 2
        if cluster_log_p(middle, z, smoothness, sides=sides) < math.log(alpha):
            high = middle
        else:
            low = middle
    return high


def voxel_log_p(z: ArrayLike, smoothness: Smoothness, *, sides: int = 1) -> NDArray[np.float64]:
    """Give ln of the family-wise p of voxels of some height, as FSL computes it.

    Parameters
    ----------
    z : (...) float
        Heights; |z| when both signs count.
    smoothness : Smoothness
    sides : {1, 2}
        2 when both signs count.

    Returns
    -------
    (...) float64
        ln min(1, expected clusters above the height), and 0 below z = 2. Never below
        the p of the voxel by itself. It does not use that a voxel's Bonferroni p may be
        the smaller (in rough maps).

    References
    ----------
    Worsley et al. (1992), doi 10.1038/jcbfm.1992.127
    """
    height = np.asarray(z, dtype=np.float64)
    high = height >= _LOWEST_VOXEL_Z
    with np.errstate(over="ignore"):
        log_p = expected_log_clusters(np.where(high, height, _LOWEST_VOXEL_Z), smoothness)
    return np.where(high, np.minimum(log_p + math.log(sides), 0.0), 0.0)


def voxel_height(alpha: float, smoothness: Smoothness, *, sides: int = 1) -> float:
    """Give the z at which the family-wise p of a voxel is alpha.

    Parameters
    ----------
    alpha : float
        Family-wise error rate.
    smoothness : Smoothness
    sides : {1, 2}
        2 when both signs count.

    Returns
    -------
    float
        At least 2, as voxels below it have a p of 1.
    """
    low = _LOWEST_VOXEL_Z
    high = max(10.0, float(log_p_to_z(math.log(alpha) - 60)))
    wanted = math.log(alpha)
    if float(voxel_log_p(low, smoothness, sides=sides)) <= wanted:
        return low
    while float(voxel_log_p(high, smoothness, sides=sides)) > wanted:
        high *= 2
    while high - low > 1e-12:
        middle = (low + high) / 2
        if float(voxel_log_p(middle, smoothness, sides=sides)) > wanted:
            low = middle
        else:
            high = middle
    return high


def _log_of_any(log_expected: ArrayLike) -> NDArray[np.float64]:
    """Give ln (1 - exp(-E)) for ln E: the chance of any, of a Poisson number."""
    log_expected = np.asarray(log_expected, dtype=np.float64)
    with np.errstate(under="ignore"):
        expected = np.exp(np.minimum(log_expected, 700.0))
        exact = np.log(-np.expm1(-np.maximum(expected, 1e-300)))
    return np.where(log_expected < -40, log_expected, exact)
