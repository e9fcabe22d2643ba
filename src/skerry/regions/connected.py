"""Split thresholded maps into regions, one volume each, under nilearn's contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.core.label import label_components, signs
from skerry.errors import ArgumentError
from skerry.image.arguments import check_number
from skerry.image.mask import load_mask, zero_non_finite
from skerry.image.niimg import check_niimg, image_data, image_like
from skerry.io.notice import notice
from skerry.space.grid import Grid, grid_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from skerry.typing import AnyArray, ImageLike

EXTRACT_TYPES = ("connected_components", "local_regions")


def connected_regions(
    maps_img: ImageLike,
    min_region_size: float = 1350,
    extract_type: str = "local_regions",
    smoothing_fwhm: float | None = 6,
    mask_img: ImageLike | None = None,
    *,
    nilearn_exact: bool = False,
    seed_distance_mm: float | None = None,
) -> tuple[Any, list[int]] | tuple[None, None]:
    """Split thresholded maps into regions, each in a volume of its own.

    Same arguments and results as nilearn 0.14.1, minus four losses: negative
    regions are found by their own seeds; a component too small or too low
    for a seed gets one; opposite signs that touch stay two regions; and a
    voxel that is not finite belongs to no region (there is a warning).

    Parameters
    ----------
    maps_img : path, nibabel image, or list of them
        3-D or 4-D; voxels that are 0 belong to no region.
    min_region_size : float
        mm3. A region is kept if it is larger than this.
    extract_type : {"local_regions", "connected_components"}
        Components are sets of voxels of one sign that share faces. Local
        regions split a component that has several peaks between them, by
        random walks from the peaks of the smoothed map [1]_ [2]_.
    smoothing_fwhm : float or None
        mm. Smoothing of the map in which the peaks of local regions are
        sought; None is no smoothing.
    mask_img : path or nibabel image, optional
        Voxels where it is 0 belong to no region. Read at the nearest voxel
        if it lies on another grid.
    nilearn_exact : bool
        Give nilearn's own regions, its losses included: to reproduce a result.
    seed_distance_mm : float or None
        Half the side of the box in which the seed of a local region is the
        highest, mm. None is nilearn's 10 voxels, whatever their size: a map
        on a finer grid then falls into more regions. A distance (30.0 is the
        10 voxels of a 3 mm map) gives the same regions on every grid.

    Returns
    -------
    regions_extracted_img : nibabel image or None
        (I, J, K, N) float32 on the grid of `maps_img` (RAS+ mm): in each
        volume the values of one region, and 0 elsewhere. The regions of map 0
        come first. Within a map, components come in the order of their first
        voxels, the last axis varying fastest; local regions in the order of
        their seeds, positive ones first. For maps of one sign this is
        nilearn's order.
    index_of_each_map : list of int, or None
        For each volume, the map that it comes from.

    Raises
    ------
    ArgumentError
        If `extract_type` is neither of the two, or the mask is no mask.
    ArgumentTypeError
        If an argument has a wrong type.

    Warns
    -----
    UserWarning
        If no region is left; both results are None then.

    References
    ----------
    .. [1] Abraham A, Dohmatob E, Thirion B, Samaras D, Varoquaux G (2014).
       Region segmentation for sparse decompositions: better brain
       parcellations from rest fMRI. arXiv:1412.3925.
    .. [2] Grady L (2006). Random walks for image segmentation. IEEE Trans
       Pattern Anal Mach Intell 28(11), 1768-1783. doi:10.1109/TPAMI.2006.233

    Examples
    --------
    >>> from nibabel import Nifti1Image
    >>> values = np.zeros((1, 1, 7))
    >>> values[0, 0] = [5, 4, -4, -5, 0, 3, 3]
    >>> img, index = connected_regions(
    ...     Nifti1Image(values, np.eye(4)), 1, extract_type="connected_components")
    >>> img.get_fdata()[0, 0].T.tolist()[1]
    [0.0, 0.0, -4.0, -5.0, 0.0, 0.0, 0.0]
    >>> index
    [0, 0, 0]
    """
    if extract_type not in EXTRACT_TYPES:
        raise ArgumentError(f"'extract_type' must be one of {EXTRACT_TYPES}, got {extract_type!r}")
    how = _How(extract_type, _fwhm(smoothing_fwhm), bool(nilearn_exact), seed_distance_mm)
    source = check_niimg(maps_img, name="maps_img")
    grid = grid_of(source)
    min_voxels = check_number(min_region_size, "min_region_size") / grid.voxel_volume_mm3

    found = [
        _kept_regions(volume, how.labels(volume, grid), min_voxels, fill_with_nan=how.keeps_nan)
        for volume in _volumes(source, grid, mask_img, keep_nan=how.keeps_nan)
    ]
    index = [number for number, regions in enumerate(found) for _ in range(regions.n_regions)]
    if not index:
        notice(
            f"No supra threshold regions of more than {min_region_size} mm3 were found.",
            UserWarning,
        )
        return None, None
    return _image_of(found, source, grid), index


@dataclass(frozen=True)
class _How:
    """The rule by which a map is split."""

    extract_type: str
    smoothing_fwhm_mm: float | None
    nilearn_exact: bool
    seed_distance_mm: float | None

    @property
    def keeps_nan(self) -> bool:
        """Whether a NaN counts as a value, as it does for nilearn's components."""
        return self.nilearn_exact and self.extract_type == "connected_components"

    def labels(self, volume: AnyArray, grid: Grid) -> NDArray[np.int32]:
        """(I, J, K) int32, 0 outside any region."""
        if self.extract_type == "connected_components":
            classes = volume != 0 if self.nilearn_exact else signs(volume)
            return label_components(classes, connectivity=6)[0]
        from skerry.core.walker import local_regions

        return local_regions(
            _as_float(volume),
            grid,
            smoothing_fwhm_mm=self.smoothing_fwhm_mm,
            nilearn_exact=self.nilearn_exact,
            seed_distance_mm=self.seed_distance_mm,
        )


@dataclass(frozen=True)
class _Regions:
    """The voxels of the regions of one map, sparse."""

    n_regions: int
    region: NDArray[np.intp]  # (n,) from 0
    voxel: NDArray[np.intp]  # (n,) flat index, first axis fastest
    values: AnyArray  # (n,)


def _kept_regions(
    volume: AnyArray, labels: NDArray[np.int32], min_voxels: float, *, fill_with_nan: bool = False
) -> _Regions:
    flat = labels.ravel("F")
    voxel = np.flatnonzero(flat)
    label = flat[voxel]
    kept = np.bincount(label) > min_voxels
    kept[:1] = False
    number = np.cumsum(kept) - 1
    voxel = voxel[kept[label]]
    n_regions = int(np.count_nonzero(kept))
    values = volume.ravel("F")
    region = number[flat[voxel]]
    if fill_with_nan:  # nilearn multiplies by 0 outside a region: 0 times NaN is NaN
        broken = np.flatnonzero(~np.isfinite(values))
        region = np.concatenate([np.repeat(np.arange(n_regions), broken.size), region])
        spread = np.full(broken.size * n_regions, np.nan, dtype=values.dtype)
        return _Regions(
            n_regions,
            region,
            np.concatenate([np.tile(broken, n_regions), voxel]),
            np.concatenate([spread, values[voxel]]),
        )
    return _Regions(n_regions, region, voxel, values[voxel])


def _image_of(found: list[_Regions], source: Any, grid: Grid) -> Any:
    """Fill the 4-D image once: pages of it that stay zero take no memory."""
    n_regions = sum(regions.n_regions for regions in found)
    data = np.zeros(grid.n_voxels * n_regions, dtype=np.float32)
    start = 0
    for regions in found:
        data[(regions.region + start) * grid.n_voxels + regions.voxel] = regions.values
        start += regions.n_regions
    inside = np.concatenate([regions.values for regions in found]).astype(np.float32)
    low, high = float(inside.min()), float(inside.max())
    if inside.size < data.size:
        low, high = min(low, 0.0), max(high, 0.0)
    volumes = data.reshape((*grid.shape, n_regions), order="F")
    return image_like(source, volumes, value_range=(low, high))


def _volumes(
    source: Any, grid: Grid, mask_img: ImageLike | None, *, keep_nan: bool
) -> Iterator[AnyArray]:
    """Give each map, masked and finite; copied only where something changes."""
    values = image_data(source)
    if values.ndim == 3:
        values = values[..., np.newaxis]
    if not keep_nan and values.dtype.kind == "f" and not np.isfinite(values).all():
        values = zero_non_finite(values.copy(order="K"))
    inside = None if mask_img is None else load_mask(mask_img, grid)
    for volume in np.moveaxis(values, 3, 0):
        yield volume if inside is None else np.where(inside, volume, volume.dtype.type(0))


def _as_float(volume: AnyArray) -> AnyArray:
    """Give native floating point, in the precision that nilearn would use."""
    if volume.dtype.kind == "f":
        return volume.astype(volume.dtype.newbyteorder("="), copy=False)
    return volume.astype(np.float32 if volume.dtype.itemsize <= 4 else np.float64)


def _fwhm(smoothing_fwhm: float | None) -> float | None:
    if smoothing_fwhm is None:
        return None
    fwhm_mm = check_number(smoothing_fwhm, "smoothing_fwhm")
    if fwhm_mm < 0:
        raise ArgumentError(f"'smoothing_fwhm' must not be negative, got {fwhm_mm} mm")
    if fwhm_mm == 0:
        notice("smoothing_fwhm is 0: no smoothing (None says the same).", UserWarning)
        return None
    return fwhm_mm
