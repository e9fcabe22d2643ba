"""The tests of a map as one family: how many of them may be nothing but noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from skerry.checks import is_number
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from skerry.typing import AnyArray

__all__ = ["Family", "Method", "calibrate"]

Method: TypeAlias = Literal["simes", "hommel"]


@dataclass(frozen=True, slots=True)
class Family:
    """All tests of a map, and how many of them may be nothing but noise.

    Attributes
    ----------
    n_tests : int
        Number of p values.
    alpha : float
        Every bound may be wrong with at most this probability, all of them together.
    method : {"simes", "hommel"}
        Which inequality the bounds rest on.
    n_null : int
        Size of the largest set of tests that is not rejected as a whole: Hommel's h.
    n_counting : int
        Only so many tests, those of lowest p, count for any bound.
    """

    n_tests: int
    alpha: float
    method: Method
    n_null: int
    n_counting: int

    def cost(self, size: int) -> float:
        """Give what the p values of a set are multiplied with: its size, and more for Hommel."""
        return _cost(size, self.method)

    def deadlines(self, p_values: AnyArray) -> NDArray[np.int32]:
        """Say from how many false discoveries on each test can be one of them.

        Parameters
        ----------
        p_values : (n,) float

        Returns
        -------
        (n,) int32
            Least u, from 0, for which ``cost(n_null) * p <= (u + 1) * alpha``; -1 where no
            u below `n_counting` is enough, and for NaN: such a test counts for no bound.
        """
        cost = self.cost(self.n_null)
        deadline = np.full(p_values.shape, -1, dtype=np.int32)
        limit = self.n_counting * self.alpha
        # Two looks: the first, a little too generous, leaves few p values to multiply.
        with np.errstate(invalid="ignore"):
            counts = np.flatnonzero(p_values <= limit / max(cost, 1.0) * (1 + 1e-9))
        scaled = cost * p_values[counts]
        counts, scaled = counts[scaled <= limit], scaled[scaled <= limit]
        least = np.maximum(np.ceil(scaled / self.alpha), 1.0)
        # The quotient is rounded; the comparison that counts is not the quotient's.
        least -= (least > 1) & (scaled <= (least - 1) * self.alpha)
        least += scaled > least * self.alpha
        deadline[counts] = least - 1
        return deadline


def calibrate(
    p_values: ArrayLike,
    *,
    alpha: float = 0.05,
    method: Method = "simes",
    n_tests: int | None = None,
) -> Family:
    """Find how many tests of a family may be noise.

    Parameters
    ----------
    p_values : (...) float
        Of all tests, from 0 to 1; NaN is not a test.
    alpha : float
        Probability that any of the bounds is wrong.
    method : {"simes", "hommel"}
        See `skerry.stats.ari.discoveries`.
    n_tests : int, optional
        How many tests the family has, where `p_values` are only those up to a
        limit above `alpha`; what is found holds where p values above that
        limit do not count: ``n_tests * alpha < limit * cost(n_null)``.

    Returns
    -------
    Family

    Raises
    ------
    ArgumentError
        If a p value or an option is out of range.

    Notes
    -----
    n_null is the largest i for which ``cost(i) * p[k] > (k - m + i) * alpha`` for
    all k, p being sorted and m their number. For each k the i that fail are an
    interval, so that one jumps from m down over one interval after the other,
    the deepest first; as no p above alpha can fail, only the others are sorted.

    A bound is the largest, over u, of 1 - u + the number of a set's tests with
    ``cost(n_null) * p <= u * alpha``. Above n_counting, the largest u that so
    many tests of the family reach, that is never more than 0.

    References
    ----------
    Meijer, Krebs & Goeman 2019, doi:10.1002/bimj.201700316 (in linearithmic time).
    """
    p_values, n_given = _checked(p_values, alpha, method)
    n_tests = n_given if n_tests is None else n_tests
    low = _sorted_between(p_values, None, alpha)
    n_null = _largest_noise(low, n_tests, alpha, method)
    cost = _cost(n_null, method)
    # What can count lies below alpha * n_tests / cost, which is mostly little more than alpha.
    limit = n_tests * alpha / max(cost, 1.0) * (1 + 1e-9)
    if limit > alpha:
        low = np.concatenate([low, _sorted_between(p_values, alpha, limit)])
    scaled = cost * low
    reached = np.flatnonzero(scaled <= np.arange(1, scaled.size + 1) * alpha)
    n_counting = int(reached[-1]) + 1 if reached.size else 0
    return Family(n_tests, float(alpha), method, n_null, n_counting)


def _sorted_between(
    p_values: NDArray[np.float64], above: float | None, limit: float
) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        wanted = p_values <= limit
        if above is not None:
            wanted &= p_values > above
    # Twice as fast as a mask as index.
    return np.sort(p_values.take(np.flatnonzero(wanted)))


def _largest_noise(small: NDArray[np.float64], n_tests: int, alpha: float, method: Method) -> int:
    """Give the size of the largest set that is not rejected; `small` are the p up to alpha."""
    place = np.arange(1, small.size + 1, dtype=np.float64)
    size = n_tests
    while size > 0:
        first = n_tests - size  # of the p values of the worst `size`
        slack = (place[first:] - first) * alpha - _cost(size, method) * small[first:]
        deepest = int(slack.argmax()) if slack.size else 0
        if not slack.size or slack[deepest] < 0:
            break
        deepest += first
        size = _below_interval(size, n_tests - deepest, float(small[deepest]), alpha, method)
    return size


def _below_interval(size: int, reach: int, p: float, alpha: float, method: Method) -> int:
    """Go below the sizes, from `size` downwards, at which one p rejects the worst tests.

    `reach` is the least size that has the p among its worst.
    """

    def rejects(i: int) -> bool:
        return (i - reach + 1) * alpha >= _cost(i, method) * p

    if rejects(reach):
        return reach - 1
    fails, holds = size, reach
    while fails - holds > 1:
        middle = (fails + holds) // 2
        if rejects(middle):
            fails = middle
        else:
            holds = middle
    return holds


def _cost(size: int, method: Method) -> float:
    if method == "simes":
        return float(size)
    return size * _harmonic(size)


def _harmonic(n: int) -> float:
    """1 + 1/2 + ... + 1/n."""
    if n < 100:
        return sum(1.0 / i for i in range(1, n + 1))
    # Euler and Maclaurin; the next term is below 1e-15.
    return math.log(n) + 0.5772156649015329 + 1 / (2 * n) - 1 / (12 * n**2) + 1 / (120 * n**4)


def _checked(p_values: ArrayLike, alpha: float, method: str) -> tuple[NDArray[np.float64], int]:
    """Give the p values as an array, and how many there are."""
    if not is_number(alpha):
        raise ArgumentError(f"alpha must be a number, got {alpha!r}")
    if not 0 < alpha < 1:
        raise ArgumentError(f"alpha must lie between 0 and 1, got {alpha}")
    if method not in get_args(Method):
        raise ArgumentError(f'method must be "simes" or "hommel", got {method!r}')
    checked = np.asarray(p_values, dtype=np.float64)
    if not checked.size or 0 <= checked.min() <= checked.max() <= 1:  # false with a NaN
        return checked, checked.size
    with np.errstate(invalid="ignore"):
        outside = np.flatnonzero((checked < 0) | (checked > 1))
    if outside.size:
        worst = checked.reshape(-1)[outside[0]]
        raise ArgumentError(
            f"p values lie from 0 to 1, but {outside.size} do not (the first is {worst:g}); "
            "turn a statistic into p with skerry.stats.convert"
        )
    return checked, checked.size - int(np.count_nonzero(np.isnan(checked)))
