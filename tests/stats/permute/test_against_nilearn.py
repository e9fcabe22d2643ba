"""Permutation tests beside nilearn's, on the same arrangements, where the definitions agree."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from nilearn.maskers import NiftiMasker
from nilearn.mass_univariate import permuted_ols

from skerry.space.grid import Grid
from skerry.stats.permute.measurer import Field, Measurer
from skerry.stats.permute.model import make_model
from skerry.stats.permute.p_values import fwe_p

pytestmark = pytest.mark.filterwarnings("ignore:Data array used to create a new image:UserWarning")

SHAPE, N, N_PERM = (7, 6, 5), 11, 40
AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


@pytest.fixture(scope="module")
def maps():
    generator = np.random.default_rng(2)
    data = generator.standard_normal((N, int(np.prod(SHAPE))))
    data[:, 50:60] += 0.8
    return data


def masker():
    whole = nibabel.Nifti1Image(np.ones(SHAPE, dtype=np.uint8), AFFINE)
    return NiftiMasker(mask_img=whole, dtype="float64").fit()


def measurer_of(data, model, sign, p):
    from scipy import stats

    field = Field(Grid(SHAPE, AFFINE), np.ones(SHAPE, dtype=bool), 6)  # nilearn's neighbours
    cut = float(stats.t.isf(p / 2 if sign == "both" else p, model.df))
    return Measurer(data, model.sums_of_squares(data)[1], model, field, sign, cut, None)


def nilearns_generator(seed):
    """What draws the arrangements of its first and only chunk."""
    first = np.random.RandomState(seed).randint(1, np.iinfo(np.int32).max - 1)
    return np.random.RandomState(first)


def compare(measurer, arrangements, theirs):
    null = np.array([measurer.maxima(order, sign) for order, sign in arrangements])
    for k, name in enumerate(("t", "size", "mass")):
        np.testing.assert_allclose(null[:, k], theirs[f"h0_max_{name}"][0], rtol=1e-7, atol=1e-9)
    values = measurer.statistic(np.arange(N), np.ones(N))
    np.testing.assert_allclose(values, theirs["t"][0], rtol=1e-7)
    one_side = np.abs(values) if measurer.sign == "both" else values
    p = fwe_p(np.array([one_side.max(), *null[:, 0]]), one_side)
    expected = 10.0 ** -theirs["logp_max_t"][0]
    tested = one_side > 0
    # The observed maximum counts as one of all on both sides.
    np.testing.assert_allclose(p[tested], expected[tested], rtol=1e-9)


@pytest.mark.parametrize("sign", ["both", "positive"])
def test_sign_flips_give_nilearns_maxima_and_p(maps, sign):
    theirs = permuted_ols(
        np.ones((N, 1)), maps, model_intercept=False, n_perm=N_PERM, masker=masker(),
        two_sided_test=sign == "both", random_state=5, threshold=0.05,
    )  # fmt: skip
    generator, signs, arrangements = nilearns_generator(5), np.ones(N), []
    for _ in range(N_PERM):
        signs = signs * (generator.randint(2, size=(N, 1)) * 2 - 1)[:, 0]
        arrangements.append((np.arange(N), signs))
    measurer = measurer_of(maps, make_model(np.ones((N, 1)), [1]), sign, 0.05)
    compare(measurer, arrangements, theirs)


def test_shuffles_beside_a_covariate_give_nilearns_maxima_and_p(maps):
    generator = np.random.default_rng(4)
    score, age = generator.standard_normal((2, N, 1))
    theirs = permuted_ols(
        score, maps, age, n_perm=N_PERM, masker=masker(), random_state=7, threshold=0.02,
    )  # fmt: skip
    generator, place, arrangements = nilearns_generator(7), np.arange(N), []
    for _ in range(N_PERM):
        place = place[generator.permutation(N)]
        arrangements.append((np.argsort(place), np.ones(N)))
    design = np.concatenate([score, age, np.ones((N, 1))], axis=1)
    measurer = measurer_of(maps, make_model(design, [1, 0, 0]), "both", 0.02)
    compare(measurer, arrangements, theirs)
