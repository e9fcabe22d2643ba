"""The null distribution of a permutation test: the maxima of every arrangement."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

import numpy as np

from skerry.core._kernels import load_numba

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from skerry.stats.permute.checkpoint import Checkpoint
    from skerry.stats.permute.measurer import Measurer
    from skerry.stats.permute.moves import Moves

__all__ = ["null_maxima"]

# How often, in seconds, people hear of the progress, and what is done is saved.
TELL_EVERY, SAVE_EVERY = 0.5, 10.0


def null_maxima(
    measurer: Measurer,
    moves: Moves,
    *,
    threads: int = 1,
    checkpoint: Checkpoint | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float64]:
    """Measure the maxima of every arrangement.

    Parameters
    ----------
    measurer : Measurer
    moves : Moves
    threads : int
        How many arrangements are measured at a time; the result is the same for any number.
    checkpoint : Checkpoint, optional
        Where what is done is kept until all is.
    progress : callable, optional
        Told, now and then, how many arrangements are done, and of how many.

    Returns
    -------
    (n_total, k) float64
        Of `measurer.names`; the first row is the observed.
    """
    load_numba()
    null = np.full((moves.n_total, len(measurer.names)), np.nan)
    if checkpoint is not None:
        checkpoint.read(null)
    if np.isnan(null[0]).any():
        null[0] = measurer.maxima(*moves.arrangement(0))  # compiles before threads start
    left = iter(np.flatnonzero(np.isnan(null).any(axis=1)).tolist())
    next_one, stop = threading.Lock(), threading.Event()

    def work() -> None:
        while not stop.is_set():
            with next_one:
                number = next(left, None)
            if number is None:
                return
            null[number] = measurer.maxima(*moves.arrangement(number))

    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(work) for _ in range(threads)]
        try:
            _watch(jobs, null, checkpoint, progress)
        finally:  # also when people interrupt: what was begun is finished and kept
            stop.set()
            wait(jobs)
            if checkpoint is not None:
                checkpoint.write(null)
    return null


def _watch(
    jobs: list[Future[None]],
    null: NDArray[np.float64],
    checkpoint: Checkpoint | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    saved = time.monotonic()
    running = set(jobs)
    while running:
        done, running = wait(running, timeout=TELL_EVERY)
        for job in done:
            job.result()  # raises what went wrong
        if progress is not None:
            progress(_n_done(null), len(null))
        if checkpoint is not None and time.monotonic() - saved > SAVE_EVERY:
            checkpoint.write(null)
            saved = time.monotonic()


def _n_done(null: NDArray[np.float64]) -> int:
    return int(np.count_nonzero(~np.isnan(null).any(axis=1)))
