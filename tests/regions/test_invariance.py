"""The same map gives the same regions however it is stored, sampled, scaled or computed."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations, product

import nibabel
import numpy as np
import pytest

import skerry
from core.landscapes import turn
from skerry.datasets import load_sample_motor_activation_image
from skerry.space.grid import Grid
from skerry.tables.columns import to_tsv
from skerry.tables.peak_table import peak_columns
from skerry.tables.region_table import region_columns

VALUES = ["peak_value", "mean_value", "mass", "value", "prominence"]  # in units of the map
OF_STORAGE = {f"{name}{axis}" for name in ("peak_", "") for axis in "ijk"}  # the file's own axes


@pytest.fixture(scope="module")
def sample():
    return skerry.load_map(load_sample_motor_activation_image(), kind="z")


def found(values, affine, threshold, **options):
    statmap = skerry.load_map(nibabel.Nifti1Image(values, affine), kind="z")
    return skerry.find_regions(statmap, threshold, **options)


def written(regions):
    """Both tables as files hold them, less what counts along the file's axes."""
    columns = region_columns(regions), peak_columns(regions, max_peaks=None)
    return [
        to_tsv({name: column for name, column in table.items() if name not in OF_STORAGE})
        for table in columns
    ]


@pytest.fixture(scope="module")
def as_stored(sample):
    return {
        threshold: written(skerry.find_regions(sample, threshold)) for threshold in (2.5, "97%")
    }


@pytest.mark.parametrize("threshold", [2.5, "97%"])
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_stored_axes_may_be_permuted_and_flipped(sample, as_stored, order, threshold):
    regions = skerry.find_regions(sample, threshold)
    for flips in product((False, True), repeat=3):
        values, grid = turn(sample.values, sample.grid, (order, flips))
        turned = found(values, grid.affine, threshold)
        labels, _ = turn(regions.labels, sample.grid, (order, flips))
        np.testing.assert_array_equal(turned.labels, labels)
        assert written(turned) == as_stored[threshold]


def test_padding_and_cropping_to_the_mask_change_nothing(sample, as_stored):
    shift = np.eye(4)
    shift[:3, 3] = -2, -7, -4
    padded = np.pad(sample.values, [(2, 0), (7, 3), (4, 1)])
    low, high = np.argwhere(sample.mask).min(axis=0), np.argwhere(sample.mask).max(axis=0) + 1
    to_box = np.eye(4)
    to_box[:3, 3] = low
    cropped = sample.values[tuple(map(slice, low, high))]
    assert cropped.size < sample.values.size < padded.size
    for threshold, expected in as_stored.items():
        for values, moved in ((padded, shift), (cropped, to_box)):
            assert written(found(values, sample.grid.affine @ moved, threshold)) == expected


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<i2", ">i2", "<i4"])
def test_the_type_on_disk_and_the_order_in_memory_change_nothing(sample, tmp_path, dtype, order):
    # Multiples of 1/256, which every one of the types holds.
    whole = np.round(sample.values.astype(np.float64) * 256)
    expected = written(found(whole / 256, sample.grid.affine, 2.5))
    stored = np.asarray(whole if dtype[1] == "i" else whole / 256, dtype=dtype, order=order)
    header = nibabel.Nifti1Header(endianness=dtype[0])
    header.set_data_dtype(dtype)
    img = nibabel.Nifti1Image(stored, sample.grid.affine, header)
    if dtype[1] == "f":
        assert written(skerry.find_regions(skerry.load_map(img, kind="z"), 2.5)) == expected
    head = img.header.copy()
    head.set_slope_inter(1 / 256 if dtype[1] == "i" else 1, 0)
    head["vox_offset"], head["magic"] = 352, b"n+1"
    path = tmp_path / "stored.nii"
    path.write_bytes(head.binaryblock + bytes(4) + stored.tobytes(order="F"))
    statmap = skerry.load_map(path, kind="z")
    assert written(skerry.find_regions(statmap, 2.5)) == expected


@pytest.mark.parametrize("layout", ["every other voxel", "backwards", "read-only"])
def test_how_an_array_lies_in_memory_changes_nothing(sample, as_stored, layout):
    values = sample.values
    if layout == "every other voxel":
        apart = np.full([2 * n for n in values.shape], np.nan, dtype=values.dtype)
        apart[::2, ::2, ::2] = values
        values = apart[::2, ::2, ::2]
    elif layout == "backwards":
        values = values[::-1].copy()[::-1]
    else:
        values = values.copy()
        values.setflags(write=False)
    assert written(found(values, sample.grid.affine, 2.5)) == as_stored[2.5]


@pytest.mark.parametrize("factor", [4.0, 3.0, 0.1, 1e-30, 1e20])
def test_multiplying_map_and_threshold_changes_only_the_values(sample, factor):
    values = sample.values.astype(np.float64)

    def tables(by, threshold):
        img = nibabel.Nifti1Image(values * by, sample.grid.affine)  # of no known kind
        regions = skerry.find_regions(img, threshold)
        return regions, skerry.region_table(regions), skerry.peak_table(regions, max_peaks=None)

    for ours, theirs in ((2.5, 2.5 * factor), ("97%", "97%")):
        plain, *plain_tables = tables(1.0, ours)
        scaled, *scaled_tables = tables(factor, theirs)
        np.testing.assert_array_equal(scaled.labels, plain.labels)
        for one, other in zip(plain_tables, scaled_tables, strict=True):
            of_values = [
                c for c in one if c.startswith(("peak_value", "mean", "mass", "val", "pr"))
            ]
            np.testing.assert_allclose(
                other[of_values], factor * one[of_values], rtol=1e-12, atol=1e-14 * factor
            )
            rest = one.columns.difference(of_values)
            numbers = rest.difference(["sign"])
            np.testing.assert_allclose(other[numbers], one[numbers], rtol=1e-12, atol=1e-9)
            assert other[rest.intersection(["sign"])].equals(one[rest.intersection(["sign"])])


def test_many_threads_at_once_give_what_one_gives(sample):
    def job(number):
        part = skerry.StatMap(np.roll(sample.values, number, axis=0), sample.grid, kind="z")
        regions = skerry.find_regions(part, 2.0)
        tree = skerry.grow_tree(part, sign="negative")
        return written(regions), written(skerry.split_regions(regions)), tree.order.tolist()

    alone = [job(number) for number in range(3)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(job, [0, 1, 2] * 2)) == alone * 2


def test_the_number_of_threads_changes_no_byte_of_the_files(tmp_path):
    for n_threads in ("1", "4"):
        names = ("OMP", "OPENBLAS", "MKL", "NUMBA", "NUMEXPR")
        subprocess.run(
            [sys.executable, "-m", "skerry.cli.main", "regions",
             load_sample_motor_activation_image(), "-t", "2", "--kind", "z", "--split",
             "-o", tmp_path / n_threads, "--quiet"],
            env=os.environ | {f"{name}_NUM_THREADS": n_threads for name in names},
            check=True,
        )  # fmt: skip
    made = [path for path in sorted((tmp_path / "1").iterdir()) if path.suffix != ".json"]
    assert len(made) == 3
    for path in made:
        assert path.read_bytes() == (tmp_path / "4" / path.name).read_bytes()


# A phantom with known regions: height, radius at half the height, and centre.
BLOBS = [
    (9.0, 12.0, (-20.3, 10.1, 5.7)),
    (7.0, 9.0, (20.4, 11.2, -4.4)),
    (-8.0, 10.0, (0.9, -24.7, -5.3)),
    (-6.5, 7.5, (3.1, 20.2, 21.6)),
]


def phantom(size_mm, degrees):
    """Bells on a grid of some voxel size, turned about two axes."""
    a, b = np.deg2rad([degrees, degrees / 2])
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    n = int(110 / size_mm)
    affine = np.eye(4)
    affine[:3, :3] = about_z @ about_x * size_mm
    affine[:3, 3] = -affine[:3, :3] @ np.full(3, (n - 1) / 2)
    grid = Grid((n, n, n), affine)
    xyz = grid.xyz(np.stack(np.indices(grid.shape), axis=-1))
    values = np.zeros(grid.shape)
    for height, radius, centre in BLOBS:
        bell = height * 0.5 ** (((xyz - centre) ** 2).sum(axis=-1) / radius**2)
        values = np.where(abs(bell) > abs(values), bell, values)
    return values, affine


@pytest.mark.parametrize("degrees", [0, 25])
@pytest.mark.parametrize("size_mm", [3.0, 2.0, 1.0])
def test_a_phantom_has_the_same_regions_at_every_voxel_size(size_mm, degrees):
    regions = found(*phantom(size_mm, degrees), 3.0)
    assert regions.columns["sign"].tolist() == [1, 1, -1, -1]
    assert regions.columns["region"].tolist() == [1, 2, 3, 4]
    half_diagonal = np.sqrt(3) * size_mm / 2
    peaks = regions.grid.xyz(regions.columns["peak_ijk"])
    for n, (height, radius, centre) in enumerate(BLOBS):
        assert np.linalg.norm(peaks[n] - centre) <= half_diagonal
        for name in ("centroid_xyz", "cog_xyz"):
            assert np.linalg.norm(regions.columns[name][n] - centre) < 0.1 * size_mm
        # Above the threshold lies a ball, whose border is known to half a voxel.
        edge = radius * np.sqrt(np.log2(abs(height) / 3.0))
        ball = [4 / 3 * np.pi * (edge + d) ** 3 for d in (-half_diagonal, 0, half_diagonal)]
        assert ball[0] < regions.columns["volume_mm3"][n] < ball[2]
        assert regions.columns["volume_mm3"][n] == pytest.approx(ball[1], rel=0.02 * size_mm)


def test_the_peak_of_the_plateau_at_the_maximum_is_its_voxel_nearest_to_its_mean(sample):
    from scipy import ndimage

    regions = skerry.find_regions(sample, 3.0)
    highest = sample.values == sample.values.max()
    assert highest.sum() == 693
    for n in np.flatnonzero(regions.columns["peak_value"] == sample.values.max()):
        plateaus, n_plateaus = ndimage.label(
            highest & (regions.labels == n + 1), np.ones((3, 3, 3))
        )
        middles = []
        for plateau in range(1, n_plateaus + 1):
            ijk = np.argwhere(plateaus == plateau)
            away = ijk - ijk.mean(axis=0)
            distance = (away**2).sum(axis=1)  # the voxels are cubes
            near = ijk[distance <= distance.min() + 1e-9]
            xyz = sample.grid.xyz(near)
            middles.append(min(map(tuple, xyz.tolist())))
        peak = sample.grid.xyz(regions.columns["peak_ijk"][n])
        assert tuple(peak.tolist()) == min(middles)
