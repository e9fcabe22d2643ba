"""Which voxels a figure hides: thresholds as numbers, "auto" or percentages."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from skerry.checks import is_number
from skerry.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from skerry.typing import AnyArray

# Just below the percentile, so that the voxel there is drawn; just above it
# for a written percentage, so that "100%" draws nothing.
_EPSILON = 1e-5
_AUTO_PERCENT = 80.0


def check_not_negative(threshold: object, name: str = "threshold") -> None:
    """Refuse a negative threshold.

    Parameters
    ----------
    threshold : object
        What the user gave; only numbers are looked at. `"auto"` on a map of
        zeros gives -1e-5, which is let through.
    name : str
        Name of the parameter, for the message.

    Raises
    ------
    ArgumentError
        If it is a number below -1e-5, or NaN.
    """
    if not isinstance(threshold, Real):
        return
    if threshold < -_EPSILON or np.isnan(float(threshold)):
        raise ArgumentError(
            f"Threshold should be a non-negative number! Got {name}={threshold}; "
            "it applies to absolute values, so both signs are shown"
        )


def abs_percentile(values: AnyArray, percent: float) -> float:
    """Give an order statistic of |values|.

    Parameters
    ----------
    values : array
        Map, finite; masked values do not count.
    percent : float
        Between 0 and 100.

    Returns
    -------
    float
        The value at index `int(n * percent / 100)` of the sorted |values|, or
        the largest at 100; 0 for an empty array. No interpolation.
    """
    if isinstance(values, np.ma.MaskedArray):
        values = values.compressed()
    values = np.asarray(values)
    # The |value| of -128 is no int8.
    heights = np.abs(values.astype(np.float64) if values.dtype.kind == "i" else values).ravel()
    if heights.size == 0:
        return 0.0
    index = min(int(heights.size * 0.01 * percent), heights.size - 1)
    return float(np.partition(heights, index)[index])


def threshold_value(threshold: object, values: AnyArray, name: str = "threshold") -> float | None:
    """Turn a display threshold into a number.

    A voxel is drawn when its absolute value is **above** the result.

    Parameters
    ----------
    threshold : None, float, "auto" or percentage
        None hides nothing. `"auto"` is 1e-5 below the 80th percentile of
        |values|; `"97%"` is 1e-5 above the 97th.
    values : array
        The map, finite, background included.
    name : str
        Name of the parameter, for messages.

    Returns
    -------
    float or None
        Threshold in the unit of the map.

    Raises
    ------
    ArgumentError
        If it is negative, not a number, or text that is no percentage.
    ArgumentTypeError
        If it is something else than None, a number or text.
    """
    if threshold is None:
        return None
    if isinstance(threshold, str):
        if threshold == "auto":
            return abs_percentile(values, _AUTO_PERCENT) - _EPSILON
        return abs_percentile(values, _percent(threshold, name)) + _EPSILON
    if not is_number(threshold):
        raise ArgumentTypeError(
            f"{name} should be either a number or a string finishing with a percent sign, "
            f"got {type(threshold).__name__}"
        )
    check_not_negative(threshold, name)
    return float(threshold)


def _percent(text: str, name: str) -> float:
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = np.nan
    if not text.endswith("%") or not 0 <= percent <= 100:
        raise ArgumentError(
            f'"{name}" given as text should be a number from 0 to 100 followed by the percent '
            f'sign, e.g. "25.3%", got {text!r}'
        )
    return percent
