"""Which peaks and parts of regions are listed: options of every verb that makes tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from skerry.cli.options import LISTED
from skerry.cli.verb import OptionGroup
from skerry.report.listing import Listing

_PARTS = "Peaks and parts"


def _peaks(given: str | int) -> int | None:
    """Read how many peaks of a region are listed; None for all."""
    text = str(given)  # the default comes here too
    if text == "all":
        return None
    if not text.isdecimal() or int(text) < 1:
        raise typer.BadParameter(f"it must be 1 or more, or all, got {text!r}")
    return int(text)


@dataclass(frozen=True, kw_only=True)
class ListingOptions(OptionGroup):
    """Which peaks and parts of regions are listed."""

    split: Annotated[
        bool,
        typer.Option(
            "--split",
            help="Split regions along their valleys: a part for each peak.",
            rich_help_panel=_PARTS,
        ),
    ] = False
    prominence: Annotated[
        float,
        typer.Option(
            metavar="X",
            min=0,
            help="Only peaks that rise at least this above their saddle count.",
            rich_help_panel=_PARTS,
        ),
    ] = 0.0
    smooth_fwhm: Annotated[
        float | None,
        typer.Option(
            metavar="MM",
            min=0,
            help="Seek the valleys of --split on a map smoothed this wide.",
            rich_help_panel=_PARTS,
            show_default=False,
        ),
    ] = None
    peak_distance: Annotated[
        float,
        typer.Option(
            metavar="MM",
            min=0,
            help="List further peaks of a region that lie more than this apart.",
            rich_help_panel=LISTED,
        ),
    ] = 8.0
    max_peaks: Annotated[
        Any,
        typer.Option(
            parser=_peaks,
            metavar="N",
            help="At most so many peaks a region; all: no limit.",
            rich_help_panel=LISTED,
        ),
    ] = 3

    def check(self) -> None:
        """Refuse a width of smoothing where nothing is split."""
        if self.smooth_fwhm is not None and not self.split:
            raise typer.BadParameter("--smooth-fwhm is for --split; give both or neither")

    def listing(self, *, quote_formulas: bool) -> Listing:
        """Give what the tables are made by."""
        return Listing(
            peak_distance_mm=self.peak_distance,
            max_peaks=self.max_peaks,
            min_prominence=self.prominence,
            split=self.split,
            smoothing_fwhm_mm=self.smooth_fwhm,
            quote_formulas=quote_formulas,
        )
