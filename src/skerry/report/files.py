"""The files of some regions: label image, tables, and the record of what made them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.report.listing import Listing
    from skerry.typing import AnyArray


@dataclass(frozen=True, eq=False)
class Tables:
    """Regions and their peaks as columns.

    Attributes
    ----------
    regions, peaks : dict of (n,) arrays
    overlap : dict of (n,) arrays or None
        A row for each pair of a region and a label; None without atlases.
    quote_formulas : bool
        How they are written, see `skerry.tables.columns.to_tsv`.
    """

    regions: dict[str, AnyArray]
    peaks: dict[str, AnyArray]
    overlap: dict[str, AnyArray] | None = None
    quote_formulas: bool = False

    def tsv(self, columns: dict[str, AnyArray]) -> str:
        """Write one of them."""
        from skerry.tables.columns import to_tsv

        return to_tsv(columns, quote_formulas=self.quote_formulas)


def tables_of(found: Regions, listing: Listing, atlases: Sequence[AtlasOnMap] = ()) -> Tables:
    """Tabulate regions, their peaks, and the labels that they overlap."""
    from skerry.tables.peak_table import peak_columns
    from skerry.tables.region_table import region_columns

    overlap = None
    if atlases:
        from skerry.atlas.columns import overlap_columns

        overlap = overlap_columns(found, atlases)
    return Tables(
        region_columns(found, min_prominence=listing.min_prominence, atlases=atlases),
        peak_columns(
            found,
            min_distance_mm=listing.peak_distance_mm,
            max_peaks=listing.max_peaks,
            min_prominence=listing.min_prominence,
            atlases=atlases,
        ),
        overlap,
        listing.quote_formulas,
    )


def names_of_files(stem: str) -> list[str]:
    """Give what `save_regions` and `save_record` may write."""
    tables = [f"{stem}_{table}.tsv" for table in ("regions", "peaks", "overlap")]
    return [f"{stem}_regions.nii.gz", *tables, f"{stem}_regions.json"]


def save_regions(found: Regions, tables: Tables, folder: Path) -> None:
    """Write the label image and the tables of some regions into a folder.

    Of an earlier run there, the record goes first, which would say that all is whole; and
    its table of overlaps, whose regions are others, where there is no new one.

    Raises
    ------
    OutputError
        If a file cannot be written; those that are there are whole.
    """
    from skerry.io.save import save_image, save_text

    stem = found.statmap.name
    for stale in (f"{stem}_regions.json", f"{stem}_overlap.tsv"):
        with suppress(OSError):  # a folder that takes no change says so below
            (folder / stale).unlink()
    save_image(found.to_labels_img(), folder / f"{stem}_regions.nii.gz")
    save_text(tables.tsv(tables.regions), folder / f"{stem}_regions.tsv")
    save_text(tables.tsv(tables.peaks), folder / f"{stem}_peaks.tsv")
    if tables.overlap is not None:
        save_text(tables.tsv(tables.overlap), folder / f"{stem}_overlap.tsv")


def save_record(said: dict[str, Any], found: Regions, folder: Path) -> None:
    """Write the record of what made some regions: last, so that where it stands all is whole."""
    from skerry.io.save import save_json

    save_json(said, folder / f"{found.statmap.name}_regions.json")
