"""What all displays share: a frame in a figure, views in it, and the verbs that draw on them."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from skerry.errors import ArgumentError
from skerry.plotting.displays import (
    colorbar as bars,
)
from skerry.plotting.displays import (
    contours,
    edges,
    frame,
    markers,
    overlay,
)
from skerry.plotting.displays import title as titles
from skerry.plotting.displays.axes import BaseAxes, CutAxes
from skerry.plotting.displays.read import read_volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from skerry.plotting.displays.layout import Box
    from skerry.typing import AnyArray, PathLike

# What a figure shows by itself: all that is not zero.
NOT_ZERO = 1e-6
TICK_FORMAT = "%.2g"


class BaseSlicer:
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

    axes: dict[Any, Any]

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

    @abstractmethod
    def _place_views(self, room: Box) -> dict[Any, Box]:
        """Give each view, by its key in `axes`, a box within a part of the figure."""
        raise NotImplementedError

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
        check_threshold(threshold)
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
        left, bottom, right, top = self.rect
        return left, bottom, right - self._colorbar_width, top - self._title_height

    # The verbs.

    def add_overlay(
        self,
        img: Any,
        threshold: float | None = NOT_ZERO,
        colorbar: bool = False,
        cbar_tick_format: str = TICK_FORMAT,
        cbar_vmin: float | None = None,
        cbar_vmax: float | None = None,
        transparency: Any = None,
        transparency_range: Sequence[float] | None = None,
        **kwargs: Any,
    ) -> None:
        """Draw a map in all views.

        Parameters
        ----------
        img : path or nibabel image
            One volume, on any grid. NaN is not drawn.
        threshold : float or None
            Values v with |v| <= threshold are not drawn; None draws all.
        colorbar : bool
            Add a colour bar; a display has one at most.
        cbar_tick_format : str
            Format of its numbers, such as `"%.2g"` or `"%i"`.
        cbar_vmin, cbar_vmax : float, optional
            Ends of the colour bar; by default those of the colours.
        transparency : float, path or nibabel image, optional
            Opacity from 0 (not seen) to 1, or an image whose |value| gives it.
        transparency_range : pair of float, optional
            Values of that image which are 0 and 1; by default 0 and its maximum.
        **kwargs
            Go to matplotlib's imshow: `cmap`, `vmin`, `vmax`, `norm`,
            `interpolation`. `resampling_interpolation` is `"nearest"`, or
            `"linear"` or `"continuous"`, and only concerns oblique images.

        Raises
        ------
        ArgumentError
            If the threshold is negative, the range of the transparency is empty,
            or there is a colour bar already.
        """
        check_threshold(threshold)
        if colorbar and self._colorbar:
            raise ArgumentError(
                "This figure already has an overlay with a colorbar: add this one with "
                "colorbar=False."
            )
        volume = read_volume(img)
        images = overlay.draw_overlay(
            self.axes.values(),
            volume,
            threshold=threshold,
            transparency=transparency,
            transparency_range=transparency_range,
            **kwargs,
        )
        if colorbar and images:
            self._show_colorbar(
                images[0].cmap, images[0].norm, cbar_vmin, cbar_vmax, threshold, cbar_tick_format
            )

    def add_contours(
        self,
        img: Any,
        threshold: float | None = NOT_ZERO,
        filled: bool = False,
        both_signs: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Draw the outlines of a map in all views.

        Parameters
        ----------
        img : path or nibabel image
            One volume, on any grid.
        threshold : float or None
            Where no `levels` are given, a threshold other than the default is the
            level. In filled contours, |v| <= threshold stays empty.
        filled : bool
            Fill the outlines.
        both_signs : bool, optional
            Draw each level for negative values as well, dashed. By default, where
            the level comes from `threshold`.
        **kwargs
            Go to matplotlib's contour: `levels` (a list, which stays as it is),
            `colors`, `linewidths`, `linestyles`, `cmap`; `transparency` is a number
            from 0 to 1.

        Raises
        ------
        ArgumentError
            If the threshold is negative.
        """
        check_threshold(threshold)
        contours.draw_contours(
            self.axes.values(),
            read_volume(img),
            threshold=threshold,
            filled=filled,
            both_signs=both_signs,
            **kwargs,
        )

    def add_edges(self, img: Any, color: Any = "r") -> None:
        """Draw the edges of the structures in a map, in all views.

        Parameters
        ----------
        img : path or nibabel image
            One volume, on any grid.
        color : matplotlib color
            Color of the lines.
        """
        edges.draw_edges(self.axes.values(), read_volume(img), color)

    def add_markers(
        self,
        marker_coords: ArrayLike,
        marker_color: Any = "r",
        marker_size: Any = 30,
        **kwargs: Any,
    ) -> None:
        """Draw markers on the cuts that pass within 2 mm of them.

        Parameters
        ----------
        marker_coords : (n, 3) array_like
            RAS+ mm.
        marker_color : matplotlib color or sequence of n
            Color of all, or of each.
        marker_size : float or sequence of n
            Area in points squared.
        **kwargs
            Go to matplotlib's scatter.
        """
        markers.draw_markers(self.axes.values(), marker_coords, marker_color, marker_size, **kwargs)

    def annotate(
        self,
        left_right: bool = True,
        positions: bool = True,
        scalebar: bool = False,
        size: float = 12,
        scale_size: float = 5.0,
        scale_units: str = "cm",
        scale_loc: int = 4,
        decimals: int | bool = 0,
        **kwargs: Any,
    ) -> None:
        """Write the sides of the brain, the places of the cuts, and a scale.

        Parameters
        ----------
        left_right : bool
            Write L and R.
        positions : bool
            Write the coordinate of each cut.
        scalebar : bool
            Draw a bar of a known length.
        size : float
            Size of the text, points.
        scale_size : float
            Length of the bar, in `scale_units`.
        scale_units : {"cm", "mm"}
            Unit of that length.
        scale_loc : int
            Matplotlib's code of a corner: 1 upper right, 2 upper left, 3 lower left,
            4 lower right.
        decimals : int or bool
            Decimals of the coordinates; 0 or False for none.
        **kwargs
            Go to matplotlib's text, and for the bar to AnchoredSizeBar.
        """
        options = {"color": "w" if self._black_bg else "k"} | kwargs
        background = "k" if self._black_bg else "w"
        for view in self.axes.values():
            if left_right:
                view.draw_left_right(size=size, bg_color=background, **options)
            if positions:
                view.draw_position(size=size, bg_color=background, decimals=decimals, **options)
            if scalebar:
                view.draw_scale_bar(
                    bg_color=background,
                    fontsize=size,
                    size=scale_size,
                    units=scale_units,
                    loc=scale_loc,
                    **options,
                )

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
        if self._colorbar_ax is not None:
            figure = self.frame_axes.get_figure()
            below_title = (*self.rect[:3], self.rect[3] - self._title_height)
            self._colorbar_ax.set_position(bars.place(figure, below_title))

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
            (*self.rect[:3], self.rect[3] - self._title_height),
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
        check_threshold(threshold)
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


def check_threshold(threshold: Any) -> None:
    """Refuse a negative threshold: it stands for both signs.

    Raises
    ------
    ArgumentError
        If it is a number below 0 (a computed one may miss 0 by 1e-5).
    """
    if isinstance(threshold, (int, float)) and threshold < -1e-5:
        raise ArgumentError(
            f"Threshold should be a non-negative number! It holds for both signs; got {threshold}."
        )
