"""`skerry plot`: a figure of a map above a threshold."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Literal

import typer

from skerry.cli import console
from skerry.cli.atlas import AtlasOption, placed_atlases
from skerry.cli.map_options import MapOptions
from skerry.cli.options import out_to
from skerry.cli.verb import verb
from skerry.io.paths import shown


@verb
def plot(
    *,
    out: Annotated[Path, out_to("FIG", "Figure to write: .png, .svg or .pdf.")],
    display: Annotated[
        Literal["ortho", "x", "y", "z", "mosaic", "glass"], typer.Option(help="Which views.")
    ] = "ortho",
    cuts: Annotated[
        str | None,
        typer.Option(
            metavar="N|a,b,c",
            help="How many slices, or where, in mm; of a mosaic, how many, or how many along x, y "
            "and z. Default: where the signal is.",
            show_default=False,
        ),
    ] = None,
    contours: Annotated[
        bool, typer.Option("--contours", help="Outline the regions over the whole map.")
    ] = False,
    atlas: AtlasOption = None,
    title: Annotated[
        str | None, typer.Option(help="Title of the figure.", show_default=False)
    ] = None,
    background: Annotated[
        str,
        typer.Option(
            metavar="FILE|MNI152|none",
            help="Anatomy to draw under the map. Default: the MNI152 template.",
            show_default=False,
        ),
    ] = "MNI152",
    options: MapOptions,
) -> None:
    """Draw a map above a threshold, on slices or as a glass brain; outline labels of an atlas."""
    from skerry.plotting.inputs.background import MNI152TEMPLATE
    from skerry.plotting.regions.above import plot_above

    _check_suffix(out)
    where = _cuts(cuts, display)
    statmap = options.load()
    atlases = [placed.atlas for placed in placed_atlases(statmap, atlas)]
    regions = options.find(statmap)
    plot_above(
        regions,
        display_mode=display,
        cut_coords=where,
        contours=contours,
        bg_img={"MNI152": MNI152TEMPLATE, "none": None}.get(background, background),
        title=title,
        atlas=atlases,
        output_file=out,
    )
    console.say(f"skerry: {shown(out)}")


def _check_suffix(out: Path) -> None:
    """Refuse a name that is no figure's before the map is read."""
    from skerry.errors import ArgumentError
    from skerry.plotting.inputs.arguments import check_figure_file

    try:
        check_figure_file(out)
    except ArgumentError as error:
        raise typer.BadParameter(str(error), param_hint="--out") from error


def _cuts(text: str | None, display: str) -> int | tuple[float, ...] | None:
    """Understand --cuts: a whole number of slices (of a mosaic also three), or positions in mm."""
    if text is None:
        return None
    if display == "glass":
        raise typer.BadParameter("a glass brain has no cuts; leave --cuts out")
    try:
        numbers: tuple[float, ...] = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or not all(map(math.isfinite, numbers)):
        raise typer.BadParameter(f"--cuts {text!r} is neither N nor a,b,c in mm")
    if display == "ortho":
        if len(numbers) != 3:
            raise typer.BadParameter("--cuts of an ortho view is x,y,z in mm")
        return numbers
    if display == "mosaic":
        counts = tuple(int(number) for number in numbers if number >= 1 and number % 1 == 0)
        if len(numbers) not in (1, 3) or len(counts) < len(numbers):
            raise typer.BadParameter("--cuts of a mosaic is N, or how many along x,y,z")
        return counts if len(counts) == 3 else counts[0]
    if len(numbers) == 1 and text.strip().isdigit():
        if numbers[0] < 1:
            raise typer.BadParameter("--cuts must be at least 1")
        return int(numbers[0])
    return numbers
