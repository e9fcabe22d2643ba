"""Write the numbers of regions where they can be read and belong to their region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.plotting.displays.marks import ABOVE_ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.plotting.displays.slices import Slice, Volume
    from skerry.typing import AnyArray, BoolArray, FloatArray, IntArray

SIZE_POINTS = 9.0
STROKE_POINTS = 2.0

#: So many regions get a number, the largest ones: more could not be read.
MOST_NUMBERS = 100

# Size of a bold digit of DejaVu Sans, in font sizes, with the stroke around it.
_DIGIT_WIDTH, _DIGIT_HEIGHT = 0.70, 0.78

# Room of what stands in the corners of a view: L, R, and the position of the cut.
_LETTER_POINTS, _POSITION_POINTS = (14.0, 16.0), (52.0, 16.0)

# A number may cover so much of another one.
_MOST_OVERLAP = 0.12

# On another region a number misleads, over another number it cannot be read.
_ON_OTHERS, _ON_A_NUMBER = 4.0, 20.0


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle in a view, mm."""

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> _Box:
        return cls(x - width / 2, x + width / 2, y - height / 2, y + height / 2)

    def shared(self, other: _Box) -> float:
        """Part of this box that the other covers."""
        across = min(self.right, other.right) - max(self.left, other.left)
        up = min(self.top, other.top) - max(self.bottom, other.bottom)
        area = (self.right - self.left) * (self.top - self.bottom)
        return max(across, 0.0) * max(up, 0.0) / area


def write_numbers(display: Any, labels: Volume, numbers: Sequence[int]) -> None:
    """Write each number once, in the view that shows most of its region.

    The largest come first, at most `MOST_NUMBERS`. A number stands within its
    region, beside a small one, always inside the view; one that finds no free
    room is left out.

    Parameters
    ----------
    display : BaseSlicer
        Drawn already, for the views have their size then.
    labels : Volume
        Integers: 0 outside, in region ``numbers[k]`` the label k + 1. On a glass
        brain the highest label on a line of sight is the one that is seen.
    numbers : sequence of int
        What to write.
    """
    views = list(display.axes.values())
    pictures = [view.view_of(labels, "nearest") for view in views]
    areas = np.array([_areas(picture, len(numbers)) for picture in pictures])
    best = areas.argmax(axis=0)
    small = np.argsort(-areas.max(axis=0), kind="stable")[MOST_NUMBERS:]
    areas[:, small] = 0
    for place, (view, picture) in enumerate(zip(views, pictures, strict=True)):
        shown = np.flatnonzero((best == place) & (areas[place] > 0))
        if not len(shown):
            continue
        page = _Page(view, picture)
        for label in shown[np.argsort(-areas[place][shown], kind="stable")]:
            page.write(int(label) + 1, str(numbers[label]))


def _areas(picture: Slice | None, n_labels: int) -> AnyArray:
    """(n_labels,) mm2 of each label in a view."""
    if picture is None:
        return np.zeros(n_labels)
    width, height = _pixel_mm(picture)
    counts = np.bincount(_plain(picture).ravel(), minlength=n_labels + 1)[1:]
    return counts * (width * height)


def _plain(picture: Slice) -> IntArray:
    return np.ma.filled(picture.values, 0).astype(np.int64)


def _pixel_mm(picture: Slice) -> tuple[float, float]:
    left, right, bottom, top = picture.extent_mm
    rows, columns = picture.values.shape
    return (right - left) / columns, (top - bottom) / rows


class _Page:
    """A view on which numbers are written, with what is taken on it."""

    def __init__(self, view: Any, picture: Slice) -> None:
        self.ax = view.ax
        self.picture = picture
        self.labels = _plain(picture)
        self.points_per_mm = _points_per_mm(self.ax)
        across, up = sorted(self.ax.get_xlim()), sorted(self.ax.get_ylim())
        self.frame = _Box(across[0], across[1], up[0], up[1])
        self.taken = self._corners(mirrored=view.mirrored)

    def _corners(self, *, mirrored: bool) -> list[_Box]:
        frame = self.frame
        (width, height), (longer, _) = (
            (w / self.points_per_mm, h / self.points_per_mm)
            for w, h in (_LETTER_POINTS, _POSITION_POINTS)
        )
        position = (
            _Box(frame.right - longer, frame.right, frame.bottom, frame.bottom + height)
            if mirrored
            else _Box(frame.left, frame.left + longer, frame.bottom, frame.bottom + height)
        )
        return [
            _Box(frame.left, frame.left + width, frame.top - height, frame.top),
            _Box(frame.right - width, frame.right, frame.top - height, frame.top),
            position,
        ]

    def write(self, label: int, text: str) -> None:
        """Write a number at the best free place, if there is one."""
        from matplotlib.patheffects import withStroke

        width = _DIGIT_WIDTH * len(text) * SIZE_POINTS / self.points_per_mm
        height = _DIGIT_HEIGHT * SIZE_POINTS / self.points_per_mm
        boxes = [
            self._within_view(_Box.around(x, y, width, height))
            for x, y in self._places(self.labels == label, width, height)
        ]
        costs = [self._cost(box, label) + 0.05 * rank for rank, box in enumerate(boxes)]
        box = boxes[int(np.argmin(costs))]
        if max((box.shared(other) for other in self.taken), default=0.0) > _MOST_OVERLAP:
            return
        self.taken.append(box)
        self.ax.text(
            (box.left + box.right) / 2,
            (box.bottom + box.top) / 2,
            text,
            size=SIZE_POINTS,
            weight="bold",
            color="w",
            ha="center",
            va="center_baseline",
            zorder=ABOVE_ALL - 0.5,
            parse_math=False,
            gid=f"region {text}",
            path_effects=[withStroke(linewidth=STROKE_POINTS, foreground="k")],
        )

    def _places(self, inside: BoolArray, width: float, height: float) -> list[tuple[float, float]]:
        """Where a number may stand, the best first: in its region, or around a small one."""
        x, y, radius = self._deepest(inside)
        pixel_width, pixel_height = _pixel_mm(self.picture)
        left, _, _, top = self.picture.extent_mm
        rows, columns = np.nonzero(inside)
        west = left + columns.min() * pixel_width - width / 2
        east = left + (columns.max() + 1) * pixel_width + width / 2
        north = top - rows.min() * pixel_height + height / 2
        south = top - (rows.max() + 1) * pixel_height - height / 2
        around = [
            (east, y), (west, y), (x, north), (x, south),
            (east, north), (west, north), (east, south), (west, south),
        ]  # fmt: skip
        # Over a region that is smaller than the number, nothing of it would be seen.
        covered = radius < 0.6 * height
        return [*around, (x, y)] if covered else [(x, y), *around]

    def _deepest(self, inside: BoolArray) -> tuple[float, float, float]:
        """Give the point of a region that is furthest from its border, and that distance, mm."""
        pixel_width, pixel_height = _pixel_mm(self.picture)
        across, up = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
        box = inside[up[0] : up[-1] + 1, across[0] : across[-1] + 1]
        depth = _depth(box, pixel_height, pixel_width)
        rows, columns = np.nonzero(depth > 0.999 * depth.max())
        rows, columns = rows + up[0], columns + across[0]
        away = (rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2
        row, column = rows[away.argmin()], columns[away.argmin()]
        left, _, _, top = self.picture.extent_mm
        x = left + (column + 0.5) * pixel_width
        y = top - (row + 0.5) * pixel_height
        return float(x), float(y), float(depth.max())

    def _within_view(self, box: _Box) -> _Box:
        frame = self.frame
        right = max(frame.left - box.left, 0.0) - max(box.right - frame.right, 0.0)
        up = max(frame.bottom - box.bottom, 0.0) - max(box.top - frame.top, 0.0)
        return _Box(box.left + right, box.right + right, box.bottom + up, box.top + up)

    def _cost(self, box: _Box, label: int) -> float:
        on_numbers = sum(box.shared(other) for other in self.taken)
        return _ON_A_NUMBER * on_numbers + _ON_OTHERS * self._part_on_others(box, label)

    def _part_on_others(self, box: _Box, label: int) -> float:
        pixel_width, pixel_height = _pixel_mm(self.picture)
        left, _, _, top = self.picture.extent_mm
        rows, columns = self.labels.shape
        first, last = ((edge - left) / pixel_width for edge in (box.left, box.right))
        upper, lower = ((top - edge) / pixel_height for edge in (box.top, box.bottom))
        part = self.labels[
            max(int(upper), 0) : max(min(int(np.ceil(lower)), rows), 0),
            max(int(first), 0) : max(min(int(np.ceil(last)), columns), 0),
        ]
        return float(((part != 0) & (part != label)).mean()) if part.size else 0.0


def _depth(inside: BoolArray, row_mm: float, column_mm: float) -> FloatArray:
    """Give how far each pixel of a set is from the nearest one outside, mm; 0 outside.

    First along columns, then across them. scipy's transform does the same, but
    its import takes longer than the figure.
    """
    padded = np.pad(inside, 1)
    above = _since_outside(padded)
    below = _since_outside(padded[::-1])[::-1]
    along = (np.minimum(above, below) * row_mm) ** 2
    column = np.arange(padded.shape[1]) * column_mm
    across = (column[:, None] - column) ** 2
    squares = np.array([(across + row).min(axis=1) for row in along])
    return np.asarray(np.sqrt(squares)[1:-1, 1:-1])


def _since_outside(inside: BoolArray) -> IntArray:
    """Count, down each column, the pixels since the last one outside."""
    row = np.arange(len(inside))[:, None]
    return np.asarray(row - np.maximum.accumulate(np.where(inside, 0, row), axis=0))


def _points_per_mm(ax: Any) -> float:
    """Give the scale of a view, once its layout has been applied."""
    locator = ax.get_axes_locator()
    ax.apply_aspect(locator(ax, None) if locator else None)
    (x0, _), (x1, _) = ax.transData.transform([(0, 0), (1, 0)])
    return float(abs(x1 - x0) * 72 / ax.get_figure(root=True).dpi)
