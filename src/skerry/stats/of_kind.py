"""Maps of every kind as z and as p, and p as a height of the map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError
from skerry.io.kind import checked_df
from skerry.stats.convert import (
    F_to_log_p,
    log_p_to_z,
    t_to_log_p,
    z_to_F,
    z_to_log_p,
    z_to_t,
)
from skerry.stats.interpolate import F_map_to_z, t_map_to_z

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from skerry.io.kind import Df
    from skerry.typing import Kind

__all__ = ["log_p_of", "value_of_log_p", "z_of"]

_LN10 = math.log(10)


def z_of(values: ArrayLike, kind: Kind, df: Df = None) -> NDArray[np.float64]:
    """Give values of one kind as z.

    Parameters
    ----------
    values : (...) float
        z, t, F, or -log10 p (which is how skerry holds a p map).
    kind : {"z", "t", "F", "p"}
    df : float or (float, float), optional
        Degrees of freedom of t or F.

    Returns
    -------
    (...) float64
        Those of F and p are negative where p is above one half.

    Raises
    ------
    ArgumentError
        If the kind has no p values, or degrees of freedom are missing.
    """
    values = np.asarray(values, dtype=np.float64)
    if kind == "z":
        return values
    if kind == "t":
        return t_map_to_z(values.ravel(), *_degrees(kind, df)).reshape(values.shape)
    if kind == "F":
        return F_map_to_z(values.ravel(), *_degrees(kind, df)).reshape(values.shape)
    return log_p_to_z(log_p_of(values, kind))


def log_p_of(values: ArrayLike, kind: Kind, df: Df = None) -> NDArray[np.float64]:
    """Give ln of the upper tail of values of one kind; arguments as for `z_of`."""
    if kind == "z":
        return z_to_log_p(values)
    if kind == "t":
        return t_to_log_p(values, *_degrees(kind, df))
    if kind == "F":
        return F_to_log_p(values, *_degrees(kind, df))
    if kind == "p":
        return -_LN10 * np.asarray(values, dtype=np.float64)
    raise ArgumentError(f"a map of kind {kind!r} has no p values; they exist for z, t, F and p")


def value_of_log_p(log_p: float, kind: Kind, df: Df = None) -> float:
    """Give the height whose upper tail has a natural logarithm; kinds as for `z_of`."""
    if kind == "p":
        return -log_p / _LN10
    z = float(log_p_to_z(log_p))
    if kind == "t":
        return float(z_to_t(z, *_degrees(kind, df)))
    if kind == "F":
        return z_to_F(z, *_degrees(kind, df))
    return z


def _degrees(kind: Kind, df: Df) -> tuple[float, ...]:
    """Give the degrees of freedom: one of t, two of F."""
    checked = checked_df(df, kind)
    if checked is None:
        raise ArgumentError(f"a map of kind {kind!r} needs df, its degrees of freedom")
    return checked if isinstance(checked, tuple) else (checked,)
