"""Threshold an image by height and by cluster size, under nilearn's contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.checks import is_number
from skerry.core.label import drop_small_components
from skerry.core.threshold import percentile
from skerry.errors import ArgumentError, ArgumentTypeError, DimensionError
from skerry.image.arguments import check_bool, check_integer
from skerry.image.mask import load_mask, zero_non_finite
from skerry.image.niimg import check_niimg, image_data, image_like, is_surface
from skerry.io.notice import notice
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    from skerry.typing import AnyArray, ImageLike

# nilearn cuts this much above a percentile, so that "100%" leaves nothing.
_ABOVE_PERCENTILE = 1e-5


def threshold_img(
    img: ImageLike,
    threshold: float | str,
    cluster_threshold: int = 0,
    two_sided: bool = True,
    mask_img: ImageLike | None = None,
    copy: bool = True,
    copy_header: bool = True,
) -> Any:
    """Set the voxels of an image below a threshold to zero.

    Same arguments, results, warnings and errors as nilearn 0.14.1, with two
    exceptions: the file type of the result is that of its values, whatever
    the source was stored as; and a one-sided threshold on a map that has no
    value of that sign gives an empty map and a warning.

    Parameters
    ----------
    img : path or nibabel image
        3-D or 4-D map.
    threshold : float or str
        A height, in the map's unit; a value equal to it stays. Or a
        percentile such as ``"97%"``, of all voxels (of the mask, if one is
        given): of the absolute values if two-sided, else of the values that
        are not negative. What exceeds it by at least 1e-5 stays.
    cluster_threshold : int
        Clusters of fewer voxels are set to zero. Voxels of a cluster share
        faces and have one sign; volumes of a 4-D image are apart.
    two_sided : bool
        Whether values beyond both ``threshold`` and ``-threshold`` stay. If
        not, those from a threshold of 0 or more upwards, or from a negative
        one downwards.
    mask_img : path or nibabel image, optional
        Voxels where it is 0 are set to zero. It is read at the nearest voxel
        if it lies on another grid.
    copy : bool
        If False, the array of an image in memory is changed itself.
    copy_header : bool
        Whether the result takes over the header of `img`.

    Returns
    -------
    nibabel image
        Of the class of `img`, on its grid (RAS+ mm), values in their type.

    Raises
    ------
    ArgumentTypeError
        If an argument has a wrong type.
    ArgumentError
        If the threshold is not a number or a percentage from 0 to 100, is
        negative where it cannot be, or the mask is empty or no mask.

    Warns
    -----
    UserWarning
        If the threshold lies beyond all values, or some are not finite.

    Examples
    --------
    >>> from nibabel import Nifti1Image
    >>> img = Nifti1Image(np.array([[[0.0, 2.0, 3.0, -4.0]]]), np.eye(4))
    >>> threshold_img(img, 3).get_fdata()
    array([[[ 0.,  0.,  3., -4.]]])
    >>> threshold_img(img, 3, two_sided=False).get_fdata()
    array([[[0., 0., 3., 0.]]])
    """
    _check_threshold_type(threshold)
    cluster_threshold = check_integer(cluster_threshold, "cluster_threshold")
    check_bool(copy_header, "copy_header")
    _check_kinds(img, mask_img)

    source = check_niimg(img)
    if len(source.shape) not in (3, 4):
        raise DimensionError(len(source.shape), 4)
    values = zero_non_finite(_values_to_edit(source, copy=copy and source is img))
    judged = values
    if mask_img is not None:
        inside = load_mask(mask_img, grid_of(source))
        judged = values[inside]
        values[~inside] = 0

    cutoff = find_cutoff(threshold, judged, two_sided=two_sided)
    values[_below(values, cutoff, two_sided=two_sided)] = 0
    if cluster_threshold > 1:
        for volume in [values] if values.ndim == 3 else np.moveaxis(values, 3, 0):
            drop_small_components(volume, cluster_threshold)
    return image_like(source, values, copy_header=copy_header)


def find_cutoff(threshold: float | str, values: AnyArray, *, two_sided: bool = True) -> float:
    """Turn a threshold into a height, and warn if no value reaches it.

    Parameters
    ----------
    threshold : float or str
        A height, or a percentile such as ``"97%"``.
    values : array
        The values that it concerns; finite.
    two_sided : bool
        Whether the sign of the values matters not.

    Returns
    -------
    float
        Negative only for a negative, one-sided height.
    """
    if isinstance(threshold, str):
        return _percentile_cutoff(_percent(threshold), values, two_sided=two_sided)
    if threshold is None:
        raise ArgumentTypeError("threshold should be either a number or a string such as '97%'")
    threshold = float(threshold)
    if np.isnan(threshold):
        raise ArgumentError("threshold is not a number (NaN)")
    if threshold < 0 and two_sided:
        raise ArgumentError(
            f'"threshold" should not be a negative value when two_sided=True, got {threshold}'
        )
    _warn_if_beyond(threshold, values, two_sided=two_sided)
    return threshold


def _percent(threshold: str) -> float:
    try:
        if not threshold.endswith("%"):
            raise ValueError
        percent = float(threshold[:-1])
    except ValueError:
        raise ArgumentError(
            f"threshold {threshold!r} is a string: it should be a number followed by the "
            'percent sign, e.g. "97%"'
        ) from None
    if percent < 0:
        raise ArgumentError(f'"threshold" should not be a negative percentile, got {threshold!r}')
    if not percent <= 100:
        raise ArgumentError(f"threshold {threshold!r}: a percentile must be from 0% to 100%")
    return percent


def _percentile_cutoff(percent: float, values: AnyArray, *, two_sided: bool) -> float:
    if values.dtype.kind != "f":
        values = values.astype(np.float64)  # the absolute value of -128 is no int8
    ranked = np.abs(values) if two_sided else values[values >= 0]
    if ranked.size == 0:
        _warn_no_side(f"{percent:g}%", "positive")
        return _ABOVE_PERCENTILE
    return percentile(ranked, percent, overwrite=True) + _ABOVE_PERCENTILE


def _warn_if_beyond(threshold: float, values: AnyArray, *, two_sided: bool) -> None:
    highest, lowest = values.max(), values.min()
    if threshold < 0:
        if lowest > 0:
            _warn_no_side(threshold, "negative")
        elif threshold < lowest:
            notice(
                f"The threshold must not be less than {lowest}, the lowest value. "
                f"But, you have given threshold={threshold}: nothing is left.",
                UserWarning,
            )
        return
    if two_sided and -float(lowest) > highest:
        highest = -lowest if values.dtype.kind == "f" else -float(lowest)
    if highest < 0:
        _warn_no_side(threshold, "positive")
    elif threshold > highest:
        notice(
            f"The threshold must not exceed {highest}, the highest value. "
            f"But, you have given threshold={threshold}: nothing is left.",
            UserWarning,
        )


def _warn_no_side(threshold: float | str, sign: str) -> None:
    notice(
        f"The map has no {sign} values. But, you have given threshold={threshold}, "
        "one-sided: nothing is left.",
        UserWarning,
    )


def _below(values: AnyArray, cutoff: float, *, two_sided: bool) -> AnyArray:
    """Tell which voxels a cutoff removes; the cutoff takes the values' precision, as in nilearn."""
    if two_sided:
        return np.asarray((-cutoff < values) & (values < cutoff))
    return np.asarray(values < cutoff if cutoff >= 0 else values > cutoff)


def _values_to_edit(source: Any, *, copy: bool) -> AnyArray:
    from nibabel import is_proxy

    values = image_data(source)
    # What a proxy gives is already ours, unless it maps the file itself.
    shared = copy and not is_proxy(source.dataobj)
    if shared or isinstance(values, np.memmap) or not values.flags.writeable:
        values = np.array(values, order="K")
    return values


def _check_threshold_type(threshold: Any) -> None:
    if threshold is None:
        return  # said later, as nilearn does, in other words
    if not (is_number(threshold) or isinstance(threshold, str)):
        raise ArgumentTypeError(
            f"'threshold' must be of type(s): number, str; got {type(threshold).__name__}"
        )


def _check_kinds(img: Any, mask_img: Any) -> None:
    """Refuse what is no volume, and a mask of another kind than the image."""
    volume = isinstance(img, (str, bytes)) or hasattr(img, "__fspath__") or hasattr(img, "dataobj")
    if not volume and not is_surface(img):
        raise ArgumentTypeError(
            "'img' should be a 3D/4D Niimg-like object or a SurfaceImage "
            f"(volumes only in this version), got {type(img).__name__}"
        )
    if mask_img is not None and is_surface(img) != is_surface(mask_img):
        raise ArgumentTypeError(
            "Mask and input images must be of compatible types: both volumes or both surfaces, "
            f"got {type(mask_img).__name__} and {type(img).__name__}"
        )
