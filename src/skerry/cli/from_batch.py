"""A map of a batch: where it is, and the options that the batch used for it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from skerry.cli import console
from skerry.cli.map_options import MapOptions
from skerry.errors import MissingFileError
from skerry.regions.threshold import parse_threshold
from skerry.report.listing import Listing

if TYPE_CHECKING:
    from skerry.batch.asked.choices import Choices
    from skerry.cli.listing import ListingOptions
    from skerry.cli.verb import OptionGroup
    from skerry.space.statmap import StatMap

FromBatchOption = Annotated[
    Path | None,
    typer.Option(
        "--from-batch",
        metavar="OUT",
        help="Take the map that a batch calls MAP, with the options that the batch used for it; "
        "OUT is the batch's folder. Results go to OUT/reports/.",
        rich_help_panel="Which regions",
        show_default=False,
    ),
]


class BatchMap(NamedTuple):
    """What a command on a map needs to do again what the batch did."""

    options: MapOptions
    listing: Listing
    atlas: list[str] | None
    folder: Path


def map_of_batch(
    batch: Path,
    options: MapOptions,
    wanted: ListingOptions,
    atlas: list[str] | None,
    folder: Path | None,
) -> BatchMap:
    """Put a map of a batch, and what was asked of it, in the place of a command's options.

    Parameters
    ----------
    batch : Path
        Folder of the batch.
    options : MapOptions
        Of the command: its map is the id.
    wanted : ListingOptions
        Of the command.
    atlas : list of str, optional
        Other atlases than the batch's.
    folder : Path, optional
        For the results; by default one in the batch's folder.

    Raises
    ------
    BadParameter
        If the command line says what the batch has said.
    """
    from skerry.batch.asked.ids import file_name_of
    from skerry.batch.asked.jobs_file import job_of
    from skerry.batch.summary.facts import REPORTS

    _check_nothing_else(options, wanted)
    asked = job_of(batch, options.map_)
    choices = asked.choices
    return BatchMap(
        dataclasses.replace(options, map_=asked.location, **_finding(choices)),
        Listing(
            peak_distance_mm=choices.min_distance_mm,
            max_peaks=choices.max_peaks,
            min_prominence=choices.min_prominence,
            split=choices.split,
            smoothing_fwhm_mm=choices.smoothing_fwhm_mm,
        ),
        list(choices.atlas) if atlas is None else atlas,
        batch / REPORTS / file_name_of(asked.id) if folder is None else folder,
    )


def _finding(choices: Choices) -> dict[str, Any]:
    df = choices.df
    return {
        "threshold": parse_threshold(choices.threshold),
        "sign": choices.sign,
        "connectivity": str(choices.connectivity),
        "min_volume": choices.min_volume_mm3 or None,
        "min_voxels": choices.min_voxels or None,
        "mask": choices.mask,
        "kind": choices.kind,
        "df": df if df is None or isinstance(df, tuple) else (df,),
        "volume": choices.volume,
    }


def _check_nothing_else(*groups: OptionGroup) -> None:
    """Refuse options that would make other regions than the batch's."""
    for group in groups:
        for field in dataclasses.fields(group):
            if field.name == "map_" or str(getattr(group, field.name)) == str(field.default):
                continue
            raise typer.BadParameter(
                "--from-batch brings the options of the batch; "
                f"leave --{field.name.replace('_', '-')} out"
            )


def warn_of_another_map(batch: Path, id_: str, statmap: StatMap) -> None:
    """Say so where the file of a map has changed since the batch: its tables are of another."""
    from skerry.batch.extra import need
    from skerry.batch.parts.results import maps_table

    try:
        table = maps_table(batch, ("id", "sha256"))
    except MissingFileError:  # a batch that was stopped has no tables yet
        return
    known = table.filter(need("pyarrow.compute").equal(table["id"], id_))["sha256"].to_pylist()
    if any(sha256 not in (None, statmap.sha256) for sha256 in known):
        console.warn(
            f"{id_} has changed since the batch, whose tables have other regions; "
            "skerry batch does it anew"
        )


def link_in_summary(batch: Path) -> None:
    """Let the batch's summary lead to the page, where it has a summary."""
    from skerry.batch.summary.page import PAGE, write_summary

    if (batch / PAGE).is_file():
        write_summary(batch, recount=False)
