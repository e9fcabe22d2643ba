"""`skerry regions`: the regions of a map, as a label image and tables."""

from __future__ import annotations

from skerry.cli import console
from skerry.cli.atlas import AtlasOption
from skerry.cli.listing import ListingOptions
from skerry.cli.map_options import MapOptions
from skerry.cli.options import FormatOption, OutOption, QuoteOption
from skerry.cli.results import results_of
from skerry.cli.verb import verb


@verb
def regions(
    *,
    out: OutOption = None,
    wanted: ListingOptions,
    atlas: AtlasOption = None,
    quote_formulas: QuoteOption = False,
    format_: FormatOption = "table",
    options: MapOptions,
) -> None:
    """Find the regions of a map: label image, tables, and a record of what made them."""
    listing = wanted.listing(quote_formulas=quote_formulas)
    results = results_of(options, listing, atlas, out)
    results.save()
    results.save_record()
    if not console.is_quiet():
        results.print(format_)
