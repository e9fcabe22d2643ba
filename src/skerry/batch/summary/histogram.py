"""Histograms as the shapes of a small drawing."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.batch.summary.wording import grouped

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_WIDTH, _HEIGHT = 480.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 22.0, 12.0, 26.0
_MOST_BARS = 30
_MOST_DECADES = 7  # whose names find room


class Bar(NamedTuple):
    """One bar: where it stands in the drawing, and what it says."""

    x: float
    y: float
    width: float
    height: float
    says: str


class Tick(NamedTuple):
    """A mark on an axis and its text."""

    at: float
    text: str


class Histogram(NamedTuple):
    """A drawing of `width` by `height`, the axes at `left` and `bottom`."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


class _Bins(NamedTuple):
    counts: NDArray[np.int64]
    says: list[str]  # what each bin holds
    ticks: dict[int, str]  # under the left side of a bin; its middle where `centred`
    centred: bool


def histogram_of_counts(values: ArrayLike, unit: str) -> Histogram:
    """Draw how often whole numbers occur.

    Parameters
    ----------
    values : (n,) int array_like
        Not negative.
    unit : str
        Of one bar's text: "regions" gives "4 regions: 12 maps".

    Returns
    -------
    Histogram
        Bars of equal width, a round number each. What lies far above nearly
        all of the values is in a last bar of its own.
    """
    numbers = np.asarray(values, dtype=np.int64)
    if not len(numbers):
        return _drawn(_Bins(np.zeros(0, dtype=np.int64), [], {}, False))
    top = int(numbers.max())
    nearly_all = int(np.quantile(numbers, 0.99, method="higher"))
    end = nearly_all if top > 2 * max(nearly_all, _MOST_BARS // 2) else top
    step = int(_round_step((end + 1) / _MOST_BARS, whole=True))
    n_bins = end // step + 1
    counts = np.bincount(np.minimum(numbers // step, n_bins), minlength=n_bins)
    firsts = [number * step for number in range(n_bins)]
    says = [
        f"{_plural(first, unit)}" if step == 1 else f"{first} to {first + step - 1} {unit}"
        for first in firsts
    ]
    every = int(_round_step(n_bins / 8, whole=True))
    ticks = {number: _short(firsts[number]) for number in range(0, n_bins, every)}
    if len(counts) > n_bins:
        says.append(f"{n_bins * step} to {top} {unit}")
        ticks = {number: text for number, text in ticks.items() if n_bins - number >= every / 2}
        ticks[n_bins] = f"≥ {_short(n_bins * step)}"
    return _drawn(_Bins(counts, says, ticks, step == 1))


def histogram_of_sizes(values: ArrayLike, unit: str) -> Histogram:
    """Draw how sizes of any order of magnitude are spread.

    Parameters
    ----------
    values : (n,) float array_like
        Not negative, finite.
    unit : str

    Returns
    -------
    Histogram
        Bars of equal width, a round number each; or, where sizes above 0
        differ by more than tenfold, of equal width in the logarithm, six to a
        decade, and 0 in a bar of its own at the left.
    """
    sizes = np.asarray(values, dtype=np.float64)
    above = sizes[sizes > 0]
    if not len(above):
        counts = np.array([len(sizes)] if len(sizes) else [], dtype=np.int64)
        return _drawn(
            _Bins(counts, [f"0 {unit}"] * len(counts), {0: "0"} if len(sizes) else {}, True)
        )
    if above.max() < 10 * above.min():
        return _drawn(_even_bins(sizes, unit))
    return _drawn(_logarithmic_bins(above, len(sizes) - len(above), unit))


def _even_bins(sizes: NDArray[np.float64], unit: str) -> _Bins:
    lowest, highest = float(sizes.min()), float(sizes.max())
    if lowest == highest:  # as at a percentile
        return _Bins(
            np.array([len(sizes)]), [f"{_short(lowest)} {unit}"], {0: _short(lowest)}, True
        )
    step = _round_step(max(highest - lowest, highest * 1e-3) / 20)  # no narrower than it says
    first = math.floor(lowest / step)
    number = np.floor(sizes / step).astype(np.int64) - first
    counts = np.bincount(number)
    edges = [(first + at) * step for at in range(len(counts) + 1)]
    says = [f"{_short(a)} to {_short(b)} {unit}" for a, b in pairwise(edges)]
    every = int(_round_step(len(edges) / 5, whole=True))
    ticks = {at: _short(edge) for at, edge in enumerate(edges) if (first + at) % every == 0}
    return _Bins(counts, says, ticks, False)


def _logarithmic_bins(above: NDArray[np.float64], n_zero: int, unit: str) -> _Bins:
    per_decade = 6
    number = np.floor(np.log10(above) * per_decade + 1e-9).astype(np.int64)
    first, last = int(number.min()), int(number.max())
    counts = np.bincount(number - first, minlength=last - first + 1)
    edges = (10.0 ** (np.arange(first, last + 2) / per_decade)).tolist()
    says = [f"{_short(a)} to {_short(b)} {unit}" for a, b in pairwise(edges)]
    every = per_decade * math.ceil((last - first) / (per_decade * _MOST_DECADES))
    decades = [at for at in range(first, last + 2) if at % max(every, per_decade) == 0]
    ticks = {at - first: _short(10.0 ** (at / per_decade)) for at in decades}
    if n_zero:
        counts = np.concatenate([[n_zero, 0], counts])  # a gap between 0 and the rest
        says = [f"0 {unit}", "", *says]
        ticks = {0: "0"} | {at + 2: text for at, text in ticks.items()}
    return _Bins(counts, says, ticks, False)


def _round_step(least: float, *, whole: bool = False) -> float:
    """Give the lowest of 1, 2, 5, 10, 20, ... (or 0.1, 0.2, ...) that is not below a number."""
    if whole and least <= 1:
        return 1
    decade = 10.0 ** math.floor(math.log10(least))
    return next(step * decade for step in (1, 2, 5, 10) if step * decade >= least)


def _plural(number: int, unit: str) -> str:
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"


def _short(number: float) -> str:
    """Write a number with three digits, large ones in groups of three."""
    rounded = float(f"{number:.3g}")
    return grouped(rounded) if rounded >= 100 else f"{rounded:g}"


def _drawn(bins: _Bins) -> Histogram:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    step = (right - _LEFT) / max(len(bins.counts), 1)
    highest = int(bins.counts.max(initial=0))
    tall = (bottom - _TOP) / max(highest, 1)
    bars = tuple(
        Bar(
            round(_LEFT + at * step + 0.06 * step, 2),
            round(bottom - max(count * tall, 1.5), 2),  # one map among thousands can be seen
            round(0.88 * step, 2),
            round(max(count * tall, 1.5), 2),
            f"{said}: {'1 map' if count == 1 else f'{count} maps'}",
        )
        for at, (count, said) in enumerate(zip(bins.counts.tolist(), bins.says, strict=True))
        if count
    )
    shift = 0.5 if bins.centred else 0.0
    across = tuple(
        Tick(round(_LEFT + (at + shift) * step, 2), text) for at, text in bins.ticks.items()
    )
    every = int(_round_step(highest / 4, whole=True))
    up = tuple(
        Tick(round(bottom - count * tall, 2), _short(count))
        for count in range(0, highest + 1, every)
    )
    return Histogram(_WIDTH, _HEIGHT, _LEFT, right, bottom, bars, across, up)
