"""The option `--atlas`, and what is said and recorded of atlases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from skerry.cli import console
from skerry.cli.options import LISTED
from skerry.io.paths import shown

if TYPE_CHECKING:
    from skerry.atlas.on_map import AtlasOnMap
    from skerry.space.statmap import StatMap

AtlasOption = Annotated[
    list[str] | None,
    typer.Option(
        "--atlas",
        metavar="NAME|FILE[:LABELS]",
        help="Name regions and peaks by an atlas: schaefer200 (embedded); harvard_oxford, juelich, "
        "aal, ... (fetched once); or a label or probabilistic image with its names (TSV, CSV, "
        ".txt, .lut, .xml). Repeatable.",
        rich_help_panel=LISTED,
        show_default=False,
    ),
]


def placed_atlases(statmap: StatMap, asked: list[str] | None) -> tuple[AtlasOnMap, ...]:
    """Read the atlases asked for, and say where a template space is unknown."""
    if not asked:
        return ()
    from skerry.atlas.load import load_atlas
    from skerry.atlas.on_map import atlases_on
    from skerry.tables.columns import TAKEN

    loaded = [load_atlas(one, verbose=console.verbosity()) for one in asked]
    placed = atlases_on(statmap, loaded, taken=TAKEN)
    for one in placed:
        if not (one.atlas.space and one.map_space):  # two that differ were warned of
            for note in one.notes:
                console.say(f"skerry: note: {shown(note)}")
    return placed


def fetch_ahead(asked: list[str] | None) -> list[str]:
    """Fetch what is asked for by name, once, and read all, before many processes want it.

    Raises
    ------
    SkerryError
        If one cannot be used: here it is one line, later one for each map.
    """
    if asked:
        from skerry.atlas.load import load_atlas

        for one in asked:
            load_atlas(one, verbose=console.verbosity())
    return asked or []


def inputs_of(placed: tuple[AtlasOnMap, ...]) -> list[dict[str, Any]]:
    """Give path and sha256 of each file that atlases were read from."""
    return [file for one in placed for file in one.record["files"]]
