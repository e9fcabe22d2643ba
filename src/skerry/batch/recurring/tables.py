"""Recurring regions, and which region of which map is which of them, as columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.batch.recurring.match import Matches
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray

__all__ = ["match_rows", "overlap_rows"]


def overlap_rows(
    recurring: Regions, matches: Matches, atlases: Sequence[AtlasOnMap] = ()
) -> dict[str, AnyArray]:
    """Give the table of recurring regions as columns; see `Overlap.table`."""
    from skerry.tables.region_table import region_columns

    numbers = recurring.columns["region"]
    size = int(numbers.max(initial=0)) + 1
    n_matched = np.bincount(matches.recurring, minlength=size)[numbers]
    begin = np.searchsorted(matches.recurring, numbers, side="left")
    mean_dice = np.full(len(numbers), np.nan)
    names = np.empty(len(numbers), dtype=object)
    for position, (first, count) in enumerate(zip(begin, n_matched, strict=True)):
        mine = slice(first, first + count)
        names[position] = "; ".join(matches.ids[n] for n in matches.map_number[mine].tolist())
        if count:  # an exact sum, so that the order of the maps does not show in its last bit
            mean_dice[position] = math.fsum(matches.dice[mine].tolist()) / count
    return {
        **region_columns(recurring, atlases=atlases),
        "n_maps": n_matched,
        "share_of_maps": n_matched / len(matches.ids),
        "mean_dice": mean_dice,
        "n_maps_touching": matches.n_touched,
        "ids": names,
    }


def match_rows(matches: Matches) -> dict[str, AnyArray]:
    """Give the table of matches as columns; see `Overlap.match_table`."""
    names = np.empty(len(matches.recurring), dtype=object)
    names[:] = [matches.ids[number] for number in matches.map_number.tolist()]
    return {
        "region": matches.recurring,
        "id": names,
        "map_region": matches.region,
        "shared_voxels": matches.n_shared,
        "dice": matches.dice,
        "share": matches.share,
    }
