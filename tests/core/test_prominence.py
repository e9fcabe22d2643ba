"""The limit of prominence, met exactly."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.core.tree import build_tree
from skerry.core.tree.territories import territories_at
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours


def row(*heights, dtype=np.float64):
    values = np.array(heights, dtype=dtype).reshape(-1, 1, 1)
    return build_tree(values, GridNeighbours(Grid(values.shape, np.eye(4)), 6))


@pytest.mark.parametrize(
    ("least", "kept"),
    [(0, [9, 6, 4]), (4, [9, 6, 4]), (4.000001, [9, 4]), (5, [9, 4])],
)
def test_a_peak_of_exactly_the_prominence_and_the_highest_of_each_region_stay(least, kept):
    # 6 rises 4 above its saddle; 4 is an island of its own, 3 above the threshold.
    tree = row(9, 2, 6, 0, 4)
    assert tree.peaks(1.0, min_prominence=least).height.tolist() == kept


@pytest.mark.parametrize("threshold", [2.0, np.nextafter(2.0, 3)])
def test_a_saddle_at_the_threshold_joins_and_one_below_it_does_not(threshold):
    peaks = row(9, 2, 6).peaks(threshold)
    joined = threshold == 2.0
    assert peaks.region.tolist() == ([0, 0] if joined else [0, 1])
    assert peaks.prominence.tolist() == [9 - threshold, 6 - threshold]
    assert np.isnan(peaks.saddle_height).tolist() == [True, not joined]


def test_the_rise_above_a_saddle_is_not_rounded_to_single_precision():
    peak, saddle = np.float32(0.9), np.float32(0.1)
    rise = np.float64(peak) - np.float64(saddle)
    assert peak - saddle < rise  # in single precision
    tree = row(1, saddle, peak, dtype=np.float32)
    for least, n_parts in ((rise, 2), (np.nextafter(rise, 1), 1)):
        assert len(np.unique(territories_at(tree, min_prominence=least))) == n_parts
        assert len(tree.peaks(min_prominence=least).voxel) == n_parts


@pytest.mark.parametrize(("connectivity", "n_peaks"), [(6, 3), (18, 2), (26, 1)])
def test_flat_tops_that_touch_at_an_edge_or_a_corner_are_one_top_or_several(connectivity, n_peaks):
    values = np.zeros((6, 4, 4))
    values[:2, :2, 0] = values[2:4, 2, 0] = values[4:, 3, 1] = 5.0
    tree = build_tree(values, GridNeighbours(Grid(values.shape, np.eye(4)), connectivity))
    assert tree.n_peaks == tree.n_nodes == n_peaks
    assert tree.cut(5.0).max() == n_peaks
