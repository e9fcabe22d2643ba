"""What all displays share: where they cut, and the views of that in a frame."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from skerry.plotting.displays import frame, layout, overlay
from skerry.plotting.displays.axes import BaseAxes, CutAxes
from skerry.plotting.displays.framed import Framed
from skerry.plotting.inputs.display_threshold import check_not_negative

if TYPE_CHECKING:
    from skerry.plotting.displays.layout import Box
    from skerry.typing import AnyArray


class BaseSlicer(Framed):
    """Views of volumes in one frame, linked and sized to what they show.

    Parameters
    ----------
    cut_coords : sequence, dict or None
        Where the cuts are, mm; each display says which kinds it takes.
    axes : matplotlib.axes.Axes, optional
        The frame that the views share; by default a whole new figure.
    black_bg : bool
        Whether the background is black, and text white.
    brain_color : (3,) tuple of float
        Color of the colour bar where values are below the threshold.
    **kwargs
        Go to the class of the views (`radiological`).

    Attributes
    ----------
    axes : dict of CutAxes
        The views, by direction (`"x"`), by coordinate, or by both.
    cut_coords
        Where the cuts are, mm.
    frame_axes : matplotlib.axes.Axes
        The frame.
    """

    # Inches for one view; a figure is as many times as wide as it has cuts.
    _default_figsize: ClassVar[tuple[float, float]] = (2.2, 2.6)
    _axes_class: ClassVar[type[BaseAxes]] = CutAxes

    def __init__(
        self,
        cut_coords: Any,
        axes: Any = None,
        black_bg: bool = False,
        brain_color: tuple[float, ...] = (0.5, 0.5, 0.5),
        **kwargs: Any,
    ) -> None:
        super().__init__(axes, black_bg, brain_color)
        self.cut_coords = self.find_cut_coords(cut_coords=cut_coords)
        self._init_axes(**kwargs)

    # What each display defines.

    @classmethod
    @abstractmethod
    def find_cut_coords(cls, img: Any = None, threshold: Any = None, cut_coords: Any = None) -> Any:
        """Check where the cuts are asked, or choose them from an image."""
        raise NotImplementedError

    @classmethod
    @abstractmethod
    def _sanitize_cut_coords(cls, cut_coords: Any) -> Any:
        raise NotImplementedError

    @classmethod
    @abstractmethod
    def _check_cut_coords_in_bounds(cls, img: Any, cut_coords: Any) -> None:
        raise NotImplementedError

    @abstractmethod
    def _init_axes(self, **kwargs: Any) -> None:
        """Make the views (`_add_view`) and put them into `self.axes`."""
        raise NotImplementedError

    def _place_views(self, room: Box) -> dict[Any, Box]:
        """Give each view, by its key in `axes`, a box in a part of the figure; here, in a row."""
        widths_mm = [view.size_mm[0] for view in self.axes.values()]
        return dict(zip(self.axes, layout.in_a_row(widths_mm, room), strict=True))

    @classmethod
    def init_with_figure(
        cls,
        img: Any,
        threshold: Any = None,
        cut_coords: Any = None,
        figure: Any = None,
        axes: Any = None,
        black_bg: bool = False,
        leave_space: bool = False,
        colorbar: bool = False,
        brain_color: tuple[float, ...] = (0.5, 0.5, 0.5),
        **kwargs: Any,
    ) -> Any:
        """Make a display with cuts chosen from an image, in a new or a given figure.

        Parameters
        ----------
        img : path, nibabel image, None or False
            What cuts are chosen from; it is not drawn.
        threshold : float, optional
            What counts as active when cuts are chosen.
        cut_coords : sequence, int, dict or None
            Where the cuts are, mm, or how many; None chooses.
        figure : matplotlib.figure.Figure, int or None
            Where to draw; by default a new figure of the display's size.
        axes : matplotlib.axes.Axes or (left, bottom, width, height)
            The frame in the figure.
        black_bg : bool
            Whether the background is black.
        leave_space : bool
            Leave the left third of the figure free.
        colorbar : bool
            Make the figure wider for a colour bar.
        brain_color : (3,) tuple of float
            Color of the colour bar below the threshold.
        **kwargs
            Go to the class of the views. `radiological=True` turns the views
            by itself.

        Returns
        -------
        BaseSlicer

        Raises
        ------
        ArgumentError
            If the threshold is negative, or `cut_coords` does not suit the display.
        """
        check_not_negative(threshold)
        cuts = cls.find_cut_coords(None if img is False else img, threshold, cut_coords)
        axes = frame.open_frame(
            figure,
            axes,
            size_inches=cls._default_figsize,
            n_views=len(cuts),
            black=black_bg,
            leave_space=leave_space,
            colorbar=colorbar,
        )
        return cls(cuts, axes, black_bg, brain_color, **kwargs)

    def _add_view(self, direction: str, coord: float | None, **kwargs: Any) -> Any:
        """Make one view; the layout moves it to its place when the figure is drawn."""
        figure = self.frame_axes.get_figure()
        ax = frame.add_bare_axes(figure, (*self.rect[:2], 0.1, 0.1), aspect="equal")
        ax.set_facecolor("k" if self._black_bg else "w")
        view = self._axes_class(ax, direction, coord, **kwargs)
        ax.set_axes_locator(self._locator)
        return view

    def _locator(self, axes: Any, renderer: Any) -> Any:  # matplotlib's signature
        from matplotlib.transforms import Bbox

        boxes = self._place_views(self._room())
        key = next(key for key, view in self.axes.items() if view.ax is axes)
        left, bottom, right, top = boxes[key]
        return Bbox([[left, bottom], [right, top]])

    def draw_cross(self, cut_coords: Any = None, **kwargs: Any) -> None:
        """Draw where the cuts are on each other; nothing where they do not cross."""

    @classmethod
    def _threshold(
        cls,
        data: AnyArray,
        threshold: float | None = None,
        vmin: float | None = None,
        vmax: float | None = None,
    ) -> AnyArray:
        check_not_negative(threshold)
        return overlay.hide_below(data, threshold, vmin, vmax)
