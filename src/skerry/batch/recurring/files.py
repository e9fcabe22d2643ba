"""Recurring regions as files."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from skerry.batch.recurring.tables import match_rows, overlap_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.batch.recurring.overlap import Overlap
    from skerry.typing import PathLike


def save_overlap(
    found: Overlap,
    folder: PathLike,
    *,
    command: Sequence[str],
    inputs: Sequence[Mapping[str, Any]] = (),
    atlases: Sequence[AtlasOnMap] = (),
) -> Path:
    """Write recurring regions: label image, tables, and a record of what made them.

    Parameters
    ----------
    found : Overlap
    folder : path
        Made if absent; gets `overlap_regions.nii.gz` (int32, the number of the
        recurring region), `overlap_regions.tsv`, `overlap_matches.tsv` and, last,
        `overlap.json`.
    command : sequence of str
        The command line, or the call, as it was given.
    inputs : sequence of mapping
        Files that went into it: `path` and `sha256`.
    atlases : sequence of AtlasOnMap
        That name the regions.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    import skerry
    from skerry.io.provenance import versions
    from skerry.io.save import made_folder, save_image, save_json, save_text
    from skerry.tables.columns import to_tsv

    into = made_folder(folder)
    # Of an earlier run there, the record goes first, which would say that all is whole.
    with suppress(OSError):  # a folder that takes no change says so below
        (into / "overlap.json").unlink()
    save_image(found.regions.to_labels_img(), into / "overlap_regions.nii.gz")
    save_text(
        to_tsv(overlap_rows(found.regions, found.matches, atlases)), into / "overlap_regions.tsv"
    )
    save_text(to_tsv(match_rows(found.matches)), into / "overlap_matches.tsv")
    record = {
        "skerry": skerry.__version__,
        "versions": versions(),
        "command": list(command),
        "inputs": [dict(file) for file in inputs],
        "parameters": dict(found.parameters),
        "counts": {
            "maps": found.frequency.n_maps,
            "regions": len(found),
            "matches": len(found.matches.recurring),
        },
        "notes": list(found.notes),
    }
    save_json(record, into / "overlap.json")
    return into
