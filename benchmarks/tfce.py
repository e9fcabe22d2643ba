"""Exact TFCE beside its peers: `python benchmarks/tfce.py [MAP] [--runs N]`.

Every side in a process of its own, in turn, one thread, on the same values; the
map as it is, and interpolated to half its voxel size. nilearn, which steps
through 100 heights and so comes near, runs on the first alone.
"""

from __future__ import annotations

import argparse
import os
import platform

from measure import Script, in_turn, median

from skerry.datasets import load_sample_motor_activation_image

READ = """
import nibabel, numpy as np
from scipy import ndimage
img = nibabel.load({path!r})
values = np.nan_to_num(img.get_fdata(dtype=np.float32))
if {halved}:
    values = ndimage.zoom(values, 2, order=1, grid_mode=True, mode="grid-constant")
"""
SKERRY = """
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours
from skerry.stats.tfce import enhance_values
neighbours = GridNeighbours(Grid(values.shape, np.eye(4)), 26)
"""
NILEARN = """
from nilearn.mass_univariate._utils import calculate_tfce
cube = ndimage.generate_binary_structure(3, 3)
values = values[..., None].astype(np.float64)
"""
SIDES = {
    "skerry": (SKERRY, "enhance_values(values, neighbours)"),
    "tfce": ("import tfce\n", "tfce.tfce(values, connectivity=26, n_jobs=1)"),
    "nilearn": (NILEARN, "calculate_tfce(values, cube)"),
}
TARGETS = {"tfce": 1.0, "nilearn": 25.0}


def main() -> None:
    """Compare at both resolutions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("map", nargs="?", default=load_sample_motor_activation_image())
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each side")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, medians of {options.runs}\n")
    print("| map | peer | skerry ms | peer ms | faster | skerry MB | peer MB | must reach |")
    print("|---|---|---|---|---|---|---|---|")
    for halved in (False, True):
        names = [name for name in SIDES if not (halved and name == "nilearn")]
        read = READ.format(path=os.path.abspath(options.map), halved=halved)  # noqa: PTH100
        # The second run of a process counts: the first reads the machine code from disk.
        scripts = [Script(read + SIDES[name][0], SIDES[name][1], warmups=1) for name in names]
        runs = dict(zip(names, in_turn(scripts, options.runs), strict=True))
        ours = median(runs["skerry"], "seconds") * 1e3
        ours_mb = median(runs["skerry"], "peak_mb")
        for name in names[1:]:
            theirs = median(runs[name], "seconds") * 1e3
            print(
                f"| {'voxels halved' if halved else 'as it is'} | {name} | {ours:.0f} "
                f"| {theirs:.0f} | {theirs / ours:.1f}x | {ours_mb:.0f} "
                f"| {median(runs[name], 'peak_mb'):.0f} | >= {TARGETS[name]:g}x |",
                flush=True,
            )


if __name__ == "__main__":
    main()
