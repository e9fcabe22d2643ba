"""Components of a map at one threshold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from skerry.core.label import component_sizes, drop_small_components, label_components, signs

CORNERS = {6: 1, 18: 2, 26: 3}


def random_signs(seed, shape=(7, 8, 9), order="C"):
    values = np.random.default_rng(seed).integers(-1, 2, shape).astype(np.int8)
    return np.asarray(values, order=order)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([6, 18, 26]), st.sampled_from("CF"))
def test_labels_of_a_mask_equal_scipys_number_for_number(seed, connectivity, order):
    mask = random_signs(seed, order=order) > 0
    structure = ndimage.generate_binary_structure(3, CORNERS[connectivity])
    expected, n_expected = ndimage.label(mask, structure)
    labels, n = label_components(mask, connectivity)
    assert n == n_expected
    assert labels.dtype == np.int32
    np.testing.assert_array_equal(labels, expected)
    np.testing.assert_array_equal(component_sizes(labels, n), np.bincount(expected.ravel())[1:])


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from([6, 18, 26]))
def test_signs_never_join_and_memory_order_does_not_matter(seed, connectivity):
    values = random_signs(seed)
    labels, n = label_components(values, connectivity)
    for label in range(1, n + 1):
        assert np.unique(values[labels == label]).size == 1
    other, n_other = label_components(np.asfortranarray(values), connectivity)
    assert n_other == n
    np.testing.assert_array_equal(other, labels)
    one_sided = sum(label_components(values == sign, connectivity)[1] for sign in (1, -1))
    assert n == one_sided


@pytest.mark.parametrize("connectivity", [6, 18, 26])
def test_neighbours_share_faces_edges_or_corners(connectivity):
    face, edge, corner = np.zeros((3, 3, 3, 3), dtype=bool)
    for mask, other in ((face, (0, 0, 1)), (edge, (0, 1, 1)), (corner, (1, 1, 1))):
        mask[0, 0, 0] = mask[other] = True
    found = [label_components(mask, connectivity)[1] for mask in (face, edge, corner)]
    assert found == {6: [1, 2, 2], 18: [1, 1, 2], 26: [1, 1, 1]}[connectivity]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("fill", [0, 1])
def test_empty_and_full_maps(fill, order):
    labels, n = label_components(np.full((3, 4, 5), fill, dtype=np.int8, order=order))
    assert n == fill
    assert (labels == fill).all()
    assert labels.dtype == np.int32


def test_signs_of_every_kind_of_number():
    assert signs(np.array([-2.0, np.nan, 0, -0.0, np.inf])).tolist() == [-1, 0, 0, 0, 1]
    assert signs(np.array([0, 255], dtype=np.uint8)).tolist() == [0, 1]
    assert signs(np.array([-128, 127], dtype=np.int8)).tolist() == [-1, 1]
    assert signs(np.array([True, False])).tolist() == [1, 0]


def test_small_components_go_whichever_sign_they_have():
    values = np.zeros((1, 1, 9))
    values[0, 0] = [1, 1, -1, 0, -2, -2, 3, 0, 4]
    drop_small_components(values, 2)
    assert values[0, 0].tolist() == [1, 1, 0, 0, -2, -2, 0, 0, 0]
