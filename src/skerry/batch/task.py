"""The work on a few maps: pure, so that it may run twice, anywhere, in any order."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.batch.block import packed
from skerry.batch.inputs import read_inputs
from skerry.batch.job import kin_of, question_of
from skerry.batch.schema import PEAKS_ORDER, REGIONS_ORDER, stacked
from skerry.batch.voxels import Runs, runs_of
from skerry.errors import SkerryError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from skerry.batch.inputs import Inputs
    from skerry.batch.job import FileSeen, Job
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray

__all__ = ["ChunkResult", "Failed", "Seen", "do_chunk"]


class Failed(NamedTuple):
    """A map that could not be done; `place` is its place in the chunk."""

    place: int
    reason: str
    seconds: float


class Seen(NamedTuple):
    """A map whose result was there under the key that its files have now."""

    place: int
    key: str
    files: tuple[FileSeen, ...]


class ChunkResult(NamedTuple):
    """What came of a chunk of maps.

    Attributes
    ----------
    version : str
        Of skerry, where it was computed.
    part : bytes
        The finished maps, packed; empty if there are none.
    done : list of (int, str)
        Place in the chunk and key of each map of the part, in its order.
    failed, seen : list
    labels : list of (int, bytes)
        Label images, gzipped, where they were asked for.
    seconds : float
        How long it took.
    """

    version: str
    part: bytes
    done: list[tuple[int, str]]
    failed: list[Failed]
    seen: list[Seen]
    labels: list[tuple[int, bytes]]
    seconds: float


class _Outcome(NamedTuple):
    row: dict[str, Any]
    regions: dict[str, AnyArray]
    peaks: dict[str, AnyArray]
    runs: Runs
    labels: bytes | None


# One map at a time in a process: what is said of a map is caught as a warning, which threads share.
_one_at_a_time = threading.Lock()


def do_chunk(jobs: Sequence[Job], *, want_labels: bool = False) -> ChunkResult:
    """Find the regions of some maps.

    Parameters
    ----------
    jobs : sequence of Job
    want_labels : bool
        Whether label images are wanted.

    Returns
    -------
    ChunkResult
        The same for the same files, but for the seconds; whatever is wrong
        with a map is said of that map alone.
    """
    import skerry
    from skerry.core._kernels import load_numba

    load_numba()
    started = time.perf_counter()
    outcomes: list[_Outcome] = []
    done: list[tuple[int, str]] = []
    failed: list[Failed] = []
    seen: list[Seen] = []
    labels: list[tuple[int, bytes]] = []
    with _one_at_a_time:
        for place, job in enumerate(jobs):
            begun = time.perf_counter()
            try:
                outcome = _do(job, want_labels)
            except Exception as error:  # one bad map never stops another
                failed.append(Failed(place, _reason(error), time.perf_counter() - begun))
                continue
            if isinstance(outcome, _Outcome):
                done.append((place, outcome.row["key"]))
                outcomes.append(outcome)
                if outcome.labels is not None:
                    labels.append((place, outcome.labels))
            else:
                seen.append(Seen(place, outcome.key, outcome.files))
        part = _pack(outcomes) if outcomes else b""
    seconds = time.perf_counter() - started
    return ChunkResult(skerry.__version__, part, done, failed, seen, labels, seconds)


def _do(job: Job, want_labels: bool) -> _Outcome | Inputs:
    """Do one map; where its result is known, give only its inputs."""
    from skerry.io.save import packed_image
    from skerry.tables.peak_table import peak_columns
    from skerry.tables.region_table import region_columns

    choices = job.choices
    times = [time.perf_counter()]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        inputs = read_inputs(job)
        times.append(time.perf_counter())
        if inputs.key in job.known:
            return inputs
        found = _find(inputs, job)
        times.append(time.perf_counter())
        regions = region_columns(
            found, min_prominence=choices.min_prominence, atlases=inputs.atlases
        )
        peaks = peak_columns(
            found,
            min_distance_mm=choices.min_distance_mm,
            max_peaks=choices.max_peaks,
            min_prominence=choices.min_prominence,
            atlases=inputs.atlases,
        )
        times.append(time.perf_counter())
    runs = runs_of(found.labels)
    image = packed_image(found.to_labels_img()) if want_labels else None
    times.append(time.perf_counter())
    said = [str(one.message) for one in caught if issubclass(one.category, UserWarning)]
    row = _row(job, inputs, found, said)
    row |= {
        "n_peaks": len(peaks["region"]),
        "regions_columns": "\t".join(regions),
        "peaks_columns": "\t".join(peaks),
        "labels_sha256": None if image is None else hashlib.sha256(image).hexdigest(),
    }
    for name, start, stop in zip(
        ("read", "find", "tables", "write"), times[:-1], times[1:], strict=True
    ):
        row[f"seconds_{name}"] = stop - start
    return _Outcome(row, regions, peaks, runs, image)


def _find(inputs: Inputs, job: Job) -> Regions:
    from skerry.regions.find import find_regions

    choices = job.choices
    found = find_regions(
        inputs.statmap,
        choices.threshold,
        sign=choices.sign,
        connectivity=choices.connectivity,
        min_volume_mm3=choices.min_volume_mm3,
        min_voxels=choices.min_voxels,
    )
    if choices.split:
        from skerry.regions.split import split_regions

        found = split_regions(
            found,
            min_prominence=choices.min_prominence,
            min_volume_mm3=found.min_volume_mm3,
            smoothing_fwhm_mm=choices.smoothing_fwhm_mm,
        )
    return found


def _row(job: Job, inputs: Inputs, found: Regions, said: list[str]) -> dict[str, Any]:
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


def _pack(outcomes: list[_Outcome]) -> bytes:
    """Put maps into a part; the time that it takes is shared among them."""
    from skerry.batch.extra import need

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


def _reason(error: Exception) -> str:
    """Say in one line why a map failed."""
    if isinstance(error, MemoryError):
        return "not enough memory for this map"
    text = shown(str(error)) or type(error).__name__
    if isinstance(error, SkerryError):
        return text
    return f"this should not have happened ({type(error).__name__}: {text})"
