"""Regions that come back from map to map: the rule, its twin, its invariances, its errors."""

from __future__ import annotations

import json

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skerry
from reference.overlap import slow_frequency, slow_matches, slow_recurring
from skerry import load_map
from skerry.batch import overlap
from skerry.batch.recurring.files import save_overlap
from skerry.batch.recurring.find import least_maps
from skerry.batch.recurring.frequency import count_voxels, voxels_of
from skerry.datasets import load_sample_motor_activation_image
from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.space.statmap import StatMap

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])
SHAPE = (5, 4, 3)


def regions_of(values, affine=AFFINE):
    img = nibabel.Nifti1Image(np.asarray(values, dtype=np.float64), affine)
    return skerry.find_regions(img, 1.0, kind="other")


def as_sets(regions):
    """A dict (sign, number) -> set of voxels."""
    return {
        (int(sign), int(number)): set(map(tuple, np.argwhere(regions.labels == number).tolist()))
        for number, sign in zip(regions.columns["region"], regions.columns["sign"], strict=True)
    }


@st.composite
def some_maps(draw):
    seed = draw(st.integers(0, 2**32 - 1))
    n_maps = draw(st.integers(2, 6))
    density = draw(st.sampled_from([0.05, 0.2, 0.5]))
    alike = draw(st.sampled_from([0.0, 0.7, 0.95]))  # how much of the first map the others keep
    rng = np.random.default_rng(seed)

    def random_map():
        return rng.choice([-1, 0, 1], SHAPE, p=[density / 2, 1 - density, density / 2])

    first = random_map()
    others = [np.where(rng.random(SHAPE) < alike, first, random_map()) for _ in range(n_maps - 1)]
    return [regions_of(values) for values in (first, *others)]


@given(
    maps=some_maps(),
    min_share=st.sampled_from([0.01, 0.3, 0.5, 0.6, 0.75, 1.0]),
    measure=st.sampled_from(["dice", "share"]),
    min_overlap=st.sampled_from([0.1, 0.4, 0.5, 2 / 3, 1.0]),
)
@settings(max_examples=80, deadline=None)
def test_it_equals_the_slow_twin(maps, min_share, measure, min_overlap):
    found = overlap(maps, min_share=min_share, measure=measure, min_overlap=min_overlap)
    sets = [as_sets(one) for one in maps]
    counts = slow_frequency(sets)
    for sign, image in ((1, found.frequency.positive), (-1, found.frequency.negative)):
        assert {tuple(v): int(image[tuple(v)]) for v in np.argwhere(image).tolist()} == counts[sign]
    ours = as_sets(found.regions)
    recurring = {(sign, frozenset(voxels)): number for (sign, number), voxels in ours.items()}
    assert set(recurring) == slow_recurring(sets, min_share)

    table, matches = found.table(), found.match_table()
    expected, touching = slow_matches(sets, recurring, measure, min_overlap)
    for key, number in recurring.items():
        row = table[table["region"] == number].iloc[0]
        mine = matches[matches["region"] == number]
        assert [int(name) - 1 for name in mine["id"]] == [m for m, _, _ in expected[key]]
        assert mine["map_region"].tolist() == [region for _, region, _ in expected[key]]
        np.testing.assert_allclose(mine[measure], [float(o) for _, _, o in expected[key]])
        assert row["n_maps"] == len(expected[key])
        assert row["share_of_maps"] == len(expected[key]) / len(maps)
        assert row["n_maps_touching"] == touching[key]
        assert row["ids"] == "; ".join(mine["id"])


@given(maps=some_maps(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_maps_changes_no_region_and_no_number(maps, data):
    order = data.draw(st.permutations(range(len(maps))))
    one = overlap(maps, ids=[str(n) for n in range(len(maps))])
    other = overlap([maps[n] for n in order], ids=[str(n) for n in order])
    np.testing.assert_array_equal(one.regions.labels, other.regions.labels)
    columns = [name for name in one.table() if name != "ids"]
    assert one.table()[columns].equals(other.table()[columns].astype(one.table()[columns].dtypes))
    by = ["region", "id"]
    assert (
        one.match_table()
        .sort_values(by)
        .reset_index(drop=True)
        .equals(other.match_table().sort_values(by).reset_index(drop=True))
    )


@given(maps=some_maps())
@settings(max_examples=40, deadline=None)
def test_flipping_every_sign_flips_the_result(maps):
    flipped = [regions_of(-one.statmap.values) for one in maps]
    one, other = overlap(maps, min_share=0.6), overlap(flipped, min_share=0.6)
    # Above half of the maps no voxel can be common in both signs.
    assert {(sign, frozenset(v)) for (sign, _), v in as_sets(one.regions).items()} == {
        (-sign, frozenset(v)) for (sign, _), v in as_sets(other.regions).items()
    }


@given(maps=some_maps(), axes=st.permutations(range(3)), flip=st.integers(0, 2))
@settings(max_examples=30, deadline=None)
def test_how_the_maps_store_their_axes_changes_no_row(maps, axes, flip):
    def stored_otherwise(values):
        img = nibabel.Nifti1Image(np.asarray(values, dtype=np.float64), AFFINE)
        turned = np.stack([axes, [-1 if axis == flip else 1 for axis in range(3)]], axis=-1)
        return skerry.find_regions(img.as_reoriented(turned), 1.0, kind="other")

    others = [stored_otherwise(one.statmap.values) for one in maps]
    one, other = overlap(maps, min_share=0.3).table(), overlap(others, min_share=0.3).table()
    for name in one:
        if name not in ("peak_i", "peak_j", "peak_k"):
            assert one[name].tolist() == pytest.approx(other[name].tolist(), nan_ok=True), name


def test_a_share_of_maps_is_rounded_up_and_never_below_two():
    assert [least_maps(share, 100) for share in (0.07, 0.5, 0.505, 0.001, 1)] == [7, 50, 51, 2, 100]
    assert least_maps(0.5, 2) == 2
    assert all(least_maps(k / n, n) == max(k, 2) for n in range(2, 200) for k in range(1, n + 1))


def test_at_a_share_of_one_it_is_the_conjunction():
    sample = load_sample_motor_activation_image()
    levels = [skerry.find_regions(sample, height) for height in (4.0, 2.5, 3.0)]
    found = overlap(levels, min_share=1.0)
    np.testing.assert_array_equal(found.regions.labels > 0, levels[0].labels > 0)
    assert (np.abs(found.regions.columns["peak_value"]) == 1).all()


def test_a_map_with_itself_matches_every_region_wholly():
    regions = skerry.find_regions(load_sample_motor_activation_image(), 3.0)
    found = overlap([regions, regions, regions], min_share=1.0)
    assert len(found) == len(regions)
    assert (found.table()["n_maps"] == 3).all()
    assert (found.match_table()["dice"] == 1).all()


def test_touching_signs_stay_apart_and_the_more_common_sign_has_a_voxel():
    up, down = np.zeros(SHAPE), np.zeros(SHAPE)
    up[0:3, 1, 1], up[3:5, 1, 1] = 1, -1
    down[0:2, 1, 1], down[2:5, 1, 1] = 1, -1
    found = overlap([regions_of(m) for m in (up, up, down, down, down)], min_share=0.4)
    assert found.regions.labels[:, 1, 1].tolist() == [1, 1, 2, 2, 2]
    tie = overlap([regions_of(m) for m in (up, up, down, down)], min_share=0.5)
    assert tie.regions.labels[:, 1, 1].tolist() == [1, 1, 1, 2, 2]


def test_a_region_that_spans_two_recurring_ones_matches_both():
    apart, joined = np.zeros((7, 3, 3)), np.zeros((7, 3, 3))
    apart[0:3, 1, 1] = apart[4:7, 1, 1] = 1
    joined[:, 1, 1] = 1
    maps = [regions_of(m) for m in (apart, apart, joined)]
    found = overlap(maps, min_share=1.0)
    matches = found.match_table()
    assert matches[matches["id"] == "3"]["region"].tolist() == [1, 2]
    assert matches[matches["id"] == "3"]["map_region"].tolist() == [1, 1]
    np.testing.assert_allclose(matches[matches["id"] == "3"]["dice"], 6 / 10)
    assert (overlap(maps, min_share=1, min_overlap=0.7).table()["n_maps"] == 2).all()
    assert (overlap(maps, min_share=1, measure="share").match_table()["share"] == 1).all()


def test_what_is_connected_is_split_at_valleys_of_the_frequency():
    left, right, both = np.zeros((9, 3, 3)), np.zeros((9, 3, 3)), np.zeros((9, 3, 3))
    left[0:4, 1, 1] = right[5:9, 1, 1] = both[0:9, 1, 1] = 1
    maps = [regions_of(m) for m in (left, left, left, right, right, right, both, both)]
    options = {"min_share": 0.25, "min_overlap": 0.1}
    assert len(overlap(maps, **options)) == 1
    assert len(overlap(maps, min_prominence=0.3, **options)) == 2
    assert len(overlap(maps, min_prominence=0.5, **options)) == 1


def test_maps_without_a_region_count_as_maps():
    one = np.zeros(SHAPE)
    one[1:3, 1, 1] = 1
    maps = [regions_of(one), regions_of(one), *[regions_of(np.zeros(SHAPE))] * 3]
    found = overlap(maps, min_share=0.4)
    assert found.table()[["n_maps", "share_of_maps"]].iloc[0].tolist() == [2, 0.4]
    nothing = overlap(maps, min_share=0.5)
    assert len(nothing) == 0
    assert list(nothing.table()) == list(found.table())
    assert nothing.notes == (
        "nothing recurs: no voxel is in a region of 3 of the 5 maps, the most common one is in 2",
    )


def test_no_region_in_any_map_is_an_empty_result():
    found = overlap([regions_of(np.zeros(SHAPE))] * 2)
    assert len(found) == len(found.table()) == len(found.match_table()) == 0


def test_selected_regions_keep_their_numbers_in_the_matches():
    values = np.zeros((9, 3, 3))
    values[0:2, 1, 1], values[4:6, 1, 1], values[8, 1, 1] = 3, 2, -2
    regions = regions_of(values)
    found = overlap([regions[1:], regions[1:]])
    assert found.match_table()["map_region"].tolist() == [2, 2, 3, 3]
    assert found.table()["sign"].tolist() == ["positive", "negative"]


def test_voxels_are_the_same_however_a_map_is_stored():
    values = load_map(load_sample_motor_activation_image(), kind="z").values
    grid = regions_of(values).grid
    counted = []
    for stored in (np.ascontiguousarray(values), np.asfortranarray(values)):
        regions = skerry.find_regions(StatMap(stored, grid, kind="z"), 3.0)
        counted.append(count_voxels([voxels_of(regions, "one")], grid))
        np.testing.assert_array_equal(counted[-1].positive, values >= 3)
        np.testing.assert_array_equal(counted[-1].negative, values <= -3)


def test_the_recurring_regions_are_regions_for_every_other_verb(tmp_path):
    sample = load_sample_motor_activation_image()
    found = overlap([skerry.find_regions(sample, h) for h in (2.5, 3.0)])
    assert len(skerry.peak_table(found.regions)) >= len(found)
    assert "schaefer200_peak" in found.table(atlas="schaefer200")
    assert found.regions.to_labels_img().shape == (53, 63, 46)


def test_files_say_what_was_computed_and_how(tmp_path):
    sample = load_sample_motor_activation_image()
    maps = [skerry.find_regions(sample, h, min_volume_mm3=1500) for h in (2.5, 3.0)]
    found = overlap(maps, ids=["low\tmap", "high"])
    folder = save_overlap(found, tmp_path / "new" / "folder", command=["skerry", "overlap"])
    labels = nibabel.load(folder / "overlap_regions.nii.gz")
    assert labels.get_data_dtype() == np.int32
    np.testing.assert_array_equal(np.asarray(labels.dataobj), found.regions.labels)
    lines = (folder / "overlap_regions.tsv").read_text().splitlines()
    assert lines[0].split("\t") == list(found.table())
    assert len(lines) == len(found) + 1
    assert lines[1].split("\t")[-1] == "low map; high"
    matches = (folder / "overlap_matches.tsv").read_text().splitlines()
    assert {len(line.split("\t")) for line in matches} == {6}
    record = json.loads((folder / "overlap.json").read_text())
    assert record["parameters"]["min_maps"] == 2
    assert record["counts"] == {"maps": 2, "regions": len(found), "matches": len(matches) - 1}
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    save_overlap(found, folder, command=["skerry", "overlap"])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"min_share": 0}, ArgumentError, "min_share must be above 0"),
        ({"min_share": 1.5}, ArgumentError, "min_share"),
        ({"min_share": float("nan")}, ArgumentError, "min_share"),
        ({"min_share": "half"}, ArgumentTypeError, "min_share must be a number"),
        ({"min_overlap": 0}, ArgumentError, "min_overlap"),
        ({"min_overlap": "half"}, ArgumentTypeError, "min_overlap must be a number, got 'half'"),
        ({"min_overlap": 1.01}, ArgumentError, "min_overlap"),
        ({"measure": "jaccard"}, ArgumentError, 'measure must be "dice" or "share"'),
        ({"connectivity": 8}, ArgumentError, "connectivity must be 6, 18 or 26"),
        ({"min_volume_mm3": -1}, ArgumentError, "min_volume_mm3"),
        ({"min_prominence": -0.1}, ArgumentError, "min_prominence"),
        ({"ids": ["a", "a"]}, ArgumentError, "ids must be 2 different names"),
        ({"grid": "abc"}, ArgumentError, "grid= chooses among the maps of a batch"),
    ],
)
def test_arguments_that_make_no_sense_are_one_clear_line(options, error, said):
    values = np.zeros(SHAPE)
    values[1, 1, 1] = 1
    with pytest.raises(error, match=said) as caught:
        overlap([regions_of(values)] * 2, **options)
    assert "\n" not in str(caught.value)


def test_regions_that_cannot_be_compared_are_refused():
    one = regions_of(np.ones(SHAPE))
    with pytest.raises(ArgumentError, match="at least two maps"):
        overlap([one])
    with pytest.raises(ArgumentTypeError, match="element 1 is str"):
        overlap([one, "map.nii.gz"])
    with pytest.raises(ArgumentTypeError, match="folder of a batch or a list of Regions"):
        overlap(one)
    moved = AFFINE.copy()
    moved[0, 3] = 1
    with pytest.raises(GridMismatchError, match="map '2' are on another grid"):
        overlap([one, regions_of(np.ones(SHAPE), moved)])
