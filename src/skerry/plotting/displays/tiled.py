"""A display of three cuts in a square."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from skerry.plotting.displays import layout
from skerry.plotting.displays.ortho import OneCutEach

if TYPE_CHECKING:
    from skerry.plotting.displays.layout import Box


class TiledSlicer(OneCutEach):
    """Three cuts in a square: coronal and sagittal above, axial below.

    `display_mode="tiled"`. `cut_coords` is (x, y, z) in mm; `axes` is keyed by
    `"x"`, `"y"`, `"z"`.
    """

    _default_figsize: ClassVar[tuple[float, float]] = (2.0, 7.6)

    def _place_views(self, room: Box) -> dict[Any, Box]:
        sizes = {}
        for direction, view in self.axes.items():
            left, right, bottom, top = view.get_object_bounds()
            sizes[direction] = (right - left, top - bottom)
        boxes = layout.tiled(sizes["x"], sizes["y"], sizes["z"], room)
        return dict(zip("xyz", boxes, strict=True))
