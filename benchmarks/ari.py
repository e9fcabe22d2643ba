"""All-resolutions inference for every cluster: `python benchmarks/ari.py [MAP] [--runs N]`.

The yardstick is the time of sorting the p values of the mask, as numpy sorts
them (`np.sort`, vectorised) and as one must to know which voxel is which
(`np.argsort`). Beside it, the plain way: `discoveries` of one cut after another.
All in turn in one process, on one core; medians of its CPU time, and ratios.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from typing import TYPE_CHECKING

import nibabel
import numpy as np
from scipy.special import ndtr

from skerry.core.tree import build_tree
from skerry.datasets import load_sample_motor_activation_image
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours
from skerry.stats.ari import calibrate, discoveries
from skerry.stats.ari_tree import bounds_of_tree, largest_regions

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Time the parts in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("map", nargs="?", default=load_sample_motor_activation_image())
    parser.add_argument("--runs", type=int, default=25, help="counted runs of each part")
    options = parser.parse_args()
    img = nibabel.load(options.map)
    # |z| makes one tree of all voxels: the largest that a map can have.
    z = np.ascontiguousarray(abs(np.nan_to_num(img.get_fdata())))
    mask = z > 0
    p_values = np.where(mask, 2 * ndtr(-z), np.nan)
    tested = p_values[mask]
    import numba  # noqa: F401  # as in any process that has built a large tree

    tree = build_tree(z, GridNeighbours(Grid(z.shape, img.affine)))
    cuts = [tree.cut(height) for height in np.quantile(tree.height, [0.5, 0.9, 0.99])]
    parts: dict[str, Callable[[], object]] = {
        "np.sort of the p values": lambda: np.sort(tested),
        "np.argsort of the p values": lambda: np.argsort(tested),
        "calibrate": lambda: calibrate(tested),
        "bounds of every cluster": lambda: bounds_of_tree(tree, p_values, family=calibrate(tested)),
        "largest regions, tdp 0.7": lambda: largest_regions(
            tree, p_values, tdp=0.7, family=calibrate(tested)
        ),
        "discoveries of one cut": lambda: [discoveries(p_values, cut) for cut in cuts],
    }
    taken: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(options.runs + 1):
        for name, work in parts.items():
            begun = time.process_time()
            work()
            taken[name].append(time.process_time() - begun)
    times = {name: statistics.median(runs[1:]) * 1e3 for name, runs in taken.items()}
    times["discoveries of one cut"] /= len(cuts)
    sort, argsort = times["np.sort of the p values"], times["np.argsort of the p values"]
    print(f"Python {platform.python_version()}, {platform.machine()}, medians of {options.runs}")
    print(f"{tree.n_voxels} voxels in one tree, {tree.n_nodes} nodes\n")
    print("| what | ms | / np.sort | / np.argsort |")
    print("|---|---|---|---|")
    for name, ms in times.items():
        print(f"| {name} | {ms:.2f} | {ms / sort:.1f} | {ms / argsort:.1f} |")


if __name__ == "__main__":
    main()
