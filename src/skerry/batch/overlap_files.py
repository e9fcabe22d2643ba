"""Recurring regions as tables and files."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.batch.across import Overlap
    from skerry.typing import AnyArray, PathLike


def overlap_rows(found: Overlap, atlases: Sequence[AtlasOnMap] = ()) -> dict[str, AnyArray]:
    """Give the table of recurring regions as columns; see `Overlap.table`."""
    from skerry.tables.region_table import region_columns

    matches, numbers = found.matches, found.regions.columns["region"]
    size = int(numbers.max(initial=0)) + 1
    n_matched = np.bincount(matches.recurring, minlength=size)[numbers]
    begin = np.searchsorted(matches.recurring, numbers, side="left")
    mean_dice = np.full(len(numbers), np.nan)
    names = np.empty(len(numbers), dtype=object)
    for position, (first, count) in enumerate(zip(begin, n_matched, strict=True)):
        mine = slice(first, first + count)
        names[position] = "; ".join(matches.ids[n] for n in matches.map_number[mine].tolist())
        if count:  # an exact sum, so that the order of the maps does not show in its last bit
            mean_dice[position] = math.fsum(matches.dice[mine].tolist()) / count
    return {
        **region_columns(found.regions, atlases=atlases),
        "n_maps": n_matched,
        "share_of_maps": n_matched / found.frequency.n_maps,
        "mean_dice": mean_dice,
        "n_maps_touching": matches.n_touched,
        "ids": names,
    }


def match_rows(found: Overlap) -> dict[str, AnyArray]:
    """Give the table of matches as columns; see `Overlap.match_table`."""
    matches = found.matches
    names = np.empty(len(matches.recurring), dtype=object)
    names[:] = [matches.ids[number] for number in matches.map_number.tolist()]
    return {
        "region": matches.recurring,
        "id": names,
        "map_region": matches.region,
        "shared_voxels": matches.n_shared,
        "dice": matches.dice,
        "share": matches.share,
    }


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
    save_image(found.regions.to_labels_img(), into / "overlap_regions.nii.gz")
    save_text(to_tsv(overlap_rows(found, atlases)), into / "overlap_regions.tsv")
    save_text(to_tsv(match_rows(found)), into / "overlap_matches.tsv")
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
