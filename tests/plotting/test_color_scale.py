"""The range of a map's colours, held to nilearn's for all arguments."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from skerry.plotting.colors.scale import color_range

oracle = pytest.importorskip("nilearn.plotting._utils").get_colorbar_and_data_ranges

value = st.floats(-8, 8, width=32).map(float)
end = st.one_of(st.none(), value, st.sampled_from([0, 3, -3, np.nan, np.inf, "5"]))
maps = st.one_of(
    arrays(np.float32, (2, 3, 2), elements=st.floats(-8, 8, width=32)),
    arrays(np.float32, (2, 3, 2), elements=st.floats(0, 8, width=32)),
    arrays(np.float64, 7, elements=st.floats(-8, 0)),
)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(maps, end, end, st.sampled_from([True, False, "auto"]), st.sampled_from([None, 0, -2]))
def test_ranges_equal_nilearns(values, vmin, vmax, symmetric, lowest):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = oracle(values, vmin, vmax, symmetric, lowest)
        ours = color_range(values, vmin, vmax, symmetric, lowest)
    assume(theirs[2] <= theirs[3])  # nilearn mirrors a positive vmin into an inverted range
    assert tuple(ours) == tuple(theirs)


def test_one_end_on_the_wrong_side_still_gives_an_upright_range():
    assert tuple(color_range(np.array([-1.0, 5.0]), vmin=2, symmetric_cbar=True)) == (-2, 2, -2, 2)


def test_contradicting_ends_warn_and_the_wider_one_wins():
    with pytest.warns(UserWarning, match="Specified vmin=0 and vmax=1.0"):
        assert color_range(np.array([-1.0, 5.0]), 0, 1.0, True).vmax == 1


def test_the_bar_of_a_map_of_one_sign_reaches_zero():
    assert color_range(np.array([2.0, 5.0]), symmetric_cbar="auto").bar_min == 0
    assert color_range(np.array([-2.0, -5.0]), symmetric_cbar="auto").bar_max == 0


@pytest.mark.parametrize("values", [np.array([]), np.full(3, np.nan), np.ma.masked_all(3)])
def test_a_map_without_values_has_an_empty_range_and_no_error(values):
    assert color_range(values, symmetric_cbar="auto")[2:] == (0, 0)


def test_infinite_and_masked_values_do_not_count():
    assert color_range(np.array([np.inf, -1, 2]), symmetric_cbar=False)[2:] == (-1, 2)
    assert color_range(np.ma.masked_greater([-1.0, 2, 9], 5), symmetric_cbar=False)[2:] == (-1, 2)
