"""The maps of a batch that share a grid, and the voxels of their regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.batch.recurring.frequency import RegionVoxels
from skerry.errors import ArgumentError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skerry.batch.parts.results import Results
    from skerry.space.grid import Grid


class Group(NamedTuple):
    """Maps of a batch on one grid."""

    grid_id: str  # as the column `grid` of maps.parquet says
    grid: Grid
    n_maps: int

    def __str__(self) -> str:
        shape = " x ".join(map(str, self.grid.shape))
        sizes = " x ".join(f"{size:.3g}" for size in self.grid.voxel_sizes_mm)
        return f"grid {self.grid_id} ({shape} voxels of {sizes} mm)"


def maps_by_grid(results: Results) -> dict[str, int]:
    """Count the finished maps on each grid.

    Returns
    -------
    dict of str to int
        By falling number of maps; of equal numbers, the grid of the earlier map first.
    """
    n_maps: dict[str, int] = {}
    for id_ in results.ids:
        name = results.grid_id(id_)
        n_maps[name] = n_maps.get(name, 0) + 1
    return dict(sorted(n_maps.items(), key=lambda item: -item[1]))  # sorting is stable


def group_of(results: Results, grid_id: str | None) -> tuple[Group, tuple[str, ...]]:
    """Choose the maps of one grid, and say which are left out.

    Parameters
    ----------
    results : Results
    grid_id : str, optional
        By default the grid of most maps.

    Raises
    ------
    ArgumentError
        If no map was done, or none is on this grid.
    """
    n_maps = maps_by_grid(results)
    if not n_maps:
        raise ArgumentError(f"{shown(results.out)} has no finished map")
    if grid_id is not None and grid_id not in n_maps:
        some = ", ".join(list(n_maps)[:8]) + (", ..." if len(n_maps) > 8 else "")
        raise ArgumentError(
            f"no map of {shown(results.out)} is on a grid {grid_id!r}; there are {some}"
        )
    name = next(iter(n_maps)) if grid_id is None else grid_id
    chosen = Group(name, results.grid(name), n_maps[name])
    left_out = sum(n_maps.values()) - chosen.n_maps
    if not left_out:
        return chosen, ()
    maps = "1 map is" if left_out == 1 else f"{left_out} maps are"
    grids = "another grid" if len(n_maps) == 2 else f"{len(n_maps) - 1} other grids"
    return chosen, (f"{maps} left out, on {grids} than {chosen}",)


def read_group(results: Results, group: Group) -> Iterator[RegionVoxels]:
    """Go through the maps of a group in the order of the manifest, one in memory at a time."""
    for one in results.each(group.grid_id):
        positive, negative, region = one.voxels
        yield RegionVoxels(
            one.id,
            np.concatenate([positive, negative]),
            region,
            np.arange(len(region)) < len(positive),
        )
