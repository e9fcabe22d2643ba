"""The page's engine in a browser finds what find_regions finds, on real maps."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

import skerry
from browser.engine_page import at, engine_html
from skerry.datasets import load_sample_motor_activation_image
from skerry.page.pack import pack
from skerry.tables.columns import to_tsv
from skerry.tables.peak_table import peak_columns
from skerry.tables.region_table import region_columns

SHARED = ("motor_lips", "narps_9U7M_hypo1_z", "beta_0001_nan", "fsl_tstat1_3x3x3p6")
# Shares of the highest |value|: from nearly all voxels to none.
HEIGHTS = (0.0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.7, 0.9, 1.01)
SIGNS = ("both", "positive", "negative")


@pytest.fixture(scope="module")
def embedded(browser):
    statmap = skerry.load_map(load_sample_motor_activation_image(), kind="z")
    browser.open(engine_html({"map": pack(skerry.find_regions(statmap))}))
    return statmap


def check(browser, statmap, asked):
    """Compare all that the engine says at a threshold with what Python says."""
    regions = skerry.find_regions(
        statmap,
        asked["threshold"],
        sign=asked["sign"],
        min_volume_mm3=asked.get("minVolume", 0),
    )
    found = at(browser, "map", asked)
    assert found["n"] == len(regions)
    assert found["nAbove"] == regions.n_above_threshold
    columns = found["columns"]
    for name in ("region", "sign", "n_voxels", "volume_mm3", "peak_value", "mean_value", "mass"):
        np.testing.assert_array_equal(columns[name], regions.columns[name], err_msg=name)
    for name in ("centroid_xyz", "cog_xyz"):
        ours = np.stack([columns[name.replace("xyz", axis)] for axis in "xyz"], axis=-1)
        np.testing.assert_array_equal(ours, regions.columns[name], err_msg=name)
    assert found["tsv"] == to_tsv(region_columns(regions))
    assert found["peaks"] == to_tsv(peak_columns(regions))
    image = nibabel.Nifti1Image.from_bytes(found["image"])
    assert image.get_data_dtype() == np.int32
    np.testing.assert_array_equal(np.asarray(image.dataobj), regions.labels)
    np.testing.assert_array_equal(image.affine, regions.to_labels_img().affine)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("share", HEIGHTS)
def test_the_embedded_map_has_the_regions_of_find_regions(browser, embedded, share, sign):
    height = share * float(np.abs(embedded.values).max())
    check(browser, embedded, {"threshold": height, "sign": sign})


def test_the_bytes_of_the_label_image_are_those_of_the_file(browser, embedded, tmp_path):
    from skerry.io.save import save_image

    regions = skerry.find_regions(embedded, 3.1)
    save_image(regions.to_labels_img(), tmp_path / "labels.nii")
    found = at(browser, "map", {"threshold": 3.1, "sign": "both"})
    assert found["image"] == (tmp_path / "labels.nii").read_bytes()


def test_small_regions_are_dropped_at_exactly_the_least_volume(browser, embedded):
    for voxels in (1, 2, 20, 21):
        check(browser, embedded, {"threshold": 2.5, "sign": "both", "minVolume": voxels * 27.0})


def test_a_threshold_between_two_float32_is_compared_in_double_precision(browser, embedded):
    height = float(skerry.find_regions(embedded, 3.0).columns["peak_value"][-1])
    for threshold in (abs(height), np.nextafter(abs(height), 9), np.nextafter(abs(height), 0)):
        check(browser, embedded, {"threshold": threshold, "sign": "both"})


def test_the_curve_counts_what_find_regions_counts(browser, embedded):
    for least, sign in ((0.0, "both"), (270.0, "positive"), (27.0, "negative")):
        curve = browser.run(
            """
            const engine = await open1("map");
            const [sign, minVolume] = given;
            const range = engine.heights(sign);
            const {threshold, count, volume} = engine.curve({sign, minVolume}, range, 9);
            return [Array.from(threshold), Array.from(count), Array.from(volume)];
            """,
            sign,
            least,
        )
        for threshold, count, volume in zip(*curve, strict=True):
            regions = skerry.find_regions(embedded, threshold, sign=sign, min_volume_mm3=least)
            assert (count, volume) == (len(regions), regions.columns["volume_mm3"].sum())


def test_a_result_stays_as_it_is_when_another_one_is_asked_for(browser, embedded):
    before, after = browser.run(
        """
        const engine = await open1("map");
        const first = engine.at({threshold: 2, sign: "both"});
        const told = () => [engine.tsv(first), engine.peaksTsv(first), first.labels.join()];
        const before = told();
        engine.at({threshold: 4, sign: "negative", minVolume: 100});
        return [before, told()];
        """
    )
    assert before == after
    assert before[0] == to_tsv(region_columns(skerry.find_regions(embedded, 2)))


def test_an_engine_knows_its_grid(browser, embedded):
    grid = embedded.grid
    found = browser.run(
        """
        const engine = await open1("map");
        const at = engine.index(13, 30, 36);
        return {shape: engine.shape, volume: engine.voxelVolume, world: engine.toWorld([1, 2, 3]),
          voxel: engine.toVoxel([4, 5, 6]), value: engine.values[at],
          outside: String(engine.values[0]), heights: engine.heights("negative")};
        """
    )
    assert found["shape"] == list(grid.shape)
    assert found["volume"] == grid.voxel_volume_mm3
    np.testing.assert_allclose(found["world"], grid.xyz([1, 2, 3]))
    np.testing.assert_allclose(found["voxel"], grid.ijk([4, 5, 6]))
    assert found["value"] == embedded.values[13, 30, 36]
    assert found["outside"] == "NaN"
    assert found["heights"]["highest"] == -embedded.values.min()


@pytest.mark.parametrize(("kind", "df"), [("t", 12.0), ("F", (3.0, 60.0)), ("p", None)])
def test_maps_of_every_kind_have_the_p_and_true_discoveries_of_the_table(
    browser, embedded, kind, df
):
    values = embedded.values * (4 if kind == "F" else 2)
    values = values if kind == "t" else np.abs(values)
    statmap = skerry.StatMap(values, embedded.grid, kind=kind, df=df)
    browser.open(engine_html({"map": pack(skerry.find_regions(statmap))}))
    for threshold in (0.3, 2.0, 5.0, 9.0):
        for sign in ("both", "positive", "negative") if kind == "t" else ("both", "negative"):
            check(browser, statmap, {"threshold": threshold, "sign": sign})


@pytest.mark.parametrize("name", SHARED)
def test_real_maps_have_the_regions_of_find_regions(browser, shared_data, name):
    kind = {"kind": "z"} if name == "narps_9U7M_hypo1_z" else {}
    statmap = skerry.load_map(shared_data / "maps" / f"{name}.nii.gz", **kind)
    browser.open(engine_html({"map": pack(skerry.find_regions(statmap))}))
    highest = float(np.abs(statmap.values[statmap.mask]).max())
    for number, share in enumerate(HEIGHTS):
        check(browser, statmap, {"threshold": share * highest, "sign": SIGNS[number % 3]})
    assert browser.errors() == []
