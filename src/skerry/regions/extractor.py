"""Regions of a set of maps, and their signals, under nilearn's contract."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.core.threshold import percentile
from skerry.errors import ArgumentError
from skerry.image.arguments import check_number
from skerry.image.mask import load_mask, zero_non_finite
from skerry.image.niimg import check_niimg, image_data, image_like
from skerry.image.threshold import threshold_img
from skerry.regions.connected import connected_regions
from skerry.regions.signals import map_signals, resample_volumes, standardized
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRATEGIES = ("ratio_n_voxels", "img_value", "percentile")
TARGETS = ("data", "mask", "maps", None)


@dataclass(eq=False)
class RegionExtractor:
    """Split the maps of an atlas into regions, and read signals from them.

    Parameters, in nilearn's order and with its defaults; one that nilearn
    only passes on to its cleaning of signals must keep its default, and those
    about caching and reports are accepted and change nothing.

    Parameters
    ----------
    maps_img : path or nibabel image
        4-D, one map a volume.
    mask_img : path or nibabel image, optional
        Voxels where it is 0 belong to no region.
    min_region_size : float
        mm3. A region is kept if it is larger than this.
    threshold : float
        What it means is the strategy's.
    thresholding_strategy : {"ratio_n_voxels", "img_value", "percentile"}
        Keep the strongest voxels of all maps together, as many as `threshold`
        times the voxels of one volume; or `threshold` is a height; or a
        percentile.
    two_sided : bool
        Whether negative values stay too, for a height or a percentile.
    extractor : {"local_regions", "connected_components"}
        As in `connected_regions`, but seeds are 10 voxels apart, whatever
        their size: nilearn's tests of this class rest on that.
    smoothing_fwhm : float or None
        mm. Smoothing for the seeds of local regions, and, as in nilearn, of
        the images whose signals are read.
    standardize : {"zscore_sample", "psc", True, False, None}
        Of each region's signal over time; True means the first.
    detrend : bool
        Whether a straight line is taken from each signal.
    resampling_target : {"data", "mask", "maps", None}
        Whose grid signals are read on; None wants one grid for all.
    keep_masked_maps : bool
        Whether regions that a mask removes stay, with signals of 0.
    allow_overlap : bool
        If False, maps that share a voxel are an error.

    Attributes
    ----------
    regions_img_, maps_img_ : nibabel image
        (I, J, K, N) float32, the regions.
    index_ : list of int
        For each region, the map that it comes from.
    n_elements_ : int
        Number of regions.
    mask_img_ : nibabel image or None

    References
    ----------
    Abraham A, Dohmatob E, Thirion B, Samaras D, Varoquaux G (2014). Region
    segmentation for sparse decompositions: better brain parcellations from
    rest fMRI. arXiv:1412.3925.
    """

    maps_img: Any = None
    mask_img: Any = None
    min_region_size: float = 1350
    threshold: Any = 1.0
    thresholding_strategy: str = "ratio_n_voxels"
    two_sided: bool = False
    extractor: str = "local_regions"
    smoothing_fwhm: float | None = 6
    standardize: Any = False
    standardize_confounds: bool = True
    high_variance_confounds: bool = False
    detrend: bool = False
    low_pass: float | None = None
    high_pass: float | None = None
    t_r: float | None = None
    dtype: Any = None
    resampling_target: str | None = "data"
    keep_masked_maps: bool = False
    memory: Any = None
    memory_level: int = 0
    verbose: int = 0
    reports: bool = True
    cmap: Any = "CMRmap_r"
    allow_overlap: bool = True
    clean_args: Any = None

    def fit(self, imgs: Any = None, y: None = None) -> RegionExtractor:
        """Find the regions; the parameters stay as they were given.

        Parameters
        ----------
        imgs : image, optional
            Only checked.
        y : None
            Not used.

        Returns
        -------
        RegionExtractor
            Itself.

        Raises
        ------
        ArgumentError
            If a parameter makes no sense, or no region is left.
        DimensionError
            If `maps_img` is not 4-D.
        """
        del y
        self._check_parameters()
        maps = check_niimg(self.maps_img, ensure_ndim=4, name="maps_img")
        mask = None
        if self.mask_img is not None:
            mask = check_niimg(self.mask_img, ensure_ndim=3, name="mask_img")
            load_mask(mask, grid_of(mask))
        if imgs is not None:
            check_niimg(imgs, name="imgs")
        regions, index = connected_regions(
            self._thresholded(maps, mask),
            self.min_region_size,
            self.extractor,
            self.smoothing_fwhm,
            mask_img=mask,
            seed_distance_mm=None,
        )
        if regions is None or index is None:
            raise ArgumentError(
                f"no region of more than {self.min_region_size} mm3 is left: "
                "lower threshold or min_region_size"
            )
        if not self.allow_overlap and (np.count_nonzero(image_data(regions), axis=3) > 1).any():
            raise ArgumentError("regions share voxels, and allow_overlap is False")
        self.mask_img_ = mask
        self.regions_img_ = regions
        self.index_ = index
        self.maps_img_ = regions
        if self.resampling_target == "mask" and mask is not None:
            self.maps_img_ = resample_volumes(regions, grid_of(mask))
        self.n_elements_ = int(regions.shape[3])
        return self

    def transform(
        self, imgs: Any, confounds: Any = None, sample_mask: Any = None
    ) -> NDArray[np.floating[Any]]:
        """Read the signal of each region: one joint least-squares fit of the maps.

        Parameters
        ----------
        imgs : path, nibabel image, or list of them
            3-D or 4-D.
        confounds, sample_mask : None
            Not offered: clean the signals afterwards.

        Returns
        -------
        (T, N) float, or (N,) for a 3-D image

        Raises
        ------
        ArgumentError
            If `fit` was not called before.
        GridMismatchError
            If `resampling_target` is None and the grids differ.
        """
        if not hasattr(self, "maps_img_"):
            raise ArgumentError("this RegionExtractor has no regions yet: call fit first")
        if confounds is not None or sample_mask is not None:
            raise ArgumentError(
                "confounds and sample_mask are not offered: clean the signals afterwards"
            )
        loaded = check_niimg(imgs, name="imgs")
        signals = map_signals(
            loaded,
            self.maps_img_,
            mask_img=self.mask_img_,
            smoothing_fwhm_mm=self.smoothing_fwhm,
            target=self.resampling_target,
            keep_empty=self.keep_masked_maps,
        )
        signals = standardized(signals, self.standardize, detrend=self.detrend)
        return signals[0] if len(loaded.shape) == 3 else signals

    def fit_transform(
        self, imgs: Any, y: None = None, confounds: Any = None, sample_mask: Any = None
    ) -> NDArray[np.floating[Any]]:
        """Find the regions and read their signals; see `fit` and `transform`."""
        return self.fit(imgs, y).transform(imgs, confounds, sample_mask)

    def _check_parameters(self) -> None:
        if self.thresholding_strategy not in STRATEGIES:
            raise ArgumentError(
                f"'thresholding_strategy' must be one of {STRATEGIES}, "
                f"got {self.thresholding_strategy!r}"
            )
        if self.resampling_target not in TARGETS:
            raise ArgumentError(
                f"'resampling_target' must be one of {TARGETS}, got {self.resampling_target!r}"
            )
        if self.threshold is None or isinstance(self.threshold, str):
            raise ArgumentError(
                f"The given input to threshold is not valid. It must be a number, "
                f"got {self.threshold!r}; thresholding_strategy says what it means"
            )
        cleaning = ("high_variance_confounds", "low_pass", "high_pass", "dtype", "clean_args")
        asked = [name for name in cleaning if getattr(self, name)]
        if asked:
            raise ArgumentError(f"{', '.join(asked)}: not offered, clean the signals afterwards")

    def _thresholded(self, maps: Any, mask: Any) -> Any:
        threshold = check_number(self.threshold, "threshold")
        if self.thresholding_strategy == "ratio_n_voxels":
            return _keep_strongest(maps, threshold)
        cut = f"{threshold}%" if self.thresholding_strategy == "percentile" else threshold
        with warnings.catch_warnings():
            # The regions are then none, which is said in a clearer way.
            warnings.filterwarnings("ignore", "The threshold must not", UserWarning)
            return threshold_img(maps, cut, two_sided=self.two_sided, mask_img=mask)


def _keep_strongest(maps: Any, ratio: float) -> Any:
    """Keep the strongest voxels of all maps together: `ratio` times those of one volume."""
    n_maps = maps.shape[3]
    if not 0 < ratio <= n_maps:
        raise ArgumentError(
            f"threshold, as a ratio to the number of voxels, must be above 0 and at most "
            f"{n_maps} (the number of maps), got {ratio}"
        )
    values = zero_non_finite(image_data(maps).copy(order="K"))
    strength = np.abs(values)
    values[strength < percentile(strength, 100 - 100 / n_maps * ratio)] = 0
    return image_like(maps, values)
