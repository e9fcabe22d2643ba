"""Small random maps for property tests, and comparisons of trees."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from reference.merge_tree import SlowTree, grid_edges
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours, MeshNeighbours

connectivities = st.sampled_from([6, 18, 26])


@st.composite
def maps(draw, max_side=4, max_height=4):
    """A small map with many ties, negative values, zeros and NaN, and its grid."""
    shape = tuple(draw(st.integers(1, max_side)) for _ in range(3))
    n = int(np.prod(shape))
    dtype = draw(st.sampled_from([np.float32, np.float64, np.int16]))
    heights = draw(st.lists(st.integers(-1, max_height), min_size=n, max_size=n))
    values = np.array(heights, dtype=dtype).reshape(shape)
    if values.dtype.kind == "f" and draw(st.booleans()):
        values.flat[draw(st.integers(0, n - 1))] = np.nan
    if draw(st.booleans()):
        values = np.asfortranarray(values)
    sizes = [draw(st.integers(1, 4)) for _ in range(3)]
    affine = np.diag([*sizes, 1.0])
    affine[:3, 3] = [draw(st.integers(-20, 20)) for _ in range(3)]
    turned, grid = turn(values, Grid(shape, affine), draw(turns))
    return turned, grid


# A new order of the axes and which of them run backwards.
turns = st.tuples(st.permutations(range(3)), st.tuples(st.booleans(), st.booleans(), st.booleans()))


def turn(values, grid, how):
    """The same voxels at the same millimetres, stored along other axes."""
    order, flips = how
    affine = grid.affine.copy()
    affine[:3, :3] = grid.affine[:3, order]
    values = np.transpose(values, order)
    for axis, flip in enumerate(flips):
        if flip:
            values = np.flip(values, axis)
            affine[:3, 3] += affine[:3, axis] * (values.shape[axis] - 1)
            affine[:3, axis] *= -1
    return values, Grid(values.shape, affine)


def all_xyz(grid):
    """(n, 3) mm of every voxel, in the order of the raveled array."""
    return grid.xyz(np.stack(np.unravel_index(np.arange(grid.n_voxels), grid.shape), axis=-1))


def slow(values, grid, connectivity, floor=0.0):
    edges = grid_edges(grid.shape, connectivity)
    return SlowTree(values.ravel(), edges, np.rint(all_xyz(grid)), floor)


def as_mesh(grid, connectivity):
    """The grid's neighbours as if it were a mesh."""
    edges = grid_edges(grid.shape, connectivity)
    starts = np.cumsum([0, *(len(edges[i]) for i in range(grid.n_voxels))])
    table = [j for i in range(grid.n_voxels) for j in edges[i]]
    return MeshNeighbours(starts, np.array(table, dtype=int), all_xyz(grid))


def in_space(tree, grid):
    """What a tree says, in millimetres and without the file's order: comparable lists."""
    xyz = [
        tuple(np.round(p, 3))
        for p in grid.xyz(np.stack(np.unravel_index(tree.order, grid.shape), -1))
    ]

    def places(ranks):
        return [xyz[r] if r >= 0 else None for r in ranks]

    return {
        "order": xyz,
        "height": tree.height.tolist(),
        "saddle": places(tree.saddle),
        "node_rank": places(tree.node_rank),
        **{
            name: getattr(tree, name).tolist()
            for name in (
                "parent",
                "leaf",
                "node",
                "node_parent",
                "elder",
                "saddle_from",
                "saddle_to",
            )
        },
    }


def grid_neighbours(grid, connectivity):
    return GridNeighbours(grid, connectivity)
