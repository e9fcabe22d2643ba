"""Find and draw the edges of the structures in a slice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.plotting.displays.overlay import interpolation_of
from skerry.plotting.displays.slices import Slice

if TYPE_CHECKING:
    from collections.abc import Collection

    from skerry.plotting.displays.axes import BaseAxes
    from skerry.plotting.displays.slices import Volume
    from skerry.typing import AnyArray, BoolArray

SMOOTHING_PIXELS = 0.7
# Of the ridges of the gradient: what starts an edge, and what continues one.
STRONG_QUANTILE, WEAK_QUANTILE = 0.6, 0.3


def draw_edges(views: Collection[BaseAxes], volume: Volume, color: Any) -> None:
    """Draw the edges of a volume, in one color, in every view that it reaches."""
    from matplotlib.colors import ListedColormap

    cmap = ListedColormap([color])
    how = interpolation_of(volume, "linear")
    for view in views:
        picture = view.view_of(volume, how)
        if picture is None:
            continue
        edges = find_edges(np.ma.filled(picture.values, 0))
        lines = np.ma.masked_where(~edges, edges.astype(np.float64))
        view.draw_slice(
            Slice(lines, picture.extent_mm), volume.bounds_mm(), cmap=cmap, interpolation="nearest"
        )


def find_edges(values: AnyArray) -> BoolArray:
    """Mark the pixels where a picture changes most.

    Parameters
    ----------
    values : (rows, columns) array
        The picture; NaN and infinite values count as 0.

    Returns
    -------
    (rows, columns) bool
        Lines about one pixel wide; none on the border, none in a flat picture.

    References
    ----------
    Canny 1986, doi:10.1109/TPAMI.1986.4767851.
    """
    from scipy import ndimage

    plain = np.nan_to_num(np.asarray(values, dtype=np.float64), posinf=0.0, neginf=0.0)
    smooth = ndimage.gaussian_filter(plain, SMOOTHING_PIXELS)
    down, across = ndimage.sobel(smooth, axis=0), ndimage.sobel(smooth, axis=1)
    steepness = np.hypot(down, across)
    ridge = _is_ridge(steepness, down, across)
    if not ridge.any():
        return ridge
    strong, weak = np.quantile(steepness[ridge], [STRONG_QUANTILE, WEAK_QUANTILE])
    candidates = ridge & (steepness >= weak)
    labels, n_labels = ndimage.label(candidates, structure=np.ones((3, 3)))
    keep = np.zeros(n_labels + 1, dtype=bool)
    keep[np.unique(labels[candidates & (steepness >= strong)])] = True
    keep[0] = False
    return np.asarray(keep[labels], dtype=bool)


def _is_ridge(steepness: AnyArray, down: AnyArray, across: AnyArray) -> BoolArray:
    """Mark pixels that are steeper than both neighbours along the gradient."""
    ridge = np.zeros(steepness.shape, dtype=bool)
    if min(steepness.shape) < 3:
        return ridge
    # The gradient points, to the nearest eighth of a turn, at one of four neighbour pairs.
    eighth = np.rint(np.arctan2(down, across) / (np.pi / 4)).astype(int)[1:-1, 1:-1] % 4
    rows, columns = steepness.shape
    inner = steepness[1:-1, 1:-1]
    for turn, (step_down, step_across) in enumerate([(0, 1), (1, 1), (1, 0), (1, -1)]):
        ahead = steepness[
            1 + step_down : rows - 1 + step_down, 1 + step_across : columns - 1 + step_across
        ]
        behind = steepness[
            1 - step_down : rows - 1 - step_down, 1 - step_across : columns - 1 - step_across
        ]
        # One side strict: of two equally steep pixels one is kept.
        ridge[1:-1, 1:-1] |= (eighth == turn) & (inner > ahead) & (inner >= behind) & (inner > 0)
    return ridge
