"""t and F maps to z at the price of a polynomial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.stats.convert import F_to_z, t_to_z

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# Fewer values than this are converted one by one.
_FEW = 2000
_DEGREE = 128
_PIECE = 4096
_SMALLEST_F = 1e-30


def t_map_to_z(t: NDArray[np.float64], df: float) -> NDArray[np.float64]:
    """Convert many t of one df to z.

    z over u = sqrt(df ln(1 + t^2/df)) is almost constant (Wallace 1959, doi
    10.1214/aoms/1177706199), so that a polynomial gives it to 13 digits; each
    incomplete beta function would take a hundred times as long.

    Parameters
    ----------
    t : (n,) float64
    df : float
        Degrees of freedom.

    Returns
    -------
    (n,) float64
        As `t_to_z`, relative difference below 1e-12.
    """
    if t.size < _FEW:
        return t_to_z(t, df)

    def u_of(t: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(over="ignore"):
            return np.sqrt(df * np.log1p(np.square(t) / df))

    def ratio_at(u: NDArray[np.float64]) -> NDArray[np.float64]:
        return t_to_z(np.sqrt(df * np.expm1(u**2 / df)), df) / u

    highest = float(u_of(np.nanmax(np.abs(t), initial=1.0)))
    # Beyond, the t of a node would not be a double.
    if highest**2 / df > 600:
        return t_to_z(t, df)
    u = u_of(t)
    ratio = _polynomial(ratio_at, u, 0.0, highest)
    return t_to_z(t, df) if ratio is None else np.copysign(ratio * u, t)


def F_map_to_z(F: NDArray[np.float64], df1: float, df2: float) -> NDArray[np.float64]:  # noqa: N802
    """Convert many F of one pair of df to z.

    Parameters
    ----------
    F : (n,) float64
        Not negative.
    df1, df2 : float
        Degrees of freedom.

    Returns
    -------
    (n,) float64
        As `F_to_z`, difference below 1e-11.
    """
    known = F[(F >= _SMALLEST_F) & (np.inf > F)]
    if F.size < _FEW or known.size < F.size:
        return F_to_z(F, df1, df2)
    log_f = np.log(F)

    def z_at(log_f: NDArray[np.float64]) -> NDArray[np.float64]:
        return F_to_z(np.exp(log_f), df1, df2)

    z = _polynomial(z_at, log_f, float(log_f.min()), float(log_f.max()) + 1e-6)
    return F_to_z(F, df1, df2) if z is None else z


def _polynomial(
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    x: NDArray[np.float64],
    low: float,
    high: float,
) -> NDArray[np.float64] | None:
    """Evaluate a function by its Chebyshev interpolant; None if that has not converged."""
    from numpy.polynomial import chebyshev

    def on_interval(s: NDArray[np.float64]) -> NDArray[np.float64]:
        return function(low + (s + 1) * (high - low) / 2)

    coefficients: NDArray[np.float64] = chebyshev.chebinterpolate(on_interval, _DEGREE)  # type: ignore[arg-type]
    largest = np.abs(coefficients).max()
    if np.abs(coefficients[-8:]).max() > 1e-13 * largest:
        return None
    needed = np.flatnonzero(np.abs(coefficients) > 1e-16 * largest)[-1] + 1
    s = (x - low) * (2 / (high - low)) - 1
    # Piece by piece: each of some sixty passes then stays in the processor's cache.
    pieces = np.array_split(s, max(1, s.size // _PIECE))
    return np.concatenate([chebyshev.chebval(piece, coefficients[:needed]) for piece in pieces])
