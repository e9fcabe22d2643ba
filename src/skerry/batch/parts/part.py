"""What a batch keeps in its folder: parts of finished maps."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.batch.parts.block import Block
from skerry.batch.parts.voxels import Runs, Voxels, voxels_of
from skerry.errors import DamagedFileError, MissingFileError, OutputError
from skerry.io.paths import shown
from skerry.space.grid import Grid

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PARTS", "SUFFIX", "Part", "PartShelf"]

PARTS = ".parts"
SUFFIX = ".part"
# Decoded parts that are held at a time; one holds about a megabyte.
_HELD = 32


class Part:
    """One part on disk: maps that were done together, and their rows.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_whole(self) -> bool:
        """Tell whether the bytes are those that were written."""
        try:
            return self._block.is_whole()
        except (DamagedFileError, MissingFileError):
            return False

    @cached_property
    def _block(self) -> Block:
        try:
            return Block(self.path.read_bytes(), shown(self.path))
        except OSError as error:
            raise MissingFileError(
                f"{shown(self.path)} cannot be read: {error.strerror}"
            ) from error

    @cached_property
    def maps(self) -> Any:
        """One row a map (pyarrow.Table), in the order in which they were done."""
        return self._block.table("maps")

    @cached_property
    def map_rows(self) -> list[dict[str, Any]]:
        """The same as one dict a map."""
        rows: list[dict[str, Any]] = self.maps.to_pylist()
        return rows

    @cached_property
    def regions(self) -> Any:
        """The regions of the maps, one map after the other (pyarrow.Table)."""
        return self._block.table("regions")

    @cached_property
    def peaks(self) -> Any:
        """The peaks of the maps, one map after the other (pyarrow.Table)."""
        return self._block.table("peaks")

    @cached_property
    def _voxels(self) -> Any:
        return self._block.table("voxels")

    @cached_property
    def _first_rows(self) -> dict[str, list[int]]:
        counts = {"regions": "n_regions", "peaks": "n_peaks"}
        return {
            table: [0, *np.cumsum(self.maps[count].to_numpy()).tolist()]
            for table, count in counts.items()
        }

    def rows(self, table: str, first: int, last: int) -> Any:
        """Give the rows of "regions" or "peaks" that belong to maps `first` to `last`."""
        starts = self._first_rows[table]
        whole = self.regions if table == "regions" else self.peaks
        return whole.slice(starts[first], starts[last + 1] - starts[first])

    def voxels(self, row: int) -> Voxels:
        """Give the voxels of the map in a row."""
        table = self._voxels
        runs = Runs(*(table[name][row].values.to_numpy() for name in Runs._fields))
        return voxels_of(runs, self.maps["n_positive"][row].as_py())

    def grid(self, row: int) -> Grid:
        """Give the grid of the map in a row."""
        i, j, k = self.maps["shape"][row].as_py()
        return Grid((i, j, k), np.reshape(self.maps["affine"][row].as_py(), (4, 4)))


class PartShelf:
    """The parts of a folder; a few of them in memory at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: OrderedDict[str, Part] = OrderedDict()

    def names(self) -> list[str]:
        """Give the names of the parts, sorted."""
        try:
            return sorted(path.name for path in self.folder.glob(f"*{SUFFIX}"))
        except OSError as error:  # pragma: no cover  # depends on the file system
            raise OutputError(f"{shown(self.folder)} cannot be read: {error.strerror}") from error

    def part(self, name: str) -> Part:
        """Give a part, held in memory if it was used lately."""
        if name not in self._held:
            self._held[name] = Part(self.folder / name)
            while len(self._held) > _HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(name)
        return self._held[name]

    def where(self) -> dict[str, tuple[str, int]]:
        """Say which part, and which of its rows, holds the map of each key."""
        return {
            key: (name, row)
            for name in self.names()
            for row, key in enumerate(Part(self.folder / name).maps["key"].to_pylist())
        }
