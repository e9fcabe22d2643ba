"""One view: matplotlib axes in millimetres that a slice is drawn on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.plotting.displays import marks
from skerry.plotting.displays.slices import ACROSS_AND_UP, Bounds, Slice, Volume, cut, stand_upright

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.typing import AnyArray, FloatArray, Interpolation


class BaseAxes:
    """Matplotlib axes that show a volume from one direction, in mm.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        What is drawn on.
    direction : {"x", "y", "z", "l", "r"}
        World axis that the eye looks along; `l` and `r` are one hemisphere each.
    coord : float or None
        Where the cut is on that axis, mm.
    radiological : bool
        Show the left of the brain on the right of the picture. The axes turn
        themselves: nothing else needs to invert them.
    """

    def __init__(
        self, ax: Any, direction: str | None, coord: float | None, radiological: bool = False
    ) -> None:
        self.ax = ax
        self.direction = direction
        self.coord = coord
        self.radiological = radiological
        self.shape: tuple[int, ...] | None = None
        self._object_bounds: list[tuple[float, float, float, float]] = []

    def view_of(self, volume: Volume, interpolation: Interpolation = "nearest") -> Slice | None:
        """Give what these axes show of a volume; None where it is out of sight.

        What derived classes define: a cut, or a projection.
        """
        raise NotImplementedError("'view_of' needs to be implemented in derived classes")

    def transform_to_2d(self, data: AnyArray, affine: FloatArray) -> AnyArray:
        """Give the 2-D array that these axes show of a 3-D one, its first row on top."""
        raise NotImplementedError("'transform_to_2d' needs to be implemented in derived classes")

    @property
    def mirrored(self) -> bool:
        """Whether the horizontal axis runs to the left."""
        return self.direction == "l" or (self.radiological and self.direction in ("y", "z"))

    def draw_slice(
        self, seen: Slice, bounds_mm: Bounds, kind: str = "imshow", **kwargs: Any
    ) -> Any:
        """Draw a slice, and widen the view so that a box is inside.

        Parameters
        ----------
        seen : Slice
            What to draw.
        bounds_mm : (3, 2) float
            The box that must be visible, mm.
        kind : {"imshow", "contour", "contourf"}
            Method of matplotlib's axes that draws it.
        **kwargs
            Go to that method.

        Returns
        -------
        matplotlib artist
        """
        self.show_bounds(bounds_mm)
        if kind == "imshow":
            from skerry.plotting.displays.picture import show_picture

            drawn = show_picture(self.ax, seen.values, seen.extent_mm, kwargs)
        elif kind == "contour" and kwargs.get("levels") is not None:
            from skerry.plotting.displays.outline import show_outline

            look = {name: value for name, value in kwargs.items() if name != "levels"}
            drawn = show_outline(self.ax, seen.values, seen.extent_mm, kwargs["levels"], look)
        else:
            drawn = getattr(self.ax, kind)(
                seen.values, extent=seen.extent_mm, origin="upper", **kwargs
            )
        self.shape = seen.values.T.shape
        return drawn

    def draw_2d(
        self,
        data_2d: AnyArray,
        data_bounds: Sequence[tuple[float, float]],
        bounding_box: Sequence[tuple[float, float]],
        type: str = "imshow",
        transparency: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Draw a 2-D array whose first row is on top.

        Parameters
        ----------
        data_2d : (rows, columns) array
            What to draw.
        data_bounds, bounding_box : three pairs of float
            Lowest and highest x, y, z of the outer edges of the data, and of the
            box that must be visible, mm.
        type : {"imshow", "contour", "contourf"}
            How to draw it.
        transparency : float or array, optional
            Opacity, from 0 to 1.
        **kwargs
            Go to matplotlib.
        """
        if self.direction not in ACROSS_AND_UP:
            raise ArgumentError(
                f"'direction' must be one of {list(ACROSS_AND_UP)}, got {self.direction!r}"
            )
        across, up = ACROSS_AND_UP[self.direction]
        extent = (*data_bounds[across], *data_bounds[up])
        seen = Slice(data_2d, tuple(float(edge) for edge in extent))  # type: ignore[arg-type]
        box = np.asarray(bounding_box, dtype=np.float64)
        return self.draw_slice(seen, box, type, alpha=transparency, **kwargs)

    def show_bounds(self, bounds_mm: Bounds) -> None:
        """Widen the view so that a box of (3, 2) mm is inside."""
        across, up = ACROSS_AND_UP[str(self.direction)]
        (left, right), (bottom, top) = bounds_mm[across], bounds_mm[up]
        self.add_object_bounds((float(left), float(right), float(bottom), float(top)))

    def add_object_bounds(self, bounds: tuple[float, float, float, float]) -> None:
        """Widen the view to hold left, right, bottom, top (mm)."""
        before = self.get_object_bounds()
        self._object_bounds.append(bounds)
        after = self.get_object_bounds()
        if after != before:
            left, right, bottom, top = after
            self.ax.set_xlim((right, left) if self.mirrored else (left, right))
            self.ax.set_ylim(bottom, top)

    def get_object_bounds(self) -> tuple[float, float, float, float]:
        """Give left, right, bottom, top (mm) of all that was drawn."""
        if not self._object_bounds:
            return -0.01, 0.01, -0.01, 0.01
        left, right, bottom, top = zip(*self._object_bounds, strict=True)
        return (
            min(*left, *right), max(*left, *right),
            min(*bottom, *top), max(*bottom, *top),
        )  # fmt: skip

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of all that was drawn."""
        left, right, bottom, top = self.get_object_bounds()
        return right - left, top - bottom

    def draw_left_right(self, size: float, bg_color: Any, **kwargs: Any) -> None:
        """Write L and R where the left and the right of the brain are.

        Parameters
        ----------
        size : float
            Size of the letters, points.
        bg_color : matplotlib color
            What the letters stand on.
        **kwargs
            Go to matplotlib's text.
        """
        if self.direction in ("y", "z"):
            marks.draw_left_right(self.ax, size, bg_color, swapped=self.radiological, **kwargs)

    def draw_scale_bar(
        self, bg_color: Any, size: float = 5.0, units: str = "cm", **kwargs: Any
    ) -> None:
        """Draw a bar of a known length.

        Parameters
        ----------
        bg_color : matplotlib color
            What the bar stands on, where it has a frame.
        size : float
            Length, in `units`.
        units : {"cm", "mm"}
            Unit of the length.
        **kwargs
            `fontproperties`, `fontsize`, `frameon`, `loc`, `pad`, `borderpad`, `sep`,
            `size_vertical`, `label_top`, `color` and what matplotlib's
            AnchoredSizeBar takes.
        """
        marks.draw_scale_bar(self.ax, bg_color, size, units, **kwargs)

    def draw_position(self, size: float, bg_color: Any, **kwargs: Any) -> None:
        """Write where the cut is. What derived classes define."""
        raise NotImplementedError("'draw_position' should be implemented in derived classes")


class CutAxes(BaseAxes):
    """Matplotlib axes that show one cut of a volume, in mm.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        What is drawn on.
    direction : {"x", "y", "z"}
        World axis that the cut is perpendicular to.
    coord : float
        Where the cut is on that axis, mm.
    radiological : bool
        Show the left of the brain on the right of the picture.
    """

    def view_of(self, volume: Volume, interpolation: Interpolation = "nearest") -> Slice | None:
        """Cut a volume; None where it does not reach this cut."""
        # cut() says so if the direction is not one.
        return cut(volume, self.direction, _number(self.coord), interpolation)  # type: ignore[arg-type]

    def transform_to_2d(self, data: AnyArray, affine: FloatArray) -> AnyArray:
        """Give the 2-D array of a cut through a 3-D one, its first row on top.

        Raises
        ------
        ArgumentError
            If the direction is not x, y or z.
        IndexError
            If the cut lies outside the array.
        """
        if self.direction not in ("x", "y", "z"):
            raise ArgumentError(
                f"'direction' must be one of ['x', 'y', 'z'], got {self.direction!r}"
            )
        seen = self.view_of(stand_upright(data, affine))
        if seen is None:
            raise IndexError(f"the cut {self.direction}={self.coord} lies outside the volume")
        return seen.values

    def draw_position(
        self, size: float, bg_color: Any, decimals: int | bool = False, **kwargs: Any
    ) -> None:
        """Write where the cut is, mm.

        Parameters
        ----------
        size : float
            Size of the text, points.
        bg_color : matplotlib color
            What the text stands on.
        decimals : int or bool
            Number of decimals; False or 0 for none.
        **kwargs
            Go to matplotlib's text.
        """
        text = f"{self.direction}={marks.rounded(_number(self.coord), int(decimals))}"
        marks.draw_corner_text(self.ax, text, size, bg_color, **kwargs)


def _number(coord: float | None) -> float:
    """Read a missing coordinate, as displays without an image have, as the origin."""
    return 0.0 if coord is None else float(coord)
