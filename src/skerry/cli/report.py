"""`skerry report`: regions, tables, figures and the page, from one map."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from skerry.cli import console
from skerry.cli.atlas import AtlasOption
from skerry.cli.from_batch import (
    FromBatchOption,
    link_in_summary,
    map_of_batch,
    warn_of_another_map,
)
from skerry.cli.listing import ListingOptions
from skerry.cli.map_options import MapOptions
from skerry.cli.options import FormatOption, OutOption, QuoteOption
from skerry.cli.results import results_of
from skerry.cli.verb import verb

_PAGE = "The page"


@verb
def report(
    *,
    out: OutOption = None,
    title: Annotated[
        str | None,
        typer.Option(
            help="Title of the page. Default: the map's name.",
            rich_help_panel=_PAGE,
            show_default=False,
        ),
    ] = None,
    background: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|MNI152|none",
            help="Anatomy beneath the map. Default: the MNI152 template for a map in MNI "
            "space, none for others.",
            rich_help_panel=_PAGE,
            show_default=False,
        ),
    ] = None,
    wanted: ListingOptions,
    atlas: AtlasOption = None,
    quote_formulas: QuoteOption = False,
    format_: FormatOption = "table",
    from_batch: FromBatchOption = None,
    options: MapOptions,
) -> None:
    """Make the report of a map: all of `regions`, two figures, and the page."""
    listing = wanted.listing(quote_formulas=quote_formulas)
    id_ = options.map_  # of a batch's map
    if from_batch is not None:
        asked = map_of_batch(from_batch, options, wanted, atlas, out)
        options, atlas, out = asked.options, asked.atlas, asked.folder
        listing = dataclasses.replace(asked.listing, quote_formulas=quote_formulas)
    with console.progress(4) as begin:
        begin("find regions and tabulate them")
        results = results_of(options, listing, atlas, out)
        found = results.found
        if from_batch is not None:
            warn_of_another_map(from_batch, id_, found.statmap)
        from skerry.report.figures import save_region_colors, save_stat_map
        from skerry.report.report import assemble

        made = assemble(
            found,
            title=title,
            background=background,
            atlases=results.atlases,
            asked_atlases=atlas or (),
            listing=listing,
            map=options.map_,
            mask=options.mask,
            volume=options.volume,
        )
        begin("make the page")
        made.html  # noqa: B018  # kept; what fails, fails before anything is written
        results.save()
        made.save(results.folder / f"{found.statmap.name}_report.html")
        begin("draw the map")
        save_stat_map(found, made.contents.background, results.folder)
        begin("draw the regions")
        save_region_colors(found, made.contents.background, results.folder)
    results.save_record()
    if from_batch is not None:
        link_in_summary(from_batch)
    if not console.is_quiet():
        results.print(format_)
