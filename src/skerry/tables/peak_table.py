"""One row per peak."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.tables.columns import PEAK_CERTAINTY, PEAK_COLUMNS, in_order, spread
from skerry.tables.region_table import atlases_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from skerry.atlas.on_map import AtlasOnMap
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

    _check(min_distance_mm, max_peaks)
    peaks = regions.peaks
    xyz = regions.grid.xyz(peaks.ijk)
    starts = np.flatnonzero(np.diff(peaks.region, prepend=-1))
    kept: list[int] = []
    rank: list[int] = []
    for start, stop in pairwise([*starts, len(peaks)]):
        prominent = np.flatnonzero(peaks.prominence[start:stop] >= min_prominence)
        candidates = np.union1d([0], prominent) + start
        chosen = candidates[_apart(xyz[candidates], min_distance_mm, max_peaks)]
        kept.extend(chosen.tolist())
        rank.extend(range(1, len(chosen) + 1))
    rows = np.array(kept, dtype=np.intp)
    table = in_order(
        {
            "region": peaks.region[rows],
            "peak": np.array(rank, dtype=np.intp),
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
    r"""Tabulate the peaks of regions, the highest of each region first.

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
        `i`, `j`, `k` (voxel indices), `value`, `prominence` (\\|value\\| above
        the highest saddle to a higher peak; of the highest peak, above the
        threshold). For a map whose kind (and df) is known, also `p`
        (uncorrected) and `q` (false discovery rate over the mask), two-sided
        when both signs were looked for. For each atlas `NAME`: the label at the
        peak, its probability if the atlas has such, or "outside the atlas"
        with the nearest label and how far it is; and `NAME_network`, if any.

    Raises
    ------
    ArgumentError
        If `min_distance_mm` is negative or not finite, or `max_peaks` below 1.
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


def _check(min_distance_mm: float, max_peaks: int | None) -> None:
    if not 0 <= min_distance_mm < math.inf:
        raise ArgumentError(
            f"min_distance_mm must be finite and not negative, got {min_distance_mm}"
        )
    if max_peaks is not None and max_peaks < 1:
        raise ArgumentError(f"max_peaks must be at least 1, got {max_peaks}; None lists all")


def _apart(
    xyz: NDArray[np.float64], min_distance_mm: float, max_peaks: int | None
) -> NDArray[np.intp]:
    """Choose points, in their order, that lie more than a distance from all chosen before."""
    chosen: list[int] = []
    free = np.ones(len(xyz), dtype=bool)
    while free.any() and (max_peaks is None or len(chosen) < max_peaks):
        highest = int(np.argmax(free))
        chosen.append(highest)
        # 1e-6 mm: two voxels that are exactly the distance apart, up to rounding, are not further.
        free &= np.linalg.norm(xyz - xyz[highest], axis=1) > min_distance_mm + 1e-6
        free[highest] = False
    return np.array(chosen, dtype=np.intp)
