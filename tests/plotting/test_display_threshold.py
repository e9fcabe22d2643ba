"""What a figure hides, held to nilearn's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.plotting.inputs.display_threshold import abs_percentile, threshold_value

maps = arrays(
    st.sampled_from([np.float32, np.float64, np.int16]),
    st.tuples(*[st.integers(1, 5)] * 3),
    elements=st.integers(-9, 9),
)


@settings(deadline=None, derandomize=True)
@given(maps, st.floats(0, 99.9))
def test_percentages_equal_nilearns(values, percent):
    extmath = pytest.importorskip("nilearn._utils.extmath")
    check = pytest.importorskip("nilearn._utils.param_validation").check_threshold
    assert abs_percentile(values, percent) == extmath.fast_abs_percentile(values, percent)
    theirs = check(f"{percent}%", values, extmath.fast_abs_percentile)
    assert threshold_value(f"{percent}%", values) == pytest.approx(theirs, rel=1e-6)
    auto = float(extmath.fast_abs_percentile(values)) - 1e-5
    assert threshold_value("auto", values) == pytest.approx(auto, rel=1e-6)


def test_one_hundred_percent_hides_everything_instead_of_crashing():
    values = np.arange(10.0)
    assert threshold_value("100%", values) > 9


def test_the_most_negative_integer_counts_as_high():
    assert abs_percentile(np.array([-128, 1, 2], dtype=np.int8), 100) == 128


def test_masked_values_do_not_count():
    assert abs_percentile(np.ma.masked_greater([1.0, 2, 3, 100], 50), 99) == 3


@pytest.mark.parametrize("text", ["97", "97 %x", "p<2", "-5%", "120%", "nan%", ""])
def test_text_that_is_no_percentage_is_refused(text):
    with pytest.raises(ArgumentError, match="followed by the percent"):
        threshold_value(text, np.arange(3.0))


@pytest.mark.parametrize("number", [-1, -0.5, float("nan"), np.float32(-3)])
def test_negative_numbers_are_refused(number):
    with pytest.raises(ArgumentError, match="non-negative number!"):
        threshold_value(number, np.arange(3.0))


@pytest.mark.parametrize("thing", [True, [3.0], object()])
def test_other_types_are_refused(thing):
    with pytest.raises(ArgumentTypeError, match="number or a string"):
        threshold_value(thing, np.arange(3.0))


def test_none_hides_nothing_and_a_number_is_itself():
    assert threshold_value(None, np.arange(3.0)) is None
    assert threshold_value(np.float32(2.5), np.arange(3.0)) == 2.5
