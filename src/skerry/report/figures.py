"""The two figures beside a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from skerry.regions.regions import Regions
    from skerry.report.background import Background


def save_stat_map(found: Regions, background: Background, folder: Path) -> None:
    """Draw the map above its threshold, into `STEM_stat_map.png`."""
    from skerry.plotting.regions.above import plot_above

    path = folder / f"{found.statmap.name}_stat_map.png"
    plot_above(found, bg_img=_beneath(found, background), output_file=path)


def save_region_colors(found: Regions, background: Background, folder: Path) -> None:
    """Draw the regions in their colours, with their numbers, into `STEM_regions.png`."""
    from skerry.plotting.regions.regions import plot_regions

    path = folder / f"{found.statmap.name}_regions.png"
    plot_regions(found, display_mode="z", bg_img=_beneath(found, background), output_file=path)


def _beneath(found: Regions, background: Background) -> Any:
    """Give the page's background; without one, as on the page, the map's own values in grey."""
    from skerry.plotting.inputs.background import MNI152TEMPLATE

    if background.is_template:
        return MNI152TEMPLATE
    return found.statmap.to_img() if background.img is None else background.img
