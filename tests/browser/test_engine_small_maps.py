"""The page's engine on maps that nobody would send, and on random ones with ties."""

from __future__ import annotations

import base64
import gzip
from typing import Any, NamedTuple

import nibabel
import numpy as np
import pytest

import skerry
from browser.engine_page import engine_html
from skerry.page.pack import pack
from skerry.space.grid import Grid
from skerry.tables.columns import to_tsv
from skerry.tables.peak_table import peak_columns
from skerry.tables.region_table import region_columns

SIGNS = ("both", "positive", "negative")
SCRIPT = """
const found = [];
for (const [name, asked] of given[0]) {
  const engine = await open1(name);
  const result = engine.at({...asked, threshold: Number(asked.threshold)});
  found.push({
    n: result.n, nAbove: result.nAbove, tsv: engine.tsv(result), peaks: engine.peaksTsv(result),
    image: base64(await engine.labelsNifti(result)),
  });
}
return found;
"""


class Case(NamedTuple):
    """A map, and how its regions and peaks are asked for."""

    statmap: skerry.StatMap
    connectivity: Any = 26
    min_prominence: float = 0.0
    peak_distance_mm: float = 8.0
    max_peaks: int | None = 3


def grids(shape, generator):
    """Give a grid whose axes are flipped, permuted, anisotropic or oblique."""
    steps = np.diag(generator.choice([1.0, 2.0, 3.6], 3) * generator.choice([-1, 1], 3))
    steps = steps[:, generator.permutation(3)]
    if generator.random() < 0.3:
        turn = 0.3 * generator.standard_normal()
        cos, sin = np.cos(turn), np.sin(turn)
        steps = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0.1, 1]]) @ steps
    affine = np.eye(4)
    affine[:3, :3] = steps
    affine[:3, 3] = generator.uniform(-50, 50, 3).round(1)
    return Grid(shape, affine)


def random_case(seed):
    generator = np.random.default_rng(seed)
    shape = tuple(int(n) for n in generator.integers(1, 9, 3))
    values = generator.choice(
        [np.arange(-3.0, 4.0), np.linspace(-5, 5, 201), np.array([0.0, 2.0, 2.0])][seed % 3], shape
    )
    if seed % 4 == 0:
        values = generator.standard_normal(shape) * 3
    values = values.astype([np.float32, np.float64][seed // 2 % 2])
    if seed % 5 == 0:
        values[generator.random(shape) < 0.2] = np.nan
    if seed % 7 == 0:
        values[generator.random(shape) < 0.1] = np.inf
        values[generator.random(shape) < 0.1] = -np.inf
    kind, df = [(None, None), ("z", None), ("t", 12.0), ("F", (3.0, 20.0)), ("p", None)][seed % 5]
    if kind in ("F", "p"):
        values = np.abs(values)
    mask = np.ones(shape, bool) if seed % 6 == 0 else None
    if seed % 2:
        values = np.asfortranarray(values)
    statmap = skerry.StatMap(values, grids(shape, generator), mask, kind=kind, df=df)
    return Case(
        statmap,
        (6, 18, 26)[seed % 3],
        [0.0, 1.0, 2.5][seed // 3 % 3],
        [0.0, 2.0, 8.0][seed // 5 % 3],
        [None, 1, 3][seed // 2 % 3],
    )


def asked_of(case, sign, threshold, least=0.0):
    return skerry.find_regions(
        case.statmap,
        threshold,
        sign=sign,
        connectivity=case.connectivity,
        min_volume_mm3=least,
    )


def compare(browser, cases, thresholds=(0.0, 2.0, 3.0), voxels=(0, 3)):
    """Check every case at some thresholds, signs and least volumes, in one page."""
    browser.open(
        engine_html(
            {
                name: pack(
                    asked_of(case, "both", 1.0),
                    min_prominence=case.min_prominence,
                    peak_distance_mm=case.peak_distance_mm,
                    max_peaks=case.max_peaks,
                )
                for name, case in cases.items()
            }
        )
    )
    asked = [
        (name, sign, threshold, least * case.statmap.grid.voxel_volume_mm3)
        for name, case in cases.items()
        for number, threshold in enumerate(thresholds)
        for sign in SIGNS
        for least in (voxels[number % len(voxels)],)
    ]
    everything = browser.run(
        SCRIPT,
        [
            (name, {"threshold": repr(threshold), "sign": sign, "minVolume": least})
            for name, sign, threshold, least in asked
        ],
    )
    for (name, sign, threshold, least), found in zip(asked, everything, strict=True):
        case = cases[name]
        regions = asked_of(case, sign, threshold, least)
        what = f"{name}, {sign}, {threshold}, {least}"
        assert found["n"] == len(regions), what
        assert found["nAbove"] == regions.n_above_threshold, what
        assert found["tsv"] == to_tsv(
            region_columns(regions, min_prominence=case.min_prominence)
        ), what
        assert found["peaks"] == to_tsv(
            peak_columns(
                regions,
                min_prominence=case.min_prominence,
                min_distance_mm=case.peak_distance_mm,
                max_peaks=case.max_peaks,
            )
        ), what
        image = nibabel.Nifti1Image.from_bytes(gzip.decompress(base64.b64decode(found["image"])))
        np.testing.assert_array_equal(np.asarray(image.dataobj), regions.labels, err_msg=what)
    assert browser.errors() == []


def whole(values, **options):
    values = np.asarray(values)
    return Case(
        skerry.StatMap(values, Grid(values.shape, np.diag([2.0, 2.0, 2.0, 1.0])), **options)
    )


@pytest.mark.parametrize("first", range(0, 60, 30))
def test_random_maps_with_ties(browser, first):
    compare(browser, {str(seed): random_case(seed) for seed in range(first, first + 30)})


def test_odd_maps(browser):
    spot = np.zeros((5, 5, 5))
    spot[2, 2, 2] = 3.0
    block = np.zeros((6, 7, 8), np.float32)
    block[1:4, 2:6, 3:7] = 2.5
    a, b = np.deg2rad([75, 12])
    about_z = [[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]
    about_x = [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
    askew = np.eye(4)
    askew[:3, :3] = 3.0 * np.array(about_z) @ about_x
    cube = np.zeros((4, 4, 4))
    cube[1:3, 1:3, 1:3] = 4.0  # all as near to the middle, but for rounding
    two = np.zeros((9, 4, 4))
    two[1:4], two[5:8] = 2.0, -2.0
    compare(
        browser,
        {
            "empty": whole(np.zeros((4, 4, 4))),
            "nothing but NaN": whole(np.full((3, 3, 3), np.nan)),
            "one voxel in all": whole(np.full((1, 1, 1), 4.0), kind="z"),
            "one voxel": whole(spot, kind="z"),
            "one region": whole(block, kind="t", df=8.0),
            "all above": whole(np.full((5, 6, 7), 3.0), kind="z"),
            "negative alone": whole(-np.abs(np.random.default_rng(1).normal(size=(6, 6, 6)))),
            "two plateaus of each sign": whole(two),
            "a cube askew": Case(skerry.StatMap(cube, Grid(cube.shape, askew))),
            "all infinite": whole(np.full((3, 4, 5), np.inf), kind="t", df=3.0),
            "zeros in the mask": whole(spot, kind="z", mask=np.ones(spot.shape, bool)),
        },
    )


def test_values_of_every_size_are_written_as_in_the_tables(browser):
    values = np.zeros((12, 1, 1))
    values[::2, 0, 0] = (71423344.0, 71423340.0, 7e7, 12345678.9, 1.5, 99999999.6)
    cases = {str(power): whole(values * 10.0**power) for power in (-30, -12, -8, -1, 0, 1, 9)}
    compare(browser, cases, thresholds=(1e-40,), voxels=(0,))


def test_five_thousand_regions(browser):
    values = np.zeros((60, 60, 60), np.float32)
    values[::3, ::3, ::3] = np.random.default_rng(0).permutation(8000).reshape(20, 20, 20) / 800 - 5
    case = whole(values, kind="z")
    assert len(asked_of(case, "both", 1.8)) > 5000
    compare(browser, {"many": case}, thresholds=(1.8,), voxels=(0,))


def test_a_surface_stored_as_a_volume(browser):
    values = np.random.default_rng(0).standard_normal((40_000, 1, 1)).astype(np.float32)
    case = whole(values, kind="z")
    browser.open(engine_html({"long": pack(asked_of(case, "both", 3.0))}))
    (found,) = browser.run(SCRIPT, [("long", {"threshold": "3", "sign": "both", "minVolume": 0})])
    regions = asked_of(case, "both", 3.0)
    assert found["tsv"] == to_tsv(region_columns(regions))
    image = nibabel.Nifti2Image.from_bytes(gzip.decompress(base64.b64decode(found["image"])))
    np.testing.assert_array_equal(np.asarray(image.dataobj), regions.labels)
