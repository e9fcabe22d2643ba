"""Options that stand in several verbs, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import typer

from skerry.io.paths import at_home

LISTED = "What is listed"

Connectivity: TypeAlias = Literal["6", "18", "26"]
Sign: TypeAlias = Literal["both", "positive", "negative"]


def out_to(metavar: str, help_: str, *, show_default: bool = False) -> Any:
    """Declare where results go."""
    return typer.Option(
        "-o", "--out", metavar=metavar, help=help_, show_default=show_default, parser=_place
    )


def _place(text: str) -> Path:
    """Read a path; shells leave the ~ of `--out=~/results` to us."""
    if not str(text):  # as of a shell's variable that is not set
        raise typer.BadParameter("it is empty")
    return Path(at_home(text))


def connectivity_in(panel: str) -> Any:
    """Declare which voxels are neighbours, in a panel of the help."""
    return typer.Option(
        help="Neighbours share a face (6), or an edge (18), or a corner (26).",
        rich_help_panel=panel,
    )


OutOption = Annotated[
    Path | None,
    out_to("DIR", "Folder for the results, made if absent. Default: STEM_skerry, here."),
]
FormatOption = Annotated[
    Literal["table", "tsv", "json"],
    typer.Option("--format", help="How regions are printed.", rich_help_panel=LISTED),
]
QuoteOption = Annotated[
    bool,
    typer.Option(
        "--quote-formulas",
        help="In .tsv files, put an apostrophe before names that a spreadsheet would take for "
        "a formula (= + - @).",
        rich_help_panel=LISTED,
    ),
]
