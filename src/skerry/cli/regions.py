"""`skerry regions`: the regions of a map, as a label image and tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from skerry.cli import console
from skerry.cli.atlas import AtlasOption, inputs_of, placed_atlases
from skerry.cli.options import MapOptions, on_a_map
from skerry.cli.readable import readable

if TYPE_CHECKING:
    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray

_PARTS, _TABLES = "Peaks and parts", "What is listed"


@on_a_map
def regions(
    options: MapOptions,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="DIR",
            help="Folder for the results, made if absent. Default: STEM_skerry, here.",
            show_default=False,
        ),
    ] = None,
    split: Annotated[
        bool,
        typer.Option(
            "--split",
            help="Split regions along their valleys: a part for each peak.",
            rich_help_panel=_PARTS,
        ),
    ] = False,
    prominence: Annotated[
        float,
        typer.Option(
            metavar="X",
            min=0,
            help="Only peaks that rise at least this above their saddle count.",
            rich_help_panel=_PARTS,
        ),
    ] = 0.0,
    smooth_fwhm: Annotated[
        float | None,
        typer.Option(
            metavar="MM",
            min=0,
            help="Seek the valleys of --split on a map smoothed this wide.",
            rich_help_panel=_PARTS,
            show_default=False,
        ),
    ] = None,
    peak_distance: Annotated[
        float,
        typer.Option(
            metavar="MM",
            min=0,
            help="List further peaks of a region that lie more than this apart.",
            rich_help_panel=_TABLES,
        ),
    ] = 8.0,
    max_peaks: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, help="At most so many peaks a region.", rich_help_panel=_TABLES
        ),
    ] = 3,
    atlas: AtlasOption = None,
    format_: Annotated[
        Literal["table", "tsv", "json"],
        typer.Option("--format", help="How regions are printed.", rich_help_panel=_TABLES),
    ] = "table",
) -> None:
    """Find the regions of a map: label image, tables, and a record of what made them."""
    from skerry.tables.peak_table import peak_columns
    from skerry.tables.region_table import region_columns

    if smooth_fwhm is not None and not split:
        raise typer.BadParameter("--smooth-fwhm is for --split; give both or neither")
    statmap = options.load()
    atlases = placed_atlases(statmap, atlas)
    found = options.find(statmap)
    if split:
        from skerry.regions.split import split_regions

        found = split_regions(
            found,
            min_prominence=prominence,
            min_volume_mm3=found.min_volume_mm3,
            smoothing_fwhm_mm=smooth_fwhm,
        )
    region_rows = region_columns(found, min_prominence=prominence, atlases=atlases)
    peak_rows = peak_columns(
        found,
        min_distance_mm=peak_distance,
        max_peaks=max_peaks,
        min_prominence=prominence,
        atlases=atlases,
    )
    parameters = {
        "split": split,
        "smoothing_fwhm_mm": smooth_fwhm,
        "peak_distance_mm": peak_distance,
        "max_peaks": max_peaks,
        "min_prominence": prominence,
    }
    folder = Path(f"{statmap.name}_skerry") if out is None else out
    _save(found, region_rows, peak_rows, parameters, folder, atlases, mask=options.mask)
    if not options.quiet:
        _print(found, region_rows, peak_rows, format_)
        console.say(f"skerry: results are in {console.printable(str(folder))}/")


def _save(
    found: Regions,
    region_rows: dict[str, AnyArray],
    peak_rows: dict[str, AnyArray],
    parameters: dict[str, Any],
    folder: Path,
    atlases: tuple[AtlasOnMap, ...],
    *,
    mask: str | None,
) -> None:
    from skerry.io.hashing import sha256_of
    from skerry.io.provenance import record
    from skerry.io.save import made_folder, save_image, save_json, save_text
    from skerry.regions.certainty import certainty_record
    from skerry.tables.columns import to_tsv

    folder = made_folder(folder)
    stem = found.statmap.name
    save_image(found.to_labels_img(), folder / f"{stem}_regions.nii.gz")
    save_text(to_tsv(region_rows), folder / f"{stem}_regions.tsv")
    save_text(to_tsv(peak_rows), folder / f"{stem}_peaks.tsv")
    if atlases:
        from skerry.atlas.columns import overlap_columns

        save_text(to_tsv(overlap_columns(found, atlases)), folder / f"{stem}_overlap.tsv")
    statmap = found.statmap
    masks = [{"path": mask, "sha256": sha256_of(mask)}] if mask else []
    what_made_it = record(
        statmap,
        command=["skerry", *sys.argv[1:]],
        parameters={
            "threshold": found.asked,
            "sign": found.sign,
            "connectivity": found.connectivity,
            "min_volume_mm3": found.min_volume_mm3,
            "mask": mask,
            "kind": statmap.kind,
            "df": statmap.df,
            "comparison": "|value| >= "
            + ("the region's own height" if "height" in found.columns else "threshold")
            + ", in double precision",
            **parameters,
        },
        threshold=found.threshold,
        counts={"above_threshold": found.n_above_threshold, "regions": len(found)},
        notes=found.notes,
        inputs=masks + inputs_of(atlases),
    )
    if statistics := certainty_record(found):
        what_made_it["statistics"] = statistics
    if atlases:
        what_made_it["atlases"] = [placed.record for placed in atlases]
    # Last: where this file stands, the others are whole.
    save_json(what_made_it, folder / f"{stem}_regions.json")


def _print(
    found: Regions,
    region_rows: dict[str, AnyArray],
    peak_rows: dict[str, AnyArray],
    format_: str,
) -> None:
    from skerry.tables.columns import to_rows, to_tsv

    if format_ == "tsv":
        sys.stdout.write(to_tsv(region_rows))
    elif format_ == "json":
        both = {"regions": to_rows(region_rows), "peaks": to_rows(peak_rows)}
        sys.stdout.write(json.dumps(both, indent=2, allow_nan=False) + "\n")
    else:
        sys.stdout.write(readable(found, region_rows))
