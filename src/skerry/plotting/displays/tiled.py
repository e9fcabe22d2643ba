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
        x_mm, y_mm, z_mm = (self.axes[direction].size_mm for direction in "xyz")
        boxes = layout.tiled(x_mm, y_mm, z_mm, room)
        return dict(zip("xyz", boxes, strict=True))
