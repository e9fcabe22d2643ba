"""connected_label_regions equals nilearn's, and is stored as integers."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.regions import connected_label_regions


def atlas(seed, dtype, shape=(6, 7, 8)):
    labels = np.random.default_rng(seed).choice([0, 0, 3, 4, 17], size=shape)
    return nib.Nifti1Image(labels.astype(dtype), np.diag([2.0, 2.0, 2.0, 1.0]))


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.integers(0, 2**32),
    st.sampled_from([np.uint8, np.int32, np.float32]),
    st.sampled_from([None, 0, 8, 20.5, 1e6]),
    st.booleans(),
    st.booleans(),
)
def test_labels_and_names_equal_nilearns(seed, dtype, min_size, connect_diag, named):
    theirs = pytest.importorskip("nilearn.regions").connected_label_regions
    names = ["a", "b", "c"] if named else None
    arguments = (atlas(seed, dtype), min_size, connect_diag, names)
    ours, expected = connected_label_regions(*arguments), theirs(*arguments)
    if named:
        (ours, our_names), (expected, their_names) = ours, expected
        assert our_names == their_names
    assert ours.get_data_dtype() == np.int32
    np.testing.assert_array_equal(np.asanyarray(ours.dataobj), np.asanyarray(expected.dataobj))


def test_an_atlas_without_background_is_split_too():
    img = connected_label_regions(nib.Nifti1Image(np.full((3, 3, 3), 5, np.int16), np.eye(4)), 2)
    assert (np.asanyarray(img.dataobj) == 1).all()
