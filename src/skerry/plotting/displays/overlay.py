"""Draw a map as colours in every view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.plotting.displays.colormaps import shared_colormap
from skerry.plotting.displays.transparency import Transparency, drop_alpha

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from skerry.plotting.displays.axes import BaseAxes
    from skerry.plotting.displays.slices import Volume
    from skerry.typing import AnyArray, BoolArray, Interpolation


def draw_overlay(
    views: Collection[BaseAxes],
    volume: Volume,
    *,
    threshold: float | None,
    transparency: Any = None,
    transparency_range: Sequence[float] | None = None,
    resampling_interpolation: Interpolation = "continuous",
    **kwargs: Any,
) -> list[Any]:
    """Draw a volume in every view that it reaches.

    Parameters
    ----------
    views : collection of BaseAxes
        What to draw on.
    volume : Volume
        What to draw; NaN is not drawn, infinite values take the last colour.
    threshold : float or None
        Values v with |v| <= threshold are not drawn.
    transparency, transparency_range
        See `BaseSlicer.add_overlay`.
    resampling_interpolation : {"nearest", "linear", "continuous"}
        How an oblique volume is sampled.
    **kwargs
        Go to imshow. Without `vmin`, `vmax` and `norm`, the colours range over what
        is visible, the same in all views.

    Returns
    -------
    list of matplotlib.image.AxesImage
        One for each view that the volume reaches.
    """
    kwargs = {"interpolation": "nearest"} | drop_alpha(kwargs, transparency)
    if "cmap" in kwargs:
        kwargs["cmap"] = shared_colormap(kwargs["cmap"])
    opacity = Transparency.read(transparency, transparency_range)
    how = interpolation_of(volume, resampling_interpolation)
    seen = [(view, view.view_of(volume, how)) for view in views]
    shown = [
        (view, picture, without_hidden(drawable(picture.values), threshold))
        for view, picture in seen
        if picture is not None
    ]
    if kwargs.get("norm") is None:
        low, high = visible_range([values for _, _, values in shown])
        kwargs["vmin"] = low if kwargs.get("vmin") is None else kwargs["vmin"]
        kwargs["vmax"] = high if kwargs.get("vmax") is None else kwargs["vmax"]
    bounds = volume.bounds_mm() if threshold is None else volume.bounds_above_mm(threshold)
    images = []
    for view, picture, values in shown:
        colours = within_range(values, threshold, kwargs)
        image = view.draw_slice(
            type(picture)(colours, picture.extent_mm),
            bounds,
            alpha=opacity.seen_from(view, picture, how),
            **kwargs,
        )
        images.append(image)
    return images


def hide_below(
    values: AnyArray,
    threshold: float | None,
    vmin: float | None = None,
    vmax: float | None = None,
) -> AnyArray:
    """Mask what a threshold hides.

    Parameters
    ----------
    values : array
        Stays as it is.
    threshold : float or None
        |value| <= threshold is masked; None masks nothing.
    vmin, vmax : float, optional
        Where the colours end: if the colours hold one sign only, values beyond
        the end that faces zero belong to no colour, and are masked.

    Examples
    --------
    >>> hide_below(np.array([-3.0, 1.0, 2.0]), 1.0).tolist()
    [-3.0, None, 2.0]
    """
    if threshold is None:
        return values
    return np.ma.masked_where(_hidden(values, threshold, vmin, vmax), values, copy=False)


def without_hidden(
    values: AnyArray,
    threshold: float | None,
    vmin: float | None = None,
    vmax: float | None = None,
) -> AnyArray:
    """Put NaN where a threshold hides a value: matplotlib masks that, and sooner than a mask.

    See Also
    --------
    hide_below : The same as a masked array.
    """
    if threshold is None:
        return values
    return np.where(_hidden(values, threshold, vmin, vmax), values.dtype.type(np.nan), values)


def _hidden(
    values: AnyArray, threshold: float, vmin: float | None, vmax: float | None
) -> BoolArray:
    hidden: BoolArray = np.abs(values) <= threshold
    if vmin is not None and vmin >= -threshold:
        hidden |= values < vmin
    if vmax is not None and vmax <= threshold:
        hidden |= values > vmax
    return hidden


def drawable(values: AnyArray) -> AnyArray:
    """Give floating point values, NaN where masked; |most negative integer| is safe then."""
    if not np.issubdtype(values.dtype, np.floating):
        # Single precision holds integers of two bytes, and is drawn faster.
        values = values.astype(np.float32 if values.dtype.itemsize <= 2 else np.float64)
    return values.filled(np.nan) if isinstance(values, np.ma.MaskedArray) else values


def visible_range(slices: Sequence[AnyArray]) -> tuple[float, float]:
    """Give the least and the greatest finite value; 0 and 1 if there is none."""
    ends = []
    for values in slices:
        finite = values[np.isfinite(values)]
        if finite.size:
            ends.append((float(finite.min()), float(finite.max())))
    if not ends:
        return 0.0, 1.0
    lowest, highest = zip(*ends, strict=True)
    return min(lowest), max(highest)


def within_range(values: AnyArray, threshold: float | None, colours: dict[str, Any]) -> AnyArray:
    """Hide what the range of the colours excludes; bring infinite values to its ends."""
    vmin, vmax = colours.get("vmin"), colours.get("vmax")
    if threshold and vmin is not None and vmax is not None:
        values = without_hidden(values, threshold, float(vmin), float(vmax))
    if np.isinf(values).any():
        low, high = visible_range([values])
        values = values.clip(min(low, vmin or low), max(high, vmax or high))
    return values


def interpolation_of(volume: Volume, asked: Interpolation) -> Interpolation:
    """Choose how to sample: what holds labels or a mask is never interpolated."""
    if volume.upright or not np.issubdtype(volume.values.dtype, np.floating):
        return "nearest"
    return "nearest" if holds_labels(volume.values) else asked


def holds_labels(values: AnyArray) -> bool:
    """Tell whether floating point values are few whole numbers, as masks and labels are."""
    sample = values.ravel()[:: max(1, values.size // 4096)]
    return bool((sample == np.rint(sample)).all()) and bool((values == np.rint(values)).all())
