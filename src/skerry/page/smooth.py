"""Smooth functions of one number as polynomials that a page can evaluate."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

DEGREE = 20
_TOLERANCE = 1e-12
# What is still not met then is the function's own rounding.
_MOST_HALVINGS = 9


class Pieces(NamedTuple):
    """A function as Chebyshev polynomials, one a piece."""

    ends: list[float]  # n + 1, rising
    coefficients: NDArray[np.float64]  # (n, DEGREE + 1)


def interpolate(
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]], low: float, high: float
) -> Pieces:
    """Interpolate a function, halving pieces until it is met.

    Parameters
    ----------
    function : callable
        Of an (n,) array, smooth between `low` and `high`.
    low, high : float

    Returns
    -------
    Pieces
        That differ from the function by 1e-12 of it at most (absolute below 1),
        or as much as its own rounding.
    """
    from numpy.polynomial import chebyshev

    nodes = chebyshev.chebpts1(DEGREE + 1)
    between = np.cos(np.linspace(0.05, np.pi - 0.05, 3 * DEGREE))
    ends, coefficients = [low], []
    waiting = [(low, high, 0)]
    while waiting:
        start, stop, depth = waiting.pop()
        middle, half = (start + stop) / 2, (stop - start) / 2
        fitted = chebyshev.chebfit(nodes, function(middle + half * nodes), DEGREE)
        wanted = function(middle + half * between)
        apart = np.abs(chebyshev.chebval(between, fitted) - wanted)
        if depth < _MOST_HALVINGS and (apart > _TOLERANCE * np.maximum(abs(wanted), 1)).any():
            waiting += [(middle, stop, depth + 1), (start, middle, depth + 1)]
            continue
        ends.append(stop)
        coefficients.append(fitted)
    return Pieces(ends, np.array(coefficients))
