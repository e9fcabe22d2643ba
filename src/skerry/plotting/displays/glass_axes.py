"""One view of a glass brain: the strongest values along the line of sight, on an outline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.plotting.displays import marks
from skerry.plotting.displays.axes import BaseAxes
from skerry.plotting.displays.glass_outlines import draw_outlines
from skerry.plotting.displays.slices import THROUGH, Slice, Volume, placed, stand_upright
from skerry.space.orient import to_ras

if TYPE_CHECKING:
    from skerry.typing import AnyArray, FloatArray, Interpolation


class GlassBrainAxes(BaseAxes):
    """Matplotlib axes that look through a volume, in MNI152 mm.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        What is drawn on; the outline is drawn at once.
    direction : {"x", "y", "z", "l", "r"}
        World axis that the eye looks along; `l` and `r` show one hemisphere, from
        its own side.
    coord : None
        Not used: a projection has no place on its axis.
    plot_abs : bool
        Show the highest |value| along the line of sight; otherwise the value with
        its sign.
    radiological : bool
        Show the left of the brain on the right of the picture.
    **kwargs
        Go to the outline's patches (`alpha`, `edgecolor`, `linewidth`).
    """

    def __init__(
        self,
        ax: Any,
        direction: str,
        coord: float | None = None,
        plot_abs: bool = True,
        radiological: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(ax, direction, coord, radiological)
        self._plot_abs = plot_abs
        if ax is not None:
            self.add_object_bounds(draw_outlines(ax, direction, **kwargs))

    def view_of(self, volume: Volume, interpolation: Interpolation = "nearest") -> Slice | None:
        """Project a volume; None where it has no voxel in this hemisphere."""
        direction = str(self.direction)
        if direction not in THROUGH:
            raise ArgumentError(f"'direction' must be one of {list(THROUGH)}, got {direction!r}")
        volume = upright(volume, interpolation)
        values = volume.values[_hemisphere(volume, direction)]
        if values.shape[0] == 0:
            return None
        plane = strongest(values, THROUGH[direction])
        return placed(np.abs(plane) if self._plot_abs else plane, direction, volume.bounds_mm())

    def transform_to_2d(self, data: AnyArray, affine: FloatArray) -> AnyArray:
        """Give the 2-D projection of a 3-D array, its first row on top.

        Raises
        ------
        IndexError
            If no voxel is in this hemisphere.
        """
        seen = self.view_of(stand_upright(data, affine))
        if seen is None:
            raise IndexError(f"the volume has no voxel in the hemisphere {self.direction!r}")
        return seen.values

    def draw_left_right(self, size: float, bg_color: Any, **kwargs: Any) -> None:
        """Write L and R where left and right are, or which hemisphere this is.

        Parameters
        ----------
        size : float
            Size of the letters, points.
        bg_color : matplotlib color
            What the letters stand on.
        **kwargs
            Go to matplotlib's text.
        """
        if self.direction in ("l", "r"):
            # In the upper corner in front of the brain, which is free.
            corner = "left" if self.direction == "l" else "right"
            marks.draw_letter(self.ax, self.direction.upper(), corner, size, bg_color, **kwargs)
        else:
            super().draw_left_right(size, bg_color, **kwargs)

    def draw_position(self, size: float, bg_color: Any, **kwargs: Any) -> None:
        """Write nothing: a projection has no place on its axis."""


def strongest(values: AnyArray, axis: int) -> AnyArray:
    """Find the value of greatest magnitude along an axis, with its sign.

    Parameters
    ----------
    values : (I, J, K) array
        NaN and masked values count as 0.
    axis : {0, 1, 2}
        Axis that is looked along.

    Returns
    -------
    2-D array, floating point
        Between a value and its negative, the one that comes first.

    Examples
    --------
    >>> strongest(np.array([[[1.0, -3.0, 2.0]], [[0.0, 1.0, -1.0]]]), axis=2)
    array([[-3.],
           [ 1.]])
    """
    if isinstance(values, np.ma.MaskedArray):
        values = values.filled(0)
    # Two reductions, so that no copy of the volume is made; fmax passes over NaN.
    high, low = np.fmax.reduce(values, axis=axis), np.fmin.reduce(values, axis=axis)
    high, low = _without_nan(high), _without_nan(low)
    negative = -low > high
    tied = (-low == high) & (high > 0)
    if tied.any():
        lines = np.moveaxis(values, axis, 2)[tied]
        peaks = high[tied][:, np.newaxis]
        negative[tied] = (lines == -peaks).argmax(axis=1) < (lines == peaks).argmax(axis=1)
    return np.asarray(np.where(negative, low, high))


def _without_nan(plane: AnyArray) -> AnyArray:
    floating = plane if plane.dtype.kind == "f" else plane.astype(np.float64)
    return np.where(np.isnan(floating), floating.dtype.type(0), floating)


def upright(volume: Volume, interpolation: Interpolation) -> Volume:
    """Turn a volume to right, forward, up; sample it anew if its axes are oblique.

    Sampled values stay between 0 and the extremes of the volume: a spline must not
    show a height that the map does not have.
    """
    if volume.upright:
        return volume
    values = volume.values
    if isinstance(values, np.ma.MaskedArray):
        values = values.filled(0)
    sampled, grid = to_ras(values, volume.grid, interpolation=interpolation)
    finite = values[np.isfinite(values)]
    if finite.size:
        sampled = sampled.clip(min(finite.min(), 0), max(finite.max(), 0))
    return Volume(sampled, grid, upright=True)


def _hemisphere(volume: Volume, direction: str) -> slice:
    """Planes with x below 0 for `l`, from 0 on for `r`; all for the other directions."""
    n_planes = volume.grid.shape[0]
    # Centres within a rounding error of the midline are on it.
    midline = int(np.clip(np.ceil(volume.grid.ijk([0.0, 0.0, 0.0])[0] - 1e-4), 0, n_planes))
    return {"l": slice(None, midline), "r": slice(midline, None)}.get(direction, slice(None))
