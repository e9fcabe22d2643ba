"""What processes do that tests of batches start, and faults for their workers."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A module that a worker loads before it works: what a map's name says happens to it.
FAULTS = """
import os, signal, time
from skerry.batch.one_map import task

def dask_setup(worker):
    read = task.read_inputs

    def with_faults(job):
        if "poison" in job.location:
            os.kill(os.getpid(), signal.SIGKILL)
        held = []
        while "hog" in job.location and len(held) < 400:
            held.append(bytearray(os.urandom(1 << 10) * (10 << 10)))
            time.sleep(0.01)
        if "slow" in job.location:
            time.sleep(0.25)
        return read(job)

    task.read_inputs = with_faults
"""


def started(target: Callable[..., None], *arguments: Any) -> multiprocessing.Process:
    """Start a process that is forked from a clean one, in which all is imported and compiled."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["batch_preloaded"])
    process = context.Process(target=target, args=arguments)
    with pytest.MonkeyPatch.context() as patch:  # the clean process knows no other way here
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        process.start()
    return process


def run_in_peace(maps: Sequence[str], out: str) -> None:
    """Run a batch to its end, unless somebody kills it."""
    from skerry.batch import run
    from skerry.batch.summary import page as summary_page

    summary_page.write_summary = lambda *_: None  # type: ignore[assignment]
    run(maps, out, workers=0, threshold=2.5, labels=True, quiet=True)


def run_and_die(maps: Sequence[str], out: str, at: int) -> None:
    """Run a batch and be killed at a call of fsync or replace, before it is done."""
    from skerry.batch import run
    from skerry.batch.summary import page as summary_page

    calls = 0

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*given: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*given, **options)

        return instead

    summary_page.write_summary = lambda *_: None  # type: ignore[assignment, return-value]
    os.fsync, os.replace = deadly(os.fsync), deadly(os.replace)
    run(maps, out, workers=0, threshold=2.5, quiet=True, labels=True)


def command_on_a_full_disk(arguments: Sequence[str], said: str, limit_bytes: int) -> None:
    """Run the command where no file may grow beyond a size; what it says goes to a file."""
    from skerry.cli.main import run

    with open(said, "w") as stream, contextlib.redirect_stderr(stream):  # noqa: PTH123
        sys.argv = ["skerry", *arguments]
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
        run()
