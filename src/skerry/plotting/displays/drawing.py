"""The verbs that draw on the views of a display."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentError
from skerry.plotting.displays import contours, edges, markers, overlay
from skerry.plotting.displays.read import read_volume
from skerry.plotting.displays.ticks import TICK_FORMAT
from skerry.plotting.inputs.display_threshold import check_not_negative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

# What a figure shows by itself: all that is not zero.
NOT_ZERO = 1e-6


class Drawing:
    """Something with views that maps, outlines, markers and words are drawn on."""

    axes: dict[Any, Any]
    _black_bg: bool
    _colorbar: bool

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
        check_not_negative(threshold)
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
        check_not_negative(threshold)
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

    @abstractmethod
    def _show_colorbar(
        self,
        cmap: Any,
        norm: Any,
        cbar_vmin: float | None = None,
        cbar_vmax: float | None = None,
        threshold: float | None = None,
        tick_format: str = TICK_FORMAT,
    ) -> None:
        raise NotImplementedError
