"""The frequency maps of a batch, as images and as figures."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.atlas.mni import in_mni
from skerry.batch.frequency import SIDES, count_voxels
from skerry.batch.maps_of import groups_of, read_group
from skerry.space.statmap import StatMap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skerry.batch.frequency import Frequency, Side
    from skerry.batch.maps_of import Group
    from skerry.batch.parts import Results

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
    groups = groups_of(results)
    shared = [group for group in groups if group.n_maps > 1]
    chosen, rest = shared[:MOST_GRIDS], shared[MOST_GRIDS:]
    notes = []
    if alone := len(groups) - len(shared):
        maps = "1 map is" if alone == 1 else f"{alone} maps are"
        notes.append(f"{maps} alone on a grid and in no frequency map")
    if rest:
        n_maps = sum(group.n_maps for group in rest)
        notes.append(
            f"{n_maps} maps on {len(rest)} less common grids are in no frequency map; "
            "skerry overlap --grid looks at any"
        )
    return Counted(tuple(chosen), tuple(notes))


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
    """Remove the images of an earlier run: its maps may have been others."""
    for side in SIDES:
        for what in ("share", "count"):
            for path in (out / FOLDER).glob(f"*_{side}_{what}.nii.gz"):
                path.unlink(missing_ok=True)


class Look(NamedTuple):
    """What the figures of both signs share, so that they can be compared."""

    cuts_mm: tuple[float, ...]  # z, RAS+ mm
    highest_percent: float
    over_mni: bool  # drawn over the MNI152 template; over nothing otherwise


def look_of(counted: GridFrequency) -> Look:
    """Choose slices where there is most to see, and say what lies beneath."""
    import nibabel

    from skerry.plotting.cuts import find_cut_slices

    frequency = counted.frequency
    both = (frequency.positive + frequency.negative).astype(np.float32)
    with warnings.catch_warnings():  # an oblique grid is cut where its nearest voxels are
        warnings.simplefilter("ignore", UserWarning)
        cuts = find_cut_slices(nibabel.Nifti1Image(both, frequency.grid.affine), "z", n_cuts=7)
    highest = max(frequency.highest(side) for side in SIDES)
    in_brain = in_mni(StatMap(both, frequency.grid)).answer is True
    return Look(tuple(map(float, cuts)), 100 * highest / frequency.n_maps, in_brain)


def figure_png(counted: GridFrequency, side: Side, look: Look, *, black: bool) -> bytes:
    """Draw axial slices of the share of the maps, in percent, as a PNG.

    Parameters
    ----------
    counted : GridFrequency
    side : {"positive", "negative"}
    look : Look
    black : bool
        On black, for dark pages.
    """
    import nibabel

    from skerry.plotting import plot_stat_map
    from skerry.plotting.background import MNI152TEMPLATE

    frequency = counted.frequency
    percent = 100 * frequency.counts(side) / np.float32(frequency.n_maps)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        display = plot_stat_map(
            nibabel.Nifti1Image(percent.astype(np.float32), frequency.grid.affine),
            bg_img=MNI152TEMPLATE if look.over_mni else None,
            display_mode="z",
            cut_coords=look.cuts_mm,
            black_bg=black,
            draw_cross=False,
            # What is common stands out from the page: dark on white, bright on black.
            cmap=("YlOrRd" if side == "positive" else "YlGnBu") + ("_r" if black else ""),
            vmin=0,
            vmax=look.highest_percent,
            cbar_tick_format="%.3g %%",
        )
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "slices.png"
            display.savefig(path, dpi=90)
            return path.read_bytes()
    finally:
        display.close()
