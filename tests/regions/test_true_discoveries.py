"""The tdp column and the threshold "tdp>0.7": what they claim and what they keep."""

from __future__ import annotations

import math

import nibabel
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.special import ndtr
from scipy.stats import t as student

import skerry
from skerry.core.tree import build_tree
from skerry.errors import ArgumentError
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours
from skerry.stats.ari import discoveries
from skerry.stats.ari_tree import bounds_of_tree

AFFINE = np.diag([2.0, 2, 2, 1])


def image(values):
    return nibabel.Nifti1Image(values, AFFINE)


@pytest.fixture(scope="module")
def z_map():
    """Noise, two positive blobs of different heights and a negative one."""
    z = gaussian_filter(np.random.default_rng(5).standard_normal((30, 26, 22)), 1.0)
    z /= z.std()
    for centre, peak in (((8, 8, 8), 9.0), ((20, 18, 12), 6.0), ((22, 7, 15), -7.0)):
        bump = np.zeros(z.shape)
        bump[centre] = 1
        bump = gaussian_filter(bump, 2.2)
        z += peak * bump / bump.max()
    return image(z)


def two_sided(img):
    return 2 * ndtr(-abs(img.get_fdata()))


def test_the_column_is_the_bound_of_each_region_over_its_extent(z_map):
    regions = skerry.find_regions(z_map, 3.0, kind="z")
    table = skerry.region_table(regions)
    expected = discoveries(two_sided(z_map), regions.labels) / table["n_voxels"]
    np.testing.assert_allclose(table["tdp"], expected)
    assert table["tdp"].max() > 0.4 > 0 == table["tdp"].min()
    # A selection keeps each region's own.
    few = skerry.region_table(regions[[2, 0]])
    assert few["tdp"].tolist() == table["tdp"].iloc[[2, 0]].tolist()


def test_parts_of_split_regions_have_bounds_of_their_own(z_map):
    parts = skerry.split_regions(skerry.find_regions(z_map, 2.0, kind="z"), min_prominence=0.5)
    table = skerry.region_table(parts)
    assert "part_of" in parts.columns
    expected = discoveries(two_sided(z_map), parts.labels) / table["n_voxels"]
    np.testing.assert_allclose(table["tdp"], expected)


def test_one_sign_counts_one_sided_p_over_the_whole_mask(z_map):
    regions = skerry.find_regions(z_map, 3.0, kind="z", sign="negative")
    expected = discoveries(ndtr(z_map.get_fdata()), regions.labels)
    table = skerry.region_table(regions)
    np.testing.assert_allclose(table["tdp"] * table["n_voxels"], expected)


def test_a_map_of_t_gives_the_bounds_of_its_p(z_map):
    regions = skerry.find_regions(z_map, 3.0, kind="t", df=12)
    p = 2 * student.sf(abs(z_map.get_fdata()), 12)
    table = skerry.region_table(regions)
    np.testing.assert_allclose(table["tdp"] * table["n_voxels"], discoveries(p, regions.labels))


@pytest.mark.parametrize("tdp", [0.5, 0.7, 0.95])
@pytest.mark.parametrize("connectivity", [6, 26])
def test_regions_are_the_maximal_clusters_with_that_proportion(z_map, tdp, connectivity):
    regions = skerry.find_regions(z_map, f"tdp>{tdp}", kind="z", connectivity=connectivity)
    assert len(regions) >= 2
    assert skerry.region_table(regions)["tdp"].min() >= tdp
    z = z_map.get_fdata()
    for number, height, sign in zip(
        *(regions.columns[name] for name in ("region", "height", "sign")), strict=True
    ):
        inside = regions.labels == number
        assert abs(z[inside]).min() == height
        cut = skerry.find_regions(z_map, height, connectivity=connectivity)
        own = cut.labels[inside][0]
        np.testing.assert_array_equal(cut.labels == own, inside)
        # No cluster of a lower threshold that holds it has that proportion.
        tree = build_tree(
            z,
            GridNeighbours(Grid(z.shape, AFFINE), connectivity),
            sign="positive" if sign > 0 else "negative",
        )
        bounds = bounds_of_tree(tree, two_sided(z_map))
        rank = int(np.flatnonzero(inside.ravel()[tree.order])[-1])
        while (rank := int(tree.parent[rank])) >= 0:
            assert bounds.found[rank] / bounds.extent[rank] < tdp


def test_signs_stay_apart_and_one_sign_is_one_tree(z_map):
    both = skerry.find_regions(z_map, "tdp>0.7", kind="z")
    assert set(both.columns["sign"]) == {1, -1}
    negative = skerry.find_regions(z_map, "tdp=0.7", kind="z", sign="negative")
    assert set(negative.columns["sign"]) == {-1}


def test_threshold_is_the_lowest_height_and_the_notes_say_so(z_map):
    regions = skerry.find_regions(z_map, "tdp>0.7", kind="z")
    heights = regions.columns["height"]
    assert regions.threshold == heights.min() < heights.max()
    assert regions.asked == "tdp>0.7"
    assert len(regions.notes) == 1
    for said in ("two-sided p of z", "95% confidence", "its own height", f"{heights.max():.4g}"):
        assert said in regions.notes[0]
    assert list(skerry.region_table(regions))[-2:] == ["tdp", "height"]
    assert skerry.region_table(regions)["p_cluster_fwe"].isna().all()


def test_the_highest_peak_rises_above_the_height_of_its_region(z_map):
    regions = skerry.find_regions(z_map, "tdp>0.7", kind="z")
    peaks = skerry.peak_table(regions)
    highest = peaks[peaks["peak"] == 1]
    expected = abs(regions.columns["peak_value"]) - regions.columns["height"]
    np.testing.assert_allclose(highest["prominence"], expected)
    assert (peaks["prominence"] >= 0).all()


def test_parts_keep_the_height_of_the_region_that_they_were_cut_from(z_map):
    regions = skerry.find_regions(z_map, "tdp>0.5", kind="z")
    parts = skerry.split_regions(regions)
    origin = parts.columns["part_of"] - 1
    np.testing.assert_array_equal(parts.columns["height"], regions.columns["height"][origin])


def test_small_regions_are_dropped_and_the_others_stay(z_map):
    every = skerry.find_regions(z_map, "tdp>0.7", kind="z")
    sizes = every.columns["n_voxels"]
    few = skerry.find_regions(z_map, "tdp>0.7", kind="z", min_voxels=int(sizes.max()))
    assert few.columns["n_voxels"].tolist() == [sizes.max()]
    none = skerry.find_regions(z_map, "tdp>0.7", kind="z", min_voxels=10**6)
    assert len(none) == 0
    assert none.notes[-1] == "nothing found: all regions are too small"


def test_without_signal_nothing_is_found_and_it_says_so():
    noise = image(np.random.default_rng(0).uniform(-1.5, 1.5, (6, 6, 6)))
    regions = skerry.find_regions(noise, "tdp>0.7", kind="z")
    assert len(regions) == 0
    assert regions.threshold == math.inf
    assert regions.notes == (regions.notes[0],)
    assert "nothing found: no cluster" in regions.notes[0]
    assert len(skerry.region_table(regions)) == 0


def test_an_empty_mask_is_empty():
    regions = skerry.find_regions(image(np.zeros((3, 3, 3))), "tdp>0.7", kind="z")
    assert len(regions) == 0
    assert "the mask is empty" in regions.notes[-1]


def test_the_claim_needs_to_know_what_the_values_are(z_map):
    with pytest.raises(ArgumentError, match=r'threshold "tdp>0\.7" needs to know') as error:
        skerry.find_regions(z_map, "tdp>0.7")
    assert "\n" not in str(error.value)
    assert "tdp" not in skerry.region_table(skerry.find_regions(z_map, 3.0))


@pytest.mark.filterwarnings("ignore:img holds p values:UserWarning")
def test_maps_of_p_and_f_have_one_side(z_map):
    z = abs(z_map.get_fdata())
    p_map = image(2 * ndtr(-z))
    from_p = skerry.find_regions(p_map, "tdp>0.7", kind="p", connectivity=6)
    assert set(from_p.columns["sign"]) == {1}
    squares = skerry.find_regions(image(z**2), "tdp>0.7", kind="F", df=(1, 1e7), connectivity=6)
    np.testing.assert_array_equal(squares.labels > 0, from_p.labels > 0)


def test_the_command_line_takes_it(z_map, tmp_path, monkeypatch, capsys):
    import json

    from skerry.cli.main import run

    monkeypatch.chdir(tmp_path)
    nibabel.save(z_map, "z.nii.gz")
    with pytest.raises(SystemExit) as stop:
        run(["regions", "z.nii.gz", "--kind", "z", "-t", "tdp=0.7", "-o", "out"])
    assert not stop.value.code
    printed = capsys.readouterr()
    assert "heights of their own" in printed.out
    record = json.loads((tmp_path / "out" / "z_regions.json").read_text())
    assert record["parameters"]["threshold"] == "tdp>0.7"
    assert "own height" in record["parameters"]["comparison"]
