"""What lies beneath a map, held to nilearn's greys."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nibabel import Nifti1Image

from skerry.errors import ArgumentError
from skerry.plotting.inputs.background import MNI152TEMPLATE, Background, load_background

seeds = st.integers(0, 99)
dims = st.sampled_from(["auto", 0, None, False, True, -0.5, 0.3, 1.5])
pages = st.sampled_from(["auto", True, False])


@settings(deadline=None, derandomize=True, max_examples=30)
@given(seeds, st.floats(-2, 2), dims, pages)
def test_greys_and_page_equal_nilearns(seed, shift, dim, black_bg):
    load_anat = pytest.importorskip("nilearn.plotting.image.utils").load_anat
    values = (np.random.default_rng(seed).random((6, 7, 5)) + shift).astype(np.float32)
    image = Nifti1Image(values, np.eye(4))
    theirs = load_anat(image, dim=dim, black_bg=black_bg)
    ours = load_background(image, dim=dim, black_bg=black_bg)
    assert ours.black_bg == theirs[1]
    assert [ours.vmin, ours.vmax] == [None if v is None else pytest.approx(v) for v in theirs[2:]]


@pytest.mark.parametrize("dim", ["auto", 0, -1, 0.4])
@pytest.mark.parametrize("black_bg", ["auto", True, False])
def test_the_templates_page_and_greys_follow_nilearns_formulae(dim, black_bg):
    utils = pytest.importorskip("nilearn.plotting.image.utils")
    ours = load_background(dim=dim, black_bg=black_bg)
    plain = load_background(dim=0, black_bg=black_bg)
    assert ours.black_bg == (black_bg is True)
    if dim:
        expected = utils._apply_dimming(dim, ours.black_bg, plain.vmin, plain.vmax)
        assert (ours.vmin, ours.vmax) == pytest.approx(expected)


@pytest.mark.parametrize("nothing", [None, False])
def test_nothing_is_a_white_page(nothing):
    assert load_background(nothing) == Background(None, False, None, None)
    assert load_background(nothing, black_bg=True).black_bg


def test_holes_count_as_zero_and_the_given_image_keeps_them():
    values = np.ones((5, 5, 5), dtype=np.float32)
    values[2, 2, 2], values[1, 1, 1] = np.nan, np.inf
    image = Nifti1Image(values, np.eye(4))
    ours = load_background(image, dim=0)
    assert (ours.vmin, ours.vmax) == (0, 1)
    assert np.isnan(values[2, 2, 2])


@pytest.mark.parametrize("dim", ["-10", "dark", [1]])
def test_a_dim_that_is_no_number_is_refused(dim):
    with pytest.raises(ArgumentError, match="'dim' needs to be a float"):
        load_background(dim=dim)


def test_the_template_is_read_once():
    assert load_background().img is load_background().img
    assert repr(MNI152TEMPLATE) == "<MNI152Template>"
    assert MNI152TEMPLATE.shape == load_background().img.shape


def test_importing_the_plot_functions_reads_no_template_and_no_matplotlib():
    code = (
        "import sys\n"
        "from skerry.plotting import plot_anat, plot_img, plot_prob_atlas, plot_roi\n"
        "from skerry.plotting import plot_stat_map, show\n"
        "from skerry.plotting.inputs import background\n"
        "assert background._template.cache_info().currsize == 0\n"
        "assert 'matplotlib' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
