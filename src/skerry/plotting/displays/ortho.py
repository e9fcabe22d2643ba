"""Displays with one cut for each of two or three directions, side by side."""

from __future__ import annotations

from typing import Any, ClassVar

from skerry.plotting.displays import cut_coords as rules
from skerry.plotting.displays.base import BaseSlicer
from skerry.plotting.displays.read import read_volume

_ACROSS_AND_UP = {"x": ("y", "z"), "y": ("x", "z"), "z": ("x", "y")}


class OneCutEach(BaseSlicer):
    """A display with one cut for each direction in `_cut_displayed`."""

    _cut_displayed: ClassVar[str] = "xyz"

    @classmethod
    def find_cut_coords(
        cls, img: Any = None, threshold: Any = None, cut_coords: Any = None
    ) -> tuple[Any, ...]:
        """Check where the cuts are asked, or choose them from an image.

        Parameters
        ----------
        img : path or nibabel image, optional
            What to choose from; without one the cuts go through the origin.
        threshold : float, optional
            What counts as active when cuts are chosen.
        cut_coords : sequence of float, optional
            One coordinate for each direction, mm.

        Returns
        -------
        tuple of float
            One coordinate for each direction, mm.

        Raises
        ------
        ArgumentError
            If there are more or fewer than directions, or all miss the image.
        """
        cut_coords = cls._sanitize_cut_coords(cut_coords)
        if cut_coords is not None:
            cls._check_cut_coords_in_bounds(img, cut_coords)
            return tuple(cut_coords)
        if img is None or img is False:
            return (0,) * cls._cut_count()
        from skerry.plotting.cuts.maps import find_xyz_cut_coords

        center = find_xyz_cut_coords(img, activation_threshold=threshold)
        return tuple(center["xyz".index(direction)] for direction in cls._cut_displayed)

    @classmethod
    def _cut_count(cls) -> int:
        return len(cls._cut_displayed)

    @classmethod
    def _sanitize_cut_coords(cls, cut_coords: Any) -> Any:
        return rules.one_each(cls.__name__, cls._cut_count(), cut_coords)

    @classmethod
    def _check_cut_coords_in_bounds(cls, img: Any, cut_coords: Any) -> None:
        if img is None or img is False or cut_coords is None:
            return
        rules.check_inside(read_volume(img).bounds_mm(), cls._cut_displayed, list(cut_coords))

    def _init_axes(self, **kwargs: Any) -> None:
        self.axes = {
            direction: self._add_view(direction, coord, **kwargs)
            for direction, coord in zip(self._cut_displayed, self.cut_coords, strict=True)
        }

    def draw_cross(self, cut_coords: Any = None, **kwargs: Any) -> None:
        """Draw in each view where the other cuts are.

        Parameters
        ----------
        cut_coords : sequence of float, optional
            One coordinate for each direction, mm; by default those of the cuts.
        **kwargs
            Go to matplotlib's axhline and axvline.
        """
        places = self.cut_coords if cut_coords is None else cut_coords
        at = dict(zip(self._cut_displayed, places, strict=True))
        options = {"color": ".8" if self._black_bg else "k"} | kwargs
        for direction, (across, up) in _ACROSS_AND_UP.items():
            if direction not in self.axes:
                continue
            ax = self.axes[direction].ax
            # Short of the edges, where the letters and numbers stand.
            if at.get(across) is not None:
                ax.axvline(at[across], **({"ymin": 0.05, "ymax": 0.95} | options))
            if at.get(up) is not None:
                ax.axhline(at[up], **({"xmax": 0.95} | options))


class OrthoSlicer(OneCutEach):
    """Three cuts side by side: sagittal (x), coronal (y), axial (z).

    `display_mode="ortho"`. `cut_coords` is (x, y, z) in mm; `axes` is keyed by
    `"x"`, `"y"`, `"z"`.
    """

    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 3.5)


class XZSlicer(OrthoSlicer):
    """A sagittal and an axial cut: `display_mode="xz"`, `cut_coords` (x, z) in mm."""

    _cut_displayed: ClassVar[str] = "xz"


class YXSlicer(OrthoSlicer):
    """A sagittal and a coronal cut: `display_mode="yx"`, `cut_coords` (x, y) in mm."""

    _cut_displayed: ClassVar[str] = "xy"


class YZSlicer(OrthoSlicer):
    """A coronal and an axial cut: `display_mode="yz"`, `cut_coords` (y, z) in mm."""

    _cut_displayed: ClassVar[str] = "yz"
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 3.0)
