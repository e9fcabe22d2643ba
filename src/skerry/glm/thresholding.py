"""Threshold a statistical map at a p value, a false discovery rate or by Bonferroni."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.checks import is_number
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.glm.statistic import Statistic, mask_of, refuse_surfaces, statistic_of
from skerry.image.arguments import check_bool, check_integer, check_number
from skerry.image.niimg import check_niimg, image_data
from skerry.io.notice import notice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from skerry.typing import ImageLike, Kind

_CONTROLS = ("fpr", "fdr", "bonferroni", None)
_OLD_THRESHOLD = 3.0
# nilearn's height lies this much below the value that sets it, so that it stays.
_BELOW = 1e-12
# No map of a whole brain lacks values below it: one that does was thresholded before.
_CUT_ABOVE = 1.0


def fdr_threshold(z_vals: ArrayLike, alpha: float) -> float:
    """Find the z above which the false discovery rate is held.

    Parameters
    ----------
    z_vals : (...) float
        z of all tests; NaN are none. p values are one-sided.
    alpha : float
        The rate, from 0 to 1.

    Returns
    -------
    float
        Just (1e-12) below the lowest z that Benjamini and Hochberg's
        procedure rejects; infinite if it rejects none.

    Raises
    ------
    ArgumentError
        If `alpha` is out of range.

    References
    ----------
    Benjamini, Hochberg (1995), doi 10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> round(fdr_threshold([4.0, 3.5, 2.8, 2.5, 1.9, 1.2], alpha=0.05), 2)
    1.9
    """
    from scipy.special import ndtr

    check_alpha(alpha)
    z = np.asarray(z_vals, dtype=np.float64).ravel()
    z = np.sort(z[~np.isnan(z)])[::-1]
    # Strictly below the line, as nilearn has it.
    under = np.flatnonzero(ndtr(-z) < alpha * np.arange(1, z.size + 1) / max(z.size, 1))
    return float(z[under[-1]] - _BELOW) if under.size else float("inf")


def threshold_stats_img(
    stat_img: ImageLike | None = None,
    mask_img: ImageLike | None = None,
    alpha: float = 0.001,
    threshold: float | None = None,
    height_control: str | None = "fpr",
    cluster_threshold: int = 0,
    two_sided: bool = True,
    *,
    kind: Kind | None = None,
    df: float | tuple[float, float] | None = None,
) -> tuple[Any, float]:
    """Find the height that controls an error, and threshold a map there.

    As nilearn 0.14.1, and two arguments more: with `kind` and `df` a t or F
    map is judged as such. Without them a map is what its header says, and z
    if that says nothing.

    Parameters
    ----------
    stat_img : path or nibabel image, optional
        3-D map; not needed for `height_control` "fpr" or None.
    mask_img : path or nibabel image, optional
        Voxels that are tests; by default those unlike the background, which
        is the median at the border of the field of view.
    alpha : float
        The p value or rate to control.
    threshold : float, optional
        Height to use when `height_control` is None; 3.0 by default.
    height_control : {"fpr", "fdr", "bonferroni", None}
        What `alpha` is: p of each voxel, false discovery rate, or family-wise
        error rate.
    cluster_threshold : int
        Clusters of fewer voxels are set to zero; neighbours share a face.
    two_sided : bool
        Whether both signs count; `alpha` is then shared between them. An F
        map has one side whatever this says.
    kind : {"z", "t", "F"}, optional
        What the values are.
    df : float or (float, float), optional
        Degrees of freedom.

    Returns
    -------
    thresholded_map : nibabel image or None
        None without `stat_img`.
    threshold : float
        The height used, in the unit of the map; infinite when no voxel is significant.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense.

    Warns
    -----
    FutureWarning
        At a threshold of 3.0, nilearn's default, which nilearn is going to change.
    UserWarning
        If `threshold` is given but not used, or the map looks cut already.

    Examples
    --------
    >>> round(threshold_stats_img(alpha=0.001)[1], 3)
    3.291
    >>> round(threshold_stats_img(alpha=0.001, kind="t", df=20)[1], 3)
    3.85
    """
    from skerry.image.threshold import threshold_img

    threshold = _checked_threshold(threshold, height_control)
    check_alpha(alpha)
    check_bool(two_sided, "two_sided")
    if check_integer(cluster_threshold, "cluster_threshold") < 0:
        raise ArgumentError(f"'cluster_threshold' must be > 0, got {cluster_threshold}")
    refuse_surfaces(stat_img=stat_img, mask_img=mask_img)
    img = None if stat_img is None else check_niimg(stat_img, name="stat_img")
    statistic = statistic_of(img, kind, df)
    two_tails = two_sided and statistic.kind != "F"
    tail = alpha / 2 if two_tails else alpha
    if height_control == "fpr":
        threshold = statistic.height(tail)
    if img is None:
        if height_control not in ("fpr", None):
            raise ArgumentError(f"'stat_img' cannot be None with height_control={height_control!r}")
        assert threshold is not None  # noqa: S101
        return None, threshold
    if height_control in ("fdr", "bonferroni"):
        values = image_data(img)[mask_of(img, mask_img)].astype(np.float64).ravel()
        values = np.abs(values) if two_tails else values
        _warn_if_cut(values, height_control)
        threshold = (
            _fdr_height(values, tail, statistic)
            if height_control == "fdr"
            else statistic.height(tail / values.size)
        )
    assert threshold is not None  # noqa: S101
    above = threshold_img(
        stat_img,  # type: ignore[arg-type]
        threshold,
        cluster_threshold=cluster_threshold,
        two_sided=two_sided,
        mask_img=mask_img,
    )
    return above, threshold


def warn_of_old_threshold(threshold: object) -> None:
    """Say what nilearn says of a threshold of 3.0."""
    if is_number(threshold) and threshold == _OLD_THRESHOLD:
        notice(
            "From nilearn version>=0.15, the default 'threshold' will be set to 3.0902 (one-sided "
            "p of 0.001), no longer 3.0; give the one that is meant",
            FutureWarning,
        )


def _checked_threshold(threshold: float | None, height_control: str | None) -> float | None:
    """Give the height to use without control of an error, and warn of one that is not used."""
    if height_control not in _CONTROLS:
        raise ArgumentError(
            f"'height_control' must be one of {', '.join(map(repr, _CONTROLS))}; "
            f"got {height_control!r}"
        )
    if height_control is None:
        threshold = _OLD_THRESHOLD if threshold is None else threshold
        warn_of_old_threshold(threshold)
        if not is_number(threshold):
            raise ArgumentTypeError(
                f"'threshold' must be a number or None, got {type(threshold).__name__}"
            )
        return threshold
    if threshold is not None:
        notice(
            f"threshold={threshold} is not used with height_control={height_control!r}, which "
            "finds its own",
            UserWarning,
        )
    return None


def _fdr_height(values: NDArray[np.float64], tail: float, statistic: Statistic) -> float:
    z = statistic.z(values)
    z_height = fdr_threshold(z, tail)
    if statistic.kind == "z" or not np.isfinite(z_height):
        return z_height
    return float(values[z >= z_height].min()) - _BELOW


def _warn_if_cut(values: NDArray[np.float64], height_control: str) -> None:
    if values.size >= 20 and float(np.abs(values).min()) > _CUT_ABOVE:
        notice(
            f"no value lies between 0 and {np.abs(values).min():.3g}: the map looks thresholded "
            f"already, and {height_control} over what is left is too lenient; give the whole map"
        )


def check_alpha(alpha: float) -> None:
    """Refuse an error rate that is none."""
    if not 0 <= check_number(alpha, "alpha") <= 1:
        raise ArgumentError(f"alpha should be between 0 and 1, got {alpha}")
