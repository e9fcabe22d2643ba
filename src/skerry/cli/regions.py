"""`skerry regions`: the regions of a map, as a label image and tables."""

from __future__ import annotations

from skerry.cli.atlas import AtlasOption
from skerry.cli.listing import (
    DistanceOption,
    FormatOption,
    OutOption,
    PeaksOption,
    ProminenceOption,
    QuoteOption,
    SmoothOption,
    SplitOption,
    listing_of,
    results_of,
)
from skerry.cli.options import MapOptions, on_a_map


@on_a_map
def regions(
    options: MapOptions,
    out: OutOption = None,
    split: SplitOption = False,
    prominence: ProminenceOption = 0.0,
    smooth_fwhm: SmoothOption = None,
    peak_distance: DistanceOption = 8.0,
    max_peaks: PeaksOption = 3,
    atlas: AtlasOption = None,
    quote_formulas: QuoteOption = False,
    format_: FormatOption = "table",
) -> None:
    """Find the regions of a map: label image, tables, and a record of what made them."""
    listing = listing_of(split, prominence, smooth_fwhm, peak_distance, max_peaks, quote_formulas)
    results = results_of(options, listing, atlas, out)
    results.save()
    results.save_record()
    if not options.quiet:
        results.print(format_)
