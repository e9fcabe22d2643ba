"""Local regions: the default rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter, label

from reference import walker as slow
from skerry.core.walker import local_regions
from skerry.errors import ArgumentError
from skerry.space.grid import Grid

AFFINE = np.array([[-3.0, 0, 0, 78], [0, 3, 0, -112], [0, 0, 3, -50], [0, 0, 0, 1]])


def random_map(seed, shape=(9, 8, 7), sigma=0.8, cut=1.0, scale=2.0):
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=shape), sigma, mode="constant")
    values = scale * noise / noise.std()
    return np.where(np.abs(values) > cut, values, 0.0)


def regions_of(values, affine=AFFINE, **options):
    options = {"smoothing_fwhm_mm": 3.0, "seed_distance_mm": 6.0} | options
    return local_regions(values, Grid(values.shape, affine), **options)


def same_partition(one, other):
    return slow.as_sets(one) == slow.as_sets(other)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    fwhm_mm=st.sampled_from([None, 3.0, 6.0]),
    distance_mm=st.sampled_from([3.0, 6.0, 30.0]),
    sizes=st.sampled_from([(3.0, 3.0, 3.0), (2.0, 3.0, 4.0)]),
    rounded=st.booleans(),
)
def test_equals_the_slow_twin(seed, fwhm_mm, distance_mm, sizes, rounded):
    values = random_map(seed, cut=0.8)
    if rounded:  # plateaus
        values = np.round(values)
    grid = Grid(values.shape, np.diag([*sizes, 1.0]))
    labels = local_regions(values, grid, smoothing_fwhm_mm=fwhm_mm, seed_distance_mm=distance_mm)
    assert slow.as_sets(labels) == slow.local_regions(values, grid, fwhm_mm, distance_mm)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_every_voxel_above_belongs_to_one_region_of_its_sign(seed):
    values = random_map(seed)
    labels = regions_of(values)
    np.testing.assert_array_equal(labels > 0, values != 0)
    n_positive = labels[values > 0].max(initial=0)
    assert (labels[values < 0] > n_positive).all()
    np.testing.assert_array_equal(np.unique(labels[labels > 0]), np.arange(labels.max()) + 1)
    for one in range(1, labels.max() + 1):
        assert label(labels == one)[1] == 1


@settings(deadline=None, derandomize=True, max_examples=20)
@given(seed=st.integers(0, 10**6), pad=st.tuples(*[st.integers(0, 9)] * 3))
def test_the_field_of_view_changes_nothing(seed, pad):
    values = random_map(seed)
    affine = AFFINE.copy()
    affine[:3, 3] -= affine[:3, :3] @ pad
    padded = regions_of(np.pad(values, [(p, 2 * p) for p in pad]), affine)
    box = tuple(slice(p, p + n) for p, n in zip(pad, values.shape, strict=True))
    np.testing.assert_array_equal(padded[box], regions_of(values))


@settings(deadline=None, derandomize=True, max_examples=20)
@given(seed=st.integers(0, 10**6), factor=st.floats(1e-6, 1e6))
def test_another_unit_changes_nothing(seed, factor):
    values = random_map(seed)
    np.testing.assert_array_equal(regions_of(factor * values), regions_of(values))


@settings(deadline=None, derandomize=True, max_examples=20)
@given(
    seed=st.integers(0, 10**6),
    axes=st.permutations([0, 1, 2]),
    flips=st.tuples(*[st.booleans()] * 3),
    rounded=st.booleans(),
)
def test_the_way_a_file_stores_its_axes_changes_only_the_numbers(seed, axes, flips, rounded):
    values = random_map(seed)
    if rounded:
        values = np.round(values)

    def stored(array):
        turned = array.transpose(axes)
        return turned[tuple(slice(None, None, -1 if flip else 1) for flip in flips)]

    to_old = np.zeros((4, 4))  # from stored voxel indices to those of `values`
    to_old[3, 3] = 1
    for new, (old, flip) in enumerate(zip(axes, flips, strict=True)):
        to_old[old, new] = -1 if flip else 1
        to_old[old, 3] = values.shape[old] - 1 if flip else 0
    other = regions_of(np.asfortranarray(stored(values)), AFFINE @ to_old)
    assert same_partition(other, stored(regions_of(values)))


@settings(deadline=None, derandomize=True, max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_signs_are_treated_alike_and_apart(seed):
    values = random_map(seed)
    assert same_partition(regions_of(-values), regions_of(values))
    positive = regions_of(np.where(values > 0, values, 0))
    np.testing.assert_array_equal(np.where(values > 0, regions_of(values), 0), positive)


def test_memory_order_is_kept_and_changes_nothing():
    values = random_map(5)
    labels = regions_of(np.asfortranarray(values))
    assert labels.flags.f_contiguous
    np.testing.assert_array_equal(labels, regions_of(values))


@pytest.mark.parametrize("voxel_mm", [3.0, 2.0, 1.5])
def test_the_same_blobs_are_as_many_regions_at_any_voxel_size(voxel_mm):
    # Where the two positive blobs part depends on the sampling: steep slopes weigh e**-100.
    n = round(90 / voxel_mm)
    xyz = np.stack(np.meshgrid(*[np.arange(n) * voxel_mm] * 3, indexing="ij"), axis=-1)

    def blob(x, height):
        return height * np.exp(-((xyz - [x, 45, 45]) ** 2).sum(-1) / 2 / 8**2)

    values = blob(24, 8) + blob(60, 7.5) - blob(84, 7)
    values[np.abs(values) < 0.7] = 0
    assert label(values > 0)[1] == 1
    grid = Grid(values.shape, np.diag([voxel_mm] * 3 + [1]))
    volumes = np.bincount(local_regions(values, grid, smoothing_fwhm_mm=6.0).ravel())[1:]
    volumes = volumes * voxel_mm**3
    assert len(volumes) == 3
    np.testing.assert_allclose([volumes[:2].sum(), volumes[2]], [43600, 12400], rtol=0.05)


def test_separate_blobs_never_vanish():
    values = np.zeros((20, 20, 30))
    values[4:8, 4:8, 4:8] = 20
    values[4:8, 4:8, 12:16] = 1.5  # nearer than the seed distance and under a tenth
    values[12:16, 12:16, 4:8] = -3
    labels = regions_of(values, smoothing_fwhm_mm=6.0, seed_distance_mm=30.0)
    assert np.bincount(labels.ravel()).tolist()[1:] == [64, 64, 64]


def test_a_tie_goes_to_the_lower_x():
    values = np.zeros((3, 3, 9))
    values[1, 1] = [1, 2, 3, 2, 1, 2, 3, 2, 1]
    for direction in (1.0, -1.0):
        affine = np.array([[0, 0, direction, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
        labels = regions_of(values, affine, smoothing_fwhm_mm=None, seed_distance_mm=3.0)
        low = labels[1, 1, 0 if direction > 0 else 8]
        assert labels[1, 1, 4] == low


def test_nothing_above_gives_no_label():
    assert regions_of(np.zeros((3, 4, 5))).tolist() == np.zeros((3, 4, 5), int).tolist()


def test_a_constant_map_is_one_region():
    assert regions_of(np.ones((3, 4, 5))).tolist() == np.ones((3, 4, 5), int).tolist()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_must_be_finite(bad):
    values = np.ones((3, 3, 3))
    values[1, 1, 1] = bad
    with pytest.raises(ArgumentError, match="NaN or infinite"):
        regions_of(values)


def test_sizes_must_not_be_negative():
    with pytest.raises(ArgumentError, match="smoothing_fwhm_mm"):
        regions_of(np.ones((3, 3, 3)), smoothing_fwhm_mm=-1.0)
    with pytest.raises(ArgumentError, match="seed_distance_mm"):
        regions_of(np.ones((3, 3, 3)), seed_distance_mm=np.nan)
