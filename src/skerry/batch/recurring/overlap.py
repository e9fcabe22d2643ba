"""Which regions come back from map to map."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from skerry.batch.recurring.find import find_recurring, least_maps
from skerry.batch.recurring.frequency import count_voxels, voxels_of
from skerry.batch.recurring.match import (
    Matches,
    Measure,
    check_match,
    check_share,
    match_regions,
)
from skerry.batch.recurring.tables import match_rows, overlap_rows
from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.typing import Connectivity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from skerry.batch.recurring.frequency import Frequency, RegionVoxels
    from skerry.regions.regions import Regions
    from skerry.space.grid import Grid
    from skerry.typing import PathLike


@dataclass(frozen=True, eq=False)
class Overlap:
    """What many maps have in common.

    Made by `skerry.batch.overlap`.

    Attributes
    ----------
    regions : Regions
        The recurring regions, in the map of shares: 0.8 where a voxel is in a
        positive region of 80 % of the maps, -0.8 for negative ones. Tables,
        figures and files of regions work on them.
    frequency : Frequency
        In how many maps each voxel is in a region.
    matches : Matches
        Which region of which map is which recurring region.
    parameters : mapping
        By what rule.
    notes : tuple of str
        What deserves to be said: maps that were left out, nothing found.
    """

    regions: Regions = field(repr=False)
    frequency: Frequency
    matches: Matches = field(repr=False)
    parameters: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.regions)

    def table(self, *, atlas: Any = ()) -> pd.DataFrame:
        """Tabulate the recurring regions, one row each.

        Parameters
        ----------
        atlas : atlas, or sequence of atlases
            As `skerry.region_table` takes them.

        Returns
        -------
        pandas.DataFrame
            The columns of `skerry.region_table` (of which `peak_value` is the
            highest share of the maps, negative for negative regions), then
            `n_maps` (that have a matching region), `share_of_maps`,
            `mean_dice` (over the matches; NaN without one), `n_maps_touching`
            (with a region of that sign that shares a voxel), `ids` (of the
            maps that match, with `; ` between them).
        """
        import pandas as pd

        from skerry.tables.region_table import atlases_of

        atlases = atlases_of(self.regions, atlas)
        return pd.DataFrame(overlap_rows(self.regions, self.matches, atlases))

    def match_table(self) -> pd.DataFrame:
        """Tabulate the matches, one row each.

        Returns
        -------
        pandas.DataFrame
            `region` (the recurring one), `id` (of the map), `map_region` (the
            number of the region in that map), `shared_voxels`, `dice`,
            `share` (of the smaller of the two that is shared).
        """
        import pandas as pd

        return pd.DataFrame(match_rows(self.matches))

    def __repr__(self) -> str:
        least, of = self.parameters["min_maps"], self.frequency.n_maps
        return f"Overlap({len(self)} regions that recur in {least} or more of {of} maps)"


def overlap(
    maps: PathLike | Sequence[Regions],
    *,
    min_share: float = 0.5,
    min_overlap: float = 0.5,
    measure: Measure = "dice",
    min_prominence: float | None = None,
    connectivity: Connectivity = 26,
    min_volume_mm3: float = 0.0,
    grid: str | None = None,
    ids: Sequence[str] | None = None,
) -> Overlap:
    r"""Find the regions that come back from map to map, each sign by itself.

    A recurring region is a connected set of voxels that are in a region of
    one sign in at least `min_share` of the maps, and in two: at 1 the
    conjunction of all maps. In each map its match is the region of that sign
    that overlaps it most. The result does not depend on the order of the maps.

    Parameters
    ----------
    maps : path or sequence of Regions
        The folder of a batch, or regions of maps on one grid, two at least.
    min_share : float
        Above 0, at most 1. Maps without a region count; maps that failed do not.
    min_overlap : float
        A match counts when its overlap is at least this; above 0, at most 1.
    measure : {"dice", "share"}
        Overlap as twice the shared voxels by the voxels of both, or as the
        shared voxels by the voxels of the smaller of the two.
    min_prominence : float, optional
        Split what is connected into parts, each of which rises at least this
        share of the maps above the saddle to its neighbour (0.1: one map in ten).
    connectivity : {6, 18, 26}
        Of recurring regions: neighbours share a face; or an edge; or a corner.
    min_volume_mm3 : float
        Smaller recurring regions are dropped.
    grid : str, optional
        Of a batch whose maps are on several grids, the one to look at, as the
        column `grid` of its `maps.parquet` names it. By default the one of
        most maps.
    ids : sequence of str, optional
        What the maps are called in the tables, for a sequence of regions. By
        default their numbers from 1.

    Returns
    -------
    Overlap
        Its regions numbered 1 to n: positive before negative, by falling
        highest share; ties by falling volume, then by the peak's lowest x, y, z
        in mm. When nothing recurs, of length 0, with a note.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense, or there are fewer than two maps.
    GridMismatchError
        If regions in a sequence are on different grids.
    MissingFileError, DamagedFileError
        If the folder is not that of a batch, or what it holds is damaged.

    Examples
    --------
    >>> from skerry import find_regions
    >>> from skerry.batch import overlap
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> sample = load_sample_motor_activation_image()
    >>> levels = [find_regions(sample, height, min_volume_mm3=1500) for height in (2.5, 3, 4)]
    >>> recurring = overlap(levels, min_share=1, ids=["2.5", "3", "4"])
    >>> recurring.table()[["sign", "volume_mm3", "n_maps", "mean_dice"]].round(2)
           sign  volume_mm3  n_maps  mean_dice
    0  positive     36936.0       3       0.82
    1  positive      7722.0       1       1.00
    2  positive      7101.0       3       0.85
    3  negative     15012.0       3       0.89
    4  negative      5184.0       3       0.79
    """
    check_share("min_share", min_share)
    if connectivity not in get_args(Connectivity):
        raise ArgumentError(f"connectivity must be 6, 18 or 26, got {connectivity!r}")
    check_match(measure, min_overlap)
    read, on_grid, notes = _read(maps, grid, ids)
    frequency = count_voxels(read(), on_grid)
    if frequency.n_maps < 2:
        raise ArgumentError("overlap needs at least two maps on one grid" + _why(notes))
    regions = find_recurring(
        frequency,
        min_share=min_share,
        connectivity=connectivity,
        min_volume_mm3=min_volume_mm3,
        min_prominence=min_prominence,
    )
    matches = match_regions(read(), regions, measure=measure, min_overlap=min_overlap)
    parameters = {
        "min_share": float(min_share),
        "min_maps": least_maps(min_share, frequency.n_maps),
        "n_maps": frequency.n_maps,
        "measure": measure,
        "min_overlap": float(min_overlap),
        "min_prominence": min_prominence,
        "connectivity": connectivity,
        "min_volume_mm3": regions.min_volume_mm3,
    }
    return Overlap(regions, frequency, matches, parameters, (*notes, *regions.notes))


def _why(notes: tuple[str, ...]) -> str:
    return f" ({'; '.join(notes)})" if notes else ""


def _read(
    maps: PathLike | Sequence[Regions], grid: str | None, ids: Sequence[str] | None
) -> tuple[Callable[[], Iterable[RegionVoxels]], Grid, tuple[str, ...]]:
    """Give a reader of the maps' voxels, which can be called again, their grid, and notes."""
    if isinstance(maps, (str, os.PathLike)):
        from skerry.batch.parts.results import open_results
        from skerry.batch.recurring.same_grid import group_of, read_group

        if ids is not None:
            raise ArgumentError("ids= is for a list of regions; the maps of a batch have theirs")
        results = open_results(maps)
        group, notes = group_of(results, grid)
        return lambda: read_group(results, group), group.grid, notes
    if not isinstance(maps, (list, tuple)):
        raise ArgumentTypeError(
            f"overlap takes the folder of a batch or a list of Regions, got {type(maps).__name__}"
        )
    if grid is not None:
        raise ArgumentError("grid= chooses among the maps of a batch; regions have their own")
    return (*_in_memory(maps, ids), ())


def _in_memory(
    maps: Sequence[Regions], ids: Sequence[str] | None
) -> tuple[Callable[[], Iterable[RegionVoxels]], Grid]:
    from skerry.regions.regions import Regions

    for number, one in enumerate(maps):
        if not isinstance(one, Regions):
            raise ArgumentTypeError(
                f"overlap takes Regions, as skerry.find_regions gives them; "
                f"element {number} is {type(one).__name__}"
            )
    if len(maps) < 2:
        raise ArgumentError(f"overlap needs at least two maps on one grid, got {len(maps)}")
    names = [str(number) for number in range(1, len(maps) + 1)] if ids is None else list(ids)
    if len(names) != len(maps) or len(set(names)) != len(names):
        raise ArgumentError(f"ids must be {len(maps)} different names, one a map, got {names!r}")
    grid = maps[0].grid
    for name, one in zip(names, maps, strict=True):
        if not grid.same_as(one.grid):
            raise GridMismatchError(
                f"the regions of map {name!r} are on another grid than those of {names[0]!r}; "
                "resample the maps to one grid first (skerry.space.resample)"
            )
    return lambda: (voxels_of(one, str(n)) for n, one in zip(names, maps, strict=True)), grid
