"""p values from the maxima of a permutation test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tail", "critical_value", "fwe_p"]

Tail: TypeAlias = Literal["counted", "gpd"]

# Values that differ by rounding alone are ties, and ties count against the observed.
_ROUNDING = 1e-9


def fwe_p(null: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the share of arrangements whose maximum reaches each value.

    Parameters
    ----------
    null : (n,) float64
        Maximum of each arrangement, the observed among them.
    values : (...) float64
        0 or less is not a finding: its p is 1.

    Returns
    -------
    (...) float64
        From 1 / n to 1: exact, as the observed arrangement counts as one of all.

    References
    ----------
    Phipson & Smyth 2010, doi:10.2202/1544-6115.1585.

    Examples
    --------
    >>> fwe_p(np.array([5.0, 1.0, 2.0, 3.0]), np.array([5.0, 2.5, 0.0]))
    array([0.25, 0.5 , 1.  ])
    """
    ordered = np.sort(null)
    below = np.searchsorted(ordered, values * (1.0 - _ROUNDING), side="left")
    return np.where(values > 0, (len(null) - below) / len(null), 1.0)


def critical_value(null: NDArray[np.float64], alpha: float = 0.05) -> float:
    """Give the value that a finding must exceed for its p to be at most alpha.

    Returns
    -------
    float
        Infinite where there are too few arrangements for such a p.
    """
    allowed = int(alpha * len(null) + 1e-9)
    return float(np.sort(null)[-allowed - 1]) if allowed else float("inf")
