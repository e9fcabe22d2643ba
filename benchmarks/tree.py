"""The merge tree beside a sort of the same values: `python benchmarks/tree.py [MAP]`.

Both sides run in turn in one process, on one core; times are processor time, so
that other work on the machine counts less. Also: growth with the number of
voxels, memory, and what a first call costs with and without numba's cache.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from statistics import median

import numba  # noqa: F401  # so that every tree is built by machine code
import numpy as np
from scipy.ndimage import zoom

from skerry.core.tree import build_tree
from skerry.datasets import load_sample_motor_activation_image
from skerry.io.load import load_map
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours

N_RUNS = 21

FIRST_CALL = """
import time
import numpy as np
from skerry.core.tree import build_tree
from skerry.space.grid import Grid
from skerry.space.neighbours import GridNeighbours
side = {side}
values = np.random.default_rng(0).normal(size=(side, side, side)).astype(np.float32)
grid = GridNeighbours(Grid(values.shape, np.eye(4)))
begun = time.perf_counter(); {work}; print(time.perf_counter() - begun)
"""


def at_size(statmap, size_mm):
    """The map at another voxel size: straight lines between voxels."""
    factor = statmap.grid.voxel_sizes_mm[0] / size_mm
    values = np.asfortranarray(zoom(statmap.values.astype(np.float32), factor, order=1))
    affine = statmap.grid.affine.copy()
    affine[:3, :3] /= factor
    return values, GridNeighbours(Grid(values.shape, affine), 26)


def in_turn(works):
    """Median seconds of processor time of each of some functions, run A B A B."""
    seconds = [[] for _ in works]
    for run in range(N_RUNS + 1):
        for mine, work in zip(seconds, works, strict=True):
            begun = time.thread_time()
            work()
            if run:
                mine.append(time.thread_time() - begun)
    return [median(mine) for mine in seconds]


def sort_and_tree(typed, neighbours):
    heights = typed[typed > 0]
    sort, tree = in_turn([lambda: np.argsort(heights), lambda: build_tree(typed, neighbours)])
    return len(heights), sort, tree


def speed(statmap):
    print(" mm     type    voxels  argsort ms   tree ms  ratio (target 3)")
    growth = []
    for size_mm in (3, 2, 1, 0.7):
        values, neighbours = at_size(statmap, size_mm)
        double = values.astype(np.float64)
        # float64 as it is read from a file of float32, and as it comes out of a computation.
        for name, typed in (("float32", values), ("float64", double), ("computed", double * 1.1)):
            n, sort, tree = sort_and_tree(typed, neighbours)
            milliseconds = f"{sort * 1e3:>11.1f} {tree * 1e3:>9.1f}"
            print(f"{size_mm:>3} {name:>8} {n:>9} {milliseconds} {tree / sort:>6.2f}")
            if name == "float32":
                growth.append(f"{size_mm} mm {tree / (n * np.log2(n)) * 1e9:.2f}")
    print("growth, ns per n log2 n:", ", ".join(growth))


def memory(statmap):
    for size_mm in (2, 1):
        values, neighbours = at_size(statmap, size_mm)
        n_in_mask = np.count_nonzero(values)
        tracemalloc.start()
        tree = build_tree(values, neighbours)
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(
            f"memory at {size_mm} mm: at most {peak / n_in_mask:.1f} bytes per in-mask voxel "
            f"(target 40) while building {tree.n_voxels} of {n_in_mask} voxels, {kept / n_in_mask:.1f} kept"
        )


def first_call(what, side, work, cache):
    script = FIRST_CALL.format(side=side, work=work)
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"NUMBA_CACHE_DIR": cache},
        capture_output=True,
        text=True,
        check=True,
    )
    print(f"{what:<58} {float(done.stdout):>6.2f} s")


def starts():
    tree = "build_tree(values, grid)"
    with tempfile.TemporaryDirectory() as cache:
        first_call("import numba", 10, "import numba", cache)
        first_call("first tree of 170 000 voxels, no cache: compiles", 70, tree, cache)
        first_call("first tree of 170 000 voxels, from the cache", 70, tree, cache)
        first_call("first tree of 145 000 voxels: numba is not imported", 66, tree, cache)
        first_call("first tree of 13 500 voxels: numba is not imported", 30, tree, cache)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("map", nargs="?", help="by default the embedded map")
    statmap = load_map(parser.parse_args().map or load_sample_motor_activation_image())
    speed(statmap)
    memory(statmap)
    starts()


if __name__ == "__main__":
    main()
