"""skerry.glm.permute: nilearn's names, images out, notes as warnings."""

from __future__ import annotations

import nibabel
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from skerry.errors import ArgumentError, SkerryWarning
from skerry.glm import permute
from skerry.io.load import load_map

AFFINE = np.array([[-2.0, 0, 0, 8], [0, 2, 0, -4], [0, 0, 2, 2], [0, 0, 0, 1]])


@pytest.fixture(scope="module")
def values():
    values = np.random.default_rng(1).standard_normal((14, 6, 5, 4)).astype(np.float32)
    values[:, 1:4, 1:3, 1:3] += 2
    return values


@pytest.fixture(scope="module")
def maps(values):
    return [nibabel.Nifti1Image(value, AFFINE) for value in values]


def test_it_gives_the_maps_that_nilearn_names(maps, values):
    result = permute(maps, n_perm=30, threshold=3, tfce=True)
    assert result.keys() == [
        "t", "logp_max_t", "size", "logp_max_size", "mass", "logp_max_mass",
        "tfce", "logp_max_tfce",
    ]  # fmt: skip
    assert list(result) == result.keys()
    expected = stats.ttest_1samp(values.astype(float), 0).statistic
    np.testing.assert_allclose(result["t"].get_fdata(), expected, rtol=1e-10)
    np.testing.assert_array_equal(result["t"].affine, AFFINE)
    assert result["logp_max_t"].get_fdata().max() == pytest.approx(np.log10(31))
    statmap = load_map(result["t"])
    assert (statmap.kind, statmap.df) == ("t", 13)
    rows = result.clusters
    assert isinstance(rows, pd.DataFrame)
    labels = np.asarray(result.labels_image().dataobj)
    first = rows.iloc[0]
    assert (labels == 1).sum() == first.n_voxels
    assert result["size"].get_fdata()[labels == 1].tolist() == [first.n_voxels] * first.n_voxels
    ijk = np.linalg.inv(AFFINE) @ [first.peak_x, first.peak_y, first.peak_z, 1]
    assert result["t"].get_fdata()[tuple(np.rint(ijk[:3]).astype(int))] == first.peak_value
    assert result.summary.statistic.tolist() == ["t", "extent", "excess_mass", "tfce"]
    with pytest.raises(KeyError, match="'z' is none of t"):
        result["z"]


def test_clusters_need_a_threshold(maps):
    result = permute(maps, n_perm=5)
    assert result.keys() == ["t", "logp_max_t"]
    assert len(result.clusters) == 0
    with pytest.raises(ArgumentError, match="no clusters without"):
        result.labels_image()


def test_two_groups_and_an_f_test(maps, values):
    group = ["a"] * 6 + ["b"] * 8
    t = permute(maps, {"group": group}, "b - a", n_perm=10)["t"].get_fdata()
    expected = stats.ttest_ind(values[6:].astype(float), values[:6].astype(float)).statistic
    np.testing.assert_allclose(t, expected, rtol=1e-9)
    result = permute(maps, {"group": group}, [[1, 0], [0, 1]], n_perm=10, threshold="p<0.01")
    assert result.keys()[0] == "F"
    assert result.test.threshold == pytest.approx(stats.f.isf(0.01, 2, 12))
    assert result.test.sign == "positive"
    design = np.stack([np.repeat([1.0, 0], [6, 8]), np.repeat([0, 1.0], [6, 8])], axis=1)
    again = permute(maps, design, np.eye(2), n_perm=10)
    np.testing.assert_array_equal(again["F"].get_fdata(), result["F"].get_fdata())


def test_a_zero_map_pads_nothing_and_a_larger_field_of_view_changes_nothing(maps, values):
    wide = np.zeros((14, 10, 9, 8), dtype=np.float32)
    wide[:, 2:8, 3:8, 1:5] = values
    moved = AFFINE.copy()
    moved[:3, 3] -= AFFINE[:3, :3] @ [2, 3, 1]
    padded = permute(
        [nibabel.Nifti1Image(value, moved) for value in wide], n_perm=20, threshold=2, tfce=True
    )
    plain = permute(maps, n_perm=20, threshold=2, tfce=True)
    for name, null in plain.test.null.items():
        np.testing.assert_array_equal(null, padded.test.null[name])
    pd.testing.assert_frame_equal(
        plain.clusters.drop(columns=[f"peak_{axis}" for axis in "ijk"]),
        padded.clusters.drop(columns=[f"peak_{axis}" for axis in "ijk"]),
    )


def test_what_was_done_is_said(maps):
    with pytest.warns(SkerryWarning, match="only 32 arrangements are possible"):
        result = permute(maps[:5])
    assert len(result.notes) == 1


def test_inputs_stay_as_they_were(maps, values):
    before = values.copy()
    permute(maps, {"age": np.arange(14.0), "one": np.ones(14)}, "age", n_perm=3)
    np.testing.assert_array_equal(values, before)
