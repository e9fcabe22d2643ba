"""The labels of an atlas around what a figure shows: outlines, and their names below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.plotting.regions.image import cropped_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions

# Okabe and Ito's colours, without those too close to the red and blue of maps.
_COLORS = ("#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#F0E442", "#8B5A2B")
_LINE_POINTS = 1.6
_TEXT_POINTS = 9
_LINE_INCHES = 0.19
_CHARACTER_INCHES = 0.085
_LONGEST_NAME = 48


def outline_labels(display: Any, regions: Regions, atlases: Sequence[AtlasOnMap]) -> None:
    """Outline the labels that the regions lie in, where the views show them, and name them.

    Parameters
    ----------
    display : BaseSlicer or OrthoProjector
        With the map drawn; its figure is made higher for the names.
    regions : Regions
    atlases : sequence of AtlasOnMap
        On the grid of the regions. Six labels of all of them are drawn: those that
        hold most of each region in the views, then the next ones by volume.
    """
    drawn, n_more = _chosen(display, regions, atlases)
    names = []
    for (at, label), color in zip(drawn, _COLORS, strict=False):
        atlas = atlases[at].atlas
        inside = atlas.positions == label
        outline = cropped_image(inside.astype(np.float32), np.argwhere(inside), atlas.grid)
        display.add_contours(outline, levels=[0.5], colors=[color], linewidths=_LINE_POINTS)
        name = atlas.names[label - 1]
        names.append(f"{name} ({atlases[at].column})" if len(atlases) > 1 else name)
    _write_names(display, names, n_more, [placed.column for placed in atlases])


def _chosen(
    display: Any, regions: Regions, atlases: Sequence[AtlasOnMap]
) -> tuple[list[tuple[int, int]], int]:
    """Choose labels, each by its atlas's place and its position; tell how many are left.

    First the label with most of each region, then the largest shares of what is seen.
    """
    seen = _voxels_in_views(display, regions)
    region = regions.labels[seen]
    ranked: list[tuple[bool, int, int, int]] = []
    for at, placed in enumerate(atlases):
        pairs = np.stack([region, placed.positions[seen]])[:, placed.positions[seen] > 0]
        (numbers, labels), counts = np.unique(pairs, axis=1, return_counts=True)
        order = np.lexsort((labels, -counts, numbers))
        first = np.zeros(len(order), dtype=bool)
        first[np.unique(numbers[order], return_index=True)[1]] = True
        main = set(labels[order][first].tolist())
        total = np.bincount(labels, counts).astype(int)
        ranked += [
            (label not in main, -int(total[label]), at, label)
            for label in np.unique(labels).tolist()
        ]
    drawn = sorted(ranked)[: len(_COLORS)]
    return [(at, label) for _, _, at, label in drawn], len(ranked) - len(drawn)


def _voxels_in_views(display: Any, regions: Regions) -> tuple[NDArray[np.intp], ...]:
    """Give the voxels of regions that lie in a cut of a display; all on a glass brain."""
    ijk = np.argwhere(regions.labels > 0)
    xyz = regions.grid.xyz(ijk)
    # Of an oblique grid, half of what a voxel spans along the axis.
    half_mm = np.abs(regions.grid.affine[:3, :3]).sum(axis=1) / 2
    seen = np.zeros(len(ijk), dtype=bool)
    for view in display.axes.values():
        if view.coord is None:
            seen[:] = True
        else:
            axis = "xyz".index(view.direction)
            seen |= np.abs(xyz[:, axis] - view.coord) <= half_mm[axis]
    return tuple(ijk[seen].T)


def _write_names(display: Any, names: list[str], n_more: int, atlases: list[str]) -> None:
    """Write the names in their colours, in rows below the views."""
    from matplotlib.lines import Line2D

    short = [n if len(n) <= _LONGEST_NAME else f"{n[: _LONGEST_NAME - 1]}…" for n in names]
    if n_more:
        short.append(f"and {n_more} more")
    if not names:
        short.append(f"no label of {', '.join(atlases)} here")
    figure = display.frame_axes.get_figure()
    width = max(map(len, short)) * _CHARACTER_INCHES + 0.5
    n_columns = max(1, min(len(short), int(figure.get_size_inches()[0] / width)))
    n_rows = math.ceil(len(short) / n_columns)
    part = display.make_room_below(n_rows * _LINE_INCHES + 0.12)
    lines = [Line2D([], [], color=color, linewidth=2.5) for color in _COLORS[: len(names)]]
    lines += [Line2D([], [], color="none")] * (len(short) - len(names))
    legend = figure.legend(
        lines,
        short,
        loc="center",
        bbox_to_anchor=(0, 0, 1, part),
        ncols=n_columns,
        fontsize=_TEXT_POINTS,
        frameon=False,
        borderpad=0.2,
        labelspacing=0.3,
        handlelength=1.4,
        labelcolor="w" if display.black_bg else "k",
    )
    for text in legend.get_texts():
        text.set_parse_math(False)  # names are data
