"""How much there is to see in each slice of a map."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.io.notice import notice
from skerry.space.orient import is_oblique, to_ras

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray

# Weight of each of the six neighbours of a voxel in the smoothed map.
_NEIGHBOUR_WEIGHT = 0.2

# A slice near a chosen one counts this much of its height from then on: not
# zero, so that a second round still finds the best of what is left.
_PLAYED_DOWN = 1e-3

# Slices smoothed at a time.
_SLAB = 16


class Slices(NamedTuple):
    """A volume and the axis along which it is cut; N slices."""

    values: AnyArray
    axis: int

    def __len__(self) -> int:
        return int(self.values.shape[self.axis])


class Profile(NamedTuple):
    """How much there is in each slice.

    Parameters
    ----------
    height : (N,) float
        Highest |value| of the smoothed map.
    total : (N,) float
        Sum of |value| of the map.
    """

    height: AnyArray
    total: NDArray[np.float64]


def sliced_along(values: AnyArray, grid: Grid, direction: str) -> tuple[Slices, float, float]:
    """Find the axis of a volume that runs along x, y or z.

    Parameters
    ----------
    values : (I, J, K) array
        On `grid`. Resampled to the nearest voxels where the axes are oblique.
    grid : Grid
    direction : {"x", "y", "z"}

    Returns
    -------
    slices : Slices
    first_mm, step_mm : float
        Position of the first slice, and from one to the next, in mm.

    Warns
    -----
    UserWarning
        If the axes are oblique, or not in the order x, y, z.
    """
    axis = "xyz".index(direction)
    oblique = is_oblique(grid)
    if oblique or not np.diag(grid.affine)[:3].all():
        notice(
            "A non-diagonal affine is found in the given image. Reordering the image to get "
            "diagonal affine for finding cuts in the slices.",
            UserWarning,
        )
        values, grid = to_ras(values, grid, interpolation="nearest")
    return Slices(values, axis), float(grid.affine[axis, 3]), float(grid.affine[axis, axis])


def measure_slices(slices: Slices) -> Profile:
    """Measure each slice; the volume is smoothed a slab at a time, not copied.

    Parameters
    ----------
    slices : Slices
        Non-finite values count as 0.

    Returns
    -------
    Profile
    """
    values, axis = slices
    others = tuple(other for other in range(3) if other != axis)
    # Slabs lie across the axis that is slowest in memory, so each is one block of it.
    slow = int(np.argmax(np.abs(values.strides)))
    height = np.zeros(len(slices), dtype=_float_dtype(values))
    total = np.zeros(len(slices))
    for start in range(0, values.shape[slow], _SLAB):
        stop = min(start + _SLAB, values.shape[slow])
        plain, smoothed = _slab(values, slow, start, stop)
        part = slice(start, stop) if axis == slow else slice(None)
        height[part] = np.maximum(height[part], smoothed.max(axis=others))
        total[part] += plain.sum(axis=others, dtype=np.float64)
    return Profile(height, total)


def spread_cuts(slices: Slices, n_cuts: int, spacing: int) -> list[int]:
    """Choose the highest slices that are not too near each other.

    Parameters
    ----------
    slices : Slices
    n_cuts : int
        At most the number of slices.
    spacing : int
        Slices nearer than this to a chosen one are played down.

    Returns
    -------
    list of int
        `n_cuts` different slices, in rising order.
    """
    height, total = measure_slices(slices)
    chosen: set[int] = set()
    for _ in range(n_cuts):
        highest = np.flatnonzero(height == height.max()).tolist()
        peak = highest[0] if len(highest) == 1 else min(highest, key=_first_top(slices))
        height[max(0, peak - spacing) : peak + spacing] *= _PLAYED_DOWN
        chosen.add(peak)
    while len(chosen) < n_cuts:
        chosen.add(_one_more(sorted(chosen), total))
    return sorted(chosen)


def _first_top(slices: Slices) -> Callable[[int], int]:
    """Give, for a slice, where in the volume (last axis fastest) its highest voxel comes first.

    Between slices that are equally high, as in saturated maps, nilearn takes
    the one whose highest voxel comes first.
    """
    values, axis = slices

    @cache
    def first_top(position: int) -> int:
        _, smoothed = _slab(values, axis, position, position + 1)
        inside = list(np.unravel_index(int(smoothed.argmax()), smoothed.shape))
        inside[axis] += position
        return int(np.ravel_multi_index(inside, values.shape))

    return first_top


def _slab(values: AnyArray, axis: int, start: int, stop: int) -> tuple[AnyArray, AnyArray]:
    """|value| of slices `start` to `stop` along an axis, as they are and smoothed."""
    first, last = max(start - 1, 0), min(stop + 1, values.shape[axis])
    plain = np.abs(values[(slice(None),) * axis + (slice(first, last),)])
    plain = plain.astype(_float_dtype(values), copy=False)
    plain[~np.isfinite(plain)] = 0
    smoothed, weighted = plain.copy(order="K"), _NEIGHBOUR_WEIGHT * plain
    for neighbours in range(3):
        before: tuple[slice, ...] = (slice(None),) * neighbours + (slice(None, -1),)
        after: tuple[slice, ...] = (slice(None),) * neighbours + (slice(1, None),)
        smoothed[before] += weighted[after]
        smoothed[after] += weighted[before]
    smoothed /= 1 + 6 * _NEIGHBOUR_WEIGHT
    kept = (slice(None),) * axis + (slice(start - first, stop - first),)
    return plain[kept], smoothed[kept]


def _float_dtype(values: AnyArray) -> np.dtype[np.floating[Any]]:
    floating = values.dtype.kind == "f"
    return values.dtype.newbyteorder("=") if floating else np.dtype(np.float64)


def _one_more(chosen: list[int], total: NDArray[np.float64]) -> int:
    """Give a slice above, within the widest gap of, or below the chosen ones."""
    candidates = [chosen[-1] + 2]
    if len(chosen) > 1:
        gap = int(np.argmax(np.diff(chosen)))
        candidates.append((chosen[gap] + chosen[gap + 1]) // 2)
    candidates.append(chosen[0] - 2)
    free = [c for c in candidates if 0 <= c < len(total) and c not in chosen]
    if not free:
        free = sorted(set(range(len(total))).difference(chosen))
    return max(free, key=lambda candidate: total[candidate])
