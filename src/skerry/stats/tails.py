"""Tail areas of t and F as logarithms, from the middle to beyond the smallest double."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Below this the incomplete beta function loses digits to underflow; the continued
# fraction takes over long before, where it has converged in a few steps.
_SMALLEST_AREA = 1e-280
_SMALLEST_DOUBLE = 5e-324
_MOST_STEPS = 2000


def log_beta_area(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    log_x: NDArray[np.float64],
    log_y: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give ln I_x(a, b), the regularised incomplete beta function.

    Parameters
    ----------
    a, b : (n,) float64
        Positive shapes.
    log_x, log_y : (n,) float64
        ln x and ln (1 - x). Both, because neither can be had from the other
        near its end.

    Returns
    -------
    (n,) float64
        Finite where `log_x` is.
    """
    with np.errstate(under="ignore"):
        x, y = np.exp(log_x), np.exp(log_y)
    area = _area(a, b, x, y)
    far = area <= _SMALLEST_AREA  # NaN is not
    log_area = np.log(np.where(far, 1.0, area))
    if far.any():
        log_area[far] = _log_far_area(a[far], b[far], log_x[far], log_y[far])
    return log_area


def _area(
    a: NDArray[np.float64], b: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give I_x(a, b) from whichever of x and y = 1 - x is the smaller, and so the more exact."""
    from scipy.special import betainc, betaincc

    area = np.empty_like(x)
    low = x <= y
    area[low] = betainc(a[low], b[low], x[low])
    high = ~low
    rest = betainc(b[high], a[high], y[high])
    # As 1 minus a small area where it is that: betaincc has lost digits there.
    large = rest > 0.5
    area[high] = 1 - rest
    high[high] = large
    area[high] = betaincc(b[high], a[high], y[high])
    return area


def _log_far_area(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    log_x: NDArray[np.float64],
    log_y: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give ln I_x(a, b) where x lies far below a / (a + b)."""
    fraction = _continued_fraction(a, b, np.exp(log_x), np.exp(log_y))
    log_area: NDArray[np.float64] = a * log_x + b * log_y - log_beta(a, b) + np.log(fraction)
    return log_area


def _continued_fraction(
    a: NDArray[np.float64], b: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Evaluate the fraction of the incomplete beta function, in the form of its even part.

    DLMF 8.17.22 has partial sums of 1 - (a + b) x / (a + 1), which cancel for a large
    `a`; contracted two steps at a time, `x` appears as (a + b) y - b (DiDonato and
    Morris 1992, doi 10.1145/131766.131776, BFRAC).
    """
    excess = (a + b) * y - b + 1
    first = 1 + 1 / a
    above, below = np.ones_like(a), excess / first
    above_before, below_before = np.zeros_like(a), np.ones_like(a)
    value = above / below
    for n in range(1, _MOST_STEPS):
        w = n * (b - n) * x
        share = a / (a + 2 * n - 1)
        before = 1 + (n - 1) / a
        alpha = before * (before + b / a) * share**2 * w * x
        beta = n + w / (a + 2 * n - 1) + (1 + n / a) / (first + 2 * n / a) * (excess + n * (1 + y))
        above, above_before = alpha * above_before + beta * above, above
        below, below_before = alpha * below_before + beta * below, below
        # Kept near 1, or they would overflow.
        above, above_before, below_before = (
            above / below,
            above_before / below,
            below_before / below,
        )
        below = np.ones_like(below)
        previous, value = value, above
        if np.all(np.abs(value - previous) <= 1e-15 * np.abs(value)):
            break
    return value


def log_beta(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give ln B(a, b); exact also where the shapes are large and its terms cancel."""
    from scipy.special import betaln, gammaln

    large, small = np.maximum(a, b), np.minimum(a, b)
    total = large + small
    cancels = large >= 100
    if not cancels.any():
        return np.asarray(betaln(a, b), dtype=np.float64)
    safe = np.where(cancels, large, 100.0)
    # ln Gamma(large) - ln Gamma(total), by Stirling, without its large terms.
    difference = (
        -(safe - 0.5) * np.log1p(small / safe)
        - small * np.log(total)
        + small
        + _stirling_rest(safe)
        - _stirling_rest(safe + small)
    )
    stable = gammaln(small) + difference
    return np.where(cancels, stable, betaln(a, b))


def _stirling_rest(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give ln Gamma(x) minus Stirling's formula, x >= 100 (DLMF 5.11.1)."""
    return np.asarray((1 / 12 - (1 / 360 - 1 / (1260 * x**2)) / x**2) / x)


def log_t_tail(t: NDArray[np.float64], df: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give ln P(T >= t) for t >= 0, never below what a finite t has."""
    log_x, log_y = _log_shares(2 * _log(t) - np.log(df))
    half = np.full_like(log_x, 0.5)
    return np.asarray(log_beta_area(df / 2, half, log_x, log_y) - np.log(2))


def log_F_tails(  # noqa: N802
    F: NDArray[np.float64], df1: NDArray[np.float64], df2: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give ln P(above F) and ln P(below F) for F >= 0, the smaller of them to full precision."""
    log_x, log_y = _log_shares(_log(F) + np.log(df1) - np.log(df2))
    above = log_beta_area(df2 / 2, df1 / 2, log_x, log_y)
    below = np.log1p(-np.minimum(np.exp(above), 0.75))
    lower = above > -np.log(2)
    below[lower] = log_beta_area(df1[lower] / 2, df2[lower] / 2, log_y[lower], log_x[lower])
    return above, below


def _log(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give logarithms; 0 counts as the smallest double, so that nothing is infinite."""
    return np.log(np.maximum(values, _SMALLEST_DOUBLE))


def _log_shares(log_odds: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give ln 1/(1+r) and ln r/(1+r) for ln r, without squaring a large t or dividing by it."""
    with np.errstate(invalid="ignore"):  # of NaN, which stays NaN
        return -np.logaddexp(0, log_odds), -np.logaddexp(0, -log_odds)
