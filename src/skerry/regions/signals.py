"""Signals of regions that are given as maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError, GridMismatchError
from skerry.image.mask import load_mask, zero_non_finite
from skerry.image.niimg import image_data, image_like
from skerry.image.smooth import smoothed
from skerry.io.notice import notice
from skerry.space.grid import Grid, grid_of
from skerry.space.resample import resample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray


def map_signals(
    img: Any,
    maps_img: Any,
    *,
    mask_img: Any = None,
    smoothing_fwhm_mm: float | None = None,
    target: str | None = "data",
    keep_empty: bool = False,
) -> NDArray[np.floating[Any]]:
    """Fit all maps together to each volume, by least squares.

    Parameters
    ----------
    img : nibabel image
        3-D or 4-D.
    maps_img : nibabel image
        4-D, N maps.
    mask_img : nibabel image, optional
        Voxels where it is 0 are left out.
    smoothing_fwhm_mm : float, optional
        Smoothing of the volumes before.
    target : {"data", "maps", "mask", None}
        On whose grid the fit is done; None wants one grid.
    keep_empty : bool
        Whether maps that the mask removes stay, with signals of 0. Without a
        mask all maps stay.

    Returns
    -------
    (T, N) float
    """
    values = image_data(img)
    if values.ndim == 3:
        values = values[..., np.newaxis]
    grids = {"data": grid_of(img), "maps": grid_of(maps_img)}
    grids["mask"] = grids["maps"] if mask_img is None else grid_of(mask_img)
    grid = grids[target or "data"]
    if target is None and not all(grid.same_as(other) for other in grids.values()):
        raise GridMismatchError(
            "images, maps and mask lie on different grids, and resampling_target is None"
        )
    if not grid.same_as(grids["maps"]):
        _say_resampling("maps")
        maps_img = resample_volumes(maps_img, grid)
    maps = image_data(maps_img)
    values = zero_non_finite(np.array(values, order="K"))
    if not grid.same_as(grids["data"]):
        _say_resampling("images")
        values = _resampled(values, grids["data"], grid, "continuous")
    if smoothing_fwhm_mm:
        values = smoothed(values, grid, smoothing_fwhm_mm)
    inside = None if mask_img is None else load_mask(mask_img, grid)
    return _least_squares(values, maps, inside, keep_empty=keep_empty or inside is None)


def resample_volumes(img: Any, grid: Grid) -> Any:
    """Give the maps of a 4-D image on another grid, linearly."""
    volumes = _resampled(image_data(img), grid_of(img), grid, "linear")
    if not volumes.any():
        raise ArgumentError("no map is left after resampling: the grids do not overlap")
    return image_like(img, volumes, grid.affine)


def standardized(
    signals: NDArray[np.floating[Any]], how: Any, *, detrend: bool = False
) -> NDArray[np.floating[Any]]:
    """Detrend and standardize signals over time.

    Parameters
    ----------
    signals : (T, N) float
    how : {"zscore_sample", "psc", True, False, None}
        To mean 0 and sample standard deviation 1 (also True), to per cent of
        the mean, or not at all.
    detrend : bool
        Whether a straight line, and the mean, are taken out before.

    Returns
    -------
    (T, N) float
    """
    if how not in ("zscore_sample", "psc", True, False, None):
        raise ArgumentError(f"'standardize' must be one of 'zscore_sample', 'psc', got {how!r}")
    mean = signals.mean(axis=0)
    if detrend and len(signals) > 1:
        from scipy.signal import detrend as without_line

        signals = without_line(signals, axis=0)
    if not how:
        return signals
    if len(signals) == 1:
        notice("One volume cannot be standardized: left as it is.", UserWarning)
        return signals
    if how == "psc":
        flat = np.abs(mean) < np.finfo(np.float64).eps
        change = 100 * (signals - signals.mean(axis=0)) / np.where(flat, 1.0, np.abs(mean))
        return np.where(flat, 0.0, change)
    spread = signals.std(axis=0, ddof=1)
    spread[spread < np.finfo(np.float64).eps] = 1
    return np.asarray((signals - signals.mean(axis=0)) / spread)


def _least_squares(
    values: AnyArray, maps: AnyArray, inside: NDArray[np.bool_] | None, *, keep_empty: bool
) -> NDArray[np.floating[Any]]:
    # Voxels where every map is 0 say nothing about the weights of the maps.
    support = (maps != 0).any(axis=3)
    if inside is not None:
        support &= inside
    design = maps[support]
    alive = design.any(axis=0)
    if not alive.any():
        raise ArgumentError("no map has a voxel in the mask")
    if not keep_empty and not alive.all():
        notice(
            f"{np.count_nonzero(~alive)} of {alive.size} maps have no voxel in the mask: left out.",
            UserWarning,
        )
    from scipy.linalg import lstsq

    weights = lstsq(design[:, alive], values[support])[0].T
    if not keep_empty:
        return np.asarray(weights)
    signals = np.zeros((len(weights), alive.size), dtype=weights.dtype)
    signals[:, alive] = weights
    return signals


def _resampled(values: AnyArray, source: Grid, target: Grid, interpolation: Any) -> AnyArray:
    volumes = [
        resample(volume, source, target, interpolation=interpolation)
        for volume in np.moveaxis(values, 3, 0)
    ]
    return np.stack(volumes, axis=3)


def _say_resampling(what: str) -> None:
    notice(f"Resampling {what} to the grid of the resampling target.", UserWarning)
