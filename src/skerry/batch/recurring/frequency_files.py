"""The frequency maps of a batch as images."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from skerry.batch.recurring.frequency import SIDES, count_voxels
from skerry.batch.recurring.same_grid import Group, maps_by_grid, read_group
from skerry.errors import OutputError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from skerry.batch.parts.results import Results
    from skerry.batch.recurring.frequency import Frequency

FOLDER = "frequency"
# A batch of maps that are all on grids of their own has nothing in common to show.
MOST_GRIDS = 16


class GridFrequency(NamedTuple):
    """How often each voxel of a grid is in a region."""

    group: Group
    frequency: Frequency


class Counted(NamedTuple):
    """Which maps of a batch have a frequency map."""

    groups: tuple[Group, ...]
    notes: tuple[str, ...]


def counted_groups(results: Results) -> Counted:
    """Choose the grids that have a frequency map: those of two maps at least, the commonest.

    Returns
    -------
    Counted
        With what is said of the maps that are left out.
    """
    n_maps = maps_by_grid(results)
    shared = [name for name, n in n_maps.items() if n > 1]
    chosen, rest = shared[:MOST_GRIDS], shared[MOST_GRIDS:]
    notes = []
    if alone := len(n_maps) - len(shared):
        maps = "1 map is" if alone == 1 else f"{alone} maps are"
        notes.append(f"{maps} alone on a grid and in no frequency map")
    if rest:
        grids = "1 less common grid" if len(rest) == 1 else f"{len(rest)} less common grids"
        notes.append(
            f"{sum(n_maps[name] for name in rest)} maps on {grids} are in no frequency map; "
            "skerry overlap --grid looks at any"
        )
    groups = tuple(Group(name, results.grid(name), n_maps[name]) for name in chosen)
    return Counted(groups, tuple(notes))


def each_frequency(results: Results, groups: tuple[Group, ...]) -> Iterator[GridFrequency]:
    """Count grid by grid, so that one grid at a time is in memory."""
    for group in groups:
        yield GridFrequency(group, count_voxels(read_group(results, group), group.grid))


def save_frequency(counted: GridFrequency, out: Path) -> None:
    """Write the images of a grid into `OUT/frequency`.

    `GRID_positive_share.nii.gz` (float32, 0 to 1) and
    `GRID_positive_count.nii.gz` (int32, maps), and the same of negative
    regions; of a sign that no map has regions of, none.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    from skerry.io.save import made_folder, save_image

    folder = made_folder(out / FOLDER)
    for side in SIDES:
        if not counted.frequency.highest(side):
            continue
        stem = f"{counted.group.grid_id}_{side}"
        save_image(counted.frequency.share_img(side), folder / f"{stem}_share.nii.gz")
        save_image(counted.frequency.count_img(side), folder / f"{stem}_count.nii.gz")


def remove_frequencies(out: Path) -> None:
    """Remove the images of an earlier run: its maps may have been others.

    Raises
    ------
    OutputError
        If one cannot be removed.
    """
    for side in SIDES:
        for what in ("share", "count"):
            for path in (out / FOLDER).glob(f"*_{side}_{what}.nii.gz"):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise OutputError(
                        f"{shown(path)} cannot be removed: {error.strerror}"
                    ) from error
