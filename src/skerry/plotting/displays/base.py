"""What all displays share: a frame in a figure, with views, a title and a colour bar in it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from skerry.plotting.display_threshold import check_not_negative
from skerry.plotting.displays import colorbar as bars
from skerry.plotting.displays import frame, layout, overlay
from skerry.plotting.displays import title as titles
from skerry.plotting.displays.axes import BaseAxes, CutAxes
from skerry.plotting.displays.drawing import Drawing
from skerry.plotting.displays.ticks import TICK_FORMAT

if TYPE_CHECKING:
    from skerry.plotting.displays.layout import Box
    from skerry.typing import AnyArray, PathLike


class BaseSlicer(Drawing):
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
        self._black_bg = bool(black_bg)
        self._brain_color = brain_color
        self._colorbar = False
        self._colorbar_width = 0.0
        self._cbar: Any = None
        self._colorbar_ax: Any = None
        self._title_height = 0.0
        self.frame_axes = frame.prepare(axes, black=self._black_bg)
        box = self.frame_axes.get_position()
        self.rect: Box = (box.x0, box.y0, box.x1, box.y1)
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
        """Give each view, by its key in `axes`, a box within a part of the figure: in a row."""
        widths_mm = [view.size_mm[0] for view in self.axes.values()]
        return dict(zip(self.axes, layout.in_a_row(widths_mm, room), strict=True))

    # The frame.

    @property
    def brain_color(self) -> tuple[float, ...]:
        """Color of the colour bar where values are below the threshold."""
        return self._brain_color

    @property
    def black_bg(self) -> bool:
        """Whether the background is black."""
        return self._black_bg

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

    def _room(self) -> Box:
        """Give the part of the figure that is left for views, beside title and colour bar."""
        left, bottom, right, top = self._below_title()
        return left, bottom, right - self._colorbar_width, top

    def title(
        self,
        text: str,
        x: float = 0.01,
        y: float = 0.99,
        size: float = 15,
        color: Any = None,
        bgcolor: Any = None,
        alpha: float = 1,
        **kwargs: Any,
    ) -> None:
        """Write a title, as plain text, within the frame.

        A title that is wider than the frame is made smaller, then broken into
        lines. At the top, the views make room for it.

        Parameters
        ----------
        text : str
            The title.
        x, y : float
            Where, in fractions of the frame.
        size : float
            Size of the text, points.
        color, bgcolor : matplotlib color, optional
            Of the text and of its box.
        alpha : float
            Opacity of the box.
        **kwargs
            Go to matplotlib's text, and win over what is chosen here.
        """
        color = ("k" if self._black_bg else "w") if color is None else color
        bgcolor = ("w" if self._black_bg else "k") if bgcolor is None else bgcolor
        self._title_height = titles.draw_title(
            self.frame_axes, text, x, y, size, color, bgcolor, alpha, **kwargs
        )
        self._move_colorbar()

    def make_room_below(self, height_inches: float) -> float:
        """Make the figure higher; what is drawn stays as large, and moves up.

        Parameters
        ----------
        height_inches : float
            Of the room.

        Returns
        -------
        float
            Its height in fractions of the new figure.
        """
        figure = self.frame_axes.get_figure()
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + height_inches)
        part = float(height_inches / (height + height_inches))
        left, bottom, right, top = self.rect
        bottom, top = (part + (1 - part) * y for y in (bottom, top))
        self.rect = (left, bottom, right, top)
        self._title_height *= 1 - part
        self.frame_axes.set_position((left, bottom, right - left, top - bottom))
        self._move_colorbar()
        return part

    def _below_title(self) -> Box:
        """Give the part of the figure that the frame has below its title."""
        left, bottom, right, top = self.rect
        return left, bottom, right, top - self._title_height

    def _move_colorbar(self) -> None:
        """Put the colour bar, where there is one, beside the views again."""
        if self._colorbar_ax is not None:
            figure = self.frame_axes.get_figure()
            self._colorbar_ax.set_position(bars.place(figure, self._below_title()))

    def draw_cross(self, cut_coords: Any = None, **kwargs: Any) -> None:
        """Draw where the cuts are on each other; nothing where they do not cross."""

    def _show_colorbar(
        self,
        cmap: Any,
        norm: Any,
        cbar_vmin: float | None = None,
        cbar_vmax: float | None = None,
        threshold: float | None = None,
        tick_format: str = TICK_FORMAT,
    ) -> None:
        """Add a colour bar on the right; the views make room for it."""
        drawn = bars.draw_colorbar(
            self.frame_axes,
            self._below_title(),
            cmap,
            norm,
            low=cbar_vmin,
            high=cbar_vmax,
            threshold=threshold,
            tick_format=tick_format,
            background=self._brain_color,
            ink="w" if self._black_bg else "k",
        )
        if drawn is not None:
            self._colorbar = True
            self._cbar, self._colorbar_ax, self._colorbar_width = drawn

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

    def savefig(self, filename: PathLike | None, dpi: float | None = None, **kwargs: Any) -> None:
        """Save the figure; folders that are missing are made.

        Parameters
        ----------
        filename : path
            Its suffix gives the format: .png, .svg, .pdf.
        dpi : float, optional
            Dots per inch.
        **kwargs
            Go to matplotlib's savefig.

        Raises
        ------
        ArgumentError
            If there is no file name.
        """
        frame.save(self.frame_axes.figure, filename, black=self._black_bg, dpi=dpi, **kwargs)

    def close(self) -> None:
        """Close the figure, so that its memory is freed."""
        frame.close(self.frame_axes.figure)
