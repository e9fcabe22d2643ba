"""Choose a few planes that together meet many regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.typing import IntArray

# A region is well seen in a plane that holds at least this part of its largest area.
_WELL_SEEN = 0.5

# Cuts that are not needed to meet a region lie at least this far apart while
# there is room: nearer ones look alike.
_USUAL_SPACING_MM = 12.0


class _Span(NamedTuple):
    """Planes first..last, both included, and the regions seen in all of them."""

    first: int
    last: int
    regions: tuple[int, ...]


def choose_planes(areas: IntArray, n_planes: int, *, step_mm: float) -> list[int]:
    """Choose planes that meet every region if that many can.

    Regions are intervals of planes; the fewest planes that meet all intervals
    come from taking, again and again, the interval that ends first. Where that
    needs no more planes than asked, each plane is then moved within the common
    part of its intervals to where its regions are largest, and planes that are
    left go where most is to be seen. Else planes are taken one by one, each
    where the regions not yet met have the largest volume.

    Parameters
    ----------
    areas : (n_regions, n) int
        How much of each region is in each plane; no region is empty.
    n_planes : int
        How many planes are asked for.
    step_mm : float
        Distance of neighbouring planes, mm.

    Returns
    -------
    list of int
        Indices of planes, rising; fewer than asked only if there are fewer.
    """
    n_planes = min(n_planes, areas.shape[1])
    for least in (_WELL_SEEN, 0.0):
        groups = _fewest_groups([_span(row, least, region) for region, row in enumerate(areas)])
        if len(groups) <= n_planes:
            chosen = [_best_plane(areas, group) for group in groups]
            break
    else:
        chosen = _largest_first(areas, n_planes)
    return sorted(_fill_up(areas.sum(axis=0), chosen, n_planes, step_mm))


def _span(area: IntArray, least: float, region: int) -> _Span:
    """Give the run of planes around the largest area where the area is not small."""
    peak = int(area.argmax())
    small = np.flatnonzero(area < max(least * area[peak], 1))
    before, after = small[small < peak], small[small > peak]
    first = int(before[-1]) + 1 if before.size else 0
    last = int(after[0]) - 1 if after.size else len(area) - 1
    return _Span(first, last, (region,))


def _fewest_groups(spans: Sequence[_Span]) -> list[_Span]:
    groups: list[_Span] = []
    for span in sorted(spans, key=lambda one: (one.last, one.first)):
        if groups and span.first <= groups[-1].last:
            common = groups[-1]
            groups[-1] = _Span(
                max(common.first, span.first), common.last, common.regions + span.regions
            )
        else:
            groups.append(span)
    return groups


def _best_plane(areas: IntArray, group: _Span) -> int:
    rows = areas[list(group.regions)]
    share = (rows / rows.max(axis=1, keepdims=True)).sum(axis=0)
    return group.first + int(share[group.first : group.last + 1].argmax())


def _largest_first(areas: IntArray, n_planes: int) -> list[int]:
    chosen: list[int] = []
    sizes, left = areas.sum(axis=1), np.ones(len(areas), dtype=bool)
    seen_in = areas >= np.maximum(_WELL_SEEN * areas.max(axis=1, keepdims=True), 1)
    while left.any() and len(chosen) < n_planes:
        gain = (sizes * left) @ seen_in
        ties = np.flatnonzero(gain == gain.max())
        plane = int(ties[(left @ areas)[ties].argmax()])
        chosen.append(plane)
        left &= areas[:, plane] == 0
    return chosen


def _fill_up(
    shown: NDArray[np.int64], chosen: list[int], n_planes: int, step_mm: float
) -> list[int]:
    """Add planes where most is shown, apart from the chosen ones as far as there is room."""
    planes = np.arange(len(shown))
    spacing = max(int(_USUAL_SPACING_MM / step_mm), 1)
    inside = np.flatnonzero(shown)
    away_from_signal = np.maximum(inside[0] - planes, planes - inside[-1]).clip(0)
    worth = np.where(shown > 0, shown.astype(np.float64), -1.0 - away_from_signal)
    while len(chosen) < n_planes:
        gap = np.abs(planes[:, None] - np.array(chosen)).min(axis=1)
        free = (gap >= spacing) & ((shown > 0) | (spacing == 1))
        if free.any():
            chosen = [*chosen, int(np.where(free, worth, -np.inf).argmax())]
        else:
            spacing = max(spacing // 2, 1)
    return chosen
