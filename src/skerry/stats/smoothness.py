"""How smooth a map is: FWHM, resels, and the roughness that random field theory needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skerry.core.box import Box, bounding_box
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import BoolArray, FloatArray

__all__ = ["Smoothness", "smoothness_of_map", "smoothness_of_residuals"]

_FOUR_LN2 = 4 * math.log(2)
# A map without noise has correlation 1, and no finite FWHM (FSL's bound and its stand-in).
_HIGHEST_CORRELATION, _HIGHEST_STAND_IN = 0.99999999, 0.99999

# Infinite for all purposes; a float32 too, and its square a double.
_NO_Z = 1e30
_SOME = 1 << 16


@dataclass(frozen=True, slots=True)
class Smoothness:
    """The smoothness of a map in its mask.

    Attributes
    ----------
    n_voxels : int
        Voxels of the mask: the volume that is searched.
    roughness : float
        Square root of the determinant of the variance of the field's
        gradient, per voxel (FSL's DLH, |Lambda|^(1/2)).
    n_dimensions : int
        3, or 2 where the mask is one slice.
    fwhm_voxels : tuple of float
        Full width at half maximum along each of these axes, voxels. Empty
        when only the roughness is known.
    """

    n_voxels: int
    roughness: float
    n_dimensions: int = 3
    fwhm_voxels: tuple[float, ...] = ()

    @property
    def voxels_per_resel(self) -> float:
        """Volume of one resolution element, voxels (FSL's RESELS)."""
        return float(_FOUR_LN2 ** (self.n_dimensions / 2) / self.roughness)

    @property
    def knows_extents(self) -> bool:
        """Whether random field theory says how large clusters of noise are.

        Not where a resel is smaller than a voxel: a lattice cannot hold so rough a field, and
        a single voxel counts as more than one of its clusters. (Of 40 maps of white noise, all
        had a cluster of p below 0.05 by the formula.)
        """
        return self.voxels_per_resel >= 1

    @property
    def n_resels(self) -> float:
        """Volume of the mask, resels."""
        return self.n_voxels / self.voxels_per_resel


def smoothness_of_map(z: FloatArray, mask: BoolArray) -> Smoothness:
    """Estimate smoothness from a z map itself, as FSL's `smoothest -z`.

    Each axis by the correlation of a voxel with its lower neighbour, over the
    voxels whose own and lower neighbours on all axes are in the mask. Signal
    counts as smoothness: on maps with large regions the estimate is too
    smooth, which makes voxel p values too small and cluster p values too
    large; residuals have no such fault (`smoothness_of_residuals`).

    Parameters
    ----------
    z : (I, J, K) float
        Heights of a z map. What is not finite is left out of the mask.
    mask : (I, J, K) bool

    Returns
    -------
    Smoothness

    Raises
    ------
    ArgumentError
        If the mask is so small or thin that no voxel has all lower neighbours in it, or the
        map is the same everywhere in it.

    References
    ----------
    FSL's `smoothest`; Forman et al. (1995), doi 10.1002/mrm.1910330508
    """
    crop, box = cropped(mask)
    values = np.ascontiguousarray(z[crop])
    inside = np.ascontiguousarray(box)
    with np.errstate(invalid="ignore"):
        inside = inside & (values < _NO_Z) & (values > -_NO_Z)
    axes = _axes_of(inside)
    products, squares = _sums(values, inside, axes)
    first = values.reshape(-1)[inside.argmax()]
    # In most maps the voxels next to the first differ from it already.
    some = values.reshape(-1)[:_SOME][inside.reshape(-1)[:_SOME]]
    if (some == first).all() and (values[inside] == first).all():
        raise ArgumentError(
            f"smoothness needs a map that varies; here all of the mask is {first:g}"
        )
    return _from_sums(products, squares, int(np.count_nonzero(mask)))


def smoothness_of_residuals(residuals: FloatArray, mask: BoolArray, *, df: float) -> Smoothness:
    """Estimate smoothness from the residuals of a model, as FSL's `smoothest -r`.

    Parameters
    ----------
    residuals : (I, J, K, T) float
        One volume an observation.
    mask : (I, J, K) bool
        Voxels without variance are left out of it.
    df : float
        Degrees of freedom of the residuals, above 1.

    Returns
    -------
    Smoothness
        That of the z map that the model's t map turns into.

    Raises
    ------
    ArgumentError
        If `df` is not above 1, or the mask is too small or too thin.
    """
    if not df > 1:
        raise ArgumentError(f"df of residuals must be above 1, got {df:g}")
    if residuals.ndim != 4 or residuals.shape[:3] != mask.shape or residuals.shape[3] < 2:
        raise ArgumentError(
            f"residuals must be 4-D, two volumes or more on the mask's grid {mask.shape}, "
            f"got shape {residuals.shape}"
        )
    crop, _ = cropped(mask)
    series = residuals[crop].astype(np.float64, copy=False)
    deviation = series.std(axis=3)
    inside = mask[crop] & np.isfinite(deviation) & (deviation > 0)
    mean = series.mean(axis=3)
    axes = _axes_of(inside)
    products = squares = np.zeros(len(axes))
    for number in range(series.shape[3]):
        scaled = np.divide(
            series[..., number] - mean, deviation, out=np.zeros_like(mean), where=inside
        )
        more = _sums(scaled, inside, axes)
        products, squares = products + more[0], squares + more[1]
    plain = _from_sums(products, squares, int(np.count_nonzero(inside)))
    factor = 1.1 if df < 6 else math.sqrt(gaussianised_t_roughness(df))
    shrunk = tuple(fwhm / factor ** (1 / plain.n_dimensions) for fwhm in plain.fwhm_voxels)
    return Smoothness(plain.n_voxels, plain.roughness * factor, plain.n_dimensions, shrunk)


def gaussianised_t_roughness(df: float) -> float:
    """Give how much rougher the z map of a t map is than the noise (FSL's table).

    FSL tabulates this integral at 30 df and errs between them; here it is
    evaluated.

    Parameters
    ----------
    df : float
        Degrees of freedom, above 2.

    Returns
    -------
    float
        Ratio of gradient variances, above 1.

    References
    ----------
    Worsley et al. (1992), doi 10.1038/jcbfm.1992.127, appendix
    """
    from skerry.stats.convert import z_to_t
    from skerry.stats.tails import log_beta

    z, step = np.linspace(-9, 9, 1801, retstep=True)
    t = z_to_t(z, df)
    log_constant = float(log_beta(np.array([df / 2]), np.array([0.5]))[0]) + 0.5 * math.log(df)
    log_density = -log_constant - (df + 1) / 2 * np.log1p(t**2 / df)
    log_normal = -(z**2) / 2 - 0.5 * math.log(2 * math.pi)
    gradient = (t**2 + df - 1) ** 2 / ((df - 1) * (df - 2))
    return float(np.sum(gradient * np.exp(2 * log_density - log_normal)) * step)


def _axes_of(inside: BoolArray) -> tuple[int, ...]:
    """Give the axes along which a mask is more than one voxel wide."""
    spans = [inside.any(axis=tuple(b for b in range(3) if b != a)).sum() for a in range(3)]
    axes = tuple(axis for axis in range(3) if spans[axis] > 1)
    if len(axes) < 2:
        raise ArgumentError("smoothness needs a mask that is more than a line of voxels")
    return axes


def cropped(inside: BoolArray) -> tuple[Box, BoolArray]:
    """Give the box around a mask, which is often half of the field of view, and the mask in it."""
    box = bounding_box(inside)
    return box, inside[box]


def _sums(
    values: FloatArray, inside: BoolArray, axes: tuple[int, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum v v' and (v^2 + v'^2)/2 of voxels and their lower neighbours, along each axis."""
    used = np.array(inside, order="C")
    for axis in axes:
        away, towards = np.swapaxes(used, 0, axis), np.swapaxes(inside, 0, axis)
        away[0] = False
        away[1:] &= towards[:-1]
    if not used.any():
        raise ArgumentError(
            "smoothness needs voxels whose lower neighbours are in the mask too; this mask has none"
        )
    flat, chosen = np.ascontiguousarray(values).reshape(-1), used.reshape(-1)
    own = flat[chosen].astype(np.float64, copy=False)
    own_square = _dot(own, own)
    products, squares = np.empty(len(axes)), np.empty(len(axes))
    for n, axis in enumerate(axes):
        step = math.prod(values.shape[axis + 1 :])
        # No voxel before the first step is chosen: it has no lower neighbour.
        other = flat[: flat.size - step][chosen[step:]].astype(np.float64, copy=False)
        products[n] = _dot(own, other)
        squares[n] = 0.5 * (own_square + _dot(other, other))
    return products, squares


def _dot(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Sum the products: not by BLAS, whose last bits depend on how many threads it has."""
    return float(np.einsum("i,i->", a, b))


def _from_sums(
    products: NDArray[np.float64], squares: NDArray[np.float64], n_voxels: int
) -> Smoothness:
    if not (squares > 0).all():
        raise ArgumentError("smoothness needs values other than 0 in the mask")
    correlation = np.abs(products / squares)
    correlation[correlation >= _HIGHEST_CORRELATION] = _HIGHEST_STAND_IN
    # Noise without any correlation: far below a voxel, where the estimate means little anyway.
    correlation = np.maximum(correlation, 1e-6)
    variance = -1 / (4 * np.log(correlation))
    dimensions = len(variance)
    roughness = float(2 ** (-dimensions / 2) / np.prod(np.sqrt(variance)))
    fwhm = np.sqrt(8 * math.log(2) * variance)
    return Smoothness(n_voxels, roughness, dimensions, tuple(float(width) for width in fwhm))
