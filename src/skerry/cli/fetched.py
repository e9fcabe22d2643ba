"""A map named by its number, neurovault:32980, wherever a file may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from skerry.cli import console
from skerry.errors import ArgumentError, NetworkError
from skerry.io.paths import neurovault_number

if TYPE_CHECKING:
    from skerry.cli.map_options import MapOptions
    from skerry.datasets.neurovault.shelf import FetchedImage
    from skerry.space.statmap import StatMap


def fetched(name: str) -> FetchedImage | None:
    """Give the image that a name like neurovault:32980 stands for; None for other names.

    Raises
    ------
    NetworkError
        If it is not on disk and cannot be fetched.
    """
    try:
        number = neurovault_number(name)
    except ArgumentError as error:
        raise typer.BadParameter(str(error)) from None
    if number is None:
        return None
    from skerry.datasets.neurovault import fetch_image

    try:
        return fetch_image(number, verbose=console.verbosity())
    except NetworkError as error:
        raise NetworkError(
            f"{name} is not on disk and could not be fetched: {error}; "
            "fetch it once where there is a network, or give a file"
        ) from error


def load_fetched(image: FetchedImage, options: MapOptions) -> StatMap:
    """Read a fetched map; where neither its header nor the user says what it is, its record does.

    Its results are called after its number.
    """
    from dataclasses import replace

    from skerry.datasets.neurovault.maps import df_of, kind_of
    from skerry.io.load import load_map

    given: dict[str, Any] = {"df": options.df, "mask": options.mask, "volume": options.volume}
    statmap = load_map(image.path, kind=options.kind, **given)
    kind: Any = kind_of(image.image_meta)
    if statmap.kind is None and kind is not None:
        if options.df is None:
            given["df"] = df_of(image.image_meta)
        statmap = load_map(image.path, kind=kind, **given)
        console.say(f"skerry: note: NeuroVault says that this is a {kind} map")
    return replace(statmap, name=f"neurovault-{image.image_meta['id']}")
