"""Permutation tests beside MNE's, all sign flips gone through, where the definitions agree."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage, stats

from skerry.space.grid import Grid
from skerry.stats.permute import permutation_test
from skerry.stats.permute.model import make_model

mne = pytest.importorskip("mne", reason="MNE is a peer to compare with, not a dependency")
# Its compiled loops warn of what is theirs.
pytestmark = pytest.mark.filterwarnings("ignore")

SHAPE, N, THRESHOLD = (7, 6, 5), 6, 2.2


@pytest.fixture(scope="module")
def maps():
    generator = np.random.default_rng(8)
    data = generator.standard_normal((N, *SHAPE))
    data = np.stack([ndimage.gaussian_filter(one, 0.7) for one in data]) * 3
    data[:, 1:4, 1:4, 1:4] += 1.2
    return data.reshape(N, -1)


def theirs(maps, threshold, t_power=1):
    from mne.stats import combine_adjacency, permutation_cluster_1samp_test

    return permutation_cluster_1samp_test(
        maps, threshold=threshold, n_permutations=10_000, tail=0, t_power=t_power,
        adjacency=combine_adjacency(*SHAPE), out_type="indices", n_jobs=1, seed=0,
        buffer_size=None, verbose="ERROR",
    )  # fmt: skip


def ours(maps, **options):
    return permutation_test(
        maps, np.ones(SHAPE, dtype=bool), Grid(SHAPE, np.eye(4)),
        make_model(np.ones((N, 1)), [1]), connectivity=6, **options,
    )  # fmt: skip


def test_extents_and_their_p_are_mnes(maps):
    found = ours(maps, threshold=THRESHOLD)
    t, clusters, p, _ = theirs(maps, THRESHOLD, t_power=0)
    np.testing.assert_allclose(found.maps["t"], t, rtol=1e-9)
    assert len(clusters) == len(found.clusters["region"]) > 3
    for (inside,), their_p in zip(clusters, p, strict=True):
        (number,) = set(found.labels[inside].tolist())
        row = number - 1
        assert found.clusters["n_voxels"][row] == len(inside)
        # MNE goes through half of the flips: the other half mirrors them.
        assert found.clusters["p_extent_fwe"][row] == pytest.approx(their_p)


def test_mnes_mass_is_ours_and_the_threshold_times_the_extent(maps):
    found = ours(maps, threshold=THRESHOLD)
    t, clusters, _, _ = theirs(maps, THRESHOLD)
    for (inside,) in clusters:
        row = int(found.labels[inside[0]]) - 1
        extent, excess = (found.clusters[name][row] for name in ("n_voxels", "excess_mass"))
        assert excess + THRESHOLD * extent == pytest.approx(np.abs(t[inside].sum()))


def test_mnes_steps_come_near_the_exact_integral_and_its_p(maps):
    found = ours(maps, tfce=True)
    step = 0.03
    scores, _, p, _ = theirs(maps, {"start": 0, "step": step})
    highest = np.abs(found.maps["tfce"]).max()
    # A step is counted at its upper end, and reached by what is above it only.
    np.testing.assert_allclose(scores, found.maps["tfce"], rtol=0.02, atol=2e-3 * highest)
    assert np.abs(scores - found.maps["tfce"]).max() > 0
    # A p may differ by a few arrangements that all but tie.
    assert np.abs(p - found.p_fwe["tfce"]).max() <= 3 / 32
    assert stats.spearmanr(p, found.p_fwe["tfce"]).statistic > 0.99
