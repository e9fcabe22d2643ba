"""`skerry demo`: the whole job on the embedded map, without a network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from skerry.cli import console
from skerry.cli.options import out_to
from skerry.cli.readable import readable
from skerry.cli.verb import verb
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.regions.regions import Regions
    from skerry.space.statmap import StatMap

TITLE = "Left against right button press"
MIN_REGION_MM3 = 1500
_CUTS: tuple[tuple[str, float | str, str], ...] = (
    ("percentile", "97%", "above the 97th percentile of |z|"),
    ("value", 3.0, "|z| of at least 3"),
)
_FILES = {
    "percentile_stat_map.png": "the map above its 97th percentile",
    "percentile_regions.png": "its regions as outlines over the map",
    "percentile_regions_4d.nii.gz": "the same, one region a volume",
    "value_stat_map.png": "the map at |z| >= 3",
    "value_regions.png": "its regions as outlines",
    "value_regions_4d.nii.gz": "the same, one region a volume",
    "regions.nii.gz": "label image of the regions in the table",
    "regions.tsv": "the table, all columns",
    "image_10426_report.html": "the page: open it in a browser and move the threshold",
}


@verb
def demo(
    *,
    out: Annotated[
        Path, out_to("DIR", "Folder for the results; made if absent.", show_default=True)
    ] = Path("skerry-demo"),
) -> None:
    """Do the whole job on the embedded map: figures, regions, a table and the page.

    The map is NeuroVault's image 10426, a z map of left against right button
    presses, 3 mm. It is thresholded at its 97th percentile and at 3.0; its
    connected regions of at least 1500 mm3 are extracted and drawn.
    """
    n_steps = 4 + 4 * len(_CUTS)
    with console.progress(n_steps) as begin:
        begin("read the embedded map")
        from skerry.datasets import load_sample_motor_activation_image
        from skerry.io.load import load_map
        from skerry.io.save import made_folder

        folder = made_folder(out)
        path = load_sample_motor_activation_image()
        statmap = load_map(path, kind="z")
        for name, threshold, words in _CUTS:
            _extract_and_draw(path, folder, name, threshold, words, begin)
        begin("find regions by skerry's own rules, both signs")
        found = _find_and_save(statmap, folder)
        begin("tabulate them")
        table = readable(found)
        begin("make the page")
        _save_page(found, folder)
    if console.is_quiet():
        return
    sys.stdout.write(table)
    for file, what in _FILES.items():
        console.say(f"  {shown(folder / file):<44} {what}")


def _extract_and_draw(
    path: str,
    folder: Path,
    name: str,
    threshold: float | str,
    words: str,
    begin: Callable[[str], None],
) -> None:
    """Run the gallery example once: threshold, figure, regions, figure."""
    from skerry.image import threshold_img
    from skerry.io.save import save_image
    from skerry.plotting import plot_prob_atlas, plot_stat_map
    from skerry.regions import connected_regions

    begin(f"threshold: {words}")
    above = threshold_img(path, threshold=threshold, copy=False)
    begin(f"draw the map: {words}")
    plot_stat_map(
        above,
        display_mode="z",
        cut_coords=5,
        title=f"{TITLE}: {words}",
        output_file=folder / f"{name}_stat_map.png",
    )
    begin(f"extract regions of at least {MIN_REGION_MM3} mm3: {words}")
    regions_img: Any = connected_regions(above, min_region_size=MIN_REGION_MM3)[0]
    save_image(regions_img, folder / f"{name}_regions_4d.nii.gz")
    begin(f"draw the regions: {words}")
    plot_prob_atlas(
        regions_img,
        bg_img=path,
        view_type="contours",
        display_mode="z",
        cut_coords=5,
        title=f"{regions_img.shape[-1]} regions: {words}",
        output_file=folder / f"{name}_regions.png",
    )


def _find_and_save(statmap: StatMap, folder: Path) -> Regions:
    from skerry.io.save import save_image, save_text
    from skerry.regions import find_regions
    from skerry.tables.columns import to_tsv
    from skerry.tables.region_table import region_columns

    found = find_regions(statmap, 3.0, min_volume_mm3=MIN_REGION_MM3)
    save_image(found.to_labels_img(), folder / "regions.nii.gz")
    save_text(to_tsv(region_columns(found)), folder / "regions.tsv")
    return found


def _save_page(found: Regions, folder: Path) -> None:
    from skerry.report import make_report

    make_report(found, title=TITLE).save(folder / f"{found.statmap.name}_report.html")
