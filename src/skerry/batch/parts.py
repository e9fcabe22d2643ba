"""What a batch keeps in its folder: parts of finished maps, and how they are read again."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.batch.block import Block
from skerry.batch.extra import need
from skerry.batch.voxels import Runs, Voxels, voxels_of
from skerry.errors import ArgumentError, DamagedFileError, MissingFileError, OutputError
from skerry.io.paths import shown
from skerry.space.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skerry.typing import PathLike

__all__ = [
    "PARTS",
    "MapVoxels",
    "Part",
    "Results",
    "Voxels",
    "maps_table",
    "open_results",
    "read_voxels",
]

PARTS = ".parts"
SUFFIX = ".part"
# Decoded parts that are held at a time; one holds about a megabyte.
_HELD = 32


class MapVoxels(NamedTuple):
    """A map of a batch and the voxels of its regions."""

    id: str
    grid: str
    voxels: Voxels


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


class Results:
    """The finished maps of a batch, in the order of its manifest.

    Parameters
    ----------
    out : path
        Folder of a batch that ran to its end.

    Raises
    ------
    MissingFileError, DamagedFileError
        If the folder holds none, or its parts are gone or damaged.
    """

    def __init__(self, out: PathLike) -> None:
        self.out = Path(out)
        table = maps_table(self.out, ["id", "status", "key", "grid"])
        self._key = {
            row["id"]: (row["key"], row["grid"])
            for row in table.to_pylist()
            if row["status"] == "done"
        }
        self._shelf = PartShelf(self.out / PARTS)
        self._where = self._shelf.where()

    @property
    def ids(self) -> list[str]:
        """The maps that are done."""
        return list(self._key)

    def voxels(self, id_: str) -> Voxels:
        """Give the voxels of the regions of a map."""
        part, row = self._at(id_)
        return part.voxels(row)

    def grid_id(self, id_: str) -> str:
        """Give the short name of a map's grid; maps on one grid have the same."""
        self._at(id_)
        return str(self._key[id_][1])

    def grid(self, grid_id: str) -> Grid:
        """Give the grid of such a name: that of the first map on it."""
        for id_, (_, name) in self._key.items():
            if name == grid_id:
                part, row = self._at(id_)
                return part.grid(row)
        raise ArgumentError(f"no map of {shown(self.out)} is on a grid {grid_id!r}")

    def each(self, grid_id: str | None = None) -> Iterator[MapVoxels]:
        """Go through the maps, of one grid if asked, and the voxels of their regions."""
        for id_, (_, name) in self._key.items():
            if grid_id in (None, name):
                yield MapVoxels(id_, name, self.voxels(id_))

    def _at(self, id_: str) -> tuple[Part, int]:
        if id_ not in self._key:
            raise ArgumentError(f"{shown(self.out)} has no finished map {id_!r}")
        if (key := self._key[id_][0]) not in self._where:
            raise MissingFileError(
                f"{shown(self.out / PARTS)} lacks the part of {id_!r}; run skerry batch again"
            )
        name, row = self._where[key]
        return self._shelf.part(name), row


def open_results(out: PathLike) -> Results:
    """Open the folder of a batch to read its maps' voxels.

    Parameters
    ----------
    out : path
        Folder that `skerry.batch.run` or `skerry batch` wrote.

    Returns
    -------
    Results

    Raises
    ------
    MissingFileError, DamagedFileError
        If the folder holds no finished batch.
    """
    return Results(out)


def read_voxels(out: PathLike, id_: str) -> Voxels:
    """Give the voxels of the regions of one map of a batch.

    Parameters
    ----------
    out : path
        Folder of the batch.
    id_ : str
        The map, as in the column `id` of `maps.parquet`.

    Returns
    -------
    Voxels
        `positive`, `negative` (indices into the raveled grid, C order) and
        `region` (the number of the region of each, the positive ones first).

    Raises
    ------
    ArgumentError
        If no finished map has this id.
    MissingFileError, DamagedFileError
        If the folder holds no finished batch.
    """
    return open_results(out).voxels(id_)


def maps_table(out: Path, columns: Sequence[str]) -> Any:
    """Read columns of a batch's `maps.parquet` (pyarrow.Table).

    Raises
    ------
    MissingFileError, DamagedFileError
        If it is not there, or no table of a batch.
    """
    parquet = need("pyarrow.parquet")
    path = out / "maps.parquet"
    try:
        with path.open("rb") as stream:
            return parquet.read_table(stream, columns=list(columns)).select(list(columns))
    except FileNotFoundError as error:
        raise MissingFileError(
            f"File not found: {shown(path)}; give the folder of a batch that ran to its end"
        ) from error
    except (OSError, ValueError, KeyError) as error:
        raise DamagedFileError(
            f"{shown(path)} cannot be read as the table of a batch; run skerry batch again"
        ) from error
