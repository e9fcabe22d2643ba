"""Regions that no single height gives: parts, a selection, clusters at heights of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray


@dataclass(frozen=True, slots=True)
class Given:
    """Why a page cannot show some regions by a threshold, in words.

    Attributes
    ----------
    why : str
    """

    why: str

    def facts(self, columns: dict[str, AnyArray]) -> dict[str, Any]:
        """Give the table of the regions as text, for the page to show beside its own."""
        from skerry.tables.columns import written

        cells = [written(name, values) for name, values in columns.items()]
        rows = [list(row) for row in zip(*cells, strict=True)]
        return {"why": self.why, "columns": list(columns), "rows": rows}


def given_regions(found: Regions) -> Given | None:
    """Tell whether regions are those of one height, and say what they are if not.

    Parameters
    ----------
    found : Regions

    Returns
    -------
    Given or None
        None where `find_regions` at their height gives the very same regions.
    """
    live = f"The slider shows the map's regions at one height, from {found.threshold:.4g} on"
    if not np.isfinite(found.threshold):
        return None
    if "part_of" in found.columns:
        return Given(
            f"Regions were split along the valleys between their peaks. {live}; "
            "the parts are in the table of the given regions."
        )
    if "height" in found.columns:
        return Given(
            f'Regions were asked for as "{found.asked}": each has a height of its own. '
            f"{live}, the lowest of them; these regions are in a table of their own."
        )
    if not _is_whole(found):
        return Given(
            f"Only some regions were given ({len(found)}). {live}, all of them; "
            "those selected are in a table of their own."
        )
    return None


def _is_whole(found: Regions) -> bool:
    """Tell whether regions are all that there are at their height."""
    n_voxels = int(found.columns["n_voxels"].sum())
    if n_voxels == found.n_above_threshold:
        return True
    if not found.min_volume_mm3:
        return False
    from skerry.regions.find import find_regions

    again = find_regions(
        found.statmap,
        found.threshold,
        sign=found.sign,
        connectivity=found.connectivity,
        min_volume_mm3=found.min_volume_mm3,
    )
    return np.array_equal(again.labels, found.labels)
