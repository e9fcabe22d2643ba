"""What made some regions: the record beside the files, and the one that the page shows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from skerry.io.provenance import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.report.listing import Listing


def regions_record(
    found: Regions,
    listing: Listing,
    *,
    command: Sequence[str] = (),
    mask: str | None = None,
    atlases: Sequence[AtlasOnMap] = (),
) -> dict[str, Any]:
    """Say what made some regions.

    Parameters
    ----------
    found : Regions
    listing : Listing
        What is listed of them.
    command : sequence of str
        The command line as it was given.
    mask : path, optional
        File of the mask, if one was given.
    atlases : sequence of AtlasOnMap
        What named them.

    Returns
    -------
    dict
        As `skerry.io.provenance.record` gives it; with `statistics` where the
        map has p values, and `atlases` where there are any.
    """
    from skerry.io.hashing import sha256_of
    from skerry.regions.certainty import certainty_record

    statmap = found.statmap
    masks = [{"path": mask, "sha256": sha256_of(mask)}] if mask else []
    said = record(
        statmap,
        command=command,
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
            **listing.parameters,
        },
        threshold=found.threshold,
        counts={"above_threshold": found.n_above_threshold, "regions": len(found)},
        notes=found.notes,
        inputs=masks + [file for placed in atlases for file in placed.record["files"]],
    )
    if statistics := certainty_record(found):
        said["statistics"] = statistics
    if atlases:
        said["atlases"] = [placed.record for placed in atlases]
    return said


def record_to_send(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give a record as a page may show it to others: files by their names, without folders.

    The command is left out: the page has lines of its own that make it again.
    """
    shown: dict[str, Any] = _without_folders(said)
    del shown["command"]
    if shown["parameters"]["mask"] is not None:
        shown["parameters"]["mask"] = file_name(shown["parameters"]["mask"])
    return shown


def _without_folders(said: Any) -> Any:
    if isinstance(said, dict):
        return {
            key: file_name(value)
            if key == "path" and isinstance(value, (str, os.PathLike))
            else _without_folders(value)
            for key, value in said.items()
        }
    return [_without_folders(one) for one in said] if isinstance(said, (list, tuple)) else said


def file_name(path: str | os.PathLike[str]) -> str:
    """Give the name of a file without its folders."""
    return os.path.basename(os.fspath(path))  # noqa: PTH119  # keeps a trailing dot
