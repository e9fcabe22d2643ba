"""Voxels by falling height, sorted by numpy and by machine code against a plain sort."""

from __future__ import annotations

import numpy as np
import pytest

import skerry.core.tree.falling as falling_module
from skerry.core.tree.falling import sort_falling
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours

GRID = Grid((12, 11, 10), np.diag([-2.0, 2.0, 3.0, 1.0]))


def heights_of(kind):
    rng = np.random.default_rng(3)
    single = np.abs(rng.normal(size=GRID.n_voxels)).astype(np.float32) + np.float32(1e-3)
    double = single.astype(np.float64)
    return {
        "float32": single,
        "float64 read from float32": double,
        "float64 computed": double * 1.1,
        "apart in the last bits": 1 + rng.permutation(GRID.n_voxels) * 2.0**-52,
        "many ties": rng.integers(1, 9, GRID.n_voxels).astype(np.float32),
        "many ties in float64": rng.integers(1, 9, GRID.n_voxels) * 1.1,
        "infinite, largest and least": np.resize([np.inf, 5e-324, 1.7e308, 0.1], GRID.n_voxels),
        "of float64 at first, then not": np.append(double[:-1], 0.1),
    }[kind]


@pytest.mark.parametrize("loaded", [False, True])
@pytest.mark.parametrize(
    "kind",
    [
        "float32",
        "float64 read from float32",
        "float64 computed",
        "apart in the last bits",
        "many ties",
        "many ties in float64",
        "infinite, largest and least",
        "of float64 at first, then not",
    ],
)
def test_voxels_fall_in_height_and_ties_rise_in_space(kind, loaded, monkeypatch):
    monkeypatch.setattr(falling_module, "numba_is_loaded", lambda: loaded)
    heights, neighbours = heights_of(kind), GridNeighbours(GRID)
    layout = neighbours.lay_out(np.arange(GRID.n_voxels))
    falling = sort_falling(heights, layout, neighbours)
    order = np.lexsort((neighbours.raster(np.arange(GRID.n_voxels)), -heights))
    assert np.array_equal(falling.voxel, order)
    assert np.array_equal(falling.place, layout.place[order])
    assert falling.height.dtype == heights.dtype
    assert np.array_equal(falling.height, heights[order])
    level = np.searchsorted(-falling.height, -falling.height, side="left")
    assert np.array_equal(falling.level, level)
    assert np.array_equal(falling.tied, np.flatnonzero(np.bincount(level)[level] > 1))
