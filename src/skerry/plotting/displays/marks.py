"""Letters, bars and words on a view. All text is plain: never read as mathematics."""

from __future__ import annotations

from typing import Any

# Above images, contours and markers (1000), so that the sides are always readable.
ABOVE_ALL = 1001

# Options of a text that leave it upright on a tight box.
_KEEPS_THE_BOX = frozenset({"alpha", "color", "fontfamily", "fontweight", "weight", "zorder"})


def draw_left_right(
    ax: Any, size: float, bg_color: Any, *, swapped: bool = False, **kwargs: Any
) -> None:
    """Write L and R in the upper corners of a view; R on the left where swapped."""
    for side, letter in zip(("left", "right"), "RL" if swapped else "LR", strict=True):
        draw_letter(ax, letter, side, size, bg_color, **kwargs)


def draw_letter(ax: Any, letter: str, side: str, size: float, bg_color: Any, **kwargs: Any) -> None:
    """Write a letter in the upper left or right corner of a view."""
    x = 0.02 if side == "left" else 0.98
    _boxed_text(ax, x, 0.98, letter, size, bg_color, side, "top", kwargs)


def draw_corner_text(ax: Any, text: str, size: float, bg_color: Any, **kwargs: Any) -> None:
    """Write a text in the lower left corner of a view."""
    _boxed_text(ax, 0.0, 0.0, text, size, bg_color, "left", "bottom", kwargs)


def rounded(coordinate_mm: float, decimals: int) -> str:
    """Write a coordinate, never as -0.

    Examples
    --------
    >>> rounded(-0.3, 0), rounded(-12.5, 1), rounded(7.9, 0)
    ('0', '-12.5', '8')
    """
    text = f"{coordinate_mm:.{decimals}f}"
    return text.lstrip("-") if not float(text) else text


def draw_scale_bar(
    ax: Any,
    bg_color: Any,
    size: float,
    units: str,
    *,
    fontproperties: Any = None,
    fontsize: float | None = None,
    frameon: bool = False,
    loc: int = 4,
    pad: float = 0.1,
    borderpad: float = 0.5,
    color: Any = "black",
    **kwargs: Any,
) -> None:
    """Draw a bar of `size` cm or mm, with its length beside it."""
    from matplotlib.font_manager import FontProperties
    from mpl_toolkits.axes_grid1.anchored_artists import AnchoredSizeBar

    font = FontProperties() if fontproperties is None else FontProperties(**_font(fontproperties))
    if fontsize:
        font.set_size(fontsize)
    bar = AnchoredSizeBar(  # type: ignore[no-untyped-call]
        ax.transData,
        size * 10 if units == "cm" else size,
        f"{size:g}{units}",
        loc,
        fontproperties=font,
        frameon=frameon,
        pad=pad,
        borderpad=borderpad,
        color=color,
        **kwargs,
    )
    if frameon:
        bar.patch.set_facecolor(bg_color)
        bar.patch.set_edgecolor("none")
    bar.set_zorder(ABOVE_ALL)
    ax.add_artist(bar)


def _font(properties: Any) -> dict[str, Any]:
    """Read font properties as keywords, so that the caller's object stays as it is."""
    if isinstance(properties, dict):
        return properties
    return {
        "family": properties.get_family(),
        "style": properties.get_style(),
        "weight": properties.get_weight(),
        "size": properties.get_size(),
    }


def _boxed_text(
    ax: Any,
    x: float,
    y: float,
    text: str,
    size: float,
    bg_color: Any,
    horizontal: str,
    vertical: str,
    kwargs: dict[str, Any],
) -> None:
    options = {
        "transform": ax.transAxes,
        "horizontalalignment": horizontal,
        "verticalalignment": vertical,
        "zorder": ABOVE_ALL,
        "parse_math": False,
    }
    if kwargs.keys() <= _KEEPS_THE_BOX:
        from skerry.plotting.displays.boxed_text import BoxedText

        words = BoxedText(
            x, y, text, box_color=bg_color, size=size, clip_on=False, **options | kwargs
        )
        ax.add_artist(words)
        return
    box = {"boxstyle": "square,pad=0", "ec": bg_color, "fc": bg_color, "alpha": 1}
    ax.text(x, y, text, **{"size": size, "bbox": box} | options | kwargs)
