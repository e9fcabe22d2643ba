"""Stacks of maps: the voxels that all of them have, and maps that do not fit."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.io.load import load_map
from skerry.stats.permute.design import read_design
from skerry.stats.permute.stack import stack_maps

AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


def images(n=4, dtype=np.float32):
    values = np.random.default_rng(0).standard_normal((n, 4, 3, 2)).astype(dtype)
    return [nibabel.Nifti1Image(value, AFFINE) for value in values], values


def test_voxels_that_a_map_lacks_are_left_out_of_all():
    maps, values = images()
    values[1, 0, 0, 0] = np.nan
    values[2, 1, 1, 1] = 0
    stack = stack_maps(maps)
    assert stack.mask.sum() == 22
    assert stack.data.dtype == np.float32
    np.testing.assert_array_equal(stack.data, values[:, stack.mask])
    assert stack.notes == ()  # as it is at the rim of every brain
    mask = nibabel.Nifti1Image(np.ones((4, 3, 2), dtype=np.uint8), AFFINE)
    stack = stack_maps(maps, mask=mask)
    assert stack.mask.sum() == 23
    assert stack.notes == (
        "1 of 24 voxels are NaN in some map and were left out; map 2 lacks the most, 1",
    )


@pytest.mark.parametrize("short", [0, 2])
def test_the_map_that_costs_the_others_voxels_is_named_wherever_it_stands(short):
    maps, values = images()
    values[short, 2:] = np.nan
    (note,) = stack_maps(maps).notes
    assert note == (
        "12 voxels have a value in all maps, though half of the maps have 24 or more; "
        f"map {short + 1} has the fewest, 12"
    )


def test_a_map_that_is_given_twice_is_told():
    maps, _ = images()
    notes = stack_maps([*maps, maps[1]]).notes
    assert notes == ("map 5 holds the same values as map 2: is a map given twice?",)


def test_a_file_that_is_given_twice_is_told(tmp_path):
    maps, _ = images(2)
    paths = [tmp_path / f"{k}.nii" for k in range(2)]
    for img, path in zip(maps, paths, strict=True):
        nibabel.save(img, path)
    stack = stack_maps([*paths, paths[0]])
    assert stack.notes == (f"{paths[0]} is given twice, as map 1 and as map 3",)


def test_images_that_were_read_from_files_find_their_rows_of_a_design(tmp_path):
    maps, _ = images(2)
    for k, img in enumerate(maps):
        nibabel.save(img, tmp_path / f"s{k}.nii")
    stack = stack_maps([nibabel.load(tmp_path / f"s{k}.nii") for k in range(2)])
    design = read_design({"map": ["s1.nii", "s0.nii"], "age": [1, 0]}, stack.names)
    assert design.matrix.ravel().tolist() == [0, 1]


def test_voxels_of_a_mask_that_are_0_in_all_maps_take_no_memory():
    maps, values = images()
    values[:, 0] = 0
    values[0, 1] = 0
    mask = nibabel.Nifti1Image(np.ones((4, 3, 2), dtype=np.uint8), AFFINE)
    stack = stack_maps(maps, mask=mask)
    np.testing.assert_array_equal(stack.data, values[:, 1:].reshape(4, -1))
    assert stack.notes == ("6 voxels of the mask are 0 in all maps and were left out",)


def test_voxels_outside_the_mask_of_a_loaded_map_do_not_count():
    maps, values = images()
    inner = np.zeros((4, 3, 2), dtype=np.uint8)
    inner[1:3] = 1
    inner_img = nibabel.Nifti1Image(inner, AFFINE)
    whole = nibabel.Nifti1Image(np.ones_like(inner), AFFINE)
    loaded = [load_map(maps[0], mask=inner_img), *maps[1:]]
    for mask in (None, whole):
        stack = stack_maps(loaded, mask=mask)
        np.testing.assert_array_equal(stack.mask, inner > 0)
        np.testing.assert_array_equal(stack.data, values[:, inner > 0])


def test_a_map_of_double_precision_keeps_it():
    maps, values = images()
    exact = values[3].astype(np.float64) + 1e-12
    stack = stack_maps([*maps[:3], nibabel.Nifti1Image(exact, AFFINE)])
    assert stack.data.dtype == np.float64
    np.testing.assert_array_equal(stack.data[3], exact.ravel())
    np.testing.assert_array_equal(stack.data[:3], values[:3].reshape(3, -1))


def test_maps_that_do_not_fit_are_told_by_name(tmp_path):
    maps, values = images()
    path = tmp_path / "bad.nii"
    nibabel.save(nibabel.Nifti1Image(values[0], np.diag([3.0, 3, 3, 1])), path)
    with pytest.raises(GridMismatchError, match=r"bad.nii has the shape of map 1 but another"):
        stack_maps([maps[0], path])
    nibabel.save(nibabel.Nifti1Image(values[0] * np.nan, AFFINE), path)
    with pytest.raises(ArgumentError, match=r"bad.nii has no value where"):
        stack_maps([maps[0], path])
    values[0, 0, 0, 0] = np.inf
    nibabel.save(nibabel.Nifti1Image(values[0], AFFINE), path)
    with pytest.raises(ArgumentError, match=r"bad.nii: 1 values in the mask are infinite"):
        stack_maps([maps[1], path])
    left, right = np.zeros((2, 4, 3, 2), dtype=np.float32)
    left[:2], right[2:] = 1, 1
    with pytest.raises(ArgumentError, match="map 2 has no value where map 1 has:"):
        stack_maps([nibabel.Nifti1Image(half, AFFINE) for half in (left, right)])
    with pytest.raises(ArgumentTypeError, match="paths or images, got int"):
        stack_maps(3)
