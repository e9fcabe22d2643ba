"""Local regions with nilearn_exact: nilearn's own result."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nilearn._utils import segmentation
from nilearn._utils.ndimage import peak_local_max
from nilearn.image.image import smooth_array
from scipy.ndimage import gaussian_filter, label
from scipy.sparse.linalg import splu

from skerry.core.walker import local_regions
from skerry.space.grid import Grid, grid_of


def nilearn_labels(values, affine, fwhm_mm):
    """What nilearn's connected_regions labels, numbered without gaps."""
    seeds, _ = label(peak_local_max(smooth_array(values, affine, fwhm_mm)))
    seeds[values == 0] = -1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        labels = segmentation.random_walker(values, seeds)
    labels[labels == -1] = 0
    return np.searchsorted(np.unique(np.append(labels, 0)), labels)


def solve_directly(laplacian, right, tol):
    """nilearn's system, in place of its unconverged conjugate gradients."""
    # An order for symmetric matrices: in a third of the time.
    factor = splu(
        laplacian.tocsc().astype(float),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    x = factor.solve(-np.hstack([b.toarray() for b in right]))
    return np.round(x, 6).argmax(axis=1)  # within rounding, the first of equals


def ours(values, affine, fwhm_mm):
    grid = Grid(values.shape, affine)
    return local_regions(values, grid, smoothing_fwhm_mm=fwhm_mm, nilearn_exact=True)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    shape=st.tuples(*[st.integers(3, 22)] * 3),
    sigma=st.floats(0.6, 2.5),
    cut=st.sampled_from([0.0, 0.5, 1.5]),
    fwhm_mm=st.sampled_from([None, 2.0, 6.0]),
    dtype=st.sampled_from([np.float32, np.float64]),
    order=st.sampled_from("CF"),
)
def test_equals_nilearn_solved_directly(seed, shape, sigma, cut, fwhm_mm, dtype, order):
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=shape), sigma)
    values = 2 * noise / noise.std()
    values = np.array(np.where(np.abs(values) > cut, values, 0), dtype=dtype, order=order)
    solver = segmentation._solve_cg
    segmentation._solve_cg = solve_directly
    try:
        expected = nilearn_labels(values, np.eye(4), fwhm_mm)
    finally:
        segmentation._solve_cg = solver
    np.testing.assert_array_equal(ours(values, np.eye(4), fwhm_mm), expected)


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((5, 5, 5)),
        np.ones((5, 5, 5)),
        -np.ones((5, 5, 5)),
        np.pad(np.ones((1, 1, 1)), 3),
        np.pad(np.ones((1, 1, 3)), 3),
        np.pad(np.ones((3, 3, 3)), 14),
        np.pad([[[2.0, 1.0, 0.0, 3.0]]], 1),
    ],
    ids=["zeros", "ones", "minus ones", "a voxel", "a row", "a cube", "a seed alone"],
)
@pytest.mark.parametrize("fwhm_mm", [None, 4.0])
def test_equals_nilearn_in_the_corners(values, fwhm_mm):
    expected = nilearn_labels(values, np.eye(4), fwhm_mm)
    np.testing.assert_array_equal(ours(values, np.eye(4), fwhm_mm), expected)


@pytest.mark.parametrize(("percentile", "n_unsolved"), [(97, 0), (90, 202)])
def test_equals_nilearn_on_a_real_map_but_for_voxels_it_left_unsolved(
    shared_data, percentile, n_unsolved, monkeypatch
):
    import nibabel as nib

    img = nib.load(shared_data / "maps" / "image_10426.nii.gz")
    values = np.array(img.get_fdata(dtype=np.float32))
    values[np.abs(values) < np.percentile(np.abs(values), percentile)] = 0
    result = local_regions(values, grid_of(img), smoothing_fwhm_mm=6.0, nilearn_exact=True)
    stopped = nilearn_labels(values, img.affine, 6.0)
    monkeypatch.setattr(segmentation, "_solve_cg", solve_directly)
    np.testing.assert_array_equal(result, nilearn_labels(values, img.affine, 6.0))
    # Where conjugate gradients stop depends a little on the machine's arithmetic.
    assert np.count_nonzero(result != stopped) <= 2 * n_unsolved
