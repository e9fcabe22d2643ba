"""run: the regions of many maps, in three tables."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from skerry.batch.asked.choices import Choices, with_choices
from skerry.batch.asked.manifest import manifest_of_file, manifest_of_paths
from skerry.batch.extra import need
from skerry.batch.folder.record import now, record_of, remove_record, save_record
from skerry.checks import is_whole_number
from skerry.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from skerry.typing import PathLike

__all__ = ["Summary", "run"]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a batch came to.

    Attributes
    ----------
    out : Path
        Folder with `maps.parquet`, `regions.parquet`, `peaks.parquet`, `run.json`.
    n_maps, n_done, n_failed : int
    n_before : int
        Maps that an earlier run had done.
    n_regions, n_peaks : int
        Rows of the tables.
    seconds : float
    failures : mapping of str to str
        Why, by id.
    """

    out: Path
    n_maps: int
    n_done: int
    n_failed: int
    n_before: int
    n_regions: int
    n_peaks: int
    seconds: float
    failures: Mapping[str, str] = field(default_factory=dict, repr=False)

    def table(self, name: str) -> Any:
        """Read one of the tables, "maps", "regions" or "peaks" (pandas.DataFrame)."""
        parquet = need("pyarrow.parquet")
        if name not in ("maps", "regions", "peaks"):
            raise ArgumentError(f"name must be maps, regions or peaks, got {name!r}")
        with (self.out / f"{name}.parquet").open("rb") as stream:
            return parquet.read_table(stream).to_pandas()


def run(
    maps: PathLike | Iterable[PathLike],
    out: PathLike,
    *,
    labels: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    retries: int = 2,
    memory_limit: str | int = "auto",
    quiet: bool = False,
    **options: Any,
) -> Summary:
    """Find the regions of many maps.

    The same call goes on where an earlier one stopped: a map is done anew only
    if its content, an option or the version changed, or if it failed.

    Parameters
    ----------
    maps : path, or iterable of paths
        One path is a manifest (a table with tabs; `path`, and as wanted `id`
        and any option, are columns); several are maps. A map may also be
        neurovault:NUMBER.
    out : path
        Folder for the results, made if absent.
    labels : bool
        Whether to write a label image for each map, into `labels/`.
    workers : int, optional
        Processes to start; by default one a physical core. 0: this process.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers then do the work; they need
        to read the maps under the same paths, and nothing else.
    fresh : bool
        Whether to forget what earlier runs did.
    retries : int
        How often a map is tried again whose worker died.
    memory_limit : str or int
        For each process that is started: "4GB", bytes, or "auto".
    quiet : bool
        Say nothing on standard error.
    **options
        `threshold`, `sign`, `connectivity`, `min_volume_mm3`, `min_voxels`,
        `mask`, `kind`, `df`, `volume` as for `skerry.find_regions` and
        `skerry.load_map`; `split`, `min_prominence`, `smoothing_fwhm_mm` as for
        `skerry.split_regions`; `min_distance_mm`, `max_peaks`, `atlas` as for
        `skerry.peak_table`. A manifest may give them for each map.

    Returns
    -------
    Summary

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an option or the manifest makes no sense; before any work.
    OutputError
        If the folder cannot be written, or another run is writing into it.
    NetworkError
        If the scheduler cannot be reached or is lost; what was done is kept.
    KeyboardInterrupt
        After Ctrl-C, when the maps in work are done; what was done is kept.

    Examples
    --------
    >>> import tempfile
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> map_, folder = load_sample_motor_activation_image(), tempfile.mkdtemp()
    >>> found = run([map_], folder, workers=0, threshold=3, quiet=True)
    >>> found.n_done, found.n_regions
    (1, 18)
    """
    begun, started = time.monotonic(), now()
    need("pyarrow")
    common = with_choices(Choices(), options)
    _check(workers, scheduler, retries)
    if isinstance(maps, (str, os.PathLike)):
        manifest = manifest_of_file(maps, common)
    elif isinstance(maps, Iterable):
        manifest = manifest_of_paths(maps, common)
    else:
        raise ArgumentTypeError(f"maps must be paths, or a manifest, got {type(maps).__name__}")
    from skerry.batch.folder.lock import FolderLock
    from skerry.batch.parts.part import PARTS
    from skerry.batch.running.work import Work
    from skerry.batch.summary.page import write_summary
    from skerry.io.save import made_folder

    folder = made_folder(out)
    parts = made_folder(folder / PARTS)
    with FolderLock(parts, folder) as lock:
        _sweep(folder)
        if fresh:
            _forget(folder, parts)
        work = Work(folder, manifest, labels=labels, quiet=quiet)
        work.do(workers, scheduler, memory_limit, retries, lock.beat)
        counts = work.finish()
        record = record_of(manifest, common, counts, started, labels=labels)
        write_summary(folder, record)
        save_record(folder, record)
    return Summary(
        out=folder,
        n_maps=len(manifest),
        n_done=counts.done,
        n_failed=counts.failed,
        n_before=work.n_before,
        n_regions=counts.regions,
        n_peaks=counts.peaks,
        seconds=time.monotonic() - begun,
        failures={
            manifest.ids[at]: failure.reason for at, failure in sorted(work.failures.items())
        },
    )


def _check(workers: int | None, scheduler: str | None, retries: int) -> None:
    if scheduler is not None and workers is not None:
        raise ArgumentError("give workers or scheduler, not both: a scheduler has its workers")
    for name, value in (("workers", workers), ("retries", retries)):
        if value is None and name == "workers":
            continue
        if not is_whole_number(value) or value < 0:
            raise ArgumentError(f"{name} must be a whole number, not negative, got {value!r}")


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed had begun to write; nobody else is at it now."""
    from skerry.batch.folder.labels import LABELS
    from skerry.batch.parts.part import PARTS

    for place in (folder, folder / PARTS, folder / LABELS):
        for path in place.glob(".skerry-*.partial"):
            with contextlib.suppress(OSError):
                path.unlink()


def _forget(folder: Path, parts: Path) -> None:
    """Remove what earlier runs kept; only files of a batch."""
    remove_record(folder)
    for path in (*parts.glob("*.part"), *parts.glob("*.seen")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
