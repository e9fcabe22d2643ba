"""Which values get which colours: the range of a map's colours and of its colour bar."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from skerry.io.notice import notice

if TYPE_CHECKING:
    from skerry.typing import AnyArray


class ColorRange(NamedTuple):
    """Ends of the colour bar and of the colour map, in the map's own unit.

    A `None` end of the bar means "where the colour map ends".
    """

    bar_min: float | None
    bar_max: float | None
    vmin: float
    vmax: float


def color_range(
    values: AnyArray,
    vmin: float | None = None,
    vmax: float | None = None,
    symmetric_cbar: bool | Literal["auto"] = True,
    lowest: float | None = None,
) -> ColorRange:
    """Choose the colour range of a map.

    Parameters
    ----------
    values : array of float
        The map; NaN and masked values do not count.
    vmin, vmax : float, optional
        Ends that the user asked for. Anything but a finite number counts as
        not given.
    symmetric_cbar : bool or "auto"
        Whether zero is in the middle. `"auto"` asks for it when both signs
        remain between the given ends, or when the given ends mirror each other.
    lowest : float, optional
        Take this for the smallest value of the map.

    Returns
    -------
    ColorRange
        A map of one sign without a symmetric range has its bar begin, or end,
        at zero, unless the user gave that end.

    Warns
    -----
    UserWarning
        If the given ends contradict a symmetric range; the wider end wins.
    """
    vmin, vmax = _finite_or_none(vmin), _finite_or_none(vmax)
    low, high = _extremes(values)
    if lowest is not None:
        low = float(lowest)
    if symmetric_cbar == "auto":
        symmetric_cbar = _asks_for_symmetry(low, high, vmin, vmax)
    if symmetric_cbar:
        half = _half_range(low, high, vmin, vmax)
        return ColorRange(-half, half, -half, half)
    bar_min, bar_max = vmin, vmax
    if low >= 0 and vmin is None:
        bar_min = 0.0
    elif low < 0 and high <= 0 and vmax is None:
        bar_max = 0.0
    return ColorRange(
        bar_min,
        bar_max,
        low if vmin is None else float(vmin),
        high if vmax is None else float(vmax),
    )


def _finite_or_none(value: Any) -> Any:
    return value if isinstance(value, Real) and math.isfinite(value) else None


def _extremes(values: AnyArray) -> tuple[float, float]:
    if isinstance(values, np.ma.MaskedArray):
        values = values.compressed()
    values = np.asarray(values)
    if values.size and math.isfinite(values.min()) and math.isfinite(values.max()):
        return float(values.min()), float(values.max())
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _asks_for_symmetry(low: float, high: float, vmin: float | None, vmax: float | None) -> bool:
    if vmin is not None and vmax is not None:
        return bool(np.isclose(vmin, -vmax))
    smallest = low if vmin is None else max(vmin, low)
    largest = high if vmax is None else min(vmax, high)
    return smallest < 0 < largest


def _half_range(low: float, high: float, vmin: float | None, vmax: float | None) -> float:
    if vmin is None and vmax is None:
        return max(-low, high)
    if vmin is not None and vmax is not None and vmin != -vmax:
        if not np.isclose(vmin, -vmax):
            notice(
                f"Specified vmin={vmin!r} and vmax={vmax!r} values do not create a "
                "symmetric colorbar. Zero is put in the middle, and the wider end is used on "
                "both sides; pass symmetric_cbar=False to keep both ends.",
                UserWarning,
            )
        return float(max(abs(vmin), abs(vmax)))
    return float(abs(vmin if vmin is not None else vmax or 0.0))
