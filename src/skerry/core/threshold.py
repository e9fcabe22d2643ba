"""Heights: which voxels pass a threshold, and which height a percentile is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from skerry.typing import AnyArray, Sign


def percentile(values: AnyArray, percent: float, *, overwrite: bool = False) -> float:
    """Give the linear percentile of some values.

    The value at rank ``percent / 100 * (n - 1)``; between two ranks, the
    straight line between them, in double precision.

    Parameters
    ----------
    values : array
        At least one value, none of them NaN.
    percent : float
        From 0 to 100.
    overwrite : bool
        Reorder `values` in place, where they lie in one piece, instead of a copy.

    Returns
    -------
    float

    Examples
    --------
    >>> percentile(np.array([4.0, 1.0, 3.0, 2.0]), 50)
    2.5
    """
    flat = values.reshape(-1, order="A") if overwrite else values.flatten("K")
    rank = percent / 100.0 * (flat.size - 1)
    lower = int(rank)
    upper = min(lower + 1, flat.size - 1)
    flat.partition((lower, upper))
    below, above, share = float(flat[lower]), float(flat[upper]), rank - lower
    # Of two equal values it is that value: a sum that rounds up would let none of them pass.
    # And 0 times an infinite next value is NaN.
    if share == 0 or below == above:
        return below
    return min(max(below * (1.0 - share) + above * share, below), above)


def passes(values: AnyArray, threshold: float, sign: Sign = "both") -> NDArray[np.bool_]:
    """Tell which values lie at or beyond a threshold.

    One inclusive rule, ``|value| >= threshold``, judged as if both were in
    double precision. Zero and NaN never pass.

    Parameters
    ----------
    values : array of any real type
    threshold : float
        Not negative.
    sign : {"both", "positive", "negative"}

    Returns
    -------
    array of bool, in the memory order of `values`

    Examples
    --------
    >>> passes(np.array([3.1, 3.0, -3.1], dtype=np.float32), 3.1)
    array([False, False, False])
    >>> passes(np.array([3.0, 0.0, -3.5]), 3.0)
    array([ True, False,  True])
    """
    cut = _in_type(threshold, values.dtype)
    if sign == "negative":
        return _beyond(values, cut, negative=True)
    passed = _beyond(values, cut, negative=False)
    if sign == "both" and values.dtype.kind != "u":
        passed |= _beyond(values, cut, negative=True)
    return passed


def _beyond(values: AnyArray, cut: Any, *, negative: bool) -> NDArray[np.bool_]:
    if cut == 0:
        return np.asarray(values < 0 if negative else values > 0)
    return np.asarray(values <= -cut if negative else values >= cut)


def _in_type(threshold: float, dtype: np.dtype[Any]) -> Any:
    """Give the smallest number of a type that is not below the threshold.

    Comparing float32 values with it gives what a comparison in double
    precision gives, without a copy of the map in double precision.
    """
    if dtype.kind != "f" or dtype.itemsize >= 8:
        return float(threshold)
    with np.errstate(over="ignore"):
        near = dtype.type(threshold)
    if float(near) < threshold:
        near = np.nextafter(near, dtype.type(np.inf))
    return near
