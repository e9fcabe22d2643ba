"""Regions that come back from map to map, found on the frequency map."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from skerry.batch.recurring.frequency import Frequency
    from skerry.regions.regions import Regions
    from skerry.typing import Connectivity


def least_maps(min_share: float, n_maps: int) -> int:
    """Give the number of maps that a share stands for: rounded up, and at least 2.

    One map's region comes back in no other, however few maps there are.

    Examples
    --------
    >>> least_maps(0.5, 2), least_maps(0.5, 7), least_maps(0.07, 100), least_maps(1.0, 12)
    (2, 4, 7, 12)
    """
    # As the fraction that was meant: in floating point 0.07 * 100 is more than 7, and 5 / 6
    # more than five sixths.
    return max(2, math.ceil(Fraction(float(min_share)).limit_denominator(1_000_000) * n_maps))


def find_recurring(
    frequency: Frequency,
    *,
    min_share: float,
    connectivity: Connectivity,
    min_volume_mm3: float,
    min_prominence: float | None,
) -> Regions:
    """Find where regions of many maps lie on one another.

    Parameters
    ----------
    frequency : Frequency
    min_share : float
        A voxel counts when it is in a region, of one sign, of at least this
        share of the maps, and of two.
    connectivity : {6, 18, 26}
    min_volume_mm3 : float
    min_prominence : float, optional
        Split what is connected into parts, each of which rises at least this
        share of the maps above its neighbours.

    Returns
    -------
    Regions
        Of the map of shares, those of negative regions negative. Where a voxel
        is common in both signs, the more common one has it, the positive one
        when they are equal.
    """
    from skerry.regions.find import find_regions
    from skerry.regions.split import split_regions
    from skerry.space.statmap import StatMap

    n_maps, least = frequency.n_maps, least_maps(min_share, frequency.n_maps)
    positive, negative = frequency.positive, frequency.negative
    values = np.where(positive >= negative, positive, -negative) / np.float64(n_maps)
    statmap = StatMap(values, frequency.grid, kind="other", name="overlap")
    found = find_regions(
        statmap, least / n_maps, connectivity=connectivity, min_volume_mm3=min_volume_mm3
    )
    if min_prominence is not None:
        found = split_regions(found, min_prominence=min_prominence, min_volume_mm3=min_volume_mm3)
    return replace(found, notes=_notes(found, frequency, least))


def _notes(found: Regions, frequency: Frequency, least: int) -> tuple[str, ...]:
    if len(found):
        return ()
    if found.n_above_threshold:
        return ("nothing recurs: all places that do are too small",)
    most = max(frequency.highest("positive"), frequency.highest("negative"))
    nothing = f"nothing recurs: no voxel is in a region of {least} of the {frequency.n_maps} maps"
    return (f"{nothing}, the most common one is in {most}",)
