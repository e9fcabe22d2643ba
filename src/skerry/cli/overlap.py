"""`skerry overlap`: the regions that come back from map to map of a batch."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import typer

from skerry.cli import console
from skerry.cli.atlas import AtlasOption, inputs_of, placed_atlases
from skerry.cli.options import Connectivity, FormatOption, connectivity_in, out_to
from skerry.cli.readable import laid_out
from skerry.cli.verb import verb
from skerry.io.paths import shown

if TYPE_CHECKING:
    from skerry.batch.recurring.overlap import Overlap
    from skerry.typing import AnyArray

_RECURRING, _MATCHING = "Which regions recur", "Which are the same"


def _share(given: str | float) -> float:
    """Read a share of the maps, or of voxels."""
    try:
        share = float(given)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise typer.BadParameter(f"it must be above 0 and at most 1, got {given!r}")
    return share


@verb
def overlap(
    *,
    batch: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="Folder that skerry batch wrote its results to.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None, out_to("DIR", "Folder for the results, made if absent. Default: OUT/overlap.")
    ] = None,
    min_share: Annotated[
        Any,
        typer.Option(
            parser=_share,
            metavar="S",
            help="A voxel recurs when it is in a region of this share of the maps, and of two. "
            "1: of all of them.",
            rich_help_panel=_RECURRING,
        ),
    ] = 0.5,
    split: Annotated[
        float | None,
        typer.Option(
            metavar="S",
            min=0,
            max=1,
            help="Split along valleys, into parts that rise this share of the maps above them.",
            rich_help_panel=_RECURRING,
            show_default=False,
        ),
    ] = None,
    connectivity: Annotated[Connectivity, connectivity_in(_RECURRING)] = "26",
    min_volume: Annotated[
        float,
        typer.Option(
            metavar="MM3",
            min=0,
            help="Drop recurring regions of a smaller volume.",
            rich_help_panel=_RECURRING,
        ),
    ] = 0.0,
    grid: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Grid to look at, as maps.parquet names it. Default: that of most maps.",
            rich_help_panel=_RECURRING,
            show_default=False,
        ),
    ] = None,
    measure: Annotated[
        Literal["dice", "share"],
        typer.Option(
            help="Overlap of two regions: Dice, or the shared voxels by those of the smaller.",
            rich_help_panel=_MATCHING,
        ),
    ] = "dice",
    min_overlap: Annotated[
        Any,
        typer.Option(
            parser=_share,
            metavar="X",
            help="A map has the recurring region when one of its regions overlaps it this much.",
            rich_help_panel=_MATCHING,
        ),
    ] = 0.5,
    atlas: AtlasOption = None,
    format_: FormatOption = "table",
) -> None:
    """Find the regions that come back in the maps of a batch: label image and tables."""
    from skerry.batch.recurring.files import save_overlap
    from skerry.batch.recurring.overlap import overlap as find_overlap
    from skerry.batch.recurring.tables import overlap_rows
    from skerry.io.hashing import sha256_of
    from skerry.tables.columns import to_rows, to_tsv

    found = find_overlap(
        batch,
        min_share=min_share,
        min_overlap=min_overlap,
        measure=measure,
        min_prominence=split,
        connectivity=int(connectivity),  # type: ignore[arg-type]
        min_volume_mm3=min_volume,
        grid=grid,
    )
    for note in found.notes:
        console.say(f"skerry: note: {shown(note)}")
    atlases = placed_atlases(found.regions.statmap, atlas)
    table = batch / "regions.parquet"  # the same bytes whatever the batch ran on
    folder = save_overlap(
        found,
        batch / "overlap" if out is None else out,
        command=["skerry", *sys.argv[1:]],
        inputs=[{"path": str(table), "sha256": sha256_of(table)}, *inputs_of(atlases)],
        atlases=atlases,
    )
    if console.is_quiet():
        return
    rows = overlap_rows(found.regions, found.matches, atlases)
    if format_ == "tsv":
        sys.stdout.write(to_tsv(rows))
    elif format_ == "json":
        sys.stdout.write(json.dumps({"regions": to_rows(rows)}, indent=2, allow_nan=False) + "\n")
    else:
        sys.stdout.write(_readable(found, rows))
    console.say(f"skerry: results are in {shown(folder)}/")


def _readable(found: Overlap, rows: dict[str, AnyArray]) -> str:
    """Lay the recurring regions out for a person."""
    number = "1 region recurs" if len(found) == 1 else f"{len(found)} regions recur"
    least, of = found.parameters["min_maps"], found.frequency.n_maps
    lines = [f"{number} in {least} or more of {of} maps"]
    measure, match = found.parameters["measure"], found.parameters["min_overlap"]
    name = "Dice" if measure == "dice" else "a share of the smaller"
    if len(found):
        lines[0] += f"; maps: with a region that matches ({name} {match:g} or more), or touches"
        head = [
            "region",
            "sign",
            "mm3",
            "peak x, y, z (mm)",
            "highest",
            "maps",
            "share",
            "Dice",
            "touch",
        ]
        named = [name for name in rows if name.endswith("_peak") and rows[name].dtype == object]
        lines += laid_out(
            (*head, *(shown(name.removesuffix("_peak")) for name in named)),
            [_cells(rows, n, named) for n in range(len(found))],
            {1, *range(len(head), len(head) + len(named))},
        )
    return "\n".join(lines) + "\n"


def _cells(rows: dict[str, AnyArray], n: int, named: list[str]) -> tuple[str, ...]:
    dice = rows["mean_dice"][n]
    return (
        f"{rows['region'][n]}",
        str(rows["sign"][n]),
        f"{rows['volume_mm3'][n]:.0f}",
        ", ".join(f"{rows[f'peak_{axis}'][n] + 0.0:.1f}" for axis in "xyz"),
        f"{abs(rows['peak_value'][n]):.0%}",
        f"{rows['n_maps'][n]}",
        f"{rows['share_of_maps'][n]:.0%}",
        "n/a" if np.isnan(dice) else f"{dice:.2f}",
        f"{rows['n_maps_touching'][n]}",
        *(shown(str(rows[name][n])) for name in named),
    )
