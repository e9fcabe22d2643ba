"""`skerry tfce`: a map enhanced by the clusters of all thresholds at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skerry.cli import console
from skerry.cli.map_options import MapOptions
from skerry.cli.options import Sign, out_to
from skerry.cli.overwriting import refuse_to_overwrite
from skerry.cli.verb import verb
from skerry.io.paths import shown

_WEIGHTS = "What counts"


@verb(leave_out=("threshold", "sign", "min_volume", "min_voxels", "kind", "df"))
def tfce(
    *,
    out: Annotated[Path, out_to("OUT", "Map to write: .nii or .nii.gz.")],
    extent: Annotated[
        float,
        typer.Option("--E", metavar="X", min=0, help="Weight of extent.", rich_help_panel=_WEIGHTS),
    ] = 0.5,
    height: Annotated[
        float,
        typer.Option("--H", metavar="X", min=0, help="Weight of height.", rich_help_panel=_WEIGHTS),
    ] = 2.0,
    sign: Annotated[
        Sign, typer.Option(help="Which side to enhance.", rich_help_panel=_WEIGHTS)
    ] = "both",
    options: MapOptions,
) -> None:
    """Enhance a map: exact TFCE, without a step size."""
    from skerry.io.save import save_image
    from skerry.stats.tfce import enhance

    if not out.name.lower().endswith((".nii", ".nii.gz")):
        raise typer.BadParameter(f"-o {str(out)!r} must end in .nii or .nii.gz")
    refuse_to_overwrite([options.map_, options.mask], [out])
    enhanced = enhance(
        options.load(),
        E=extent,
        H=height,
        connectivity=int(options.connectivity),  # type: ignore[arg-type]
        sign=sign,
    )
    save_image(enhanced, out)
    console.say(f"skerry: {shown(out)}")
