"""Regions in their colours, with their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.plotting.colors.palettes import region_colors
from skerry.plotting.cuts.regions import RegionVoxels, cuts_through_regions
from skerry.plotting.inputs.background import MNI152TEMPLATE, load_background
from skerry.plotting.regions.figure import (
    check_display,
    cuts_through_map,
    finished,
    image_on_grid,
    say_no_regions,
    title_of,
)
from skerry.plotting.regions.image import cropped_image, voxels_of_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray, ImageLike, IntArray, PathLike

_OPACITY = 0.8
_LINE_POINTS = 2.0

# Three cuts are chosen for the regions of at least this part of the largest one's volume.
_WORTH_CUTTING = 0.05

# Dashes of the outline of a negative region, in line widths, as in `plot_prob_atlas`.
_DASHED = (0, (2.0, 0.8))


def plot_regions(
    regions: Regions,
    *,
    display_mode: Literal["ortho", "x", "y", "z", "mosaic", "glass"] = "ortho",
    cut_coords: int | Sequence[float] | dict[str, Sequence[float]] | None = None,
    bg_img: ImageLike | Literal[False] | None = MNI152TEMPLATE,
    title: str | None = None,
    numbers: bool = True,
    contours: bool = False,
    axes: Any = None,
    radiological: bool = False,
    output_file: PathLike | None = None,
) -> Any:
    """Draw regions in colours of their own, with their numbers.

    The number of a region decides its colour: the same region has the same
    colour in every figure.

    Parameters
    ----------
    regions : Regions
        What to draw. Without any, the brain and the words "no regions".
    display_mode : {"ortho", "x", "y", "z", "mosaic", "glass"}
        Three cuts through one point; cuts along one axis; along all three; or
        a glass brain.
    cut_coords : int, sequence or dict, optional
        How many cuts, or where, RAS+ mm, as in `plot_img`. By default, and where
        only their number is given, cuts meet every region if so many can, else
        the largest.
    bg_img : path, nibabel image, False or None
        Anatomy beneath; the MNI152 template unless given. Not for a glass brain.
    title : str, optional
        Plain text. By default the map's name, the threshold, and which numbers
        are positive and which negative.
    numbers : bool
        Write the number of each region, once, where most of it is seen; of more
        than 100 regions, those of the largest. A number for which there is no
        room is left out, the smallest first.
    contours : bool
        Outline the regions instead of filling them; negative ones are dashed.
    axes : matplotlib axes or (left, bottom, width, height), optional
        The part of a figure to draw in; a new figure by default.
    radiological : bool
        Show the left of the brain on the right of the picture.
    output_file : path, optional
        Save the figure there (PNG, SVG or PDF by suffix) and close it.

    Returns
    -------
    BaseSlicer or OrthoProjector, or None with `output_file`

    Raises
    ------
    ArgumentTypeError
        If `regions` are no `Regions`.
    ArgumentError
        If the display mode is unknown, or the file's suffix.

    Notes
    -----
    On a glass brain a region may lie behind another one: the smaller is drawn
    in front.

    Examples
    --------
    >>> from skerry import find_regions
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> regions = find_regions(load_sample_motor_activation_image(), 3.0, min_volume_mm3=1500)
    >>> display = plot_regions(regions, display_mode="z", cut_coords=3)
    >>> display.cut_coords
    [-23.0, 49.0, 61.0]
    >>> display.close()
    """
    from skerry.regions.regions import check_regions

    check_regions(regions)
    check_display(display_mode, output_file)
    layers = _front_to_back(regions)
    if display_mode == "glass":
        display = _glass_brain(regions, title, axes, radiological=radiological)
    else:
        display = _slices(
            regions, display_mode, cut_coords, bg_img, title, axes, radiological=radiological
        )
    if contours:
        _outline(display, regions)
    elif len(regions):
        _fill(display, regions, layers)
    if not len(regions):
        say_no_regions(display)
    elif numbers:
        _write(display, regions, layers)
    return finished(display, output_file, keep_open=axes is not None)


def _front_to_back(regions: Regions) -> IntArray:
    """Order positions of regions by falling volume: the last is seen first on a line of sight."""
    return np.argsort(-regions.columns["volume_mm3"], kind="stable")


def _glass_brain(regions: Regions, title: str | None, axes: Any, *, radiological: bool) -> Any:
    from skerry.plotting.maps.glass_brain import plot_glass_brain

    return plot_glass_brain(
        None,
        colorbar=False,
        axes=axes,
        title=_title(regions) if title is None else title,
        radiological=radiological,
    )


def _slices(
    regions: Regions,
    display_mode: str,
    cut_coords: Any,
    bg_img: Any,
    title: str | None,
    axes: Any,
    *,
    radiological: bool,
) -> Any:
    from skerry.plotting.maps.draw import draw_map

    if len(regions):
        voxels = list(voxels_of_labels(regions.labels).values())
        if display_mode == "ortho":
            # Three cuts cannot meet everything: specks must not draw them away from the rest.
            most = max(len(ijk) for ijk in voxels)
            voxels = [ijk for ijk in voxels if len(ijk) >= _WORTH_CUTTING * most]
        cut_coords = cuts_through_regions(
            RegionVoxels(voxels, regions.grid), display_mode, cut_coords
        )
    elif cut_coords is None:
        values = regions.statmap.values
        whole = np.where(np.isfinite(values), values, 0).astype(values.dtype)
        cut_coords = cuts_through_map(image_on_grid(whole, regions), regions, display_mode)
    background = load_background(bg_img)
    return draw_map(
        None,
        background,
        cuts_from=regions.to_labels_img(),
        display_mode=display_mode,
        cut_coords=cut_coords,
        axes=axes,
        title=_title(regions) if title is None else title,
        black_bg=background.black_bg,
        radiological=radiological,
    )


def _fill(display: Any, regions: Regions, layers: IntArray) -> None:
    """Draw all regions at once: one image of layers and a colour for each."""
    from matplotlib.colors import BoundaryNorm, ListedColormap

    n = len(layers)
    display.add_overlay(
        image_on_grid(_layered(regions, layers), regions),
        threshold=0.5,
        cmap=ListedColormap(colors_of(regions)[layers]),
        norm=BoundaryNorm(np.arange(n + 1) + 0.5, n),
        transparency=_OPACITY,
    )


def _layered(regions: Regions, layers: IntArray) -> IntArray:
    """Replace the number of each region by its layer, from 1."""
    layer = np.zeros(int(regions.labels.max(initial=0)) + 1, dtype=np.int32)
    layer[regions.columns["region"][layers]] = np.arange(1, len(layers) + 1)
    return layer[regions.labels]


def _outline(display: Any, regions: Regions) -> None:
    signs = dict(zip(regions.columns["region"].tolist(), regions.columns["sign"], strict=True))
    colors = dict(zip(signs, colors_of(regions), strict=True))
    for number, ijk in voxels_of_labels(regions.labels).items():
        box = cropped_image(regions.labels, ijk, regions.grid)
        inside = (np.asarray(box.dataobj) == number).astype(np.float32)
        display.add_contours(
            type(box)(inside, box.affine),
            levels=[0.5],
            colors=[colors[number]],
            linewidths=_LINE_POINTS,
            linestyles="solid" if signs[number] > 0 else [_DASHED],
        )


def _write(display: Any, regions: Regions, layers: IntArray) -> None:
    from skerry.plotting.displays.slices import stand_upright
    from skerry.plotting.regions.numbers import write_numbers

    labels = stand_upright(_layered(regions, layers), regions.grid.affine)
    write_numbers(display, labels, regions.columns["region"][layers].tolist())


def colors_of(regions: Regions) -> AnyArray:
    """(n, 4) red, green, blue, opacity of some regions: their numbers decide."""
    number = regions.columns["region"]
    colors: AnyArray = region_colors(int(number.max(initial=0)))[number - 1]
    return colors


def _title(regions: Regions) -> str:
    """Give the usual title, and which numbers are positive and which negative."""
    parts = [
        f"#{_runs(regions.columns['region'][regions.columns['sign'] == sign])} {word}"
        for sign, word in ((1, "positive"), (-1, "negative"))
        if (regions.columns["sign"] == sign).any()
    ]
    return f"{title_of(regions)}; {', '.join(parts)}" if len(parts) > 1 else title_of(regions)


def _runs(numbers: AnyArray) -> str:
    """Write whole numbers that rise, runs of them by their ends.

    Examples
    --------
    >>> _runs(np.array([1, 2, 3, 7, 9, 10]))
    '1-3, 7, 9-10'
    """
    parts = np.split(numbers, np.flatnonzero(np.diff(numbers) != 1) + 1)
    return ", ".join(f"{a[0]}-{a[-1]}" if len(a) > 1 else f"{a[0]}" for a in parts)
