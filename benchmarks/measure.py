"""Time scripts in processes of their own, in turn, and compare them."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

# What an inner-timed script begins and ends with: `work()` is what is measured.
INNER = """
import json, resource, sys, time
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
{setup}
def work():
{work}
for _ in range({warmups}): work()
before = peak(); begun = time.perf_counter(), time.process_time(); work()
seconds, cpu_seconds = time.perf_counter() - begun[0], time.process_time() - begun[1]
print(json.dumps({{"seconds": seconds, "added_mb": peak() - before, "cpu_seconds": cpu_seconds}}))
"""


@dataclass(frozen=True)
class Run:
    """One finished process."""

    seconds: float  # wall time of the process, or of its work() alone
    peak_mb: float
    added_mb: float | None  # peak memory that work() added, where it was measured
    cpu_seconds: float | None = None  # of work(), all threads, where it was measured


@dataclass(frozen=True)
class Script:
    """A Python script to be measured.

    With `work` the clock runs around it alone (`setup` comes before); without,
    the whole process is timed.
    """

    setup: str
    work: str | None = None
    warmups: int = 0

    def text(self) -> str:
        """Give the source that is run."""
        if self.work is None:
            return self.setup
        body = "\n".join("    " + line for line in self.work.strip().splitlines())
        return INNER.format(setup=self.setup, work=body, warmups=self.warmups)

    def run(self) -> Run:
        """Run once."""
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "script.py"
            script.write_text(self.text())
            printed = Path(folder) / "printed"
            begun = time.perf_counter()
            with printed.open("wb") as out:
                process = subprocess.Popen(
                    [sys.executable, "-W", "ignore", script],
                    stdout=out,
                    cwd=folder,
                    env=_environment(),
                )
                _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise RuntimeError(f"exit {process.returncode} from:\n{self.text()}")
            peak_mb = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
            if self.work is None:
                return Run(seconds, peak_mb, None)
            inner = json.loads(printed.read_text().splitlines()[-1])
            return Run(inner["seconds"], peak_mb, inner["added_mb"], inner["cpu_seconds"])


def _environment() -> dict[str, str]:
    """Give this process's environment, but let Python keep what it has compiled.

    The peers come from wheels, compiled when they were installed; skerry often from a
    working copy, which would be compiled again in every run.
    """
    ours = os.environ | {"MPLBACKEND": "Agg"}
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return ours


def in_turn(scripts: list[Script], n_runs: int) -> list[list[Run]]:
    """Run scripts A B C A B C ...; the first round, not counted, fills caches."""
    runs: list[list[Run]] = [[] for _ in scripts]
    for round_ in range(n_runs + 1):
        for mine, script in zip(runs, scripts, strict=True):
            done = script.run()
            if round_:
                mine.append(done)
    return runs


def median(runs: list[Run], what: str) -> float:
    """Give the median of a figure over runs."""
    return statistics.median(getattr(run, what) for run in runs)
