"""The work of a run: what is left to do, its doing, and the tables that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skerry.batch.asked.jobs_file import save_jobs
from skerry.batch.folder.labels import LABELS, mend_labels
from skerry.batch.folder.record import remove_record
from skerry.batch.folder.resume import Kept
from skerry.batch.folder.tables import write_tables
from skerry.batch.parts.part import PARTS
from skerry.batch.running.cluster import cluster
from skerry.batch.running.dispatch import Dispatch
from skerry.batch.running.interrupt import Stop
from skerry.batch.running.progress import Progress
from skerry.io.paths import shown
from skerry.io.save import made_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from skerry.batch.asked.manifest import Manifest
    from skerry.batch.folder.tables import Counts, Failure

__all__ = ["Work"]


class Work:
    """The maps of a manifest on their way into the tables of a folder.

    Parameters
    ----------
    folder : Path
    manifest : Manifest
    labels : bool
        Whether label images are wanted.
    quiet : bool
        Say nothing on standard error.

    Attributes
    ----------
    n_before : int
        Maps that earlier runs had done.
    failures : dict of int to Failure
        By the number of the map in the manifest.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, labels: bool, quiet: bool) -> None:
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
        beat: Callable[[], None],
    ) -> None:
        """Do the maps that are not done; the parameters are those of `run`.

        Raises
        ------
        KeyboardInterrupt
            If people asked to stop, and maps are left.
        """
        todo = [at for at, key in enumerate(self.keys) if key is None]
        with Progress(len(self.manifest), self.n_before, quiet=self.quiet) as progress:
            self._say_before(progress)
            # Until this run's record stands, the one there would speak of what is gone.
            remove_record(self.folder)
            if not todo:
                return
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

    def _say_before(self, progress: Progress) -> None:
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
        places = [None if key is None else self.kept.where[key] for key in self.keys]
        counts = write_tables(
            self.folder, self.manifest, self.kept.shelf, places, self.failures, self.tries
        )
        mend_labels(self.folder, self.manifest.ids, self.keys, self.kept, wanted=self.labels)
        self.kept.forget_others(key for key in self.keys if key is not None)
        return counts
