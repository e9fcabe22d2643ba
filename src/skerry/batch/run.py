"""run: the regions of many maps, in three tables."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skerry.batch.choices import Choices, with_choices
from skerry.batch.extra import need
from skerry.batch.manifest import manifest_of_file, manifest_of_paths
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skerry.batch.compact import Counts, Failure
    from skerry.batch.manifest import Manifest
    from skerry.batch.resume import Kept
    from skerry.typing import PathLike

__all__ = ["Summary", "run"]

RECORD = "run.json"


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
    begun, started = time.monotonic(), _now()
    need("pyarrow")
    common = with_choices(Choices(), options)
    _check(workers, scheduler, retries)
    if isinstance(maps, (str, os.PathLike)):
        manifest = manifest_of_file(maps, common)
    elif isinstance(maps, Iterable):
        manifest = manifest_of_paths(maps, common)
    else:
        raise ArgumentTypeError(f"maps must be paths, or a manifest, got {type(maps).__name__}")
    from skerry.batch.lock import FolderLock
    from skerry.batch.parts import PARTS
    from skerry.batch.summary_page import write_summary
    from skerry.io.save import made_folder

    folder = made_folder(out)
    parts = made_folder(folder / PARTS)
    with FolderLock(parts, folder) as lock:
        _sweep(folder)
        if fresh:
            _forget(folder, parts)
        work = _Work(folder, manifest, labels=labels, quiet=quiet)
        work.do(workers, scheduler, memory_limit, retries, lock.beat)
        counts = work.finish()
        record = _record(manifest, common, counts, started, labels=labels)
        write_summary(folder, record)
        _save_record(folder, record)
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


class _Work:
    """The maps of a manifest on their way into the tables of a folder."""

    def __init__(self, folder: Path, manifest: Manifest, *, labels: bool, quiet: bool) -> None:
        from skerry.batch.jobs_file import save_jobs
        from skerry.batch.labels import LABELS
        from skerry.batch.parts import PARTS
        from skerry.batch.resume import Kept
        from skerry.io.save import made_folder

        self.folder, self.manifest, self.labels, self.quiet = folder, manifest, labels, quiet
        self.kept: Kept = Kept(folder / PARTS)
        self.keys = [
            self.kept.ready(location, choices)
            for location, choices in zip(manifest.locations, manifest.choices, strict=True)
        ]
        self.n_before = sum(key is not None for key in self.keys)
        self.failures: dict[int, Failure] = {}
        self.tries: dict[int, int] = {}
        save_jobs(folder, manifest)
        if labels:
            made_folder(folder / LABELS)

    def do(
        self,
        n_workers: int | None,
        scheduler: str | None,
        memory_limit: str | int,
        retries: int,
        beat: Any,
    ) -> None:
        """Do the maps that are not done."""
        from skerry.batch.cluster import cluster
        from skerry.batch.dispatch import Dispatch
        from skerry.batch.interrupt import Stop
        from skerry.batch.progress import Progress

        todo = [at for at, key in enumerate(self.keys) if key is None]
        with Progress(len(self.manifest), self.n_before, quiet=self.quiet) as progress:
            self._say_before(progress)
            if not todo:
                return
            # Until this run's record stands, the one there would speak of what is gone.
            with contextlib.suppress(OSError):
                (self.folder / RECORD).unlink(missing_ok=True)
            with (
                cluster(n_workers, scheduler, memory_limit) as workers,
                Stop(progress.say) as stop,
            ):
                dispatch = Dispatch(
                    self.folder,
                    self.manifest,
                    todo,
                    self.kept,
                    workers,
                    want_labels=self.labels,
                    retries=retries,
                    progress=progress,
                    stop=stop,
                    beat=beat,
                )
                dispatch.run()
            for at, key in dispatch.keys.items():
                self.keys[at] = key
            self.failures, self.tries = dispatch.failures, dispatch.tries
            n_done = sum(key is not None for key in self.keys)
            if n_done + len(self.failures) < len(self.manifest):
                progress.say(
                    f"skerry: stopped: {n_done} of {len(self.manifest)} maps are done and kept; "
                    "the same command goes on from there"
                )
                raise KeyboardInterrupt

    def _say_before(self, progress: Any) -> None:
        if self.kept.n_damaged:
            progress.say(
                f"skerry: warning: {self.kept.n_damaged} damaged part(s) in "
                f"{shown(self.kept.folder)} are done anew"
            )
        if self.n_before:
            progress.say(
                f"skerry: {self.n_before} of {len(self.manifest)} maps were done before and have "
                "not changed"
            )

    def finish(self) -> Counts:
        """Write the tables, and the label images that are missing."""
        from skerry.batch.compact import write_tables
        from skerry.batch.labels import mend_labels

        places = [None if key is None else self.kept.where[key] for key in self.keys]
        counts = write_tables(
            self.folder, self.manifest, self.kept.shelf, places, self.failures, self.tries
        )
        mend_labels(self.folder, self.manifest.ids, self.keys, self.kept, wanted=self.labels)
        self.kept.forget_others(key for key in self.keys if key is not None)
        return counts


def _check(workers: int | None, scheduler: str | None, retries: int) -> None:
    if scheduler is not None and workers is not None:
        raise ArgumentError("give workers or scheduler, not both: a scheduler has its workers")
    for name, value in (("workers", workers), ("retries", retries)):
        if value is None and name == "workers":
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ArgumentError(f"{name} must be a whole number, not negative, got {value!r}")


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed had begun to write; nobody else is at it now."""
    from skerry.batch.labels import LABELS
    from skerry.batch.parts import PARTS

    for place in (folder, folder / PARTS, folder / LABELS):
        for path in place.glob(".skerry-*.partial"):
            with contextlib.suppress(OSError):
                path.unlink()


def _forget(folder: Path, parts: Path) -> None:
    """Remove what earlier runs kept; only files of a batch."""
    for path in (*parts.glob("*.part"), *parts.glob("*.seen"), folder / RECORD):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _record(
    manifest: Manifest, common: Choices, counts: Counts, started: str, *, labels: bool
) -> dict[str, Any]:
    import skerry
    from skerry.io.provenance import versions

    return {
        "skerry": skerry.__version__,
        "versions": versions() | {"pyarrow": need("pyarrow").__version__},
        "command": _command(),
        "manifest": {"path": manifest.source, "sha256": manifest.sha256, "maps": len(manifest)},
        "parameters": common.plain(files=True) | {"labels": labels},
        "counts": counts._asdict(),
        "started": started,
        "ended": _now(),
    }


def _command() -> list[str]:
    """Give the command line, where this is the command."""
    name = Path(sys.argv[0]).name if sys.argv else ""
    return ["skerry", *sys.argv[1:]] if name.startswith("skerry") else ["skerry.batch.run"]


def _save_record(folder: Path, record: dict[str, Any]) -> None:
    """Write the record of a run: last, so that where it stands, all is there."""
    from skerry.batch.compact import TABLES
    from skerry.io.hashing import sha256_of
    from skerry.io.save import save_json

    outputs = {name: sha256_of(folder / name) for name in TABLES}
    save_json(record | {"outputs": outputs}, folder / RECORD)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
