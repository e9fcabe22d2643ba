"""Random field theory as SPM computes it: all dimensions of the search volume, t fields as such.

Beside `skerry.stats.random_field`, which follows FSL: SPM counts the volume's
surface, diameter and Euler characteristic too, uses the densities of a t field
for a t map, and takes Bonferroni's threshold where that is lower.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from skerry.stats.convert import t_to_log_p, z_to_log_p
from skerry.stats.of_kind import value_of_log_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from skerry.typing import BoolArray

__all__ = ["spm_cluster_p", "spm_resels", "spm_voxel_height", "spm_voxel_p"]

_FOUR_LN2 = 4 * math.log(2)
_EPS = float(np.finfo(np.float64).eps)


def spm_resels(mask: BoolArray, fwhm_voxels: Sequence[float]) -> tuple[float, ...]:
    """Give the resel counts of a mask, dimension 0 to 3 (SPM's `spm_resels_vol`).

    Parameters
    ----------
    mask : (I, J, K) bool
    fwhm_voxels : (float, float, float)
        Full width at half maximum along each axis, voxels.

    Returns
    -------
    (float, float, float, float)
        Euler characteristic, diameter, surface and volume, in resels.

    References
    ----------
    Worsley et al. (1996), doi 10.1002/(SICI)1097-0193(1996)4:1<58::AID-HBM4>3.0.CO;2-O
    """
    rx, ry, rz = (1 / width for width in fwhm_voxels)
    points = _boxes(mask, ())
    x, y, z = (_boxes(mask, (axis,)) for axis in range(3))
    xy, xz, yz = (_boxes(mask, pair) for pair in ((0, 1), (0, 2), (1, 2)))
    cubes = _boxes(mask, (0, 1, 2))
    return (
        float(points - (x + y + z) + (xy + xz + yz) - cubes),
        (x - xy - xz + cubes) * rx + (y - xy - yz + cubes) * ry + (z - xz - yz + cubes) * rz,
        (xy - cubes) * rx * ry + (xz - cubes) * rx * rz + (yz - cubes) * ry * rz,
        cubes * rx * ry * rz,
    )


def _boxes(mask: BoolArray, axes: tuple[int, ...]) -> int:
    """Count boxes of neighbouring voxels, two wide along some axes, that lie in the mask."""
    whole = mask
    for axis in axes:
        below = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
        above = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
        whole = whole[below] & whole[above]
    return int(np.count_nonzero(whole))


def _densities(u: float, df: float | None) -> tuple[float, float, float, float]:
    """Give the Euler characteristic densities at height u, dimension 0 to 3."""
    if df is None:
        tail = math.exp(float(z_to_log_p(u)))
        fall = math.exp(-(u**2) / 2)
        slope, bend = u, u**2 - 1
    else:
        tail = math.exp(float(t_to_log_p(u, df)))
        fall = math.exp((1 - df) / 2 * math.log1p(u**2 / df))
        gammas = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2))
        slope, bend = u / math.sqrt(df / 2) * gammas, (df - 1) * u**2 / df - 1
    densities = (
        tail,
        math.sqrt(_FOUR_LN2) / (2 * math.pi) * fall,
        _FOUR_LN2 / (2 * math.pi) ** 1.5 * fall * slope,
        _FOUR_LN2**1.5 / (2 * math.pi) ** 2 * fall * bend,
    )
    # Below 0 at low heights, where SPM takes the least number instead.
    return tuple(max(density, _EPS) for density in densities)  # type: ignore[return-value]


def spm_voxel_p(
    u: float, resels: Sequence[float], *, df: float | None = None, n_voxels: int | None = None
) -> float:
    """Give the family-wise p of a peak of height u.

    Parameters
    ----------
    u : float
        Height, in the map's own unit.
    resels : (float, float, float, float)
        From `spm_resels`.
    df : float, optional
        Degrees of freedom of a t field; without, u is a z.
    n_voxels : int, optional
        Voxels of the search volume: Bonferroni's p is given where it is lower.

    Returns
    -------
    float
    """
    densities = _densities(u, df)
    p = -math.expm1(-sum(r * d for r, d in zip(resels, densities, strict=True)) - _EPS)
    if n_voxels is None:
        return p
    log_p = float(z_to_log_p(u) if df is None else t_to_log_p(u, df))
    return min(p, n_voxels * math.exp(log_p))


def spm_voxel_height(
    alpha: float, resels: Sequence[float], n_voxels: int, *, df: float | None = None
) -> float:
    """Give the height at which a voxel's family-wise p is alpha: random field or Bonferroni.

    Parameters
    ----------
    alpha : float
        Family-wise error rate, one side.
    resels : (float, float, float, float)
        From `spm_resels`.
    n_voxels : int
        Voxels of the search volume.
    df : float, optional
        Degrees of freedom of a t field.

    Returns
    -------
    float
        The lower of the two heights, in the map's own unit.
    """
    each = math.log(alpha) - math.log(n_voxels)
    high = bonferroni = value_of_log_p(each, "z" if df is None else "t", df)
    low = 1.0
    if spm_voxel_p(high, resels, df=df) > alpha:
        return bonferroni
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if spm_voxel_p(middle, resels, df=df) > alpha:
            low = middle
        else:
            high = middle
    return high


def spm_cluster_p(
    n_voxels: ArrayLike,
    u: float,
    resels: Sequence[float],
    *,
    voxels_per_resel: float,
    df: float | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the family-wise and the uncorrected p of clusters of some extent.

    Parameters
    ----------
    n_voxels : (n,) float
        Extents, voxels.
    u : float
        Forming threshold, in the map's own unit.
    resels : (float, float, float, float)
        From `spm_resels`.
    voxels_per_resel : float
        Size of one resel: the product of the three FWHM; of the two along a mask of one slice.
    df : float, optional
        Degrees of freedom of a t field.

    Returns
    -------
    corrected, uncorrected : (n,) float64
    """
    densities = _densities(u, df)
    expected = sum(r * d for r, d in zip(resels, densities, strict=True))
    dimensions = max(d for d in (1, 2, 3) if d == 1 or resels[d] > 0)
    size = densities[0] / densities[dimensions]  # expected resels of one cluster
    beta = (math.gamma(dimensions / 2 + 1) / size) ** (2 / dimensions)
    extent = np.asarray(n_voxels, dtype=np.float64) / voxels_per_resel
    uncorrected = np.exp(-beta * extent ** (2 / dimensions))
    return -np.expm1(-(expected + _EPS) * uncorrected), uncorrected
