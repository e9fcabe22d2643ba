"""A display of several cuts of every direction, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from skerry.plotting.displays import cut_coords as rules
from skerry.plotting.displays import layout
from skerry.plotting.displays.base import BaseSlicer
from skerry.plotting.displays.read import read_volume

if TYPE_CHECKING:
    from skerry.plotting.displays.layout import Box


class MosaicSlicer(BaseSlicer):
    """Cuts of all directions, a row each: axial on top, sagittal at the bottom.

    `display_mode="mosaic"`. `cut_coords` is a number of cuts for each direction,
    three numbers (x, y, z), or a dict of coordinates in mm by direction; 7 each
    by default. `axes` is keyed by (direction, coordinate).
    """

    _cut_displayed: ClassVar[str] = "xyz"
    _default_figsize: ClassVar[tuple[float, float]] = (4.0, 5.0)

    @classmethod
    def find_cut_coords(
        cls,
        img: Any = None,
        threshold: Any = None,  # one signature for all displays
        cut_coords: Any = None,
    ) -> dict[str, list[float]]:
        """Check where the cuts are asked, or choose them from an image.

        Parameters
        ----------
        img : path or nibabel image, optional
            What to choose from; without one the cuts are evenly spaced.
        threshold : float, optional
            Not used.
        cut_coords : int, three int, or dict of sequences, optional
            How many cuts of each direction, or their coordinates, mm.

        Returns
        -------
        dict of list of float
            The coordinates of the cuts by direction, mm.

        Raises
        ------
        ArgumentError
            If this is of another kind, or all cuts miss the image.
        """
        checked = cls._sanitize_cut_coords(cut_coords)
        if isinstance(checked, dict):
            cls._check_cut_coords_in_bounds(img, checked)
            return checked
        if img is None or img is False:
            return {
                direction: rules.spread_cuts(direction, n)
                for direction, n in zip("xyz", checked, strict=True)
            }
        return {
            direction: rules.chosen_cuts(img, direction, n)
            for direction, n in zip("xyz", checked, strict=True)
        }

    @classmethod
    def _sanitize_cut_coords(cls, cut_coords: Any) -> Any:
        return rules.mosaic(cls.__name__, cut_coords)

    @classmethod
    def _check_cut_coords_in_bounds(cls, img: Any, cut_coords: Any) -> None:
        if img is None or img is False:
            return
        pairs = [(direction, at) for direction in "xyz" for at in cut_coords[direction]]
        directions, coordinates = zip(*pairs, strict=True) if pairs else ((), ())
        rules.check_inside(read_volume(img).bounds_mm(), directions, coordinates)

    def _init_axes(self, **kwargs: Any) -> None:
        self.axes = {
            (direction, float(coord)): self._add_view(direction, float(coord), **kwargs)
            for direction in self._cut_displayed
            for coord in self.cut_coords[direction]
        }

    def _place_views(self, room: Box) -> dict[Any, Box]:
        rows: dict[str, dict[Any, float]] = {direction: {} for direction in self._cut_displayed}
        for key, view in self.axes.items():
            rows[key[0]][key] = view.size_mm[0]
        filled = [row for row in rows.values() if row]
        boxes = layout.in_rows([list(row.values()) for row in filled], room)
        return {
            key: box
            for row, its_boxes in zip(filled, boxes, strict=True)
            for key, box in zip(row, its_boxes, strict=True)
        }
