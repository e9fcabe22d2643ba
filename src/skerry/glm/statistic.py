"""What nilearn's thresholding functions judge: the values of a map, their kind and mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.image.mask import load_mask
from skerry.image.niimg import image_data, is_surface
from skerry.io.kind import Df, checked_df, meaning_of
from skerry.io.notice import notice
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray, BoolArray, Kind

# nilearn looks so many voxels deep for what a map's background is.
_BORDER = 2


class Statistic:
    """How values of one kind turn into z, and z into heights.

    Parameters
    ----------
    kind : {"z", "t", "F"}
    df : float or (float, float), optional
        Degrees of freedom of t or F.
    """

    def __init__(self, kind: Kind, df: Df = None) -> None:
        if kind in ("t", "F") and df is None:
            raise ArgumentError(f"kind={kind!r} needs df=, the degrees of freedom")
        self.kind, self.df = kind, df

    def z(self, values: AnyArray) -> NDArray[np.float64]:
        """Give values as z."""
        from skerry.stats.of_kind import z_of

        return z_of(values, self.kind, self.df)

    def height(self, p: float) -> float:
        """Give the height with an upper tail of p."""
        from scipy.special import ndtri

        from skerry.stats.of_kind import value_of_log_p

        if self.kind == "z":
            return float(-ndtri(p))
        if not 0 < p < 1:
            return float("inf") if p <= 0 else -float("inf")
        return value_of_log_p(float(np.log(p)), self.kind, self.df)


def statistic_of(img: Any, kind: Kind | None, df: Any) -> Statistic:
    """Find out what the values of a map are: by argument, by header, else z.

    Parameters
    ----------
    img : nibabel image or None
    kind : {"z", "t", "F"}, optional
    df : float or (float, float), optional

    Returns
    -------
    Statistic

    Raises
    ------
    ArgumentError
        If `kind` or `df` make no sense here.

    Warns
    -----
    SkerryWarning
        If the header names a kind that cannot be used, or another than the argument.
    """
    intent = _intent_of(img)
    meaning = meaning_of(kind, None, intent, None, "stat_img")
    found = meaning.kind
    given_df = checked_df(df, found) if df is not None else None
    used_df = meaning.df if given_df is None else given_df
    if kind is not None and kind not in ("z", "t", "F"):
        raise ArgumentError(f"kind must be one of z, t, F here, got {kind!r}")
    why_not = None if kind is not None else _why_unusable(found, used_df)
    if why_not is not None:
        notice(f"the header of stat_img says {why_not}")
        return Statistic("z")
    return Statistic(found, used_df) if found in ("t", "F") else Statistic("z")


def _why_unusable(found: Kind | None, df: Df) -> str | None:
    """Say what is wrong with the kind that a header names, if anything is."""
    if found in ("t", "F") and df is None:
        return (
            f"{found} without degrees of freedom: its values are taken as z, which finds too "
            f"much; give kind={found!r} and df="
        )
    if found in ("p", "other"):
        named = "p" if found == "p" else "a statistic that is neither z, t nor F"
        return f"{named}: its values are taken as z; give a map of z, t or F, or kind="
    return None


def _intent_of(img: Any) -> tuple[int, tuple[float, ...]]:
    header = getattr(img, "header", None)
    if header is None or not hasattr(header, "get_intent"):
        return 0, ()
    _, parameters, _ = header.get_intent("code")
    return int(header["intent_code"]), tuple(float(number) for number in parameters)


def refuse_surfaces(**images: Any) -> None:
    """Refuse maps on meshes, by the name of their argument."""
    for name, img in images.items():
        if is_surface(img):
            raise ArgumentTypeError(f"'{name}' must be a volume: surfaces are not supported yet")


def mask_of(img: Any, mask_img: Any) -> BoolArray:
    """Give the voxels that are tests: those of the mask, else those unlike the background.

    Parameters
    ----------
    img : nibabel image
        3-D or 4-D.
    mask_img : path or nibabel image, optional
        Without, the background is the median of the voxels within two of the
        field of view's border, or NaN if there is one, as in nilearn.

    Returns
    -------
    (I, J, K) bool
        Voxels without NaN.

    Raises
    ------
    ArgumentError
        If no voxel is left.
    """
    values = image_data(img)
    numbers = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(values.shape, bool)
    if mask_img is not None:
        inside = load_mask(mask_img, grid_of(img))
    else:
        inside = _unlike_background(values if values.ndim == 3 else values.mean(axis=-1))
    inside = inside & (numbers if values.ndim == 3 else numbers.all(axis=-1))
    if not inside.any():
        raise ArgumentError("stat_img has no voxel to test: the mask is empty; give mask_img")
    return inside


def _unlike_background(values: AnyArray) -> BoolArray:
    sides = [values.take(range(min(_BORDER, n)), axis) for axis, n in enumerate(values.shape)]
    sides += [
        values.take(range(max(n - _BORDER, 0), n), axis) for axis, n in enumerate(values.shape)
    ]
    border = np.concatenate([side.ravel() for side in sides])
    background = np.median(border)
    return np.asarray(~np.isnan(values) if np.isnan(background) else values != background)
