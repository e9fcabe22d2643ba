"""`skerry fetch`: maps and atlases from the archives of the field."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from skerry.cli import console
from skerry.cli.options import out_to
from skerry.cli.verb import verb
from skerry.io.paths import shown

app = typer.Typer(help="Fetch maps or atlases.", no_args_is_help=True)


@app.callback()
def _fetch() -> None:
    """Fetch maps or atlases."""


@app.command("neurovault")
@verb
def neurovault(
    *,
    out: Annotated[
        Path, out_to("DIR", "Folder for the maps and their list, maps.tsv. What is there stays.")
    ],
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="IDS", help="Numbers of images.", min=1, show_default=False),
    ] = None,
    collection: Annotated[
        list[int] | None,
        typer.Option(
            "--collection",
            metavar="ID",
            min=1,
            help="Number of a collection, taken whole. May be given again.",
            show_default=False,
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="KEY=VALUE",
            help="Of --collection, only images whose record says so: map_type='Z map'. "
            "May be given again: all must hold.",
            show_default=False,
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Another server: https, or http on this machine. "
            "Default: SKERRY_NEUROVAULT_URL, else https://neurovault.org.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="S", min=0.01, help="Longest wait for the server, in seconds.")
    ] = 10.0,
    quote_formulas: Annotated[
        bool,
        typer.Option(
            "--quote-formulas",
            help="In maps.tsv, put an apostrophe before names that a spreadsheet would take for "
            "a formula (= + - @).",
        ),
    ] = False,
) -> None:
    """Fetch maps of NeuroVault, and list what is known of them in maps.tsv."""
    from skerry.cli.where import Conditions
    from skerry.datasets.neurovault.maps import MANIFEST, fetch_maps

    if not ids and not collection:
        raise typer.BadParameter("give numbers of images, or --collection ID")
    if where and not collection:
        raise typer.BadParameter("--where is for --collection; give both or neither")
    conditions = Conditions(where or ())
    found = fetch_maps(
        out,
        image_ids=ids or (),
        collection_ids=collection or (),
        wanted=conditions if where else None,
        server=server,
        timeout=timeout,
        verbose=console.verbosity(),
        quote_formulas=quote_formulas,
    )
    for why in conditions.unmet():
        console.say(f"skerry: note: {shown(why)}")
    plural = "" if len(found) == 1 else "s"
    console.say(f"skerry: {len(found)} map{plural}, listed in {shown(out / MANIFEST)}")


@app.command("atlas")
@verb
def atlas(
    *,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME[:VARIANT]",
            help="Which atlases, for example harvard_oxford:sub. Without any, they are listed.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Fetch atlases for later, when there may be no network, or list them."""
    from skerry.atlas.named import EMBEDDED, FETCHED, fetch_named
    from skerry.errors import ArgumentError

    if not names:
        for name in EMBEDDED:
            sys.stdout.write(f"{name:74}embedded\n")
        for name, known in FETCHED.items():
            after = ", ".join(f":{variant}" for variant in known.variants)
            sys.stdout.write(f"{name:22}{after:52}{known.meaning}".rstrip() + "\n")
        return
    for name in names:
        if name in EMBEDDED:
            console.say(f"skerry: {name} is embedded")
            continue
        try:
            found = fetch_named(name, verbose=console.verbosity())
        except ArgumentError as error:
            raise typer.BadParameter(str(error)) from error
        if found is None:
            there = ", ".join((*EMBEDDED, *FETCHED))
            raise typer.BadParameter(f"no atlas is called {name!r}; there are {there}")
        labels = found.bunch["labels"]
        console.say(f"skerry: {name}: {len(labels) - ('Background' in list(labels))} labels")
