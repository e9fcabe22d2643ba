"""The finished maps of a batch, read again: which voxels their regions hold, on which grid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from skerry.batch.extra import need
from skerry.batch.parts.part import PARTS, Part, PartShelf
from skerry.errors import ArgumentError, DamagedFileError, MissingFileError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skerry.batch.parts.voxels import Voxels
    from skerry.space.grid import Grid
    from skerry.typing import PathLike

__all__ = ["MapVoxels", "Results", "maps_table", "open_results", "read_voxels"]


class MapVoxels(NamedTuple):
    """A map of a batch and the voxels of its regions."""

    id: str
    grid: str
    voxels: Voxels


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
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFileError(
            f"File not found: {shown(path)}; give the folder of a batch that ran to its end"
        ) from error
    except (OSError, ValueError, KeyError) as error:
        raise DamagedFileError(
            f"{shown(path)} cannot be read as the table of a batch; run skerry batch again"
        ) from error
