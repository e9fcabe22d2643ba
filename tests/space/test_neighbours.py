"""Places and steps against a plain search for neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from core.landscapes import all_xyz, connectivities, maps
from reference.merge_tree import grid_edges
from skerry.errors import ArgumentError
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours, MeshNeighbours


@settings(deadline=None, derandomize=True, max_examples=100)
@given(maps(), connectivities)
def test_steps_lead_to_the_neighbours_and_nowhere_else(drawn, connectivity):
    values, grid = drawn
    chosen = np.nan_to_num(values) > 0
    transposed = chosen.flags.f_contiguous
    neighbours = GridNeighbours(grid, connectivity)
    layout = neighbours.lay_out(np.flatnonzero(chosen.T if transposed else chosen), transposed)
    voxels = set(np.flatnonzero(chosen).tolist())
    index, number = layout.index_of(layout.place), layout.number_of(layout.place)
    assert layout.place.tolist() == sorted(layout.place)
    assert set(index.tolist()) == voxels
    at = dict(zip(layout.place.tolist(), index.tolist(), strict=True))
    assert len(at) == len(voxels)
    edges = grid_edges(grid.shape, connectivity)
    for place, voxel in at.items():
        beside = place + layout.table
        assert (beside >= 0).all()
        assert (beside < layout.n_places).all()
        assert {at[p] for p in beside.tolist() if p in at} == voxels & set(edges[voxel])
    assert (number >= 0).all()
    assert layout.to_place.of(number).tolist() == layout.place.tolist()
    assert len(set(number.tolist())) == len(voxels)
    in_order = all_xyz(grid)[index[np.argsort(number)]].tolist()
    assert not neighbours.sorted_in_space or in_order == sorted(in_order)
    every = np.arange(grid.n_voxels)
    xyz = all_xyz(grid)[np.argsort(neighbours.raster(every))].tolist()
    assert xyz == sorted(xyz)


def test_a_grid_counts_as_straight_when_nothing_drifts_by_a_thousandth_of_a_millimetre():
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    for slant, straight in ((1e-6, True), (1e-4, False)):
        affine[0, 1] = slant
        assert GridNeighbours(Grid((50, 50, 50), affine)).sorted_in_space is straight


def test_a_grid_that_is_too_large_is_refused_before_anything_is_made():
    with pytest.raises(ArgumentError, match="too large"):
        GridNeighbours(Grid((2000, 2000, 2000), np.eye(4)))


def test_millimetres_of_positions_are_those_of_the_grid():
    affine = np.array([[0, -2.0, 0, 30], [0, 0, 3.0, -9], [4.0, 0, 0, 5], [0, 0, 0, 1]])
    grid = Grid((4, 5, 6), affine)
    neighbours = GridNeighbours(grid)
    index = np.arange(grid.n_voxels)
    np.testing.assert_allclose(neighbours.xyz(neighbours.position(index)), all_xyz(grid))


def test_a_mesh_without_coordinates_orders_by_vertex():
    mesh = MeshNeighbours([0, 1, 2, 2], [1, 0])
    assert mesh.sorted_in_space
    assert mesh.lay_out(np.array([0, 2])).place.tolist() == [0, 2]
    assert mesh.position(np.array([2])).tolist() == [[2, 0, 0]]
