"""Displays of several cuts of one direction, side by side."""

from __future__ import annotations

from numbers import Number
from typing import Any, ClassVar

from skerry.plotting.displays import cut_coords as rules
from skerry.plotting.displays.base import BaseSlicer
from skerry.plotting.displays.read import read_volume


class StackedSlicer(BaseSlicer):
    """A display of several cuts of one direction.

    `cut_coords` is a number of cuts, or their coordinates in mm; 7 by default.
    `axes` is keyed by coordinate.
    """

    _direction: ClassVar[str] = ""

    @classmethod
    def find_cut_coords(
        cls,
        img: Any = None,
        threshold: Any = None,  # one signature for all displays
        cut_coords: Any = None,
    ) -> list[float]:
        """Check where the cuts are asked, or choose them from an image.

        Parameters
        ----------
        img : path or nibabel image, optional
            What to choose from; without one the cuts are evenly spaced.
        threshold : float, optional
            Not used.
        cut_coords : int or sequence of float, optional
            How many cuts, or their coordinates, mm.

        Returns
        -------
        list of float
            The coordinate of each cut, mm.

        Raises
        ------
        ArgumentError
            If this is no number and no sequence, or all cuts miss the image.
        """
        cut_coords = cls._sanitize_cut_coords(cut_coords)
        if isinstance(cut_coords, Number):
            if img is None or img is False:
                return rules.spread_cuts(cls._direction, cut_coords)  # type: ignore[arg-type]
            return rules.chosen_cuts(img, cls._direction, cut_coords)  # type: ignore[arg-type]
        cls._check_cut_coords_in_bounds(img, cut_coords)
        return list(cut_coords)

    @classmethod
    def _sanitize_cut_coords(cls, cut_coords: Any) -> Any:
        return rules.stacked(cls.__name__, cut_coords)

    @classmethod
    def _check_cut_coords_in_bounds(cls, img: Any, cut_coords: Any) -> None:
        if img is None or img is False:
            return
        bounds = read_volume(img).bounds_mm()
        rules.check_inside(bounds, cls._direction * len(cut_coords), cut_coords)

    def _init_axes(self, **kwargs: Any) -> None:
        self.axes = {
            float(coord): self._add_view(self._direction, float(coord), **kwargs)
            for coord in self.cut_coords
        }


class XSlicer(StackedSlicer):
    """Sagittal cuts: `display_mode="x"`."""

    _direction: ClassVar[str] = "x"
    _default_figsize: ClassVar[tuple[float, float]] = (2.6, 2.3)


class YSlicer(StackedSlicer):
    """Coronal cuts: `display_mode="y"`."""

    _direction: ClassVar[str] = "y"
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 3.0)


class ZSlicer(StackedSlicer):
    """Axial cuts: `display_mode="z"`."""

    _direction: ClassVar[str] = "z"
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 3.2)
