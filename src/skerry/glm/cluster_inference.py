"""The share of truly active voxels in each cluster, at least, under nilearn's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.checks import is_number
from skerry.core.label import label_components
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.glm.statistic import mask_of, refuse_surfaces, statistic_of
from skerry.glm.thresholding import check_alpha, warn_of_old_threshold
from skerry.image.niimg import check_niimg, image_data, image_like

if TYPE_CHECKING:
    from skerry.typing import ImageLike, Kind


def cluster_level_inference(
    stat_img: ImageLike,
    mask_img: ImageLike | None = None,
    threshold: float | list[float] = 3.0,
    alpha: float = 0.05,
    verbose: int = 0,
    *,
    kind: Kind | None = None,
    df: float | tuple[float, float] | None = None,
) -> Any:
    """Bound the proportion of true discoveries in every cluster of a map.

    As nilearn 0.14.1, by all-resolutions inference: the bounds of all clusters
    of all thresholds hold together. With `kind` and `df` a t or F map is
    judged as such. `skerry.stats.ari` does the same, for both signs and any set.

    Parameters
    ----------
    stat_img : path or nibabel image
        3-D map. Its positive side is judged, with one-sided p values.
    mask_img : path or nibabel image, optional
        Voxels that are tests; by default those unlike the background.
    threshold : float or list of float
        Clusters are voxels above it that share faces. Of several, the higher
        overwrite the lower.
    alpha : float
        Chance that any bound is wrong.
    verbose : int
        Taken for nilearn's sake; nothing is drawn.
    kind : {"z", "t", "F"}, optional
        What the values are; by default what the header says, else z.
    df : float or (float, float), optional
        Degrees of freedom.

    Returns
    -------
    nibabel image
        float64; in each cluster, the proportion of its voxels that are active,
        at least.

    Raises
    ------
    DimensionError
        If the map is not 3-D.
    ArgumentError, ArgumentTypeError
        If an argument makes no sense.

    Warns
    -----
    FutureWarning
        At a threshold of 3.0, nilearn's default, which nilearn is going to change.

    References
    ----------
    Rosenblatt et al. (2018), doi 10.1016/j.neuroimage.2018.07.060
    """
    from skerry.stats.ari import discoveries
    from skerry.stats.convert import z_to_log_p

    warn_of_old_threshold(threshold)
    heights = _checked_heights(threshold)
    check_alpha(alpha)
    refuse_surfaces(stat_img=stat_img, mask_img=mask_img)
    img = check_niimg(stat_img, ensure_ndim=3, name="stat_img")
    statistic = statistic_of(img, kind, df)
    inside = mask_of(img, mask_img)
    values = image_data(img)
    p_values = np.exp(z_to_log_p(statistic.z(values[inside])))
    proportion = np.zeros(values.shape)
    for height in heights:
        above = inside & (values > height)
        labels, n_clusters = label_components(above.astype(np.int8), 6)
        if not n_clusters:
            continue
        found = discoveries(p_values, labels[inside], alpha=alpha)
        extent = np.bincount(labels[inside], minlength=n_clusters + 1)[1:]
        share = np.concatenate(([0.0], found / extent))
        proportion = np.where(labels > 0, share[labels], proportion)
    return image_like(img, proportion)


def _checked_heights(threshold: float | list[float]) -> list[float]:
    heights = threshold if isinstance(threshold, list) else [threshold]
    for height in heights:
        if not is_number(height):
            raise ArgumentTypeError(
                f"'threshold' must be a number or a list of numbers, got {type(height).__name__}"
            )
    if any(not height >= 0 for height in heights):
        raise ArgumentError(
            "'threshold' cannot be negative or contain negative values (or NaN), "
            f"got threshold={threshold}"
        )
    return sorted(heights)
