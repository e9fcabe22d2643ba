"""`skerry demo`: the whole job on the embedded map, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skerry.cli import console

TITLE = "Finger movement, left against right (NeuroVault 10426)"
MIN_REGION_MM3 = 1500


def demo(
    out: Annotated[
        Path, typer.Option("-o", "--out", help="Folder for the results; made if absent.")
    ] = Path("skerry-demo"),
    quiet: Annotated[bool, typer.Option("--quiet", help="Say errors only.")] = False,
    debug: Annotated[  # noqa: ARG001  # read by main.run
        bool, typer.Option("--debug", help="Show the traceback of an error.")
    ] = False,
) -> None:
    """Do the whole job on the embedded map: figures, regions and a table.

    The map is NeuroVault's image 10426, a z map of left against right button
    presses, 3 mm. It is thresholded at its 97th percentile and at 3.0; its
    connected regions of at least 1500 mm3 are extracted and drawn.
    """
    console.be_quiet(quiet)
    ...
