"""False discovery rate and Bonferroni, on logarithms of p."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.stats.correct import RankedTests, bonferroni_log_p, fdr_log_p, fdr_log_q

P_VALUES = st.lists(st.sampled_from([0.0005, 0.001, 0.01, 0.02, 0.03, 0.2, 0.5, 1.0]), min_size=1)


@settings(deadline=None, derandomize=True)
@given(p=P_VALUES, q=st.sampled_from([0.01, 0.05, 0.2]))
def test_the_cut_is_the_definition_s(p, q):
    ranked = sorted(p)
    n = len(p)
    under = [value for k, value in enumerate(ranked, 1) if value <= k * q / n + 1e-15]
    cut = fdr_log_p(np.log(p), q)
    assert (cut is None) == (not under)
    if under:
        assert cut == math.log(under[-1])


@settings(deadline=None, derandomize=True)
@given(p=P_VALUES, q=st.sampled_from([0.011, 0.051, 0.201]))
def test_q_values_are_at_most_q_where_the_cut_rejects(p, q):
    log_p = np.log(p)
    cut = fdr_log_p(log_p, q)
    rejected = np.zeros(len(p), dtype=bool) if cut is None else log_p <= cut
    np.testing.assert_array_equal(fdr_log_q(log_p) <= math.log(q) + 1e-12, rejected)


def test_q_values_of_a_worked_example():
    p = np.array([0.04, 0.001, 0.03, 0.5])
    np.testing.assert_allclose(np.exp(fdr_log_q(np.log(p))), [0.16 / 3, 0.004, 0.16 / 3, 0.5])


def test_p_that_underflow_are_still_ordered():
    log_p = np.array([-4000.0, -3000.0, -0.1])
    assert fdr_log_p(log_p, 1e-300) == -3000.0
    assert np.argsort(fdr_log_q(log_p)).tolist() == [0, 1, 2]


def test_nothing_tested_is_nothing_found():
    assert fdr_log_p([], 0.05) is None
    assert fdr_log_q([]).shape == (0,)


def test_bonferroni():
    assert math.exp(bonferroni_log_p(0.05, 1000)) == pytest.approx(5e-5)


@pytest.mark.parametrize("n_tests", [0, 1, 2, 500])
def test_q_of_some_tests_has_the_bits_of_q_of_all(n_tests):
    random = np.random.default_rng(n_tests)
    log_p = -random.exponential(size=n_tests).round(2)  # with ties
    some = random.permutation(n_tests)[: n_tests // 2 + 1]
    found = RankedTests(log_p).log_q(log_p[some])
    np.testing.assert_array_equal(found, fdr_log_q(log_p)[some])
