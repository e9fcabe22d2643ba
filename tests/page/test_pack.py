"""What is packed for the page: exact values, small anatomy, facts that fit JSON."""

from __future__ import annotations

import json

import nibabel
import numpy as np
import pytest

import skerry
from skerry.atlas.mni import InMni
from skerry.datasets import load_mni152_template, load_sample_motor_activation_image
from skerry.page.numbers import shuffled
from skerry.page.pack import pack
from skerry.page.page import script_json
from skerry.space.grid import Grid


def statmap_of(values, **options):
    values = np.asarray(values)
    return skerry.StatMap(values, Grid(values.shape, np.diag([2.0, 2.0, 2.0, 1.0])), **options)


def unshuffled(data, dtype):
    width = np.dtype(dtype).itemsize
    return (
        np.frombuffer(data, np.uint8).reshape(width, -1).T.copy().view(f"<{dtype[0]}{width}")[:, 0]
    )


@pytest.fixture(scope="module")
def regions():
    return skerry.find_regions(load_sample_motor_activation_image(), 3.1, min_volume_mm3=270)


def test_values_and_mask_travel_exactly_the_first_axis_fastest(regions):
    facts, blocks = pack(regions)
    statmap = regions.statmap
    bits = np.unpackbits(np.frombuffer(blocks["mask"], np.uint8), bitorder="little")
    mask = bits[: statmap.grid.n_voxels].astype(bool).reshape(statmap.grid.shape, order="F")
    np.testing.assert_array_equal(mask, statmap.mask)
    values = unshuffled(blocks["values"], "float32")
    assert facts["blocks"]["values"] == {"dtype": "float32", "n": values.size, "shuffled": True}
    restored = np.zeros(statmap.grid.n_voxels, np.float32)
    restored[np.flatnonzero(mask.ravel(order="F"))] = values
    np.testing.assert_array_equal(
        restored.reshape(mask.shape, order="F")[mask], statmap.values[mask]
    )


@pytest.mark.parametrize(
    ("value", "dtype"),
    [(0.5, "float32"), (0.1, "float64"), (1e300, "float64"), (np.inf, "float32")],
)
def test_values_are_float32_only_where_that_is_exact(value, dtype):
    facts, blocks = pack(statmap_of(np.full((2, 2, 2), value)))
    assert facts["blocks"]["values"]["dtype"] == dtype
    assert (unshuffled(blocks["values"], dtype) == value).all()


def test_the_facts_say_what_was_asked(regions):
    facts, _ = pack(regions, min_prominence=0.5, peak_distance_mm=4.0, max_peaks=None)
    assert facts["asked"] == {
        "threshold": 3.1,
        "text": "3.1",
        "sign": "both",
        "connectivity": 26,
        "min_volume_mm3": 270.0,
        "min_prominence": 0.5,
        "peak_distance_mm": 4.0,
        "max_peaks": None,
        "quote_formulas": False,
    }
    assert facts["map"]["source"] == "image_10426.nii.gz"  # no folder of the user's machine
    assert facts["map"]["sha256"] == regions.statmap.sha256
    assert facts["grid"]["voxel_volume_mm3"] == 27.0


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((3, 3, 3)),
        np.full((2, 3, 4), np.nan),
        np.full((2, 3, 4), np.inf),
        np.full((1, 1, 1), -2.0),
    ],
)
@pytest.mark.parametrize("kind", [None, "z"])
def test_facts_of_odd_maps_fit_json(values, kind):
    facts, blocks = pack(statmap_of(values, kind=kind))
    assert json.loads(script_json(facts))["schema"] == 1
    assert all(isinstance(block, bytes) for block in blocks.values())


def test_a_map_that_nothing_can_pass_has_no_threshold():
    assert pack(statmap_of(np.zeros((3, 3, 3)))).facts["asked"]["threshold"] is None


def test_what_lies_beneath_and_where_the_map_is_are_as_told(regions):
    facts, blocks = pack(regions)
    assert facts["background"] is None
    assert "background" not in blocks
    assert facts["map"]["is_mni"] is None
    space = InMni(False, "because")
    template = load_mni152_template(resolution=2)
    facts, blocks = pack(regions, space=space, background=template, background_name="A head")
    assert (facts["map"]["is_mni"], facts["map"]["is_mni_because"]) == space
    assert facts["background"]["name"] == "A head"
    assert len(blocks["background"]) == np.prod(facts["background"]["shape"])
    there = np.array(facts["background"]["affine"])
    np.testing.assert_allclose(there @ facts["background"]["inverse"], np.eye(4), atol=1e-9)


def test_a_background_is_cropped_and_stays_where_it_is():
    values = np.zeros((20, 21, 22), np.float32)
    values[5:9, 6:11, 7:13] = np.linspace(10, 20, 120).reshape(4, 5, 6)
    affine = np.array([[-2, 0, 0, 30], [0, 2, 0.1, -40], [0, 0, 3, 5], [0, 0, 0, 1.0]])
    facts, blocks = pack(
        statmap_of(np.ones((4, 4, 4))), background=nibabel.Nifti1Image(values, affine)
    )
    shape = facts["background"]["shape"]
    assert shape == [6, 7, 8]
    greys = np.frombuffer(blocks["background"], np.uint8).reshape(shape, order="F")
    at = np.array(facts["background"]["affine"]) @ [4, 5, 6, 1]  # the brightest voxel
    np.testing.assert_allclose(at, affine @ [8, 10, 12, 1])
    assert greys[4, 5, 6] == greys.max() == 255
    assert (facts["background"]["lowest"], facts["background"]["highest"]) == (0.0, 20.0)


def test_a_large_background_is_brought_to_few_voxels():
    generator = np.random.default_rng(0)
    image = nibabel.Nifti1Image(
        generator.random((150, 151, 152)).astype(np.float32), np.diag([1.0, 1.0, 1.0, 1.0])
    )
    facts, blocks = pack(statmap_of(np.ones((4, 4, 4))), background=image)
    assert facts["background"]["shape"] == [75, 76, 76]
    assert len(blocks["background"]) < 1_500_000
    affine = np.array(facts["background"]["affine"])
    np.testing.assert_allclose(affine[:3, 3], 0.5)  # the middle of the first eight voxels
    np.testing.assert_allclose(np.diag(affine), [2, 2, 2, 1])


def test_a_background_of_one_value_is_drawn_as_one_grey():
    image = nibabel.Nifti1Image(np.full((3, 3, 3), 7, np.float32), np.eye(4))
    facts, blocks = pack(statmap_of(np.ones((4, 4, 4))), background=image)
    assert set(blocks["background"]) == {0}
    assert facts["background"]["highest"] == facts["background"]["lowest"]


def test_numbers_are_shuffled_by_their_bytes():
    assert shuffled(np.array([0x01020304, 0x05060708], np.int32)) == bytes([4, 8, 3, 7, 2, 6, 1, 5])
    assert shuffled(np.empty(0, np.float64)) == b""
