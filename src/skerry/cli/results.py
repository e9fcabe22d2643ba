"""What `skerry regions` and `skerry report` share: the work, its files, and what is printed."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skerry.cli import console
from skerry.cli.atlas import inputs_of, placed_atlases
from skerry.cli.overwriting import refuse_to_overwrite
from skerry.io.paths import shown

if TYPE_CHECKING:
    from skerry.atlas.on_map import AtlasOnMap
    from skerry.cli.map_options import MapOptions
    from skerry.regions.regions import Regions
    from skerry.report.files import Tables
    from skerry.report.listing import Listing


@dataclass(frozen=True, eq=False)
class Results:
    """Regions of a map, their tables, and the folder that takes them."""

    found: Regions
    tables: Tables
    listing: Listing
    atlases: tuple[AtlasOnMap, ...]
    mask: str | None
    folder: Path

    def save(self) -> None:
        """Write label image and tables."""
        from skerry.io.save import made_folder
        from skerry.report.files import save_regions

        made_folder(self.folder)
        save_regions(self.found, self.tables, self.folder)

    def save_record(self) -> None:
        """Write the record of what made them: last, so that where it stands all is whole."""
        from skerry.report.files import save_record
        from skerry.report.record import regions_record

        command = ["skerry", *sys.argv[1:]]
        said = regions_record(
            self.found, self.listing, command=command, mask=self.mask, atlases=self.atlases
        )
        save_record(said, self.found, self.folder)

    def print(self, format_: str) -> None:
        """Print the regions on standard output, and where all is on standard error."""
        from skerry.tables.columns import to_rows

        if format_ == "tsv":
            sys.stdout.write(self.tables.tsv(self.tables.regions))
        elif format_ == "json":
            both = {"regions": to_rows(self.tables.regions), "peaks": to_rows(self.tables.peaks)}
            sys.stdout.write(json.dumps(both, indent=2, allow_nan=False) + "\n")
        else:
            from skerry.cli.readable import readable

            sys.stdout.write(readable(self.found, self.tables.regions))
        console.say(f"skerry: results are in {shown(self.folder)}/")


def results_of(
    options: MapOptions, listing: Listing, atlas: list[str] | None, out: Path | None
) -> Results:
    """Read the map, find its regions and tabulate them; nothing is written."""
    from skerry.report.files import names_of_files, tables_of

    statmap = options.load()
    atlases = placed_atlases(statmap, atlas)
    folder = Path(f"{statmap.name}_skerry") if out is None else out
    read = [options.mask, *(file["path"] for file in inputs_of(atlases))]
    refuse_to_overwrite(read, (folder / name for name in names_of_files(statmap.name)))
    found = listing.applied_to(options.find(statmap))
    tables = tables_of(found, listing, atlases)
    return Results(found, tables, listing, atlases, options.mask, folder)
