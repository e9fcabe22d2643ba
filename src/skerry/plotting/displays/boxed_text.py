"""A short text on a box of one color."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from skerry.plotting.displays.plain_set import PlainSet

_EDGE_POINTS = 1.0  # as wide as matplotlib's own box draws it

# Where the letters of a text are, for each renderer. Every view of a figure has the same L
# and R, and each text is laid out for its box and again for its letters.
_layouts: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()


class BoxedText(PlainSet, Text):
    """An upright text that paints a tight box beneath itself.

    Matplotlib's own box is an artist of its own, with a shape that can be chosen, and takes
    longer than the text.

    Parameters
    ----------
    x, y, text
        As of matplotlib's Text.
    box_color : matplotlib color
        Of the box.
    **kwargs
        Go to matplotlib's Text.
    """

    def __init__(self, x: float, y: float, text: str, *, box_color: Any, **kwargs: Any) -> None:
        super().__init__(x, y, text, **kwargs)
        self.box_color = to_rgba(box_color)

    def _get_layout(self, renderer: Any) -> Any:
        # Should matplotlib ever rename this method, each text is laid out by itself again.
        if self.get_usetex() or self.get_wrap() or "\n" in self.get_text():
            return super()._get_layout(renderer)  # type: ignore[misc]
        look = (
            self.get_text(),
            self.get_parse_math(),
            hash(self.get_fontproperties()),
            self.get_figure(root=True).dpi,  # type: ignore[union-attr]
            self.get_horizontalalignment(),
            self.get_verticalalignment(),
            self.get_rotation(),
            self.get_rotation_mode(),
            getattr(self, "_linespacing", None),
        )
        known = _layouts.setdefault(renderer, {})
        if look not in known:
            known[look] = super()._get_layout(renderer)  # type: ignore[misc]
        return known[look]

    def draw(self, renderer: Any) -> None:
        """Draw the box, then the text."""
        if self.get_visible() and self.get_text():
            box = self.get_window_extent(renderer)
            look = renderer.new_gc()
            look.set_foreground(self.box_color, isRGBA=True)
            look.set_linewidth(renderer.points_to_pixels(_EDGE_POINTS))
            look.set_joinstyle("miter")
            place = Affine2D().scale(box.width, box.height).translate(box.x0, box.y0)
            renderer.draw_path(look, Path.unit_rectangle(), place, self.box_color)
            look.restore()
        super().draw(renderer)
