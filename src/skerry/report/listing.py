"""What is listed of regions, and whether they were split before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skerry.regions.regions import Regions


@dataclass(frozen=True, slots=True)
class Listing:
    """Which peaks of regions are listed, and how regions were split.

    Attributes
    ----------
    peak_distance_mm : float
        Further peaks of a region are listed if they lie more than this from
        all that are.
    max_peaks : int or None
        At most so many a region; None lists all.
    min_prominence : float
        Only peaks that rise at least this above their saddle count.
    split : bool
        Whether regions were split along their valleys.
    smoothing_fwhm_mm : float, optional
        Width of the Gaussian that valleys were sought after.
    quote_formulas : bool
        Whether text that a spreadsheet would take for a formula is written with
        an apostrophe before it.
    """

    peak_distance_mm: float = 8.0
    max_peaks: int | None = 3
    min_prominence: float = 0.0
    split: bool = False
    smoothing_fwhm_mm: float | None = None
    quote_formulas: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        """What the record says of it."""
        return {
            "split": self.split,
            "smoothing_fwhm_mm": self.smoothing_fwhm_mm,
            "peak_distance_mm": self.peak_distance_mm,
            "max_peaks": self.max_peaks,
            "min_prominence": self.min_prominence,
            "quote_formulas": self.quote_formulas,
        }

    def applied_to(self, found: Regions) -> Regions:
        """Give regions, split if that was asked for."""
        if not self.split:
            return found
        from skerry.regions.split import split_regions

        return split_regions(
            found,
            min_prominence=self.min_prominence,
            min_volume_mm3=found.min_volume_mm3,
            smoothing_fwhm_mm=self.smoothing_fwhm_mm,
        )
