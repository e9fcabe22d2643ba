"""The three tables of a batch, put together from its parts in the order of the manifest."""

from __future__ import annotations

import contextlib
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.batch.extra import need
from skerry.batch.parts.schema import (
    MAPS_COLUMNS,
    PEAKS_ORDER,
    REGIONS_ORDER,
    TIMES,
    aligned,
    in_order,
    type_of,
)
from skerry.io.save import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from skerry.batch.asked.manifest import Manifest
    from skerry.batch.parts.part import PartShelf

__all__ = ["TABLES", "Counts", "Failure", "write_tables"]

TABLES = ("regions.parquet", "peaks.parquet", "maps.parquet")
# Rows of a row group: the same whatever the parts, so that the bytes are the same.
_GROUP_ROWS = 1 << 17


class Failure(NamedTuple):
    """Why a map failed, how often it was tried, and how long that took."""

    reason: str
    tries: int
    seconds: float


class Counts(NamedTuple):
    """What a batch came to."""

    done: int
    failed: int
    regions: int
    peaks: int


class _Stretch(NamedTuple):
    """Maps that follow one another both in the manifest and in a part."""

    first: int  # in the manifest
    part: str
    row: int
    n_maps: int


def write_tables(
    out: Path,
    manifest: Manifest,
    shelf: PartShelf,
    places: Sequence[tuple[str, int] | None],
    failures: Mapping[int, Failure],
    tries: Mapping[int, int],
) -> Counts:
    """Write `maps.parquet`, `regions.parquet` and `peaks.parquet`.

    Parameters
    ----------
    out : Path
    manifest : Manifest
    shelf : PartShelf
    places : sequence of (part, row) or None
        Where each map of the manifest lies; None for one that failed.
    failures : mapping of int to Failure
        Why, by its number in the manifest.
    tries : mapping of int to int
        How often a map was handed out, where that was more than once.

    Returns
    -------
    Counts
    """
    counted = {
        "regions": np.zeros(len(manifest), np.int64),
        "peaks": np.zeros(len(manifest), np.int64),
    }
    columns: dict[str, dict[str, None]] = {"regions": {}, "peaks": {}}
    with _parquet(out / "maps.parquet", _maps_schema(manifest)) as table:
        for rows in _batches(_map_rows(manifest, shelf, places, failures, tries, counted, columns)):
            table.add_rows(rows)
    for name, order in (("regions", REGIONS_ORDER), ("peaks", PEAKS_ORDER)):
        found = [column for text in columns[name] for column in text.split("\t")]
        # A batch without a single finished map still has the columns that every one has.
        every = in_order(found or _always(order), order)
        _write_rows(out, name, every, manifest, shelf, places, counted[name])
    return Counts(
        done=len(manifest) - len(failures),
        failed=len(failures),
        regions=int(counted["regions"].sum()),
        peaks=int(counted["peaks"].sum()),
    )


def _always(order: Sequence[str]) -> list[str]:
    from skerry.tables.columns import PEAK_COLUMNS, REGION_COLUMNS

    always = {column.name for column in (*REGION_COLUMNS, *PEAK_COLUMNS)}
    return [name for name in order if name in always]


def _map_rows(
    manifest: Manifest,
    shelf: PartShelf,
    places: Sequence[tuple[str, int] | None],
    failures: Mapping[int, Failure],
    tries: Mapping[int, int],
    counted: Mapping[str, Any],
    columns: Mapping[str, dict[str, None]],
) -> Iterator[dict[str, Any]]:
    """Give the row of each map; count its regions and peaks, and note their columns."""
    names = _carried_names(manifest, [*MAPS_COLUMNS, *TIMES])
    for at, place in enumerate(places):
        row: dict[str, Any] = {"id": manifest.ids[at], "path": manifest.paths[at]}
        row |= dict(zip(names, manifest.carried[at], strict=True))
        if place is None:
            failure = failures[at]
            row |= {"status": "failed", "reason": failure.reason, "tries": failure.tries}
            row["seconds"] = failure.seconds
        else:
            kept = shelf.part(place[0]).map_rows[place[1]]
            for name in ("regions", "peaks"):
                counted[name][at] = kept[f"n_{name}"]
                columns[name].setdefault(kept[f"{name}_columns"])
            row |= {name: kept[name] for name in (*MAPS_COLUMNS, *TIMES) if name in kept}
            row |= {"status": "done", "tries": tries.get(at, 1)}
        yield row


def _maps_schema(manifest: Manifest) -> Any:
    pa = need("pyarrow")
    carried = _carried_names(manifest, [*MAPS_COLUMNS, *TIMES])
    return pa.schema(
        [(name, getattr(pa, form)()) for name, form in MAPS_COLUMNS.items()]
        + [(name, pa.string()) for name in carried]
        + [(name, getattr(pa, form)()) for name, form in TIMES.items()]
    )


def _carried_names(manifest: Manifest, taken: Sequence[str]) -> list[str]:
    """Call the manifest's own columns by their names; one that is taken has manifest_ before it."""
    used, names = {"id", *taken}, []
    for name in manifest.carried_names:
        own = name
        while own in used:
            own = f"manifest_{own}"
        used.add(own)
        names.append(own)
    return names


def _write_rows(
    out: Path,
    name: str,
    columns: list[str],
    manifest: Manifest,
    shelf: PartShelf,
    places: Sequence[tuple[str, int] | None],
    counted: Any,
) -> None:
    """Write the rows of all maps, each with its id and what the manifest says of it."""
    pa = need("pyarrow")
    own = pa.schema([(column, type_of(column)) for column in columns])
    carried = _carried_names(manifest, columns)
    others = [(column, pa.string()) for column in carried]
    schema = pa.schema([("id", pa.string()), *own, *others])
    with _parquet(out / f"{name}.parquet", schema) as table:
        for stretch in _stretches(places):
            maps = slice(stretch.first, stretch.first + stretch.n_maps)
            rows = shelf.part(stretch.part).rows(
                name, stretch.row, stretch.row + stretch.n_maps - 1
            )
            if not rows.num_rows:
                continue
            whose = pa.array(np.repeat(np.arange(stretch.n_maps), counted[maps]))
            cells = zip(*manifest.carried[maps], strict=True) if carried else ()
            texts = [manifest.ids[maps], *map(list, cells)]
            first, *rest = [pa.array(column, pa.string()).take(whose) for column in texts]
            table.add(pa.table([first, *aligned(rows, own).columns, *rest], schema=schema))


def _stretches(places: Sequence[tuple[str, int] | None]) -> Iterator[_Stretch]:
    stretch: _Stretch | None = None
    for at, place in enumerate(places):
        if place is None:
            continue
        if stretch is not None:
            follows = (stretch.first + stretch.n_maps, stretch.part, stretch.row + stretch.n_maps)
            if (at, *place) == follows:
                stretch = stretch._replace(n_maps=stretch.n_maps + 1)
                continue
            yield stretch
        stretch = _Stretch(at, *place, 1)
    if stretch is not None:
        yield stretch


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, 1 << 14)):
        yield batch


class _Groups:
    """A Parquet writer that makes row groups of one size."""

    def __init__(self, writer: Any, schema: Any) -> None:
        self._writer, self.schema = writer, schema
        self._waiting: list[Any] = []
        self._n_waiting = 0

    def add_rows(self, rows: list[dict[str, Any]]) -> None:
        """Add rows, given as dicts."""
        self.add(need("pyarrow").Table.from_pylist(rows, self.schema))

    def add(self, table: Any) -> None:
        """Add the rows of a table."""
        self._waiting.append(table)
        self._n_waiting += table.num_rows
        while self._n_waiting >= _GROUP_ROWS:
            self._write(_GROUP_ROWS)

    def finish(self) -> None:
        """Write what waits."""
        if self._n_waiting:
            self._write(self._n_waiting)
        self._writer.close()

    def _write(self, n_rows: int) -> None:
        whole = need("pyarrow").concat_tables(self._waiting)
        self._writer.write_table(whole.slice(0, n_rows).combine_chunks(), row_group_size=n_rows)
        self._waiting = [whole.slice(n_rows)]
        self._n_waiting = whole.num_rows - n_rows


@contextlib.contextmanager
def _parquet(path: Path, schema: Any) -> Iterator[_Groups]:
    """Open a Parquet file to write that appears when it is whole."""
    parquet = need("pyarrow.parquet")
    with whole_file(path) as stream:
        writer = parquet.ParquetWriter(stream, schema, compression="zstd", version="2.6")
        try:
            groups = _Groups(writer, schema)
            yield groups
            groups.finish()
        except BaseException:
            # Or it would try to once more when it is collected.
            with contextlib.suppress(Exception):
                writer.close()
            raise
