"""The images that regions give: lazy, whole, and read back as they were made."""

from __future__ import annotations

import copy
import pickle
import tracemalloc

import nibabel
import numpy as np
import pytest

import skerry
from skerry.datasets import load_sample_motor_activation_image
from skerry.io.save import save_image


@pytest.fixture(scope="module")
def regions():
    return skerry.find_regions(load_sample_motor_activation_image(), 3.0, min_volume_mm3=500)


@pytest.fixture(scope="module")
def stacked(regions):
    """Every volume at once, worked out from the labels."""
    numbers = regions.columns["region"]
    values = regions.statmap.values[..., None]
    return np.where(regions.labels[..., None] == numbers, values, np.float32(0))


INDICES = [
    (0,),
    (slice(2, 40, 3), slice(None, None, -1), 7, slice(None, None, -2)),
    (Ellipsis, -1),
    (Ellipsis, slice(1, 3)),
    (5, Ellipsis),
    (20, 30, 20, 1),
    (Ellipsis, [2, 0]),
    (Ellipsis, np.arange(6) % 2 == 0),
    ([1, 20], slice(None), slice(None), [0, 1]),
    (25, slice(None), slice(None), [0, 2]),
    ([20, 21], 30),
    (Ellipsis, None),
    (None, 3),
    (slice(None), slice(None), slice(None), slice(3, 3)),
    (),
]


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_any_index_gives_what_it_gives_of_all_volumes_at_once(regions, stacked, index):
    np.testing.assert_array_equal(regions.to_maps_img().dataobj[index], stacked[index], strict=True)


def test_a_mask_chooses_voxels_of_every_volume(regions, stacked):
    inside = regions.labels > 0
    found = regions.to_maps_img().dataobj[inside]
    np.testing.assert_array_equal(found, stacked[inside])


@pytest.mark.parametrize("index", [(53,), (Ellipsis, 6), (0, 0, 0, 0, 0), (1.5,), (..., ...)])
def test_an_index_beyond_the_volumes_is_an_error(regions, index):
    with pytest.raises(IndexError):
        regions.to_maps_img().dataobj[index]


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_nibabel_writes_one_volume_after_another(regions, stacked, tmp_path, suffix):
    path = tmp_path / f"maps{suffix}"
    nibabel.save(regions.to_maps_img(), path)
    again = nibabel.load(path)
    np.testing.assert_array_equal(np.asarray(again.dataobj), stacked, strict=True)
    np.testing.assert_array_equal(again.affine, regions.grid.affine)
    if suffix == ".nii":
        assert regions.to_maps_img().to_bytes() == path.read_bytes()
        save_image(regions.to_maps_img(), tmp_path / "ours.nii")
        assert (tmp_path / "ours.nii").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("save", [nibabel.save, save_image])
def test_many_regions_are_written_in_the_memory_of_a_few_volumes(tmp_path, save):
    values = np.zeros((40, 40, 40))
    values[::4, ::4, ::4] = np.random.default_rng(0).uniform(3, 9, (10, 10, 10))
    found = skerry.find_regions(nibabel.Nifti1Image(values, np.eye(4)), 3)
    assert len(found) == 1000
    img = found[:300].to_maps_img()
    tracemalloc.start()
    try:
        save(img, tmp_path / "maps.nii")
        assert tracemalloc.get_traced_memory()[1] < 4 * values.nbytes
    finally:
        tracemalloc.stop()
    assert (tmp_path / "maps.nii").stat().st_size == 352 + 300 * values.nbytes


def test_another_type_on_disk_and_other_formats_are_nibabel_s(regions, stacked, tmp_path):
    img = regions.to_maps_img()
    nibabel.save(img, tmp_path / "wide.nii", dtype=np.float64)
    assert nibabel.load(tmp_path / "wide.nii").get_data_dtype() == np.float64
    doubled = regions.to_maps_img()
    doubled.set_data_dtype(np.float64)
    nibabel.save(doubled, tmp_path / "doubled.nii")
    assert (tmp_path / "doubled.nii").read_bytes() == (tmp_path / "wide.nii").read_bytes()
    nibabel.save(img, tmp_path / "pair.img")
    np.testing.assert_array_equal(nibabel.load(tmp_path / "pair.img").get_fdata(), stacked)
    part = img.slicer[..., 1:3]
    nibabel.save(part, tmp_path / "part.nii")
    np.testing.assert_array_equal(nibabel.load(tmp_path / "part.nii").dataobj, stacked[..., 1:3])


def test_images_of_an_axis_past_32767_are_nifti_2(tmp_path):
    values = np.zeros((40_000, 2, 2), dtype=np.float32)
    values[[7, 39_999], 0, 0] = 5, -6
    statmap = skerry.load_map(nibabel.Nifti2Image(values, np.eye(4)))
    found = skerry.find_regions(statmap, 3)
    for img, wanted in (
        (statmap.to_img(), values),
        (found.to_labels_img(), found.labels),
        (found.to_maps_img(), np.stack([np.maximum(values, 0), np.minimum(values, 0)], -1)),
    ):
        nibabel.save(img, tmp_path / "long.nii.gz")
        again = nibabel.load(tmp_path / "long.nii.gz")
        assert isinstance(again, nibabel.Nifti2Image)
        np.testing.assert_array_equal(np.asarray(again.dataobj), wanted, strict=True)


def pickled(regions):
    return pickle.loads(pickle.dumps(regions))  # noqa: S301  # made here


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_regions_go_to_another_process_and_back(regions, copied):
    again = copied(regions)
    np.testing.assert_array_equal(again.labels, regions.labels)
    assert skerry.region_table(again).equals(skerry.region_table(regions))
    assert (again.threshold, again.asked, again.sign) == (3.0, "3", "both")
    for array in (again.labels, again.columns["n_voxels"], again.statmap.values):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(TypeError):
        again.columns["n_voxels"] = 1
