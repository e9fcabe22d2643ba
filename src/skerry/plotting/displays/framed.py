"""The frame of a display: its ground, title and colour bar, and the room that they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skerry.plotting.displays import colorbar as bars
from skerry.plotting.displays import frame
from skerry.plotting.displays import title as titles
from skerry.plotting.displays.drawing import Drawing
from skerry.plotting.displays.ticks import TICK_FORMAT

if TYPE_CHECKING:
    from skerry.plotting.displays.layout import Box
    from skerry.typing import PathLike


class Framed(Drawing):
    """Something with views in a part of a figure, beside a title and a colour bar.

    Parameters
    ----------
    axes : matplotlib.axes.Axes, optional
        The frame that the views share; by default a whole new figure.
    black_bg : bool
        Whether the background is black, and text white.
    brain_color : (3,) tuple of float
        Color of the colour bar where values are below the threshold.

    Attributes
    ----------
    frame_axes : matplotlib.axes.Axes
        The frame.
    rect : tuple of four float
        Its left, bottom, right, top in fractions of the figure.
    """

    def __init__(self, axes: Any, black_bg: bool, brain_color: tuple[float, ...]) -> None:
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

    @property
    def brain_color(self) -> tuple[float, ...]:
        """Color of the colour bar where values are below the threshold."""
        return self._brain_color

    @property
    def black_bg(self) -> bool:
        """Whether the background is black."""
        return self._black_bg

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
