"""Displays that look through a volume: the views of a glass brain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from skerry.plotting.displays.glass_axes import GlassBrainAxes, upright
from skerry.plotting.displays.modes import choose_display
from skerry.plotting.displays.ortho import OrthoSlicer
from skerry.plotting.displays.overlay import interpolation_of
from skerry.plotting.displays.read import read_volume

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.plotting.displays.axes import BaseAxes


class OrthoProjector(OrthoSlicer):
    """A glass brain from the side, from behind and from above: `display_mode="ortho"`.

    `axes` is keyed by direction: `"x"`, `"y"`, `"z"`, and `"l"` and `"r"` for one
    hemisphere seen from its own side. `cut_coords` is a None for each view. Markers
    are drawn wherever they are on the line of sight.
    """

    _axes_class: ClassVar[type[BaseAxes]] = GlassBrainAxes
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 2.9)

    @classmethod
    def find_cut_coords(
        cls, img: Any = None, threshold: Any = None, cut_coords: Any = None
    ) -> tuple[None, ...]:
        """Give a None for each view: a projection cuts nowhere.

        Parameters
        ----------
        img, threshold, cut_coords
            Not used.

        Returns
        -------
        tuple of None
        """
        return (None,) * len(cls._cut_displayed)

    def draw_cross(self, cut_coords: Any = None, **kwargs: Any) -> None:
        """Draw nothing: there are no cuts to show."""

    # An oblique image is sampled once, not once for each view.

    def add_overlay(self, img: Any, *args: Any, **kwargs: Any) -> None:  # noqa: D102
        super().add_overlay(_upright(img, kwargs), *args, **kwargs)

    def add_contours(self, img: Any, *args: Any, **kwargs: Any) -> None:  # noqa: D102
        super().add_contours(_upright(img, kwargs), *args, **kwargs)

    def add_edges(self, img: Any, *args: Any, **kwargs: Any) -> None:  # noqa: D102
        super().add_edges(_upright(img, kwargs), *args, **kwargs)


def _upright(img: Any, kwargs: dict[str, Any]) -> Any:
    volume = read_volume(img)
    asked = kwargs.get("resampling_interpolation", "continuous")
    return upright(volume, interpolation_of(volume, asked))


class XProjector(OrthoProjector):
    """A glass brain from the side: `display_mode="x"`."""

    _cut_displayed: ClassVar[str] = "x"
    _default_figsize: ClassVar[tuple[float, float]] = (2.6, 2.5)


class YProjector(OrthoProjector):
    """A glass brain from behind: `display_mode="y"`."""

    _cut_displayed: ClassVar[str] = "y"
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 2.6)


class ZProjector(OrthoProjector):
    """A glass brain from above: `display_mode="z"`."""

    _cut_displayed: ClassVar[str] = "z"
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 3.0)


class XZProjector(OrthoProjector):
    """A glass brain from the side and from above: `display_mode="xz"`."""

    _cut_displayed: ClassVar[str] = "xz"


class YXProjector(OrthoProjector):
    """A glass brain from the side and from behind: `display_mode="yx"`."""

    _cut_displayed: ClassVar[str] = "xy"
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 2.5)


class YZProjector(OrthoProjector):
    """A glass brain from behind and from above: `display_mode="yz"`."""

    _cut_displayed: ClassVar[str] = "yz"
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 3.0)


class LProjector(OrthoProjector):
    """The left hemisphere from the left: `display_mode="l"`."""

    _cut_displayed: ClassVar[str] = "l"
    _default_figsize: ClassVar[tuple[float, float]] = (2.6, 2.5)


class RProjector(OrthoProjector):
    """The right hemisphere from the right: `display_mode="r"`."""

    _cut_displayed: ClassVar[str] = "r"
    _default_figsize: ClassVar[tuple[float, float]] = (2.6, 2.5)


class LRProjector(OrthoProjector):
    """Both hemispheres, each from its own side: `display_mode="lr"`."""

    _cut_displayed: ClassVar[str] = "lr"
    _default_figsize: ClassVar[tuple[float, float]] = (2.6, 2.5)


class LZRProjector(OrthoProjector):
    """Left hemisphere, from above, right hemisphere: `display_mode="lzr"`."""

    _cut_displayed: ClassVar[str] = "lzr"


class LYRProjector(OrthoProjector):
    """Left hemisphere, from behind, right hemisphere: `display_mode="lyr"`."""

    _cut_displayed: ClassVar[str] = "lyr"
    _default_figsize: ClassVar[tuple[float, float]] = (2.4, 2.5)


class LZRYProjector(OrthoProjector):
    """Left hemisphere, from above, right hemisphere, from behind: `display_mode="lzry"`."""

    _cut_displayed: ClassVar[str] = "lzry"


class LYRZProjector(OrthoProjector):
    """Left hemisphere, from behind, right hemisphere, from above: `display_mode="lyrz"`."""

    _cut_displayed: ClassVar[str] = "lyrz"


PROJECTORS: dict[str, type[OrthoProjector]] = {
    "ortho": OrthoProjector,
    "x": XProjector,
    "y": YProjector,
    "z": ZProjector,
    "xz": XZProjector,
    "yx": YXProjector,
    "yz": YZProjector,
    "l": LProjector,
    "r": RProjector,
    "lr": LRProjector,
    "lzr": LZRProjector,
    "lyr": LYRProjector,
    "lzry": LZRYProjector,
    "lyrz": LYRZProjector,
}


def get_projector(display_mode: str) -> Callable[..., Any]:
    """Give what makes a glass brain.

    Parameters
    ----------
    display_mode : str
        One of `"ortho"`, `"x"`, `"y"`, `"z"`, `"xz"`, `"yx"`, `"yz"`, `"l"`, `"r"`,
        `"lr"`, `"lzr"`, `"lyr"`, `"lzry"`, `"lyrz"`.

    Returns
    -------
    callable
        `init_with_figure` of the class.

    Raises
    ------
    ArgumentError
        If there is no such mode.
    """
    return choose_display(display_mode, PROJECTORS)
