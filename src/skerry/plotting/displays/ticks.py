"""The numbers on a colour bar."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from skerry.io.notice import notice

TICK_FORMAT = "%.2g"

# A threshold below this hides nothing but zeros; it is not worth a number.
NOT_ZERO = 1e-6
# Numbers closer than this part of the spacing run into each other.
CROWDED_PART = 1 / 3


def tick_values(
    low: float,
    high: float,
    *,
    threshold: float | None = None,
    n_ticks: int = 5,
    tick_format: str = TICK_FORMAT,
) -> list[float]:
    """Choose the numbers on a colour bar.

    Evenly spaced from end to end, with 0 and the threshold of each sign added, none
    between them, and none so close to another that they would overlap; the ends
    and the threshold stay.

    Parameters
    ----------
    low, high : float
        Ends of the bar.
    threshold : float, optional
        Values up to this, of both signs, are hidden.
    n_ticks : int
        How many evenly spaced numbers to begin with.
    tick_format : str
        How they are written; each value is rounded so, and written once.

    Returns
    -------
    list of float
        From low to high.

    Examples
    --------
    >>> tick_values(-8, 8, threshold=3)  # 4 would run into 3
    [-8.0, -3.0, 0.0, 3.0, 8.0]
    """

    def written(value: float) -> float:
        return as_written(value, tick_format)

    first, last = written(low), written(high)
    if first == last and (not threshold or last == 0):
        return [first]
    if tick_format == "%i":
        _warn_of_fraction(threshold)
        if last - first < n_ticks - 1:
            n_ticks = int(last - first + 1)
    ticks = {written(value) for value in np.linspace(low, high, n_ticks)}
    spacing = max((b - a for a, b in pairwise(sorted(ticks))), default=0.0)
    limit = None
    if threshold is not None and threshold > NOT_ZERO:
        limit = written(threshold)
        marked = _signs_of(limit, low, high)
        stay = {0.0, first, last} | marked
        ticks = {tick for tick in ticks | marked if abs(tick) > limit or tick in stay}
    if low < 0 < high:
        ticks.add(0.0)
    if limit is None and threshold is not None:
        limit = abs(threshold)
    return _uncrowded(sorted(ticks), spacing * CROWDED_PART, first, last, limit)


def as_written(value: float, tick_format: str) -> float:
    """Round a value to what its text says; the format may have words beside the number.

    Examples
    --------
    >>> as_written(9.96, "%.2g"), as_written(9.96, "t = %.1f")
    (10.0, 10.0)
    """
    found = re.search(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", tick_format % value)
    return float(found.group()) + 0.0 if found else float(value)  # + 0.0 turns -0.0 into 0.0


def _signs_of(limit: float, low: float, high: float) -> set[float]:
    if high <= 0:
        return {-limit}
    return {limit} if low >= 0 else {-limit, limit}


def _uncrowded(
    ticks: list[float], closest: float, first: float, last: float, limit: float | None
) -> list[float]:
    """Drop what is too close to its neighbour, keeping ends, zero and threshold."""
    limits = set() if limit is None else {-limit, limit}
    stay = {first, last, 0.0} | limits
    dropped: set[float] = set()
    for a, b in pairwise(ticks):
        if b - a >= closest:
            continue
        free = next((tick for tick in (a, b) if tick not in stay), None)
        if free is not None:
            dropped.add(free)
        elif limit is not None and 0.0 in (a, b) and (a in limits or b in limits):
            if limit <= 1e-5:
                dropped.add(a or b)
            elif first != 0 and last != 0:
                dropped.add(0.0)
    return [tick for tick in ticks if tick not in dropped]


def _warn_of_fraction(threshold: float | None) -> None:
    if threshold is not None and int(threshold) != threshold:
        notice(
            "You provided a non integer threshold but configured the colorbar to use integer "
            f"formatting: {threshold} is written {int(threshold)}."
        )
