"""get_clusters_table: nilearn's table, with its errors put right."""

from __future__ import annotations

import itertools
import sys
import warnings

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from skerry.errors import ArgumentError, DimensionError
from skerry.image import threshold_img
from skerry.reporting import get_clusters_table

AFFINE = np.array([[-3.0, 0, 0, 30], [0, 3, 0, -20], [0, 0, 3, -10], [0, 0, 0, 1]])
COLUMNS = ["Cluster ID", "X", "Y", "Z", "Peak Stat", "Cluster Size (mm3)"]


def image(values, affine=AFFINE):
    return nib.Nifti1Image(np.asarray(values), affine)


def greedy(xyz, ijk, vals, min_distance):
    """What nilearn documents: far from *every* peak kept before."""
    kept = []
    for i in range(len(xyz)):
        if all(np.linalg.norm(xyz[i] - xyz[j]) > min_distance for j in kept):
            kept.append(i)
    return ijk[kept], vals[kept]


def sort_stably(ijk, vals, affine):
    order = np.argsort(-vals, kind="stable")
    return nib.affines.apply_affine(affine, ijk[order]), ijk[order], vals[order]


@pytest.fixture
def nilearns(monkeypatch):
    """nilearn's function; its paring of sub-peaks put right, and equal ones in a fixed order."""
    pytest.importorskip("nilearn.reporting")
    module = sys.modules["nilearn.reporting.get_clusters_table"]
    monkeypatch.setattr(module, "_pare_subpeaks", greedy)
    monkeypatch.setattr(module, "_sort_subpeaks", sort_stably)

    def call(*args, **options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return module.get_clusters_table(*args, **options)

    return call


def ours(*args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return get_clusters_table(*args, **options)


def clusters_of(table):
    """Rows of each cluster, whose order is free where their peaks are equal."""
    blocks = []
    for row in table.itertuples(index=False):
        if row[5] != "":
            blocks.append([(int(row[5]), *row[1:5])])
        else:
            blocks[-1].append((0, *row[1:5]))
    return sorted(blocks, key=lambda block: (block[0][4] < 0, -abs(block[0][4]), block))


def assert_same_table(table, expected, *, two_sided=False):
    assert list(table.columns) == list(expected.columns) == COLUMNS
    blocks, their_blocks = clusters_of(table), clusters_of(expected)
    assert [len(block) for block in blocks] == [len(block) for block in their_blocks]
    for mine, theirs in zip(blocks, their_blocks, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12)
    peaks, their_peaks = (one.loc[one.iloc[:, 5] != "", "Peak Stat"] for one in (table, expected))
    np.testing.assert_allclose(peaks.astype(float), their_peaks.astype(float), rtol=1e-12)
    if not two_sided:
        whole = [
            [row for row in one["Cluster ID"] if isinstance(row, int)] for one in (table, expected)
        ]
        assert whole[0] == whole[1]


def smooth_noise(seed, shape=(14, 15, 16), dtype=np.float32, rounded=False):
    values = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), 1.0)
    values *= 3 / values.std()
    return (np.round(values * 2) / 2 if rounded else values).astype(dtype)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("two_sided", [True, False])
@pytest.mark.parametrize("min_distance", [8.0, 3.0, 0.5])
def test_tables_of_noise_equal_nilearns(nilearns, seed, two_sided, min_distance):
    dtype = (np.float32, np.float64, ">f4")[seed % 3]
    img = image(smooth_noise(seed, dtype=dtype, rounded=seed >= 3))
    # Between two of the rounded values: nilearn's table drops values equal to the threshold.
    arguments = (img, 3.25, seed, two_sided, min_distance)
    table, maps = ours(*arguments, return_label_maps=True)
    expected, their_maps = nilearns(*arguments, return_label_maps=True)
    assert_same_table(table, expected, two_sided=two_sided)
    for mine, theirs in zip(maps, their_maps, strict=True):
        mine, theirs = np.asanyarray(mine.dataobj), np.asanyarray(theirs.dataobj)
        np.testing.assert_array_equal(mine != 0, theirs != 0)
        if seed < 3:  # clusters of equal peaks may be numbered otherwise
            present = mine[mine != 0]
            np.testing.assert_array_equal(present - present.min(), theirs[theirs != 0] - 1)


@pytest.mark.parametrize("threshold", [3.0, 5.0])
@pytest.mark.parametrize("two_sided", [True, False])
@pytest.mark.parametrize("name", ["image_10426.nii.gz", "fsl_tstat1_3x3x3p6.nii.gz"])
def test_tables_of_real_maps_equal_nilearns(nilearns, shared_data, name, threshold, two_sided):
    path = shared_data / "maps" / name
    table = ours(path, threshold, 20, two_sided)
    assert len(table) > 1
    assert_same_table(table, nilearns(path, threshold, 20, two_sided), two_sided=two_sided)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32), st.booleans(), st.integers(0, 5))
def test_table_label_maps_and_threshold_img_agree(seed, two_sided, cluster_threshold):
    img = image(smooth_noise(seed, shape=(9, 10, 11), rounded=True))
    options = {"cluster_threshold": cluster_threshold, "two_sided": two_sided}
    table, maps = ours(img, 3.0, return_label_maps=True, max_subpeaks=None, **options)
    left = threshold_img(img, 3.0, **options).get_fdata()
    labels = sum(np.asanyarray(one.dataobj) for one in maps)
    np.testing.assert_array_equal(labels != 0, left != 0)
    whole = table[table["Cluster Size (mm3)"] != ""]
    assert whole["Cluster ID"].tolist() == list(range(1, labels.max() + 1))
    sizes = np.bincount(labels.ravel())[1:] * 27.0
    assert whole["Cluster Size (mm3)"].tolist() == sizes.tolist()
    for row in table.itertuples(index=False):
        voxel = tuple(np.rint(np.linalg.inv(AFFINE) @ [row.X, row.Y, row.Z, 1]).astype(int)[:3])
        assert labels[voxel] == int(str(row[0]).rstrip("abcdefghijklmnopqrstuvwxyz"))
        assert left[voxel] == row[4]
    for side in (whole["Peak Stat"] > 0, whole["Peak Stat"] < 0):
        strengths = whole.loc[side, "Peak Stat"].abs()
        assert strengths.is_monotonic_decreasing


def test_negative_peaks_are_negative_and_the_strongest_comes_first():
    values = np.zeros((9, 9, 9))
    values[1, 1, 1], values[5, 5, 5], values[7, 1, 7] = -5, -8, 9
    table, maps = get_clusters_table(image(values), -3, return_label_maps=True)
    assert table["Peak Stat"].tolist() == [-8, -5]
    assert len(maps) == 1
    assert [maps[0].get_fdata()[5, 5, 5], maps[0].get_fdata()[1, 1, 1]] == [1, 2]


def test_numbers_of_negative_clusters_go_on_from_the_positive_ones():
    values = np.zeros((20, 9, 9))
    values[0:9, 1, 1] = [9, 8, 5, 4, 3, 4, 5, 8, 8.5]  # one cluster with a sub-peak
    values[12, 1, 1], values[15, 5, 5] = 7, -6
    table, maps = get_clusters_table(image(values), 1, two_sided=True, return_label_maps=True)
    assert table["Cluster ID"].tolist() == [1, "1a", 2, 3]
    assert [int(one.get_fdata().max()) for one in maps] == [2, 3]
    assert all(one.get_data_dtype() == np.int32 for one in maps)


def test_each_tail_has_its_label_map_even_if_empty():
    values = np.zeros((5, 5, 5))
    values[2, 2, 2] = -4
    with pytest.warns(UserWarning, match="No clusters found with stat higher than 3"):
        table, maps = get_clusters_table(image(values), 3, two_sided=True, return_label_maps=True)
    assert len(table) == 1
    assert [int(np.count_nonzero(one.get_fdata())) for one in maps] == [0, 1]


def test_sizes_are_not_cut_to_whole_mm3():
    table = get_clusters_table(image(np.eye(3)[None] * 4.0, np.diag([0.9, 0.9, 0.9, 1])), 3)
    assert table["Cluster Size (mm3)"].tolist() == pytest.approx([0.729] * 3)


def test_a_map_that_is_one_cluster_has_its_row():
    table = get_clusters_table(image(np.full((3, 3, 3), 5.0)), 3)
    assert table.iloc[0].tolist() == [1, 27.0, -17.0, -7.0, 5.0, 729.0]


def test_voxels_equal_to_the_threshold_count_in_size_and_table():
    values = np.zeros((5, 5, 5))
    values[:3, :3, :3] = 3
    values[1, 1, 1] = 4
    table = get_clusters_table(image(values), 3, cluster_threshold=20)
    assert table["Cluster Size (mm3)"].tolist() == [27 * 27.0]


def test_sub_peaks_are_far_from_every_peak_listed_before():
    values = np.zeros((13, 1, 1))
    values[:, 0, 0] = [9, 1, 7, 1, 1, 1, 8, 1, 1, 1, 1, 1, 6]
    table = get_clusters_table(image(values), 1, max_subpeaks=None)
    assert table["Peak Stat"].tolist() == [9, 8, 6]
    for a, b in itertools.combinations(table["X"], 2):
        assert abs(a - b) > 8


@pytest.mark.parametrize(("most", "rows"), [(3, 4), (0, 1), (40, 31), (None, 31)])
def test_sub_peaks_are_as_many_as_asked_for(most, rows):
    values = np.ones((121, 1, 1))
    values[::4, 0, 0] = np.arange(90, 90 - 31, -1)
    table = get_clusters_table(image(values), 1, max_subpeaks=most)
    assert len(table) == rows
    if rows == 31:
        assert table["Cluster ID"].tolist()[26:28] == ["1z", "1aa"]


def test_the_peak_of_a_ring_is_a_voxel_of_it():
    values = np.zeros((5, 5, 5))
    values[1:4, 2, 1:4] = 1
    values[2, 2, 2] = 0
    with pytest.warns(UserWarning, match="falls outside of the cluster body"):
        table = get_clusters_table(image(values, np.eye(4)), 1)
    assert values[tuple(table.loc[0, ["X", "Y", "Z"]].astype(int))] == 1


def test_nothing_found_is_an_empty_table_with_its_columns():
    img = image(np.eye(3)[None] * 4.0)
    with pytest.warns(UserWarning, match="No clusters found with stat higher than 3 of at least"):
        table, maps = get_clusters_table(img, 3, cluster_threshold=9, return_label_maps=True)
    assert list(table.columns) == COLUMNS
    assert table.empty
    assert not maps[0].get_fdata().any()


def test_the_map_given_is_not_changed():
    values = smooth_noise(0)[..., None]
    before = values.copy()
    ours(image(values), 3, 5, two_sided=True)
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_distance": 0}, "'min_distance' must be positive"),
        ({"max_subpeaks": -1}, "max_subpeaks"),
        ({"stat_threshold": -1, "two_sided": True}, '"threshold" should not be a negative'),
    ],
)
def test_a_wrong_value_is_refused_by_name(options, message):
    with pytest.raises(ArgumentError, match=message):
        get_clusters_table(image(np.ones((2, 2, 2))), **({"stat_threshold": 1} | options))


def test_a_map_of_several_volumes_is_refused():
    with pytest.raises(DimensionError):
        get_clusters_table(image(np.ones((2, 2, 2, 2))), 1)


def test_a_threshold_above_the_map_is_said():
    with (
        pytest.warns(UserWarning, match="No clusters found with stat higher than 1000$"),
        pytest.warns(UserWarning, match="But, you have given threshold=1000"),
    ):
        table = get_clusters_table(image(np.eye(3)[None] * 4.0), 1000)
    assert table.empty
