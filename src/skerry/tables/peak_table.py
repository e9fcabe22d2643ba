"""One row per peak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.checks import check_count, check_not_negative
from skerry.tables.columns import PEAK_CERTAINTY, PEAK_COLUMNS, in_order, spread
from skerry.tables.region_table import atlases_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.peaks import RegionPeaks
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray


def peak_columns(
    regions: Regions,
    *,
    min_distance_mm: float = 8.0,
    max_peaks: int | None = 3,
    min_prominence: float = 0.0,
    atlases: Sequence[AtlasOnMap] = (),
) -> dict[str, AnyArray]:
    """Give the peak table as columns; see `peak_table`."""
    from skerry.regions.certainty import peak_certainty
    from skerry.regions.regions import check_regions

    check_regions(regions)
    check_not_negative("min_distance_mm", min_distance_mm)
    check_not_negative("min_prominence", min_prominence)
    if max_peaks is not None:
        check_count("max_peaks", max_peaks, instead="; None lists all")
    peaks = regions.peaks
    xyz = regions.grid.xyz(peaks.ijk)
    rows, rank = _chosen(peaks, xyz, min_distance_mm, max_peaks, min_prominence)
    table = in_order(
        {
            "region": peaks.region[rows],
            "peak": rank,
            **spread("", xyz[rows], "xyz"),
            **spread("", peaks.ijk[rows], "ijk"),
            "value": peaks.value[rows],
            "prominence": peaks.prominence[rows],
            **peak_certainty(regions, peaks.ijk[rows]),
        },
        PEAK_COLUMNS,
        PEAK_CERTAINTY,
    )
    if atlases:
        from skerry.atlas.columns import peak_labels

        for placed in atlases:
            table |= peak_labels(placed, peaks.ijk[rows])
    return table


def peak_table(
    regions: Regions,
    *,
    min_distance_mm: float = 8.0,
    max_peaks: int | None = 3,
    min_prominence: float = 0.0,
    atlas: Any = (),
) -> pd.DataFrame:
    """Tabulate the peaks of regions, the highest of each region first.

    Parameters
    ----------
    regions : Regions
    min_distance_mm : float
        A further peak is listed when it lies more than this from all peaks
        listed of its region (SPM's rule), mm.
    max_peaks : int or None
        At most so many peaks a region; None lists all.
    min_prominence : float
        Leave out peaks of a lower prominence; a region's highest stays.
    atlas : atlas, or sequence of atlases
        As in `region_table`.

    Returns
    -------
    pandas.DataFrame
        `region`, `peak` (1 the highest of its region), `x`, `y`, `z` (RAS+ mm),
        `i`, `j`, `k` (voxel indices), `value`, `prominence` (|value| above
        the highest saddle to a higher peak; of the highest peak, above the
        threshold). For a map whose kind (and df) is known, also `p`
        (uncorrected) and `q` (false discovery rate over the mask), two-sided
        when both signs were looked for. For each atlas `NAME`: the label at the
        peak, its probability if the atlas has such, or "outside the atlas"
        with the nearest label and how far it is; and `NAME_network`, if any.

    Raises
    ------
    ArgumentError
        If `min_distance_mm` or `min_prominence` is negative or not finite, or `max_peaks`
        below 1.
    ArgumentTypeError
        If `regions` is none, one of the first two no number, or `max_peaks` no whole
        number.
    """
    import pandas as pd

    atlases = atlases_of(regions, atlas)
    return pd.DataFrame(
        peak_columns(
            regions,
            min_distance_mm=min_distance_mm,
            max_peaks=max_peaks,
            min_prominence=min_prominence,
            atlases=atlases,
        )
    )


def _chosen(
    peaks: RegionPeaks,
    xyz: NDArray[np.float64],
    min_distance_mm: float,
    max_peaks: int | None,
    min_prominence: float,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Choose the peaks to list, and number those of each region from 1."""
    is_first = np.diff(peaks.region, prepend=-1) != 0
    candidates = np.flatnonzero(is_first | (peaks.prominence >= min_prominence))
    region = np.cumsum(is_first)[candidates] - 1
    rank = _apart(xyz[candidates], region, min_distance_mm, max_peaks)
    listed = np.flatnonzero(rank)
    return candidates[listed], rank[listed]


def _apart(
    xyz: NDArray[np.float64], group: NDArray[np.intp], min_distance_mm: float, max_peaks: int | None
) -> NDArray[np.intp]:
    """Rank points of each group that lie more than a distance from all chosen before; 0: none.

    One round chooses the next point of every group; `group` rises from 0.
    """
    rank = np.zeros(len(xyz), dtype=np.intp)
    free = np.arange(len(xyz))
    n_chosen = 0
    while len(free) and (max_peaks is None or n_chosen < max_peaks):
        n_chosen += 1
        mine = group[free]
        is_next = np.diff(mine, prepend=-1) != 0
        chosen = free[is_next]
        rank[chosen] = n_chosen
        away = xyz[free] - xyz[chosen[np.cumsum(is_next) - 1]]
        distance = np.sqrt(away[:, 0] ** 2 + away[:, 1] ** 2 + away[:, 2] ** 2)
        # 1e-6 mm: two voxels that are exactly the distance apart, up to rounding, are not further.
        free = free[~is_next & (distance > min_distance_mm + 1e-6)]
    return rank
