"""How often each voxel is in a region over the maps of a batch."""

from __future__ import annotations

import base64
import io

import nibabel
import numpy as np
import pyarrow.parquet
import pytest
from PIL import Image

import skerry
from batch.small_batches import AFFINE, SHAPE, small_batch
from skerry.batch import open_results, overlap
from skerry.batch.recurring.frequency import Frequency, RegionVoxels, count_voxels, voxels_of
from skerry.batch.recurring.frequency_files import MOST_GRIDS, counted_groups, each_frequency
from skerry.batch.recurring.same_grid import group_of, maps_by_grid, read_group
from skerry.batch.summary.page import write_summary
from skerry.batch.summary.slices import draw_scale, draw_slices, look_of
from skerry.datasets import load_sample_motor_activation_image
from skerry.errors import ArgumentError, DamagedFileError, GridMismatchError, MissingFileError
from skerry.space.grid import Grid


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frequency")
    return small_batch(folder, others=3, alone=True, bad=[("bad", b"no image")])


def images(out):
    return {path.name: nibabel.load(path) for path in sorted((out / "frequency").iterdir())}


def grid_ids(out):
    table = pyarrow.parquet.read_table(out / "maps.parquet", columns=["id", "grid"]).to_pydict()
    return dict(zip(table["id"], table["grid"], strict=True))


def test_images_hold_how_many_maps_have_a_voxel_in_a_region_of_each_sign(batch):
    out, values = batch
    write_summary(out)
    found, grid = images(out), grid_ids(out)["map0"]
    for side, passes in (("positive", lambda v: v >= 3), ("negative", lambda v: v <= -3)):
        expected = sum(passes(one).astype(int) for one in values)
        count = found[f"{grid}_{side}_count.nii.gz"]
        assert count.get_data_dtype() == np.int32
        np.testing.assert_array_equal(np.asarray(count.dataobj), expected)
        np.testing.assert_array_equal(count.affine, AFFINE)
        share = found[f"{grid}_{side}_share.nii.gz"]
        assert share.get_data_dtype() == np.float32
        np.testing.assert_allclose(np.asarray(share.dataobj), expected / 6, rtol=1e-6)


def test_each_grid_of_two_maps_or_more_has_its_images(batch):
    out, values = batch
    write_summary(out)
    found, grids = images(out), grid_ids(out)
    assert {name.partition("_")[0] for name in found} == {grids["map0"], grids["other0"]}
    other = found[f"{grids['other0']}_positive_count.nii.gz"]
    np.testing.assert_array_equal(np.asarray(other.dataobj), 3 * (values[0] >= 3))
    assert other.affine[0, 3] == 30


def test_grids_come_by_falling_number_of_maps_and_who_is_left_out_is_said(batch):
    results = open_results(batch[0])
    grids = maps_by_grid(results)
    assert list(grids.values()) == [6, 3, 1]
    assert counted_groups(results).notes == ("1 map is alone on a grid and in no frequency map",)
    group, notes = group_of(results, None)
    assert (group.grid_id, group.n_maps) == next(iter(grids.items()))
    (said,) = notes
    assert said.startswith(f"4 maps are left out, on 2 other grids than grid {group.grid_id} ")
    assert said.endswith("(9 x 8 x 7 voxels of 3 x 3 x 3 mm)")
    second, _ = group_of(results, list(grids)[1])
    assert [one.id for one in read_group(results, second)] == ["other0", "other1", "other2"]
    with pytest.raises(ArgumentError, match="is on a grid 'nowhere'; there are "):
        group_of(results, "nowhere")


def test_only_the_commonest_grids_have_images(batch, monkeypatch):
    monkeypatch.setattr("skerry.batch.recurring.frequency_files.MOST_GRIDS", 1)
    assert MOST_GRIDS > 1
    counted = counted_groups(open_results(batch[0]))
    assert [group.n_maps for group in counted.groups] == [6]
    assert counted.notes[1].startswith("3 maps on 1 less common grid are in no frequency map")


def test_images_of_an_earlier_run_are_gone_and_the_same_maps_give_the_same_bytes(batch):
    out, _ = batch
    write_summary(out)
    before = {path.name: path.read_bytes() for path in (out / "frequency").iterdir()}
    (out / "frequency" / "0123abcd_positive_share.nii.gz").write_bytes(b"of an earlier run")
    (out / "frequency" / "mine.txt").write_text("not ours")
    write_summary(out)
    after = {path.name: path.read_bytes() for path in (out / "frequency").iterdir()}
    assert after.pop("mine.txt") == b"not ours"
    assert after == before


def test_counting_a_batch_equals_counting_its_maps_in_memory(batch):
    results = open_results(batch[0])
    groups = counted_groups(results).groups
    for one in each_frequency(results, groups):
        assert one.frequency.n_maps == one.group.n_maps
        found = overlap(batch[0], grid=one.group.grid_id, min_share=0.01)
        np.testing.assert_array_equal(found.frequency.positive, one.frequency.positive)
        np.testing.assert_array_equal(found.frequency.negative, one.frequency.negative)


def test_overlap_of_a_batch_counts_maps_that_are_done_on_the_commonest_grid(batch):
    out, values = batch
    found = overlap(out, min_share=5 / 6)
    assert found.parameters["min_maps"] == 5
    assert found.frequency.n_maps == 6
    common = sum((one >= 3).astype(int) for one in values) >= 5
    np.testing.assert_array_equal(found.regions.labels == 1, common)
    table = found.table()
    assert table["sign"].tolist() == ["positive", "negative"]
    assert table["n_maps_touching"].tolist() == [5, 5]
    assert table["ids"][1] == "map0; map1; map2; map3; map4"
    assert len(found.notes) == 1


def test_voxels_outside_the_grid_are_refused():
    one = RegionVoxels("x", np.array([0, 999]), np.array([1, 1]), np.array([True, True]))
    with pytest.raises(
        GridMismatchError, match="map 'x' has regions outside the grid of 9 x 8 x 7"
    ):
        count_voxels([one], Grid(SHAPE, AFFINE))


def test_a_folder_that_is_no_batch_is_one_clear_line(tmp_path, batch):
    with pytest.raises(MissingFileError, match=r"maps\.parquet"):
        overlap(tmp_path)
    (tmp_path / "maps.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(DamagedFileError, match="cannot be read"):
        overlap(tmp_path)
    pyarrow.parquet.write_table(pyarrow.table({"id": ["a"]}), tmp_path / "maps.parquet")
    with pytest.raises(DamagedFileError, match="cannot be read as the table of a batch"):
        overlap(tmp_path)
    with pytest.raises(ArgumentError, match="ids= is for a list of regions"):
        overlap(batch[0], ids=["a"])


def test_a_batch_with_fewer_than_two_maps_on_a_grid_says_so(tmp_path):
    out, _ = small_batch(tmp_path, n_maps=1)
    with pytest.raises(ArgumentError, match="overlap needs at least two maps on one grid"):
        overlap(out)


# pictures


def pixels_of(address):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))


def frequency_of(counts, affine, n_maps):
    positive = np.asarray(counts, dtype=np.int32)
    return Frequency(Grid(positive.shape, affine), n_maps, positive, np.zeros_like(positive))


@pytest.mark.parametrize("flipped", [False, True])
def test_a_slice_shows_each_voxel_where_it_is_left_on_the_left_front_on_top(flipped):
    counts = np.zeros((20, 30, 10), dtype=int)
    counts[15, 25, 4] = 4  # to the right, in front
    counts[3, 5, 4] = 1  # to the left, behind
    affine = np.diag([4.0, 4.0, 4.0, 1.0])
    if flipped:  # stored from right to left
        counts, affine[0, 0], affine[0, 3] = counts[::-1], -4, 76
    frequency = frequency_of(counts, affine, 5)
    look = look_of(frequency)
    assert not look.over_mni
    assert 16 in look.cuts_mm
    pictures = draw_slices(frequency, "positive", look)
    pixels = pixels_of(pictures[look.cuts_mm.index(16)].address)
    assert pixels.shape == (30 * 3, 20 * 3, 4)  # so small that each voxel is several pixels
    blocks = pixels.reshape(30, 3, 20, 3, 4)
    pixels = blocks[:, 1, :, 1]
    assert (blocks == pixels[:, None, :, None]).all()
    colored = pixels[..., :3].max(axis=-1) != pixels[..., :3].min(axis=-1)
    assert np.argwhere(colored).tolist() == [[29 - 25, 15], [29 - 5, 3]]
    scale = pixels_of(draw_scale("positive"))[0]
    assert pixels[4, 15].tolist() == scale[-1].tolist()  # the most common one
    assert pixels[24, 3].tolist() == scale[0].tolist()  # in one map
    assert (pixels[..., 3] == 255).all()


def test_a_grid_of_one_voxel_across_and_many_along_gives_small_pictures():
    counts = np.zeros((1, 900, 3), dtype=int)
    counts[0, 450:470, 1] = 2
    look = look_of(frequency_of(counts, np.diag([4.0, 4.0, 4.0, 1.0]), 2))
    assert (len(look.x_mm), len(look.y_mm)) == (1, 900)


def test_maps_in_mni_space_are_drawn_over_the_template_and_nothing_beside_it():
    regions = skerry.find_regions(load_sample_motor_activation_image(), 4.0)
    frequency = count_voxels([voxels_of(regions, "a"), voxels_of(regions, "b")], regions.grid)
    look = look_of(frequency)
    assert look.over_mni
    assert look.highest == 2
    (middle,) = [at for at, z in enumerate(look.cuts_mm) if z == look.cuts_mm[3]]
    pixels = pixels_of(draw_slices(frequency, "positive", look)[middle].address)
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners[:, 3] == 0).all()
    brain = pixels[pixels[..., 3] == 255][:, :3]
    grey = brain[brain.max(axis=1) == brain.min(axis=1)]
    assert len(grey) > 1000
    assert grey.min() >= 30
    assert grey.max() <= 190
    assert 0 < len(brain) - len(grey) < len(brain) / 2
