"""nilearn's numbers on a colour bar, and skerry's."""

from __future__ import annotations

import warnings

import numpy as np
from borrow import borrow
from hypothesis import given, settings
from hypothesis import strategies as st
from nilearn.plotting._utils import get_cbar_ticks as theirs

from skerry.plotting.displays.ticks import tick_values


def ours(vmin, vmax, threshold=None, n_ticks=5, tick_format="%.2g"):
    return np.array(
        tick_values(vmin, vmax, threshold=threshold, n_ticks=n_ticks, tick_format=tick_format)
    )


globals().update(
    borrow(
        "nilearn.plotting.tests.test_utils",
        replace={"get_cbar_ticks": ours},
        only=["test_get_cbar_ticks"],
        leave_out={},
    )
)

numbers = st.floats(-50, 50).map(lambda value: round(value, 2))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(numbers, numbers, st.one_of(st.none(), numbers.map(abs)), st.sampled_from(["%.2g", "%i"]))
def test_random_bars_have_the_same_numbers(a, b, threshold, tick_format):
    low, high = min(a, b), max(a, b)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if len(set(map(float, (tick_format % low, tick_format % high)))) < 2:
            return
        expected = theirs(low, high, threshold, 5, tick_format)
        np.testing.assert_array_equal(ours(low, high, threshold, 5, tick_format), expected)
