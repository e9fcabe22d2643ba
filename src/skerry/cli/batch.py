"""`skerry batch`: the regions of many maps, in three tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from skerry.cli import console
from skerry.cli.atlas import AtlasOption, fetch_ahead
from skerry.cli.listing import ListingOptions
from skerry.cli.map_options import FindingOptions
from skerry.cli.options import out_to
from skerry.cli.verb import verb
from skerry.io.paths import shown

_WHICH, _HOW = "Which maps", "How the work is done"


def _size(text: str) -> str:
    if not re.fullmatch(r"auto|[0-9]+(\.[0-9]+)?\s*([kmgtp]i?)?b?", text, re.IGNORECASE):
        raise typer.BadParameter(f"{text!r} is neither a size (4GB) nor auto")
    return text


@verb
def batch(
    *,
    out: Annotated[Path, out_to("DIR", "Folder for the tables, made if absent.")],
    maps: Annotated[
        list[str] | None,
        typer.Argument(metavar="MAPS", help="Maps, or neurovault:NUMBER.", show_default=False),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="TSV",
            help="A list of maps: path, and as wanted id and options of each map.",
            rich_help_panel=_WHICH,
            show_default=False,
        ),
    ] = None,
    wanted: ListingOptions,
    atlas: AtlasOption = None,
    labels: Annotated[
        bool,
        typer.Option(
            "--labels", help="Write a label image for each map too.", rich_help_panel=_HOW
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="Processes; 0 works in this one. Default: one a physical core.",
            rich_help_panel=_HOW,
            show_default=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Of a Dask scheduler, whose workers do the work: tcp://HOST:8786.",
            rich_help_panel=_HOW,
            show_default=False,
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume/--fresh",
            help="Go on where an earlier run stopped, or do all anew.",
            rich_help_panel=_HOW,
        ),
    ] = True,
    retries: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Try a map so often again whose worker died.",
            rich_help_panel=_HOW,
        ),
    ] = 2,
    memory_limit: Annotated[
        Any,
        typer.Option(
            parser=_size,
            metavar="SIZE",
            help="Of each process: 4GB. Default: an equal share of the machine.",
            rich_help_panel=_HOW,
        ),
    ] = "auto",
    options: FindingOptions,
) -> int:
    """Find the regions of many maps: tables in Parquet, one command, resumed by content.

    Exit code 1 where a map failed; the table maps.parquet says why.
    """
    from skerry.batch.run import run

    given = maps or manifest
    if given is None or (maps and manifest):
        raise typer.BadParameter("give maps, or --manifest TSV, and not both")
    found = run(
        given,
        out,
        labels=labels,
        workers=workers,
        scheduler=scheduler,
        fresh=not resume,
        retries=retries,
        memory_limit=memory_limit,
        quiet=console.is_quiet(),
        threshold=str(options.threshold),
        sign=options.sign,
        connectivity=options.connectivity,
        min_volume_mm3=options.min_volume or 0.0,
        min_voxels=options.min_voxels or 0,
        mask=options.mask,
        kind=options.kind,
        df=options.df,
        volume=options.volume,
        split=wanted.split,
        min_prominence=wanted.prominence,
        smoothing_fwhm_mm=wanted.smooth_fwhm,
        min_distance_mm=wanted.peak_distance,
        max_peaks=wanted.max_peaks,
        atlas=fetch_ahead(atlas),
    )
    _say(found)
    return 1 if found.n_failed else 0


def _say(found: Any) -> None:
    """Say in two lines what it came to, and where failures are listed."""
    folder = shown(found.out)
    plural = "" if found.n_done == 1 else "s"
    console.say(f"skerry: {found.n_regions} regions of {found.n_done} map{plural} are in {folder}/")
    if found.n_failed:
        console.error(
            f"{found.n_failed} of {found.n_maps} maps failed; the column reason of "
            f"{folder}/maps.parquet says why"
        )
