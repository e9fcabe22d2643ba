"""The maps of a batch that share a grid, and the voxels of their regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.batch.frequency import RegionVoxels
from skerry.errors import ArgumentError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skerry.batch.parts import Results
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


def groups_of(results: Results) -> list[Group]:
    """List the grids that the finished maps of a batch are on.

    Returns
    -------
    list of Group
        By falling number of maps; of equal numbers, the grid of the earlier map first.
    """
    n_maps: dict[str, int] = {}
    for id_ in results.ids:
        name = results.grid_id(id_)
        n_maps[name] = n_maps.get(name, 0) + 1
    names = sorted(n_maps, key=lambda name: -n_maps[name])  # stable
    return [Group(name, results.grid(name), n_maps[name]) for name in names]


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
    groups = groups_of(results)
    if not groups:
        raise ArgumentError(f"{shown(results.out)} has no finished map")
    if grid_id is None:
        chosen = groups[0]
    else:
        try:
            chosen = next(group for group in groups if group.grid_id == grid_id)
        except StopIteration:
            raise ArgumentError(
                f"no map of {shown(results.out)} is on a grid {grid_id!r}; "
                f"there are {', '.join(group.grid_id for group in groups)}"
            ) from None
    left_out = sum(group.n_maps for group in groups) - chosen.n_maps
    if not left_out:
        return chosen, ()
    maps = "1 map is" if left_out == 1 else f"{left_out} maps are"
    grids = "another grid" if len(groups) == 2 else f"{len(groups) - 1} other grids"
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
