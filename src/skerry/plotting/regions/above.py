"""A map above its threshold, as `skerry plot` and the reports draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.plotting.inputs.background import MNI152TEMPLATE
from skerry.plotting.regions.figure import (
    check_display,
    cuts_through_map,
    finished,
    image_on_grid,
    title_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.space.statmap import StatMap
    from skerry.typing import ImageLike, PathLike


def plot_above(
    regions: Regions,
    *,
    display_mode: Literal["ortho", "x", "y", "z", "mosaic", "glass"] = "ortho",
    cut_coords: int | Sequence[float] | None = None,
    contours: bool = False,
    bg_img: ImageLike | Literal[False] | None = MNI152TEMPLATE,
    title: str | None = None,
    atlas: Any = (),
    output_file: PathLike | None = None,
) -> Any:
    """Draw a map where it is above its threshold.

    Parameters
    ----------
    regions : Regions
        What is above; its map gives the values.
    display_mode : {"ortho", "x", "y", "z", "mosaic", "glass"}
        Three cuts through one point; cuts along one axis; along all three; or
        a glass brain.
    cut_coords : int or sequence of float, optional
        How many cuts, or where, mm; by default where the regions are.
    contours : bool
        Draw the whole map and outline the regions on it: highlight, don't hide.
    bg_img : path, nibabel image, False or None
        Anatomy beneath; the MNI152 template unless given.
    title : str, optional
        Plain text. By default the map's name, the threshold and the number of
        regions.
    atlas : atlas, or sequence of atlases
        Each an `Atlas` or what `skerry.atlas.load_atlas` takes first. The labels that
        the regions lie in are outlined in the cuts, six at most, and named below.
    output_file : path, optional
        Save the figure there (PNG, SVG or PDF by suffix) and close it.

    Returns
    -------
    BaseSlicer or OrthoProjector, or None with `output_file`

    Raises
    ------
    ArgumentError
        If the display mode is unknown, or the file's suffix.

    References
    ----------
    Taylor et al. 2023, doi:10.1016/j.neuroimage.2023.120138 (highlighting
    instead of hiding).
    """
    check_display(display_mode, output_file)
    statmap = regions.statmap
    placed = _placed(statmap, atlas)
    finite = np.where(np.isfinite(statmap.values), statmap.values, 0).astype(statmap.values.dtype)
    inside = np.where(regions.labels > 0, finite, 0)
    above, whole = image_on_grid(inside, regions), image_on_grid(finite, regions)
    highest = float(abs(finite).max()) or 1.0
    hidden = 1e-6 if contours else _just_below(min(regions.threshold, highest), finite.dtype.type)
    title = title_of(regions) if title is None else title
    display: Any
    if display_mode == "glass":
        from skerry.plotting.maps.glass_brain import plot_glass_brain

        display = plot_glass_brain(
            whole if contours else above,
            threshold=hidden,
            title=title,
            vmax=highest,
            symmetric_cbar=True,
            plot_abs=False,
        )
    else:
        from skerry.plotting.maps.stat_map import plot_stat_map

        if cut_coords is None:
            cut_coords = cuts_through_map(above if len(regions) else whole, regions, display_mode)
        display = plot_stat_map(
            whole if contours else above,
            bg_img=bg_img,
            display_mode=display_mode,
            cut_coords=cut_coords,
            threshold=hidden,
            title=title,
            vmax=highest,
            symmetric_cbar=True,
            transparency=0.75 if contours else None,
        )
    if contours and len(regions):
        outline = image_on_grid((regions.labels > 0).astype(np.float32), regions)
        display.add_contours(outline, levels=[0.5], colors="black", linewidths=1.2)
    if placed and len(regions):
        from skerry.plotting.regions.label_outlines import outline_labels

        outline_labels(display, regions, placed)
    return finished(display, output_file)


def _just_below(height: float, kind: Any) -> float:
    """Give what a figure hides up to, so that values at a height are seen.

    One step down in the values' own precision, in which matplotlib compares: a step in double
    precision is none in single.
    """
    return float(np.nextafter(kind(height), kind(0)))


def _placed(statmap: StatMap, atlas: Any) -> tuple[AtlasOnMap, ...]:
    if isinstance(atlas, (list, tuple)) and not atlas:
        return ()  # and what reads atlases is not imported
    from skerry.atlas.on_map import atlases_on

    return atlases_on(statmap, atlas)
