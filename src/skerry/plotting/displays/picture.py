"""An image of a slice that is coloured before it is enlarged.

Matplotlib enlarges the values, with a mask beside them, and then finds a colour
for each pixel of the figure. Where every pixel takes the nearest voxel's colour
the order makes no difference to what is seen; a slice has far fewer voxels
than its picture has pixels, so colouring it first takes a third of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.image import AxesImage
from matplotlib.transforms import Affine2D, Bbox

from skerry.plotting.displays.plain_set import PlainSet

if TYPE_CHECKING:
    from skerry.typing import AnyArray, IntArray

_SIMPLE = frozenset({"alpha", "cmap", "interpolation", "norm", "vmin", "vmax"})


class Picture(PlainSet, AxesImage):
    """An image whose pixels take the colour of the nearest voxel."""

    def make_image(
        self, renderer: Any, magnification: float = 1.0, unsampled: bool = False
    ) -> tuple[Any, float, float, Any]:
        """Give the pixels to draw, and where; matplotlib's own where this is no plain case."""
        values: Any = self.get_array()
        to_pixels = self.get_transform()
        if unsampled or values.ndim != 2 or self.get_interpolation() != "nearest":
            return super().make_image(renderer, magnification, unsampled)
        if not to_pixels.is_affine or _turns(to_pixels.get_matrix()):
            return super().make_image(renderer, magnification, unsampled)
        x1, x2, y1, y2 = self.get_extent()
        (left, bottom), (right, top) = to_pixels.transform([(x1, y1), (x2, y2)])
        whole = Bbox.from_extents(
            min(left, right), min(bottom, top), max(left, right), max(bottom, top)
        )
        seen = Bbox.intersection(whole, self._clip())
        if seen is None:
            return None, 0, 0, None
        x_pixels = _pixels(seen.x0 * magnification, seen.x1 * magnification)
        y_pixels = _pixels(seen.y0 * magnification, seen.y1 * magnification)
        if not len(x_pixels) or not len(y_pixels):
            return None, 0, 0, None
        rows, columns = values.shape
        column = _nearest(x_pixels, left * magnification, right * magnification, columns)
        # The first row of values is on top, the first row of pixels at the bottom.
        row = _nearest(y_pixels, top * magnification, bottom * magnification, rows)
        colours = self._colours()[..., 0].take(row, axis=0).take(column, axis=1)
        pixels = colours[..., np.newaxis].view(np.uint8)
        return pixels, x_pixels[0] / magnification, y_pixels[0] / magnification, Affine2D()

    def _clip(self) -> Any:
        if not self.get_clip_on():
            figure: Any = self.get_figure(root=True)
            return figure.bbox
        box = self.get_clip_box()
        return self.axes.bbox if box is None else box

    def _colours(self) -> AnyArray:
        """Give the colour of each voxel, its four bytes as one number."""
        values: Any = self.get_array()
        colours = self.to_rgba(values, bytes=True)
        opacity = self.get_alpha()
        if opacity is not None:
            colours[..., 3] = (colours[..., 3] * np.asarray(opacity, np.float32)).astype(np.uint8)
        return np.ascontiguousarray(colours).view(np.uint32)


def show_picture(
    ax: Any, values: AnyArray, extent_mm: tuple[float, float, float, float], options: dict[str, Any]
) -> Any:
    """Show a slice as matplotlib's `imshow` does, its first row on top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        What to draw on, of equal scale in both directions.
    values : (rows, columns) array
        What to show.
    extent_mm : tuple of four float
        Left, right, bottom, top.
    options : dict
        Of `imshow`.

    Returns
    -------
    matplotlib.image.AxesImage
    """
    ranged = options.get("vmin") is not None or options.get("vmax") is not None
    plain = options.get("interpolation") == "nearest" and options.keys() <= _SIMPLE
    if not plain or values.ndim != 2 or (ranged and options.get("norm") is not None):
        return ax.imshow(values, extent=extent_mm, origin="upper", **options)
    picture = Picture(
        ax,
        cmap=options.get("cmap"),
        norm=options.get("norm"),
        interpolation="nearest",
        origin="upper",
        extent=extent_mm,
    )
    picture.set_data(values)
    picture.set_alpha(options.get("alpha"))
    picture.set_clip_path(ax.patch)
    if ranged:
        picture.set_clim(options.get("vmin"), options.get("vmax"))
    picture.autoscale_None()
    picture.set_extent(extent_mm)
    ax.add_image(picture)
    return picture


def _turns(matrix: AnyArray) -> bool:
    return bool(matrix[0, 1] or matrix[1, 0])


def _pixels(low: float, high: float) -> IntArray:
    """Give the pixels whose centres lie between two edges."""
    # Less a hair: an edge on a centre, but for rounding, takes that pixel.
    return np.arange(int(np.ceil(low - 0.5 - 1e-8)), int(np.ceil(high - 0.5 - 1e-8)))


def _nearest(pixels: IntArray, first: float, last: float, count: int) -> IntArray:
    """Give the voxel of each pixel, of `count` ones from one edge to another (either way)."""
    place = (pixels + 0.5 - first) / (last - first) * count
    nearest: IntArray = np.floor(place).astype(np.intp).clip(0, count - 1)
    return nearest
