"""From which |value| on a map of an atlas is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentTypeError
from skerry.io.notice import notice
from skerry.plotting.inputs.display_threshold import threshold_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.typing import AnyArray

# Below this |value| a voxel is empty, whatever threshold is asked for.
_NOISE = 1e-6

# How much of the overlap of neighbouring maps "auto" takes away.
_STRICTNESS = {"contours": 1.0, "filled_contours": 0.8, "continuous": 0.5}

# A map was cut out of a larger one if its smallest |value| is at least this part
# of its largest: the first where no two maps share a voxel, the second even so.
# Probabilities fade to a few per cent of their maximum before they end.
_EDGE_ALONE, _EDGE_SHARED = 0.02, 0.2


def map_levels(maps: Sequence[AnyArray], threshold: Any, view_type: str) -> list[float]:
    """Choose for each map the level above which |value| is drawn.

    Parameters
    ----------
    maps : sequence of (I, J, K) arrays
        Finite.
    threshold : None, float, "auto", percentage, or a sequence of one for each map
        A percentage is one of the |values| of each map. `"auto"` draws regions
        that were cut out of a map by a threshold whole, to their border. Of other
        maps it draws the highest values, fewer the fewer maps there are, so that
        they overlap little.
    view_type : {"contours", "filled_contours", "continuous"}
        How the maps are drawn.

    Returns
    -------
    list of float
        At least 1e-6.

    Raises
    ------
    ArgumentTypeError
        If a sequence has not one threshold for each map.
    ArgumentError
        If a threshold is negative or no percentage.

    Warns
    -----
    UserWarning
        If a number is above all |values| of its map.
    """
    if isinstance(threshold, str) and threshold == "auto":
        threshold = None if are_cut_out(maps) else _auto_percentage(len(maps), view_type)
    each = [threshold] * len(maps)
    if not isinstance(threshold, str) and np.iterable(threshold):
        each = list(threshold)
        if len(each) != len(maps):
            raise ArgumentTypeError(
                f"a list of thresholds must have one for each map: got {len(each)} thresholds "
                f"for {len(maps)} maps"
            )
    pairs = zip(each, maps, strict=True)
    return [_level(one, values, number) for number, (one, values) in enumerate(pairs)]


def are_cut_out(maps: Sequence[AnyArray]) -> bool:
    """Tell whether maps end with an edge, as regions above a threshold do.

    Parameters
    ----------
    maps : sequence of (I, J, K) arrays
        Finite; empty ones do not count.
    """
    edge, shared = 1.0, False
    seen: AnyArray | None = None
    for values in maps:
        inside = values != 0
        heights = np.abs(values[inside])
        if not heights.size:
            continue
        edge = min(edge, float(heights.min() / heights.max()))
        if edge < _EDGE_ALONE:
            return False
        if seen is None:
            seen = inside
        else:
            shared = shared or bool((seen & inside).any())
            seen = seen | inside
    return edge >= (_EDGE_SHARED if shared else _EDGE_ALONE)


def _auto_percentage(n_maps: int, view_type: str) -> str:
    return f"{100 * (1 - 0.2 * _STRICTNESS[view_type] / n_maps):f}%"


def _level(threshold: Any, values: AnyArray, number: int) -> float:
    name = f"threshold of map {number + 1}"
    level = threshold_value(threshold, values, name)
    if level is None:
        return _NOISE
    highest = float(np.abs(values).max()) if values.size else 0.0
    if not isinstance(threshold, str) and level > highest:
        notice(
            f"{name}: {level} is above its largest |value|, {highest:g}, so nothing of it is "
            "drawn; for a percentile write it with a percent sign",
            UserWarning,
        )
    return max(level, _NOISE)
