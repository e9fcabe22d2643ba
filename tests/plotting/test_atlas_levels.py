"""From which value on a map of an atlas is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.plotting.regions.atlas_levels import are_cut_out, map_levels

VIEWS = {"contours": 1.0, "filled_contours": 0.8, "continuous": 0.5}


def bump(centre, shape=(12, 12, 12), width=3.0):
    ijk = np.indices(shape).reshape(3, -1).T - centre
    return np.exp(-(ijk**2).sum(axis=1) / (2 * width**2)).reshape(shape)


@pytest.fixture
def fading():
    return [bump((3, 3, 3)), bump((8, 8, 8)), -bump((5, 5, 5), width=2.0)]


def nilearns_level(values, threshold):
    check = pytest.importorskip("nilearn._utils.param_validation").check_threshold
    percentile = pytest.importorskip("nilearn._utils.extmath").fast_abs_percentile
    return max(check(threshold, values, percentile), 1e-6)


@pytest.mark.parametrize("view_type", VIEWS)
def test_auto_levels_of_maps_that_fade_equal_nilearns(fading, view_type):
    percent = f"{100 * (1 - 0.2 * VIEWS[view_type] / len(fading)):f}%"
    expected = [nilearns_level(one, percent) for one in fading]
    assert map_levels(fading, "auto", view_type) == pytest.approx(expected)


@pytest.mark.parametrize("threshold", ["90%", 0.25, [0.1, "50%", 0.0]])
def test_given_levels_equal_nilearns(fading, threshold):
    each = threshold if isinstance(threshold, list) else [threshold] * 3
    expected = [nilearns_level(one, thr) for one, thr in zip(fading, each, strict=True)]
    assert map_levels(fading, threshold, "contours") == pytest.approx(expected)


def test_auto_draws_regions_above_a_threshold_whole_however_large():
    field = bump((5, 5, 5)) * 8
    large, small = np.where(field > 2, field, 0), np.zeros_like(field)
    small[0, 0, :2] = 3.0
    for view_type in VIEWS:
        levels = map_levels([large, -small], "auto", view_type)
        drawn = [np.abs(large) > levels[0], np.abs(small) > levels[1]]
        assert np.array_equal(drawn, [large != 0, small != 0])


def test_maps_that_fade_or_overlap_faintly_are_no_cut_out_regions(fading):
    assert not are_cut_out(fading)
    faint = [np.where(one > 0.05, one, 0) for one in (bump((4, 4, 4)), bump((7, 7, 7)))]
    assert not are_cut_out(faint)
    assert are_cut_out([np.where(one > 0.25, one, 0) for one in faint])
    assert are_cut_out(faint[:1])


def test_empty_maps_are_no_obstacle():
    assert map_levels([np.zeros((2, 2, 2))], "auto", "contours") == [1e-6]


def test_none_draws_all_that_is_not_noise(fading):
    assert map_levels(fading, None, "contours") == [1e-6] * 3


@pytest.mark.parametrize("threshold", [[0.1], (0.1, 0.2, 0.3, 0.4), np.array([1.0])])
def test_a_list_needs_one_threshold_for_each_map(fading, threshold):
    with pytest.raises(ArgumentTypeError, match="one for each map"):
        map_levels(fading, threshold, "contours")


@pytest.mark.parametrize("threshold", [[-1, 0.1, 0.1], "97", "-3%"])
def test_wrong_thresholds_are_refused(fading, threshold):
    with pytest.raises(ArgumentError):
        map_levels(fading, threshold, "contours")


def test_a_number_above_a_map_warns(fading):
    with pytest.warns(UserWarning, match="map 3: 0.5 is above"):
        map_levels([fading[0], fading[1], fading[2] * 0.4], 0.5, "contours")
