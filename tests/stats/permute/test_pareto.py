"""The Pareto tail of permutation p values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from skerry.stats.permute.p_values import fwe_p
from skerry.stats.permute.pareto import fit_tail, tail_p


def maxima(n, seed=0):
    """Maxima of Gaussian noise, whose distribution is known."""
    uniform = np.random.default_rng(seed).uniform(size=n)
    return stats.norm.isf(1 - uniform ** (1 / 500))


def test_the_far_tail_of_few_arrangements_is_near_the_truth():
    values = np.array([4.0, 4.5])
    true = 1 - stats.norm.cdf(values) ** 500
    found = np.array([tail_p(maxima(500, seed), values) for seed in range(100)])
    counted = np.array([fwe_p(maxima(500, seed), values) for seed in range(100)])
    middle = np.median(found, axis=0)
    assert 0.6 < middle[0] / true[0] < 1.6
    assert 0.2 < middle[1] / true[1] < 3.0
    assert (np.std(np.log(found[:, 0])) < np.std(np.log(counted[:, 0] + 1e-3))).all()


@pytest.mark.parametrize("share", [0.2, 0.03, 0.001])
def test_the_highest_of_all_is_seldom_given_a_p_far_below_one_arrangement(share):
    # One of 200 maxima is the observed, any with the same chance: p <= a may come a * 200 times.
    n, n_tries = 200, 400
    lowest = np.array([tail_p(null, null[null.argmax()][None])[0] for null in
                       (maxima(n, seed) for seed in range(n_tries))])  # fmt: skip
    n_claims = np.count_nonzero(lowest <= share / n * (1 + 1e-9))
    assert n_claims <= stats.binom.ppf(0.999, n_tries, share)


def test_a_tail_has_no_end():
    null = np.random.default_rng(0).uniform(size=400)
    tail = fit_tail(null)
    assert tail is None or tail.shape == 0
    heavy = fit_tail(np.random.default_rng(0).pareto(3, size=400))
    assert 0 < heavy.shape < 0.6


def test_below_the_tail_p_is_counted():
    null = maxima(400)
    tail = fit_tail(null)
    values = np.linspace(-1, tail.start, 50)
    np.testing.assert_array_equal(tail_p(null, values), fwe_p(null, values))
    above = np.linspace(tail.start, null.max() * 2, 50)[1:]
    assert (np.diff(tail_p(null, above)) <= 0).all()
    assert tail_p(null, np.array([50.0]))[0] == pytest.approx(1e-3 / 400)


@pytest.mark.parametrize(
    "null",
    [maxima(50), np.repeat([1.0, 2.0, 3.0], 100), np.r_[np.zeros(990), np.arange(10) ** 9.0]],
)
def test_where_no_tail_fits_p_is_counted(null):
    assert fit_tail(null) is None
    values = np.array([0.5, 2.0, 9.0])
    np.testing.assert_array_equal(tail_p(null, values), fwe_p(null, values))
