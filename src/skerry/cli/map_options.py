"""How a map is read and which of its regions are taken: options of every verb on maps."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from skerry.cli import console
from skerry.cli.options import Connectivity, Sign, connectivity_in
from skerry.cli.verb import OptionGroup
from skerry.errors import ArgumentError
from skerry.io.paths import shown
from skerry.regions.threshold import Threshold, parse_threshold

if TYPE_CHECKING:
    from skerry.regions.regions import Regions
    from skerry.space.statmap import StatMap


def _threshold(text: str | Threshold) -> Threshold:
    try:
        return text if isinstance(text, Threshold) else parse_threshold(text)
    except ArgumentError as error:
        raise typer.BadParameter(str(error)) from error


def _degrees_of_freedom(text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) not in (1, 2) or not all(0 < n < float("inf") for n in numbers):
        raise typer.BadParameter(f"{text!r} is not N or N,N2, both above 0")
    return numbers


_FINDING, _READING = "Which regions", "How the map is read"


@dataclass(frozen=True, kw_only=True)
class FindingOptions(OptionGroup):
    """How maps are read and which of their regions are taken."""

    threshold: Annotated[
        Threshold,
        typer.Option(
            "-t",
            "--threshold",
            parser=_threshold,
            metavar="T",
            help="A height of |value| (3.1), a percentile of it over the mask (97%), "
            "or p=0.001, fdr=0.05, fwe=0.05, bonferroni=0.05, tdp=0.7.",
            rich_help_panel=_FINDING,
        ),
    ] = "97%"  # type: ignore[assignment]  # parsed like what a user writes
    sign: Annotated[Sign, typer.Option(help="Which regions to find.", rich_help_panel=_FINDING)] = (
        "both"
    )
    connectivity: Annotated[Connectivity, connectivity_in(_FINDING)] = "26"
    min_volume: Annotated[
        float | None,
        typer.Option(
            metavar="MM3",
            min=0,
            help="Drop regions of a smaller volume.",
            rich_help_panel=_FINDING,
            show_default=False,
        ),
    ] = None
    min_voxels: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="The same in voxels.",
            rich_help_panel=_FINDING,
            show_default=False,
        ),
    ] = None
    mask: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Non-zero voxels count; on the map's grid. Default: all but NaN and 0.",
            rich_help_panel=_READING,
            show_default=False,
        ),
    ] = None
    kind: Annotated[
        Literal["z", "t", "F", "p", "other"] | None,
        typer.Option(
            help="What the values are. Default: what the header or a BIDS stat- entity says.",
            rich_help_panel=_READING,
            show_default=False,
        ),
    ] = None
    df: Annotated[
        Any,
        typer.Option(
            parser=_degrees_of_freedom,
            metavar="N[,N2]",
            help="Degrees of freedom of a t map, or both of an F map.",
            rich_help_panel=_READING,
            show_default=False,
        ),
    ] = None
    volume: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            min=0,
            help="Which volume of a file with several, from 0.",
            rich_help_panel=_READING,
            show_default=False,
        ),
    ] = None

    def check(self) -> None:
        """Refuse two measures of the smallest region."""
        if self.min_volume is not None and self.min_voxels is not None:
            raise typer.BadParameter("give --min-volume or --min-voxels, not both")


@dataclass(frozen=True, kw_only=True)
class MapOptions(FindingOptions):
    """Which map, how it is read, and which of its regions are taken."""

    map_: Annotated[
        str,
        typer.Argument(
            metavar="MAP",
            help="NIfTI, Analyze, AFNI or MGH file, or neurovault:NUMBER.",
            show_default=False,
        ),
    ]

    def load(self) -> StatMap:
        """Read the map; a name like neurovault:32980 is fetched first."""
        from skerry.cli.fetched import fetched, load_fetched
        from skerry.io.load import load_map

        df = self.df[0] if self.df and len(self.df) == 1 else self.df
        if image := fetched(self.map_):
            return load_fetched(image, dataclasses.replace(self, df=df))
        return load_map(self.map_, kind=self.kind, df=df, mask=self.mask, volume=self.volume)

    def find(self, statmap: StatMap) -> Regions:
        """Find the regions asked for."""
        from skerry.regions.find import find_regions

        regions = find_regions(
            statmap,
            str(self.threshold),
            sign=self.sign,
            connectivity=int(self.connectivity),  # type: ignore[arg-type]
            min_volume_mm3=self.min_volume or 0.0,
            min_voxels=self.min_voxels or 0,
        )
        for note in regions.notes:
            console.say(f"skerry: note: {shown(note)}")
        return regions
