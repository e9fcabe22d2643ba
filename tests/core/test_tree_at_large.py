"""The merge tree of maps of many thousand voxels, by machine code, against scipy's labels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

import skerry.core.tree.build as tree_module
import skerry.core.tree.listing as listing_module
from skerry.core.tree import build_tree
from skerry.datasets import load_sample_motor_activation_image
from skerry.io.load import load_map
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours

REACH = {6: 1, 18: 2, 26: 3}


def structure(connectivity):
    return ndimage.generate_binary_structure(3, REACH[connectivity])


def rough(kind):
    """A map of 40 x 35 x 37 voxels: smooth, of few distinct heights, or noise in a shell."""
    generator = np.random.default_rng(2)
    noise = generator.standard_normal((40, 35, 37))
    if kind == "noise in a shell":
        radius = np.sqrt(
            sum((i - n / 2) ** 2 for i, n in zip(np.indices(noise.shape), noise.shape, strict=True))
        )
        return np.where((radius > 9) & (radius < 16), noise, np.nan).astype(np.float32)
    smooth = ndimage.gaussian_filter(noise, 1.5)
    smooth /= smooth.std()
    return np.round(3 * smooth) if kind == "few heights" else smooth


def built(values, neighbours, *, machine_code, **options):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree_module, "machine_code_pays", lambda _n: machine_code)
        patch.setattr(listing_module, "numba_is_loaded", lambda: machine_code)
        return build_tree(values, neighbours, **options)


@pytest.mark.parametrize("connectivity", [6, 18, 26])
@pytest.mark.parametrize("kind", ["smooth", "few heights", "noise in a shell"])
def test_islands_and_saddles_are_those_of_labels_at_their_heights(kind, connectivity):
    values = rough(kind)
    neighbours = GridNeighbours(Grid(values.shape, np.diag([-2.0, 2.0, 3.0, 1.0])), connectivity)
    tree = built(values, neighbours, machine_code=True)
    assert tree.n_voxels == np.count_nonzero(values > 0)
    assert tree.n_peaks > 100

    def labels_at(height):
        with np.errstate(invalid="ignore"):
            return ndimage.label((values >= height) & (values > 0), structure(connectivity))[0]

    extent, mass = tree.node_extent(), tree.node_mass()
    for height in np.quantile(tree.height, [0.02, 0.3, 0.7, 0.99]):
        labels = labels_at(height)
        cut = tree.cut(height)
        pairs = np.unique(np.stack([labels.ravel(), cut.ravel()]), axis=1)
        assert pairs.shape[1] == labels.max() + (labels == 0).any()
        assert cut.max() == labels.max()

    peak = tree.order[tree.node_rank[: tree.n_peaks]]
    inner = np.flatnonzero(tree.saddle >= 0)
    heights = tree.height[tree.saddle[inner]].astype(float)
    for leaf, height in list(zip(inner, heights, strict=True))[:: max(1, len(inner) // 60)]:
        own, elder = peak[leaf], peak[tree.elder[leaf]]
        joined = labels_at(height).ravel()
        assert joined[own] == joined[elder] == joined[tree.order[tree.saddle[leaf]]] > 0
        apart = labels_at(np.nextafter(height, np.inf)).ravel()
        if tree.height[tree.node_rank[leaf]] > height:
            assert apart[own] > 0
            assert apart[own] != apart[elder]
            # No higher peak shares its island before.
            assert tree.leaf[np.flatnonzero(apart[tree.order] == apart[own])].min() == leaf
    for node in range(0, tree.n_nodes, max(1, tree.n_nodes // 60)):
        parent = tree.node_parent[node]
        bottom = tree.node_height[parent] if parent >= 0 else 0.0
        island = labels_at(np.nextafter(float(bottom), np.inf)).ravel()
        island = island == island[tree.order[tree.node_rank[node]]]
        assert extent[node] == np.count_nonzero(island)
        np.testing.assert_allclose(mass[node], values.ravel()[island].sum(dtype=float), rtol=1e-9)


@pytest.mark.parametrize("connectivity", [6, 18, 26])
@pytest.mark.parametrize("kind", ["smooth", "few heights", "noise in a shell"])
def test_machine_code_and_plain_python_give_the_same_arrays(kind, connectivity):
    values = rough(kind)
    neighbours = GridNeighbours(Grid(values.shape, np.diag([2.0, -2.0, 2.0, 1.0])), connectivity)
    for sign in ("positive", "negative"):
        fast, plain = (
            built(values, neighbours, machine_code=pays, sign=sign) for pays in (True, False)
        )
        for name in fast.__slots__:
            assert np.array_equal(getattr(fast, name), getattr(plain, name)), name


@pytest.mark.parametrize("sign", ["positive", "negative"])
@pytest.mark.parametrize("connectivity", [6, 18, 26])
def test_the_peaks_of_the_embedded_map_are_its_local_maxima(sign, connectivity):
    statmap = load_map(load_sample_motor_activation_image())
    neighbours = GridNeighbours(statmap.grid, connectivity)
    tree = build_tree(statmap.values, neighbours, sign=sign, mask=statmap.mask)
    heights = statmap.values if sign == "positive" else -statmap.values
    heights = np.where(statmap.mask & (heights > 0), heights, 0)
    near = structure(connectivity)
    tops = (heights > 0) & (
        heights == ndimage.maximum_filter(heights, footprint=near, mode="constant")
    )
    # A flat top is one peak, unless a part of it has a higher neighbour.
    expected = np.zeros(heights.shape, dtype=bool)
    n_peaks = 0
    for height in np.unique(heights[tops]):
        level, n_levels = ndimage.label(heights == height, near)
        lower = np.unique(level[(heights == height) & ~tops])
        for plateau in np.setdiff1d(np.arange(1, n_levels + 1), lower):
            expected |= level == plateau
            n_peaks += 1
    assert tree.n_peaks == n_peaks
    assert expected.ravel()[tree.order[tree.node_rank[:n_peaks]]].all()
