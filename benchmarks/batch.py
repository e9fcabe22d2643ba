"""Thousands of maps: `python benchmarks/batch.py [MAP ...] [--maps N] [--workers W ...]`.

Makes N maps at 2 mm from the maps given (by default the sample map, interpolated to 2 mm) and
from phantoms, by shifting, scaling and noise: a few hundred files that differ, each under many
names (hard links; a batch looks at each name by itself). Runs `skerry batch` on them with each
number of workers, watches the memory of its processes, and times nilearn's table on a few of the
same maps. The estimate for a million maps is arithmetic on what was measured, no more.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pyarrow.parquet as pq
from measure import Script, in_turn, median

from batch_maps import distinct_maps, named_maps

STEPS = ("read", "find", "tables", "write")
TARGET_RATE, TARGET_SPEEDUP = 20.0, 1.8
CHUNK_S = 2.0  # work of a task, about
NILEARN = """
import nibabel, sys
from nilearn.image import threshold_img
from nilearn.reporting import get_clusters_table
paths = {paths!r}
"""
NILEARN_WORK = """
for path in paths:
    img = nibabel.load(path)
    threshold_img(img, {threshold}, two_sided=True, copy=True)
    get_clusters_table(img, {threshold}, two_sided=True)
"""


@dataclass(frozen=True)
class Sample:
    """Memory of the processes of a run at one time, MB."""

    seconds: float
    client: float
    workers: tuple[float, ...]


@dataclass(frozen=True)
class Run:
    """One run of `skerry batch`."""

    n_workers: int
    n_maps: int
    seconds: float  # the whole process
    cpu_seconds: float  # of it and its workers
    ending: float  # seconds from the last part to the end: tables, frequency maps, page
    each: dict[str, float]  # mean seconds a map in each step
    n_failed: int
    kept_mb: float  # on disk in the end
    samples: tuple[Sample, ...]

    @property
    def rate(self) -> float:
        """Maps a second, end to end."""
        return self.n_maps / self.seconds


def main() -> None:
    """Make the maps, run, compare, and print the tables."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="skerry-batch-") as folder:
        distinct = distinct_maps(Path(folder) / "distinct", options.map, options.distinct)
        manifest = named_maps(Path(folder) / "maps", distinct, options.maps)
        mb = statistics.mean(path.stat().st_size for path in distinct) / 1e6
        print(
            f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores; "
            f"{options.maps} maps at 2 mm, {len(distinct)} of them differ, {mb:.2f} MB each; "
            f"threshold {options.threshold}, kind {options.kind or 'not said'}\n",
            flush=True,
        )
        runs = [
            _run(manifest, Path(folder) / f"out{number}_{turn}", number, options)
            for turn in range(options.runs)
            for number in options.workers
        ]
        _print_runs(runs)
        _print_memory(runs)
        rate = _print_steps(runs)
        _print_nilearn(distinct, options, rate)
        _print_estimate(runs, mb)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("map", nargs="*", help="z maps at 2 mm to make others from")
    parser.add_argument("--maps", type=int, default=10_000, help="how many maps")
    parser.add_argument("--distinct", type=int, default=240, help="how many of them differ")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--runs", type=int, default=1, help="runs with each number of workers")
    parser.add_argument("--threshold", type=float, default=3.1, help="a height")
    parser.add_argument("--kind", help="of the maps: with z also p, q and TDP are tabulated")
    parser.add_argument("--folder", help="where the maps go for the time of the run")
    parser.add_argument("--nilearn-maps", type=int, default=6, help="maps that nilearn gets")
    return parser.parse_args()


def _run(manifest: Path, out: Path, n_workers: int, options: argparse.Namespace) -> Run:
    command = [sys.executable, "-m", "skerry.cli.main", "batch", "--manifest", manifest, "-o", out]
    command += ["--workers", str(n_workers), "-t", str(options.threshold)]
    command += ["--kind", options.kind] if options.kind else []
    begun = time.perf_counter()
    process = subprocess.Popen([*map(str, command), "--quiet"])
    watch = _Watch(process.pid)
    code = process.wait()
    seconds = time.perf_counter() - begun
    watch.stop()
    if code not in (0, 1):  # 1: a map failed, which is counted below
        raise RuntimeError(f"exit {code} from {command}")
    maps = pq.read_table(out / "maps.parquet").to_pandas()
    parts = [path.stat().st_mtime for path in (out / ".parts").glob("*.part")]
    ended = (out / "run.json").stat().st_mtime
    return Run(
        n_workers=n_workers,
        n_maps=len(maps),
        seconds=seconds,
        cpu_seconds=watch.cpu_seconds,
        ending=ended - max(parts),
        each={step: float(maps[f"seconds_{step}"].mean()) for step in STEPS},
        n_failed=int((maps["status"] == "failed").sum()),
        kept_mb=sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6,
        samples=tuple(watch.samples),
    )


class _Watch(threading.Thread):
    """Looks at a process and its children twice a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._top = psutil.Process(pid)
        self._ended = threading.Event()
        self._begun = time.perf_counter()
        self._cpu: dict[int, float] = {}
        self.samples: list[Sample] = []
        self.start()

    @property
    def cpu_seconds(self) -> float:
        """User and system time of all that were seen."""
        return sum(self._cpu.values())

    def run(self) -> None:
        while not self._ended.wait(0.5):
            try:
                children = self._top.children(recursive=True)
                memory = [self._look(each) for each in (self._top, *children)]
            except psutil.Error:
                continue
            # Python's own helpers of processes hold next to nothing.
            workers = tuple(mb for mb in memory[1:] if mb > 60)
            self.samples.append(Sample(time.perf_counter() - self._begun, memory[0], workers))

    def _look(self, process: psutil.Process) -> float:
        with process.oneshot():
            times = process.cpu_times()
            self._cpu[process.pid] = times.user + times.system
            return process.memory_info().rss / 1e6

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _print_runs(runs: list[Run]) -> None:
    print(
        "| workers | maps | failed | s | maps/s | maps/s a worker | CPU ms a map | tables, page s | kept MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for run in runs:
        print(
            f"| {run.n_workers} | {run.n_maps} | {run.n_failed} | {run.seconds:.1f} | {run.rate:.1f} "
            f"| {run.rate / run.n_workers:.1f} | {1e3 * run.cpu_seconds / run.n_maps:.1f} "
            f"| {run.ending:.1f} | {run.kept_mb:.1f} |"
        )
    one = [run.seconds for run in runs if run.n_workers == 1]
    two = [run.seconds for run in runs if run.n_workers == 2]
    if one and two:
        ratio = statistics.median(one) / statistics.median(two)
        print(f"\ntwo workers are {ratio:.2f}x as fast as one (must reach {TARGET_SPEEDUP}x)")
    print(flush=True)


def _print_memory(runs: list[Run]) -> None:
    """Say how memory went: means over five stretches of each run, MB."""
    print("| workers | process | 1st fifth | 2nd | 3rd | 4th | last | highest |")
    print("|---|---|---|---|---|---|---|---|")
    for run in runs:
        # Before all workers are there, and once they have gone, there is nothing to compare.
        samples = [each for each in run.samples if len(each.workers) >= run.n_workers]
        sides = {
            "client": [each.client for each in samples],
            "a worker": [max(each.workers) for each in samples],
        }
        for name, values in sides.items():
            if len(values) >= 5:
                fifths = " | ".join(f"{part.mean():.0f}" for part in np.array_split(values, 5))
                print(f"| {run.n_workers} | {name} | {fifths} | {max(values):.0f} |")
    print(flush=True)


def _print_steps(runs: list[Run]) -> float:
    """Say where the time of a map goes; give maps a second a core with one worker."""
    print("| workers | reading ms | finding | tables | writing | maps/s by these | around it ms |")
    print("|---|---|---|---|---|---|---|")
    for run in runs:
        inside = sum(run.each.values())
        around = run.seconds * run.n_workers / run.n_maps - inside
        cells = " | ".join(f"{1e3 * run.each[step]:.1f}" for step in STEPS)
        print(f"| {run.n_workers} | {cells} | {1 / inside:.1f} | {1e3 * around:.1f} |")
    best = min(runs, key=lambda run: run.n_workers)
    rate = best.rate / best.n_workers
    print(
        f"\n{rate:.1f} maps a second a core, end to end (must reach {TARGET_RATE:g})\n", flush=True
    )
    return rate


def _print_nilearn(distinct: list[Path], options: argparse.Namespace, rate: float) -> None:
    """Time nilearn on a few of the maps, in one process that has imported it."""
    if not options.nilearn_maps:
        return
    paths = [str(path) for path in distinct[:: max(1, len(distinct) // options.nilearn_maps)]]
    setup = NILEARN.format(paths=paths)
    work = NILEARN_WORK.format(threshold=options.threshold)
    (theirs,) = in_turn([Script(setup, work)], 1)
    each = median(theirs, "seconds") / len(paths)
    print(
        f"nilearn threshold_img and get_clusters_table: {each:.2f} s a map "
        f"({len(paths)} of the same maps); skerry batch, one core: {1 / rate:.3f} s, "
        f"{each * rate:.0f}x faster\n",
        flush=True,
    )


def _print_estimate(runs: list[Run], mb: float) -> None:
    """Reckon a million maps from the run with most workers: arithmetic, not a measurement."""
    run = max(runs, key=lambda run: run.n_workers)
    a_core = (run.n_maps / (run.seconds - run.ending)) / run.n_workers
    kept_mb = run.kept_mb / run.n_maps
    # As if all of it grew with the maps, which its imports and its page do not.
    ending_h = 1e6 * run.ending / run.n_maps / 3600
    print("A million such maps, on paper:\n")
    print(
        "| on | cores | work h | then tables and page h, at most | maps/s | read MB/s "
        "| into the client MB/s | tasks/s | results GB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, cores in (("a 64-core node", 64), ("40 such nodes", 2560)):
        rate = a_core * cores
        print(
            f"| {name} | {cores} | {1e6 / rate / 3600:.2f} | {ending_h:.2f} | {rate:.0f} "
            f"| {rate * mb:.0f} | {rate * kept_mb:.1f} | {cores / CHUNK_S:.0f} "
            f"| {kept_mb * 1e3:.0f} |"
        )
    print(f"\n{json.dumps({'maps_a_second_a_core': round(a_core, 1), 'mb_a_map': round(mb, 2)})}")


if __name__ == "__main__":
    main()
