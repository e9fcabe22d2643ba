"""t, F and p to z and back, exact in the far tail.

A p value below 1e-308 has no double, but its logarithm has: everything here
goes through ln p, so that a finite statistic always has a finite z. Upper
tails throughout: p is P(statistic >= value), and z has that upper tail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "F_to_log_p", "F_to_z", "log_p_to_z", "p_to_z", "t_to_log_p", "t_to_z",
    "z_to_F", "z_to_log_p", "z_to_t",
]  # fmt: skip

_LARGEST = np.finfo(np.float64).max


def z_to_log_p(z: ArrayLike) -> NDArray[np.float64]:
    """Give the natural logarithm of the upper tail of z.

    Parameters
    ----------
    z : (...) float

    Returns
    -------
    (...) float64
        ln P(Z >= z); finite for every finite z.
    """
    from scipy.special import log_ndtr

    with np.errstate(over="ignore"):
        return np.asarray(log_ndtr(-_floats(z)), dtype=np.float64)


def log_p_to_z(log_p: ArrayLike) -> NDArray[np.float64]:
    """Give the z whose upper tail has a natural logarithm.

    Parameters
    ----------
    log_p : (...) float
        ln p, at most 0. Where p rounds to 1, the largest double below 1 stands for it.

    Returns
    -------
    (...) float64
    """
    from scipy.special import ndtri_exp

    log_p = np.minimum(_floats(log_p), -np.finfo(np.float64).epsneg)
    return np.asarray(-ndtri_exp(log_p), dtype=np.float64)


def p_to_z(p: ArrayLike) -> NDArray[np.float64]:
    """Give the z of an upper tail.

    Parameters
    ----------
    p : (...) float
        From 0 to 1. A p of 0 has underflowed: the smallest double stands for
        it (z = 38.5), and the largest below 1 for 1 (z = -8.1).

    Returns
    -------
    (...) float64
    """
    p = _floats(p)
    if ((p < 0) | (p > 1)).any():
        raise ArgumentError("p values lie from 0 to 1")
    return log_p_to_z(np.log(np.maximum(p, 5e-324)))


def t_to_log_p(t: ArrayLike, df: ArrayLike) -> NDArray[np.float64]:
    """Give the natural logarithm of the upper tail of t.

    Parameters
    ----------
    t : (...) float
    df : float or (...) float
        Degrees of freedom, positive.

    Returns
    -------
    (...) float64
        ln P(T >= t); finite for every finite t.
    """
    from skerry.stats.tails import log_t_tail

    shape, (t, df) = _together(t, df)
    log_tail = log_t_tail(np.abs(t), df)
    below = t < 0
    log_tail[below] = np.log1p(-np.exp(log_tail[below]))
    return log_tail.reshape(shape)


def t_to_z(t: ArrayLike, df: ArrayLike) -> NDArray[np.float64]:
    """Give the z with the same tail as t.

    Parameters
    ----------
    t : (...) float
    df : float or (...) float
        Degrees of freedom, positive.

    Returns
    -------
    (...) float64
        Of the sign of t; finite for every finite t. Relative error below
        1e-12 to |z| = 80 (tests against mpmath, 0.5 to 1e9 df).
    """
    from scipy.special import betainc, erfinv

    from skerry.stats.tails import log_t_tail

    shape, (t, df) = _together(t, df)
    z = np.empty_like(t)
    # From the area between -t and t: near 0, ln p keeps few digits of z.
    central = np.abs(t) < 1
    near, near_df = t[central], df[central]
    z[central] = np.sqrt(2) * erfinv(betainc(0.5, near_df / 2, near**2 / (near_df + near**2)))
    z[~central] = log_p_to_z(log_t_tail(np.abs(t[~central]), df[~central]))
    return np.copysign(z, t).reshape(shape)


def z_to_t(z: ArrayLike, df: ArrayLike) -> NDArray[np.float64]:
    """Give the t with the same tail as z.

    Parameters
    ----------
    z : (...) float
    df : float or (...) float
        Degrees of freedom, positive.

    Returns
    -------
    (...) float64
        The largest double where t is beyond all doubles.
    """
    shape, (z, df) = _together(z, df)
    wanted = np.abs(z)
    # In u = sqrt(df ln(1 + t^2/df)) z is almost straight (Wallace 1959), and u never overflows.
    u = wanted * (8 * df + 3) / (8 * df + 1)
    for _ in range(60):
        found, slope = _z_of_u(u, df)
        step = (found - wanted) / slope
        u = np.maximum(u - step, u / 4)
        if np.all(np.abs(step) <= 4e-16 * np.maximum(u, 1e-300)):
            break
    with np.errstate(over="ignore"):
        t = np.sqrt(df) * _sqrt_expm1(u**2 / df)
    return np.copysign(np.minimum(t, _LARGEST), z).reshape(shape)


def _z_of_u(
    u: NDArray[np.float64], df: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give z and dz/du at t = sqrt(df (exp(u^2/df) - 1))."""
    from skerry.stats.tails import log_beta

    with np.errstate(over="ignore"):
        t = np.minimum(np.sqrt(df) * _sqrt_expm1(u**2 / df), _LARGEST)
    z = t_to_z(t, df)
    # ln of: density of t times dt/du, over the density of z.
    log_density = -log_beta(df / 2, np.full_like(df, 0.5)) - 0.5 * np.log(df)
    share = -np.expm1(-(u**2) / df)
    straight = np.where(u > 0, u / np.sqrt(df * np.where(share > 0, share, 1.0)), 1.0)
    log_slope = log_density - u**2 / 2 + np.log(straight) + z**2 / 2 + 0.5 * np.log(2 * np.pi)
    return z, np.exp(np.clip(log_slope, -30, 30))


def _sqrt_expm1(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give sqrt(exp(x) - 1), to the largest double rather than the root of it."""
    large = x > 40
    return np.where(large, np.exp(x / 2), np.sqrt(np.expm1(np.where(large, 0.0, x))))


def F_to_log_p(F: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> NDArray[np.float64]:  # noqa: N802
    """Give the natural logarithm of the upper tail of F.

    Parameters
    ----------
    F : (...) float
        Not negative.
    df1, df2 : float or (...) float
        Degrees of freedom of numerator and denominator.

    Returns
    -------
    (...) float64
        ln P(F' >= F); finite for every finite F.
    """
    shape, above, _ = _F_tails(F, df1, df2)
    return above.reshape(shape)


def F_to_z(F: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> NDArray[np.float64]:  # noqa: N802
    """Give the z with the same upper tail as F: negative below the median of F.

    Parameters
    ----------
    F : (...) float
        Not negative. An F of 0 counts as the smallest double.
    df1, df2 : float or (...) float
        Degrees of freedom of numerator and denominator.

    Returns
    -------
    (...) float64
        Finite for every finite F.
    """
    shape, above, below = _F_tails(F, df1, df2)
    # Each half from its own tail, the one that keeps its digits.
    return np.where(above <= below, log_p_to_z(above), -log_p_to_z(below)).reshape(shape)


def z_to_F(z: float, df1: float, df2: float) -> float:  # noqa: N802
    """Give the F with the same upper tail as z, for one number.

    Parameters
    ----------
    z : float
    df1, df2 : float
        Degrees of freedom of numerator and denominator.

    Returns
    -------
    float
        The largest double where F is beyond all doubles.
    """
    # Bisection on ln F: z rises with it, and every height of it can be told from its neighbours.
    low, high = -700.0, 700.0
    if float(F_to_z(np.exp(high), df1, df2)) <= z:
        return float(_LARGEST)
    while high - low > 1e-15 * max(abs(low), abs(high), 1e-300):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if float(F_to_z(np.exp(middle), df1, df2)) < z:
            low = middle
        else:
            high = middle
    return float(np.exp(high))


def _F_tails(  # noqa: N802
    F: ArrayLike, df1: ArrayLike, df2: ArrayLike
) -> tuple[tuple[int, ...], NDArray[np.float64], NDArray[np.float64]]:
    from skerry.stats.tails import log_F_tails

    shape, (F, df1, df2) = _together(F, df1, df2)
    if (F < 0).any():
        raise ArgumentError("an F map holds no negative values; this one is of another kind")
    return shape, *log_F_tails(F, df1, df2)


def _together(*arrays: ArrayLike) -> tuple[tuple[int, ...], list[NDArray[np.float64]]]:
    """Give the shape that arrays have together, and each flat; infinite values as the largest."""
    broadcast = np.broadcast_arrays(*(_floats(array) for array in arrays))
    first, *degrees = (array.ravel() for array in broadcast)
    if any(not ((df > 0) & np.isfinite(df)).all() for df in degrees):
        raise ArgumentError("degrees of freedom must be positive and finite")
    return broadcast[0].shape, [np.clip(first, -_LARGEST, _LARGEST), *degrees]


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)
