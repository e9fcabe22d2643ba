"""Heights and percentiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import scoreatpercentile

from skerry.core.threshold import passes, percentile

FINITE = st.floats(-1e6, 1e6, width=32)


@settings(deadline=None, derandomize=True)
@given(arrays(np.float32, st.integers(1, 40), elements=FINITE), st.floats(0, 100))
def test_the_percentile_is_the_linear_one(values, percent):
    before = values.copy()
    expected = scoreatpercentile(values.astype(float), percent)
    assert percentile(values, percent) == pytest.approx(expected, rel=1e-12, abs=1e-9)
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize("percent", [0, 37.5, 100])
def test_overwriting_gives_the_same_percentile(percent):
    values = np.random.default_rng(0).normal(size=(4, 5, 6))
    for order in "CF":
        assert percentile(values.copy(order=order), percent, overwrite=True) == percentile(
            values, percent
        )


@settings(deadline=None, derandomize=True)
@given(
    arrays(np.float32, 20, elements=st.floats(-9, 9, width=32)),
    st.one_of(st.floats(0, 9), st.sampled_from([0.0, 3.1, 1.0])),
    st.sampled_from([np.float16, np.float32, np.float64, np.int16, np.uint8, ">f4"]),
)
def test_a_threshold_is_inclusive_in_double_precision(values, threshold, dtype):
    values = np.abs(values).astype(dtype) if dtype is np.uint8 else values.astype(dtype)
    wide = values.astype(np.float64)
    expected = {
        "positive": (wide >= threshold) & (wide > 0),
        "negative": (wide <= -threshold) & (wide < 0),
    }
    expected["both"] = expected["positive"] | expected["negative"]
    for sign, wanted in expected.items():
        np.testing.assert_array_equal(passes(values, threshold, sign), wanted)


@settings(deadline=None, derandomize=True)
@given(st.floats(1e-3, 1e3), st.integers(1, 400), st.floats(0, 100))
def test_the_percentile_of_equal_values_is_their_value(value, n_values, percent):
    assert percentile(np.full(n_values, value), percent) == value


@settings(deadline=None, derandomize=True)
@given(arrays(np.float64, st.integers(2, 9), elements=st.floats(1, 1 + 1e-14)), st.floats(0, 100))
def test_a_percentile_lies_between_its_neighbours(values, percent):
    assert values.min() <= percentile(values, percent) <= values.max()
    lower = int(percent / 100 * (len(values) - 1))
    assert np.sort(values)[lower] <= percentile(values, percent)


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 2.0), (75, 3.0), (80, np.inf), (100, np.inf)]
)
def test_an_infinite_value_moves_no_percentile_below_it(percent, expected):
    assert percentile(np.array([1.0, np.inf, 3.0, 0.0, 2.0]), percent) == expected


def test_a_value_equal_to_the_threshold_passes_only_if_it_is_equal_as_stored():
    stored = np.array([3.1], dtype=np.float32)
    assert not passes(stored, 3.1)[0]
    assert passes(stored, float(stored[0]))[0]


def test_nan_never_passes_and_infinity_does():
    values = np.array([np.nan, np.inf, -np.inf])
    assert passes(values, 2).tolist() == [False, True, True]
    assert passes(values, 1e300).tolist() == [False, True, True]
