"""Which region of which map is a recurring region: matched by overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from skerry.batch.recurring.frequency import check_inside
from skerry.checks import is_number
from skerry.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from skerry.batch.recurring.frequency import RegionVoxels
    from skerry.regions.regions import Regions

Measure: TypeAlias = Literal["dice", "share"]

# They give columns their type where there is no map.
_NONE = np.zeros(0, dtype=np.int64)
_NO_SHARE = np.zeros(0, dtype=np.float64)


class Matches(NamedTuple):
    """Which region of which map is which recurring region; one element a match.

    Ordered by recurring region, then by map.
    """

    recurring: NDArray[np.int64]  # number of the recurring region
    map_number: NDArray[np.int64]  # position of the map, from 0
    region: NDArray[np.int64]  # number of the map's region
    n_shared: NDArray[np.int64]  # voxels in both
    dice: NDArray[np.float64]
    share: NDArray[np.float64]  # n_shared of the smaller of the two
    ids: tuple[str, ...]  # of all the maps
    n_touched: NDArray[np.int64]  # maps with a voxel in each recurring region, in their order


def match_regions(
    maps: Iterable[RegionVoxels], recurring: Regions, *, measure: Measure, min_overlap: float
) -> Matches:
    """Find each recurring region again in each map.

    In a map, the region of the same sign that overlaps most is the match, the
    one with the lower number when two overlap alike; it counts when the
    overlap is at least `min_overlap`. A region that spans two recurring ones
    may match both.

    Parameters
    ----------
    maps : iterable of RegionVoxels
        On the grid of `recurring`; gone through once.
    recurring : Regions
    measure : {"dice", "share"}
        Twice the shared voxels by the voxels of both, or the shared voxels by
        those of the smaller of the two.
    min_overlap : float

    Returns
    -------
    Matches

    Raises
    ------
    ArgumentError
        If `measure` or `min_overlap` makes no sense.
    """
    check_match(measure, min_overlap)
    labels = recurring.labels.reshape(-1)
    numbers = recurring.columns["region"].astype(np.int64)
    n_numbers = int(numbers.max(initial=0)) + 1
    extent = np.zeros(n_numbers, dtype=np.int64)
    extent[numbers] = recurring.columns["n_voxels"]
    is_positive = np.zeros(n_numbers, dtype=bool)
    is_positive[numbers] = recurring.columns["sign"] > 0
    touched = np.zeros(n_numbers, dtype=np.int64)
    ids: list[str] = []
    rows = []
    for one in maps:
        check_inside(one, recurring.grid)
        pairs = _pairs(one, labels, is_positive)
        touched[np.unique(pairs.recurring)] += 1
        here = _best(pairs, extent[pairs.recurring], measure, min_overlap)
        rows.append((here, np.full(len(here[0]), len(ids))))
        ids.append(one.id)
    return _sorted(rows, tuple(ids), touched[numbers])


def check_match(measure: str, min_overlap: float) -> None:
    """Refuse a rule of matching that makes no sense.

    Raises
    ------
    ArgumentError, ArgumentTypeError
    """
    if measure not in get_args(Measure):
        raise ArgumentError(f'measure must be "dice" or "share", got {measure!r}')
    check_share("min_overlap", min_overlap)


def check_share(name: str, value: object) -> None:
    """Refuse what is no share of something.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        Naming the argument.
    """
    if not is_number(value):
        raise ArgumentTypeError(f"{name} must be a number, got {value!r}")
    if not 0 < value <= 1:
        raise ArgumentError(f"{name} must be above 0 and at most 1, got {value!r}")


class _Pairs(NamedTuple):
    """A recurring region and a region of one map that share voxels; one element a pair."""

    recurring: NDArray[np.int64]
    region: NDArray[np.int64]
    n_shared: NDArray[np.int64]
    extent: NDArray[np.int64]  # voxels of the map's region


def _pairs(one: RegionVoxels, labels: NDArray[np.int32], is_positive: NDArray[np.bool_]) -> _Pairs:
    label = labels[one.voxel].astype(np.int64)
    shared = (label > 0) & (is_positive[label] == one.is_positive)
    base = int(one.region.max(initial=0)) + 1
    pair, n_shared = np.unique(label[shared] * base + one.region[shared], return_counts=True)
    recurring, region = np.divmod(pair, base)
    extent = np.bincount(one.region, minlength=base)[region]
    return _Pairs(recurring, region, n_shared, extent)


class _Best(NamedTuple):
    """The matches of one map, by rising number of the recurring region."""

    recurring: NDArray[np.int64]
    region: NDArray[np.int64]
    n_shared: NDArray[np.int64]
    dice: NDArray[np.float64]
    share: NDArray[np.float64]


def _best(pairs: _Pairs, extent: NDArray[np.int64], measure: Measure, min_overlap: float) -> _Best:
    dice = 2 * pairs.n_shared / (extent + pairs.extent)
    share = pairs.n_shared / np.minimum(extent, pairs.extent)
    overlap = dice if measure == "dice" else share
    order = np.lexsort((pairs.region, -overlap, pairs.recurring))
    is_first = np.diff(pairs.recurring[order], prepend=0) > 0  # numbers begin at 1
    best = order[is_first]
    best = best[overlap[best] >= min_overlap]
    return _Best(
        pairs.recurring[best], pairs.region[best], pairs.n_shared[best], dice[best], share[best]
    )


def _sorted(
    rows: list[tuple[_Best, NDArray[np.int64]]],
    ids: tuple[str, ...],
    n_touched: NDArray[np.int64],
) -> Matches:
    """Put the matches of all maps in the order of the recurring regions."""
    number = np.concatenate([_NONE, *(row.recurring for row, _ in rows)])
    order = np.argsort(number, kind="stable")
    return Matches(
        recurring=number[order],
        map_number=np.concatenate([_NONE, *(here for _, here in rows)])[order],
        region=np.concatenate([_NONE, *(row.region for row, _ in rows)])[order],
        n_shared=np.concatenate([_NONE, *(row.n_shared for row, _ in rows)])[order],
        dice=np.concatenate([_NO_SHARE, *(row.dice for row, _ in rows)])[order],
        share=np.concatenate([_NO_SHARE, *(row.share for row, _ in rows)])[order],
        ids=ids,
        n_touched=n_touched,
    )
