"""Voxels or vertices in one flat array, each at a place from which its neighbours are near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.renumber import Renumbering

__all__ = ["Layout"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Voxels laid out in one flat array in which neighbours are easy to reach.

    Parameters
    ----------
    place : (n,) int32
        Where each voxel is in the flat array, rising: memory's order.
    n_places : int
        Length of the flat array; no step from a place leaves it.
    starts : (1,) or (n_places + 1,) int32
        One element: the neighbours of place p are ``p + table``. Else they are
        ``table[starts[p]:starts[p + 1]]``.
    table : (m,) int32
        Steps, or places of neighbours.
    block : (27,) or (0,) int32
        On a grid, the steps to the 3 x 3 x 3 block around a place, x slowest.
    connectivity : int
        6, 18 or 26 on a grid, 0 on a mesh.
    to_index, to_number : Renumbering or None
        From a voxel's place to what `index_of` and `number_of` say; None if it is the same.
    to_place : Renumbering or None
        From a voxel's number to its place, likewise.
    """

    place: NDArray[np.int32]
    n_places: int
    starts: NDArray[np.int32]
    table: NDArray[np.int32]
    block: NDArray[np.int32]
    connectivity: int
    to_index: Renumbering | None = None
    to_number: Renumbering | None = None
    to_place: Renumbering | None = None

    @property
    def on_grid(self) -> bool:
        """Whether the neighbours are the same steps from everywhere."""
        return self.connectivity > 0

    def index_of(self, places: NDArray[np.int32]) -> NDArray[np.int32]:
        """Give the indices of voxels into the raveled values (C order)."""
        return places if self.to_index is None else self.to_index.of(places)

    def number_of(self, places: NDArray[np.int32]) -> NDArray[np.int32]:
        """Give numbers from 0 that rise with x, then y, then z in mm.

        Unless the grid is oblique or a mesh's coordinates decide.
        """
        return places if self.to_number is None else self.to_number.of(places)

    @property
    def most(self) -> int:
        """The most neighbours that a voxel has."""
        if self.on_grid:
            return len(self.table)
        return int(np.diff(self.starts).max(initial=0))
