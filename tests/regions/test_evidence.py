"""p and q of a few voxels are those that all voxels of the mask would give."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from skerry import find_regions
from skerry.regions.discoveries import ALPHA, true_discovery_proportion
from skerry.regions.evidence import Evidence, evidence_of
from skerry.stats.ari import discoveries
from skerry.stats.correct import fdr_log_q

SHAPE = (17, 18, 19)
BOTH_SIDES, ONE_SIDE = ("both", "positive", "negative"), ("both", "positive")
KINDS_AND_SIGNS = [
    (kind, df, sign)
    for kind, df, signs in (
        ("z", None, BOTH_SIDES),
        ("t", 20, BOTH_SIDES),
        ("F", (2, 40), ONE_SIDE),
        ("p", None, ONE_SIDE),
    )
    for sign in signs
]


def map_of(kind, strength, share):
    """Make a map of which a share of the voxels is active."""
    random = np.random.default_rng(5)
    z = gaussian_filter(random.normal(size=SHAPE), 1)
    z = z / z.std() + strength * (random.random(SHAPE) < share)
    values = {"z": z, "t": z * 1.1, "F": z**2, "p": np.clip(0.5 - z / 9, 1e-6, 1)}[kind]
    return nibabel.Nifti1Image(values, np.diag([3.0, 3.0, 3.0, 1.0]))


@pytest.mark.parametrize(("strength", "share"), [(0, 0), (3, 0.05), (6, 0.9)])
@pytest.mark.parametrize(("kind", "df", "sign"), KINDS_AND_SIGNS)
@pytest.mark.filterwarnings("ignore:.*read as -log10 p")
def test_bits_of_q_and_tdp_do_not_depend_on_how_many_voxels_were_looked_at(
    kind, df, strength, share, sign
):
    regions = find_regions(map_of(kind, strength, share), "80%", sign=sign, kind=kind, df=df)
    assert len(regions) > 0 or sign == "negative"
    all_of_it = Evidence(regions.statmap, sign)
    few = evidence_of(regions.statmap, sign, wanted_by="the test")
    voxels = np.argwhere(regions.statmap.mask)
    number = np.full(SHAPE, -1)
    number[regions.statmap.mask] = np.arange(len(voxels))
    for ijk in (regions.columns["peak_ijk"], voxels[:500], voxels[:0]):
        at = number[tuple(ijk.T)]
        np.testing.assert_array_equal(few.log_p_at(ijk), all_of_it.log_p[at])
        np.testing.assert_array_equal(few.log_q_at(ijk), fdr_log_q(all_of_it.log_p)[at])
    labels = regions.labels[regions.statmap.mask]
    active = discoveries(np.exp(all_of_it.log_p), labels, alpha=ALPHA)
    np.testing.assert_array_equal(
        true_discovery_proportion(regions, few), active / regions.columns["n_voxels"]
    )
