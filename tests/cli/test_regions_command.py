"""`skerry regions` with every option writes what the verbs of Python give."""

from __future__ import annotations

import json

import nibabel
import numpy as np
import pytest
from scipy import ndimage

import skerry
from skerry.tables.columns import to_tsv
from skerry.tables.peak_table import peak_columns
from skerry.tables.region_table import region_columns

AFFINE = np.diag([-2.0, 2.5, 3.0, 1.0])


@pytest.fixture
def maps(tmp_path):
    """A file of three volumes of t values, and a mask."""
    noise = np.random.default_rng(0).standard_normal((3, 20, 18, 16))
    smooth = np.stack([ndimage.gaussian_filter(volume, 1.5) for volume in noise], axis=-1)
    nibabel.save(nibabel.Nifti1Image(smooth / smooth.std() * 2, AFFINE), tmp_path / "maps.nii.gz")
    inside = np.zeros((20, 18, 16), np.uint8)
    inside[2:, :15] = 1
    nibabel.save(nibabel.Nifti1Image(inside, AFFINE), tmp_path / "inside.nii.gz")


def written(folder, regions, min_prominence, **listing):
    """Check that a folder holds some regions; give the record."""
    table = to_tsv(region_columns(regions, min_prominence=min_prominence))
    assert (folder / "maps_regions.tsv").read_text() == table
    peaks = to_tsv(peak_columns(regions, min_prominence=min_prominence, **listing))
    assert (folder / "maps_peaks.tsv").read_text() == peaks
    image = nibabel.load(folder / "maps_regions.nii.gz")
    np.testing.assert_array_equal(np.asarray(image.dataobj), regions.labels, strict=True)
    return json.loads((folder / "maps_regions.json").read_text())


def test_every_option_is_heard(skerry_, tmp_path, maps):
    code, out, _ = skerry_(
        "regions", "maps.nii.gz", "-t", "p=0.05", "--sign", "negative", "--connectivity", 6,
        "--min-volume", 60, "--mask", "inside.nii.gz", "--kind", "t", "--df", 11, "--volume", 1,
        "--split", "--prominence", 0.2, "--smooth-fwhm", 3, "--peak-distance", 4.5,
        "--max-peaks", 2, "--format", "tsv", "-o", "found",
    )  # fmt: skip
    assert code == 0
    statmap = skerry.load_map("maps.nii.gz", kind="t", df=11, mask="inside.nii.gz", volume=1)
    whole = skerry.find_regions(
        statmap, "p<0.05", sign="negative", connectivity=6, min_volume_mm3=60
    )
    regions = skerry.split_regions(
        whole, min_prominence=0.2, min_volume_mm3=60, smoothing_fwhm_mm=3
    )
    assert len(regions) > len(whole) > 1
    folder = tmp_path / "found"
    record = written(folder, regions, 0.2, min_distance_mm=4.5, max_peaks=2)
    assert out == (folder / "maps_regions.tsv").read_text()
    assert record["threshold"] == whole.threshold
    asked = record["parameters"]
    assert (asked["threshold"], asked["sign"], asked["connectivity"]) == ("p<0.05", "negative", 6)
    assert (asked["kind"], asked["df"], asked["min_volume_mm3"]) == ("t", 11, 60)
    assert (asked["split"], asked["smoothing_fwhm_mm"], asked["min_prominence"]) == (True, 3, 0.2)
    assert (asked["peak_distance_mm"], asked["max_peaks"]) == (4.5, 2)
    assert [part["path"] for part in record["inputs"]] == ["maps.nii.gz", "inside.nii.gz"]
    assert record["counts"]["in_mask"] == statmap.n_in_mask
    assert record["counts"]["above_threshold"] == whole.n_above_threshold
    assert record["counts"]["regions"] == len(regions)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("--volume", 2), {"volume": 2}),
        (("--mask", "inside.nii.gz"), {"mask": "inside.nii.gz"}),
        (("--sign", "positive"), {"sign": "positive"}),
        (("--connectivity", 18), {"connectivity": 18}),
        (("--min-voxels", 30), {"min_voxels": 30}),
        (("--min-volume", 450), {"min_volume_mm3": 450}),
        (("-t", "90%"), {"threshold": "90%"}),
    ],
)
def test_each_option_by_itself_is_that_of_find_regions(skerry_, tmp_path, maps, options, wanted):
    code, _, err = skerry_(
        "regions", "maps.nii.gz", "-t", 2, "--volume", 0, *options, "-o", "found", "--quiet"
    )
    assert (code, err) == (0, "")
    asked = {"threshold": 2, "volume": 0, "mask": None} | wanted
    statmap = skerry.load_map("maps.nii.gz", volume=asked.pop("volume"), mask=asked.pop("mask"))
    regions = skerry.find_regions(statmap, asked.pop("threshold"), **asked)
    written(tmp_path / "found", regions, 0.0)
    plain = skerry.find_regions(skerry.load_map("maps.nii.gz", volume=0), 2)
    assert to_tsv(region_columns(regions)) != to_tsv(region_columns(plain))
