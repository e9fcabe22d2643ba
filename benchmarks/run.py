"""skerry beside its peers: `python benchmarks/run.py [NAME ...] [--runs N]`.

Every comparison runs both sides in turn, each in a process of its own, on the
same input; the table gives medians and their ratio. The targets are those that
the project holds itself to.
"""

from __future__ import annotations

import argparse
import platform
from dataclasses import dataclass, field

from measure import Script, in_turn, median

EXAMPLE = """
from {package} import datasets, plotting
from {package}.image import threshold_img
from {package}.regions import connected_regions
tmap = datasets.load_sample_motor_activation_image()
for name, threshold in (("percentile", "97%"), ("value", 3.0)):
    img = threshold_img(tmap, threshold=threshold, copy=False)
    plotting.plot_stat_map(img, display_mode="z", cut_coords=5, title=name, colorbar=False).savefig(name + ".png")
    regions, index = connected_regions(img, min_region_size=1500)
    plotting.plot_prob_atlas(
        regions, bg_img=tmap, view_type="contours", display_mode="z", cut_coords=5, title=name
    ).savefig(name + "_regions.png")
"""

AT_1MM = """
import nibabel, numpy as np
from scipy import ndimage
from {package} import datasets
small = nibabel.load(datasets.load_sample_motor_activation_image())
values = ndimage.zoom(small.get_fdata(dtype=np.float32), 3, order=3, grid_mode=True, mode="grid-constant")
affine = small.affine @ np.diag([1 / 3, 1 / 3, 1 / 3, 1.0])
affine[:3, 3] = (small.affine @ [-1 / 3, -1 / 3, -1 / 3, 1.0])[:3]
img = nibabel.Nifti1Image(values, affine)
"""


@dataclass(frozen=True)
class Comparison:
    """Ours against theirs, and what the ratio must reach."""

    name: str
    ours: Script
    theirs: Script
    target: str
    limit: str = field(default="", compare=False)  # what limits our figure now


def against_nilearn(
    name: str, setup: str, work: str | None, target: str, **more: object
) -> Comparison:
    """Compare the same lines with skerry's and nilearn's name in them."""
    ours, theirs = (
        Script(setup.format(package=package), work and work.format(package=package), **more)  # type: ignore[arg-type]
        for package in ("skerry", "nilearn")
    )
    return Comparison(name, ours, theirs, target)


COMPARISONS = [
    against_nilearn("example", EXAMPLE, None, ">= 4x faster, <= 45 % of the memory"),
    Comparison("import", Script("import skerry"), Script("import numpy"), "<= 1.3x the time"),
    against_nilearn(
        "local_regions_1mm",
        AT_1MM
        + "from {package}.image import threshold_img\nfrom {package}.regions import connected_regions\n"
        + 'cut = threshold_img(img, "97%")\n',
        "connected_regions(cut, min_region_size=1500)",
        ">= 4x faster, <= 50 % of the added memory",
    ),
    Comparison(
        "regions_command",
        Script(
            "import sys\nfrom skerry.cli.main import run\n"
            "from skerry.datasets.embedded import SAMPLE_MAP\n"
            "sys.argv = ['skerry', 'regions', str(SAMPLE_MAP), '--quiet']\nrun()"
        ),
        Script("import nibabel, scipy.ndimage"),
        "<= 2x the time",
    ),
    Comparison(
        "report_command",
        Script(
            "import sys\nfrom skerry.cli.main import run\n"
            "from skerry.datasets.embedded import SAMPLE_MAP\n"
            "sys.argv = ['skerry', 'report', str(SAMPLE_MAP), '--kind', 'z', '--quiet']\nrun()"
        ),
        Script("import nibabel, scipy.special, matplotlib.pyplot"),
        "about a second at 2 mm",
    ),
    Comparison(
        "labels_1mm",
        Script(
            AT_1MM.format(package="skerry")
            + "from skerry.core.label import label_components, signs\n"
            + "from skerry.core.threshold import passes\n"
            + "classes = signs(values) * passes(values, 3.0)\n",
            "label_components(classes, 26)",
            warmups=3,
        ),
        Script(
            AT_1MM.format(package="skerry")
            + "import cc3d\nfrom skerry.core.label import signs\n"
            + "from skerry.core.threshold import passes\n"
            + "classes = signs(values) * passes(values, 3.0)\n",
            "cc3d.connected_components(classes, connectivity=26)",
            warmups=3,
        ),
        "<= 1.5x the time of cc3d alone",
    ),
    Comparison(
        "find_and_tabulate_1mm",
        Script(
            AT_1MM.format(package="skerry") + "import skerry, pandas\n",
            "regions = skerry.find_regions(img, 3.0)\n"
            "skerry.region_table(regions)\nskerry.peak_table(regions)",
        ),
        Script(
            AT_1MM.format(package="nilearn") + "from nilearn.reporting import get_clusters_table\n",
            "get_clusters_table(img, 3.0, two_sided=True)",
        ),
        ">= 50x faster",
    ),
    against_nilearn(
        "clusters_table_1mm",
        AT_1MM + "from {package}.reporting import get_clusters_table\n",
        "get_clusters_table(img, 3.0, two_sided=True)",
        ">= 20x faster",
    ),
]


def main() -> None:
    """Run the comparisons asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="comparisons to run; all when none is named")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each side")
    options = parser.parse_args()
    known = [comparison.name for comparison in COMPARISONS]
    if unknown := set(options.names) - set(known):
        parser.error(
            f"no comparison called {', '.join(sorted(unknown))}; there are {', '.join(known)}"
        )
    print(
        f"Python {platform.python_version()}, {platform.machine()}, medians of {options.runs} runs\n"
    )
    print("| what | skerry s | peer s | faster | skerry MB | peer MB | memory | must reach |")
    print("|---|---|---|---|---|---|---|---|")
    for comparison in COMPARISONS:
        if options.names and comparison.name not in options.names:
            continue
        ours, theirs = in_turn([comparison.ours, comparison.theirs], options.runs)
        memory = "peak_mb" if comparison.ours.work is None else "added_mb"
        seconds = median(ours, "seconds"), median(theirs, "seconds")
        megabytes = median(ours, memory), median(theirs, memory)
        print(
            f"| {comparison.name} | {seconds[0]:.3f} | {seconds[1]:.3f} | {seconds[1] / seconds[0]:.1f}x "
            f"| {megabytes[0]:.0f} | {megabytes[1]:.0f} | {_share(*megabytes)} "
            f"| {comparison.target} |",
            flush=True,
        )


def _share(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.0%}" if theirs >= 1 else "-"


if __name__ == "__main__":
    main()
