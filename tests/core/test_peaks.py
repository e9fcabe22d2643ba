"""Highest voxels of boxes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nilearn._utils.ndimage import peak_local_max
from scipy.ndimage import label

from reference import walker as slow
from skerry.core.peaks import box_maxima, face_groups


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 10**6), halves=st.tuples(*[st.integers(0, 4)] * 3), ties=st.booleans())
def test_equals_the_slow_twin(seed, halves, ties):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=rng.integers(1, 8, 3))
    if ties:
        values = np.round(values)
    expected = slow.box_maxima(values, halves, 0.2)
    assert list(map(tuple, box_maxima(values, halves, above=0.2).tolist())) == expected


@pytest.mark.parametrize("rough", [False, True])
def test_both_ways_of_looking_equal_nilearn(rough):
    # A rough map has many candidates and is filtered; a smooth one is looked at box by box.
    values = np.random.default_rng(1).normal(size=(40, 35, 30))
    if not rough:
        from scipy.ndimage import gaussian_filter

        values = gaussian_filter(values, 3)
    above = max(values.max() * 0.1, 0)
    expected = np.argwhere(peak_local_max(values))
    np.testing.assert_array_equal(box_maxima(values, (10, 10, 10), above=above), expected)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.integers(0, 10**6))
def test_groups_are_numbered_as_scipy_labels_them(seed):
    mask = np.random.default_rng(seed).random((5, 6, 4)) < 0.3
    labels, _ = label(mask)
    voxels = np.argwhere(mask)
    np.testing.assert_array_equal(face_groups(voxels), labels[mask] - 1)
