"""Voxels of regions as runs."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.batch.parts.voxels import runs_of, voxels_of


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("density", [0.0, 0.05, 0.5, 1.0])
def test_runs_give_back_every_voxel_and_its_region(order, density):
    random = np.random.default_rng(3)
    labels = random.integers(1, 6, size=(7, 8, 9)) * (random.random((7, 8, 9)) < density)
    labels = np.asarray(labels, dtype=np.int32, order=order)
    found = voxels_of(runs_of(labels), n_positive=3)
    flat = labels.ravel()
    np.testing.assert_array_equal(found.positive, np.flatnonzero((flat > 0) & (flat <= 3)))
    np.testing.assert_array_equal(found.negative, np.flatnonzero(flat > 3))
    both = np.concatenate([found.positive, found.negative])
    np.testing.assert_array_equal(found.region, flat[both])


def test_regions_that_touch_are_told_apart_and_runs_are_few():
    labels = np.zeros((4, 4, 10), dtype=np.int32)
    labels[1, 1, 2:5], labels[1, 1, 5:9] = 1, 2
    runs = runs_of(labels)
    assert runs.gap.tolist() == [52, 0]
    assert runs.length.tolist() == [3, 4]
    assert runs.region.tolist() == [1, 2]
