"""The work on a few maps: pure, so that it may run twice, anywhere, in any order."""

from __future__ import annotations

import hashlib
import threading
import time
import warnings
from typing import TYPE_CHECKING, NamedTuple

from skerry.batch.one_map.inputs import read_inputs
from skerry.batch.one_map.outcome import Outcome, part_of, row_of
from skerry.batch.parts.voxels import runs_of
from skerry.errors import SkerryError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.batch.asked.job import FileSeen, Job
    from skerry.batch.one_map.inputs import Inputs
    from skerry.regions.regions import Regions

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
    outcomes: list[Outcome] = []
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
            if isinstance(outcome, Outcome):
                done.append((place, outcome.row["key"]))
                outcomes.append(outcome)
                if outcome.labels is not None:
                    labels.append((place, outcome.labels))
            else:
                seen.append(Seen(place, outcome.key, outcome.files))
        part = part_of(outcomes) if outcomes else b""
    seconds = time.perf_counter() - started
    return ChunkResult(skerry.__version__, part, done, failed, seen, labels, seconds)


def _do(job: Job, want_labels: bool) -> Outcome | Inputs:
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
    row = row_of(job, inputs, found, said)
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
    return Outcome(row, regions, peaks, runs, image)


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


def _reason(error: Exception) -> str:
    """Say in one line why a map failed."""
    if isinstance(error, MemoryError):
        return "not enough memory for this map"
    text = shown(str(error)) or type(error).__name__
    if isinstance(error, SkerryError):
        return text
    return f"this should not have happened ({type(error).__name__}: {text})"
