"""What the summary page of a batch says, read from its tables."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import numpy as np

from skerry.batch.asked.ids import file_name_of
from skerry.batch.parts.results import maps_table
from skerry.batch.summary.histogram import Histogram, histogram_of_counts, histogram_of_sizes
from skerry.batch.summary.wording import readable_number, readable_record
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from skerry.typing import AnyArray

REPORTS = "reports"
MOST_FAILURES, MOST_SLOW, MOST_MAPS = 200, 10, 1000

_COLUMNS = (
    "id", "path", "status", "reason", "n_regions", "n_positive", "n_negative", "volume_mm3",
    "tries", "seconds_read", "seconds_find", "seconds_tables", "seconds_write", "seconds",
)  # fmt: skip


class Spread(NamedTuple):
    """A histogram and what it says in words."""

    heading: str
    histogram: Histogram
    lowest: str
    median: str
    highest: str
    unit: str


class Row(NamedTuple):
    """One map as the page lists it."""

    id: str
    path: str
    link: str | None  # of its page, where one was made
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """All that the page says but its figures."""

    name: str
    n_maps: int
    n_done: int
    n_failed: int
    n_without: int  # maps without a region
    n_regions: int
    said: tuple[tuple[str, str], ...]  # what was asked, and when: name and value
    spreads: tuple[Spread, ...]
    failures: tuple[Row, ...]  # cells: reason, tries
    slowest: tuple[Row, ...]  # cells: seconds in all, and of each step
    maps: tuple[Row, ...]  # cells: regions, positive, negative, mm3
    n_pages: int
    report_example: str


def summary_facts(out: Path, record: Mapping[str, Any]) -> SummaryFacts:
    """Read what a batch came to.

    Parameters
    ----------
    out : Path
        The folder of the batch, with its `maps.parquet`.
    record : mapping
        What is, or will be, in its `run.json`.

    Raises
    ------
    MissingFileError, DamagedFileError
        If the table is not there or cannot be read.
    """
    table = maps_table(out, _COLUMNS)
    column = {name: table.column(name) for name in _COLUMNS}
    is_done = np.asarray(column["status"].to_numpy(zero_copy_only=False) == "done", dtype=bool)
    done, failed = np.flatnonzero(is_done), np.flatnonzero(~is_done)
    n_regions = _numbers(column["n_regions"])[done].astype(np.int64)
    volume = _numbers(column["volume_mm3"])[done]
    pages = _Pages(out)
    command = f"skerry report --from-batch {shlex.quote(str(out))}"
    first = str(column["id"][int(done[0])]) if len(done) else "ID"
    return SummaryFacts(
        name=shown(out.resolve().name),
        n_maps=len(is_done),
        n_done=len(done),
        n_failed=len(failed),
        n_without=int((n_regions == 0).sum()),
        n_regions=int(n_regions.sum()),
        said=readable_record(record),
        spreads=_spreads(n_regions, volume),
        failures=tuple(
            pages.row(column, at, ("reason", "tries")) for at in failed[:MOST_FAILURES].tolist()
        ),
        slowest=_slowest(column, done, pages),
        maps=tuple(
            pages.row(column, at, ("n_regions", "n_positive", "n_negative", "volume_mm3"))
            for at in done[:MOST_MAPS].tolist()
        ),
        n_pages=len(pages.links),
        # An id may look like an option.
        report_example=shown(f"{command}{' --' * first.startswith('-')} {shlex.quote(first)}"),
    )


def _numbers(column: Any) -> AnyArray:
    """Give a column as float64; NaN where there is no value."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _spreads(n_regions: AnyArray, volume: AnyArray) -> tuple[Spread, ...]:
    if not len(n_regions):
        return ()
    regions, size = histogram_of_counts(n_regions, "regions"), histogram_of_sizes(volume, "mm³")
    return (
        Spread("Regions a map", regions, *_in_words(n_regions), ""),
        Spread("Volume of all regions a map", size, *_in_words(volume), "mm³"),
    )


def _in_words(values: AnyArray) -> tuple[str, str, str]:
    lowest, median, highest = np.quantile(values, [0, 0.5, 1])
    return readable_number(lowest), readable_number(median), readable_number(highest)


def _slowest(column: Mapping[str, Any], done: AnyArray, pages: _Pages) -> tuple[Row, ...]:
    seconds = _numbers(column["seconds"])[done]
    steps = ("seconds", "seconds_read", "seconds_find", "seconds_tables", "seconds_write")
    order = np.argsort(-np.nan_to_num(seconds), kind="stable")[:MOST_SLOW]
    return tuple(pages.row(column, int(done[at]), steps, _seconds) for at in order.tolist())


def _cell(value: Any) -> str:
    plain = value.as_py()
    if plain is None:
        return "n/a"
    return plain if isinstance(plain, str) else readable_number(plain)


def _seconds(value: Any) -> str:
    """Write a time so that the points of a column stand below one another."""
    plain = value.as_py()
    return "n/a" if plain is None else f"{plain:.3f}"


class _Pages:
    """The pages of single maps that were made so far."""

    def __init__(self, out: Path) -> None:
        self.links = {
            folder.name: "/".join(map(_quoted, (".", REPORTS, folder.name, page.name)))
            for folder in sorted((out / REPORTS).glob("*"))
            for page in sorted(folder.glob("*_report.html"))[:1]
        }

    def row(
        self,
        column: Mapping[str, Any],
        at: int,
        cells: tuple[str, ...],
        write: Callable[[Any], str] = _cell,
    ) -> Row:
        id_ = str(column["id"][at])
        link = self.links.get(file_name_of(id_)) if self.links else None
        return Row(
            id_, str(column["path"][at]), link, tuple(write(column[name][at]) for name in cells)
        )


def _quoted(name: str) -> str:
    """Write a file's name as a part of an address, whatever its bytes."""
    return quote(os.fsencode(name))
