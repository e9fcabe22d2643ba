"""Read what a peer said, and its comparison rule."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_csv(path: Path) -> list[dict[str, str]]:
    """Read a peer's table as it stands."""
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def strictly_above(threshold: float) -> float:
    """Give the lowest threshold at which skerry's >= keeps what a peer's > keeps.

    SPM and Workbench keep values above a threshold, skerry those at or above
    it: the next number in double precision makes them the same. FSL's cluster
    keeps values at its threshold too, but no voxel of these maps lies at one.
    """
    return math.nextafter(threshold, math.inf)
