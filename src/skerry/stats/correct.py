"""Thresholds for many tests: false discovery rate and Bonferroni.

All p values come as natural logarithms, which do not underflow.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["RankedTests", "bonferroni_log_p", "fdr_log_p", "fdr_log_q"]

# Relative slack of a comparison with rank * q / n, so that a p on the line is not lost to rounding.
_ROUNDING = 1e-12


def fdr_log_p(log_p: ArrayLike, q: float) -> float | None:
    """Find the largest p that Benjamini and Hochberg's procedure rejects.

    Parameters
    ----------
    log_p : (n,) float
        ln p of every test, in any order; no NaN.
    q : float
        False discovery rate to hold, above 0.

    Returns
    -------
    float or None
        ln p of the last test rejected: tests at or below it are discoveries.
        None if none is.

    References
    ----------
    Benjamini, Hochberg (1995), doi 10.1111/j.2517-6161.1995.tb02031.x
    """
    ranked = np.sort(np.asarray(log_p, dtype=np.float64).ravel())
    if not ranked.size:
        return None
    line = np.log(np.arange(1, ranked.size + 1)) + math.log(q) - math.log(ranked.size)
    under = np.flatnonzero(ranked <= line + _ROUNDING)
    return float(ranked[under[-1]]) if under.size else None


def fdr_log_q(log_p: ArrayLike) -> NDArray[np.float64]:
    """Give the q value of every test: the lowest rate at which it is a discovery.

    Parameters
    ----------
    log_p : (n,) float
        ln p of every test; no NaN.

    Returns
    -------
    (n,) float64
        ln q, at most 0, in the order of `log_p`.
    """
    log_p = np.asarray(log_p, dtype=np.float64)
    order = np.argsort(log_p, axis=None, kind="stable")
    scaled = log_p.ravel()[order] + math.log(max(log_p.size, 1))
    scaled -= np.log(np.arange(1, log_p.size + 1))
    lowest_after = np.minimum.accumulate(scaled[::-1])[::-1]
    log_q = np.empty(log_p.size)
    log_q[order] = np.minimum(lowest_after, 0.0)
    return log_q.reshape(log_p.shape)


class RankedTests:
    """Tests of a family in order, for the q values of some of them.

    Parameters
    ----------
    log_p : (n,) float
        ln p of every test; no NaN. Or of those alone whose p is below a
        limit: q values below that limit are then still those of the family.
    n_tests : int, optional
        How many tests the family has; by default those given.
    """

    def __init__(self, log_p: ArrayLike, n_tests: int | None = None) -> None:
        # Sorting values takes a quarter of the time of sorting places.
        self._ranked = np.sort(np.asarray(log_p, dtype=np.float64).ravel())
        scaled = self._ranked + math.log(max(n_tests or self._ranked.size, 1))
        scaled -= np.log(np.arange(1, self._ranked.size + 1))
        self._lowest_after = np.minimum.accumulate(scaled[::-1])[::-1]

    def log_q(self, log_p: ArrayLike) -> NDArray[np.float64]:
        """Give ln q of tests of the family by their ln p; the same bits as `fdr_log_q` gives.

        Parameters
        ----------
        log_p : (k,) float
            Each of them one of the family's.

        Returns
        -------
        (k,) float64
        """
        # Tests of one p have one q: that of the last of them.
        rank = np.searchsorted(self._ranked, np.asarray(log_p, dtype=np.float64))
        return np.asarray(np.minimum(self._lowest_after[rank], 0.0))


def bonferroni_log_p(alpha: float, n_tests: int) -> float:
    """Give ln of the p that each of some tests may have for a family-wise error rate."""
    return math.log(alpha) - math.log(n_tests)
