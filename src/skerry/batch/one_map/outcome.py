"""What is kept of maps that were done: the rows and voxels that make a part."""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.batch.asked.job import kin_of, question_of
from skerry.batch.extra import need
from skerry.batch.parts.block import packed
from skerry.batch.parts.schema import PEAKS_ORDER, REGIONS_ORDER, stacked
from skerry.batch.parts.voxels import Runs
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from skerry.batch.asked.job import FileSeen, Job
    from skerry.batch.one_map.inputs import Inputs
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray

__all__ = ["Outcome", "part_of", "row_of"]


class Outcome(NamedTuple):
    """What is kept of a map that was done.

    Attributes
    ----------
    row : dict
        What is said of the map: `row_of`, and what is known later.
    regions, peaks : dict of str to (n,) array
        Columns of the two tables.
    runs : Runs
        The voxels of its regions.
    labels : bytes or None
        The label image, gzipped, where it was asked for.
    """

    row: dict[str, Any]
    regions: dict[str, AnyArray]
    peaks: dict[str, AnyArray]
    runs: Runs
    labels: bytes | None


def row_of(job: Job, inputs: Inputs, found: Regions, said: list[str]) -> dict[str, Any]:
    """Say of a map what maps.parquet and resuming need."""
    statmap, positive = found.statmap, int((found.columns["sign"] > 0).sum())
    notes = _without_folders([*said, *found.notes, *inputs.notes], inputs.files)
    return {
        "key": inputs.key,
        "question": question_of(job.location, job.choices),
        "kin": kin_of(job.location, job.choices),
        "files": json.dumps(inputs.files),
        "n_regions": len(found),
        "n_positive": positive,
        "n_negative": len(found) - positive,
        "n_above_threshold": found.n_above_threshold,
        "n_in_mask": statmap.n_in_mask,
        "n_nan": statmap.n_nan,
        "n_infinite": statmap.n_infinite,
        "asked": found.asked,
        "threshold": found.threshold if np.isfinite(found.threshold) else None,
        "volume_mm3": float(found.columns["volume_mm3"].sum()),
        "kind": statmap.kind,
        "sha256": statmap.sha256,
        "grid": _grid_id(statmap.grid.shape, statmap.grid.affine),
        "shape": list(statmap.grid.shape),
        "affine": statmap.grid.affine.reshape(-1).tolist(),
        "notes": "; ".join(notes) or None,
    }


def _without_folders(notes: Iterable[str], files: Iterable[FileSeen]) -> list[str]:
    """Give notes once each; files are called by their names: the same map may lie elsewhere."""
    text = [shown(note) for note in notes]
    for path in sorted({file.path for file in files}, key=len, reverse=True):
        name = shown(os.path.basename(path))  # noqa: PTH119
        text = [note.replace(shown(path), name) for note in text]
    return list(dict.fromkeys(text))


def _grid_id(shape: tuple[int, int, int], affine: AnyArray) -> str:
    """Name a grid by its shape and its affine, to a thousandth of a millimetre."""
    rounded = np.round(affine, 3) + 0.0
    return hashlib.sha256(repr((shape, rounded.tolist())).encode()).hexdigest()[:12]


def part_of(outcomes: Sequence[Outcome]) -> bytes:
    """Put maps into a part; the time that it takes is shared among them."""
    pa = need("pyarrow")
    begun = time.perf_counter()
    tables = {
        "regions": stacked([outcome.regions for outcome in outcomes], REGIONS_ORDER),
        "peaks": stacked([outcome.peaks for outcome in outcomes], PEAKS_ORDER),
        "voxels": pa.table(
            {
                name: pa.array(
                    [getattr(outcome.runs, name) for outcome in outcomes],
                    type=pa.list_(pa.int32() if name == "region" else pa.uint32()),
                )
                for name in Runs._fields
            }
        ),
    }
    each = (time.perf_counter() - begun) / len(outcomes)
    for outcome in outcomes:
        row = outcome.row
        row["seconds_write"] += each
        row["seconds"] = sum(row[f"seconds_{name}"] for name in ("read", "find", "tables", "write"))
    tables["maps"] = pa.Table.from_pylist([outcome.row for outcome in outcomes], _row_schema(pa))
    return packed(tables)


def _row_schema(pa: Any) -> Any:
    whole = ("n_regions", "n_positive", "n_negative", "n_above_threshold", "n_in_mask")
    text = ("key", "question", "kin", "files", "asked", "kind", "sha256", "grid", "notes")
    parts = ("read", "find", "tables", "write")
    return pa.schema(
        {name: pa.string() for name in text}
        | {name: pa.int64() for name in (*whole, "n_nan", "n_infinite", "n_peaks")}
        | {name: pa.string() for name in ("regions_columns", "peaks_columns", "labels_sha256")}
        | {name: pa.float64() for name in ("threshold", "volume_mm3", "seconds")}
        | {f"seconds_{name}": pa.float64() for name in parts}
        | {"shape": pa.list_(pa.int64()), "affine": pa.list_(pa.float64())}
    )
