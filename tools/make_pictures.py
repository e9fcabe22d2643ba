"""Draw the pictures of the README and of docs/, with skerry, into docs/pictures/.

python tools/make_pictures.py                # all of them
python tools/make_pictures.py first-screen   # by name
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image

import skerry
from skerry.core.tree import build_tree
from skerry.datasets import load_sample_motor_activation_image
from skerry.plotting import plot_regions, plot_tree
from skerry.plotting.colors.palettes import region_colors
from skerry.space.neighbours import MeshNeighbours

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.patheffects import withStroke

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
THRESHOLD = 3.0
SEA, SHORE, GREY = "#56B4E9", "#0072B2", "#B0B0B0"

# A made-up line of voxels: (place, height, width) of each hill.
HILLS = [
    (14, 4.6, 4.5), (27, 6.5, 5.0), (37, 5.1, 3.2), (62, 3.4, 5.0), (86, 5.6, 6.0), (98, 1.9, 4.0),
]  # fmt: skip
N_PLACES = 112
BRAIN_CUTS = [-23, -2, 16, 31, 46, 58]


def motor_map():
    return skerry.load_map(load_sample_motor_activation_image(), kind="z")


def motor_trees():
    return [skerry.grow_tree(motor_map(), sign=sign) for sign in ("positive", "negative")]


def profile():
    """The made-up line: heights, and its merge tree."""
    x = np.arange(N_PLACES)
    heights = 0.35 + sum(h * np.exp(-(((x - place) / w) ** 2) / 2) for place, h, w in HILLS)
    pairs = [[b for b in (a - 1, a + 1) if 0 <= b < N_PLACES] for a in x]
    line = MeshNeighbours(np.cumsum([0, *map(len, pairs)]), np.concatenate(pairs))
    return heights, build_tree(heights, line)


def draw_profile(axes, heights, tree, threshold):
    """Draw the line as land; what is above the threshold in the colours of its regions."""
    places = np.arange(N_PLACES)
    fine = np.linspace(0, N_PLACES - 1, 20 * N_PLACES)
    land = np.interp(fine, places, heights)
    labels = tree.cut(threshold)
    axes.fill_between(fine, land, color=GREY, linewidth=0)
    for number, color in enumerate(region_colors(int(labels.max())), start=1):
        (inside,) = np.nonzero(labels == number)
        near = (fine > inside[0] - 1) & (fine < inside[-1] + 1) & (land >= threshold)
        axes.fill_between(fine, threshold, land, where=near, color=color, linewidth=0)
        top = int(inside[np.argmax(heights[inside])])
        axes.annotate(
            str(number), (top, heights[top]), xytext=(0, 3), textcoords="offset points",
            ha="center", weight="bold",
        )  # fmt: skip
    draw_sea(axes, threshold)


def draw_sea(axes, threshold):
    axes.axhspan(0, threshold, color=SEA, alpha=0.3, linewidth=0, zorder=3)
    axes.axhline(threshold, color=SHORE, linewidth=1.2, zorder=4)


def bare(axes, title):
    axes.set_ylim(0, 7.9)
    axes.set_xlim(0, N_PLACES - 1)
    axes.set_xticks([])
    axes.set_title(title, loc="left", size="medium")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


# The pictures, each under the name of its file.


def first_screen():
    regions = skerry.find_regions(motor_map(), THRESHOLD, min_volume_mm3=300)
    figure = plt.figure(figsize=(10, 5.2))
    slices = figure.add_axes((0, 0.47, 1, 0.53))
    title = f"Left against right button press: {len(regions)} regions of at least 300 mm³, |z| ≥ 3"
    plot_regions(regions, display_mode="z", cut_coords=6, axes=slices, title=title)
    tree = figure.add_axes((0.05, 0.08, 0.945, 0.36))
    plot_tree(motor_trees(), regions=regions, min_prominence=0.8, axes=tree, title="")
    tree.set_xlabel("")
    tree.set_ylabel("height: |z|")
    return figure


def sea_level():
    heights, tree = profile()
    figure, panels = plt.subplots(1, 3, figsize=(10, 2.4), sharey=True, layout="constrained")
    for axes, threshold in zip(panels, (6.0, 3.0, 1.0), strict=True):
        draw_profile(axes, heights, tree, threshold)
        n = int(tree.cut(threshold).max())
        bare(axes, f"threshold {threshold:g}: {n} regions")
    panels[0].set_ylabel("height: |value|")
    return figure


def sea_level_brain():
    figure = plt.figure(figsize=(10, 4.8))
    for row, threshold in enumerate((5.0, 3.0)):
        found = skerry.find_regions(motor_map(), threshold, sign="positive", min_volume_mm3=300)
        axes = figure.add_axes((0, (1 - row) / 2, 1, 1 / 2))
        title = f"threshold {threshold:g}: {len(found)} regions of at least 300 mm³"
        plot_regions(found, display_mode="z", cut_coords=BRAIN_CUTS, axes=axes, title=title)
    return figure


def merge_tree():
    heights, tree = profile()
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
    draw_profile(left, heights, tree, THRESHOLD)
    bare(left, "a line of voxels")
    left.set_ylabel("height: |value|")
    plot_tree(tree, threshold=THRESHOLD, axes=right, title="")
    right.set_title("its merge tree", loc="left", size="medium")
    right.set_ylim(0, 7.9)
    return figure


def prominence():
    heights, tree = profile()
    peaks = tree.peaks(THRESHOLD)
    figure, axes = plt.subplots(figsize=(10, 3.2), layout="constrained")
    draw_profile(axes, heights, tree, THRESHOLD)
    for place, height, rise, saddle in zip(
        peaks.voxel, peaks.height, peaks.prominence, peaks.saddle_voxel, strict=True
    ):
        base = height - rise
        axes.annotate(
            "", (place, height), (place, base), zorder=6,
            arrowprops={"arrowstyle": "<->", "shrinkA": 0, "shrinkB": 0, "lw": 1.4},
        )  # fmt: skip
        axes.annotate(
            f"{rise:.1f}", (place, base + rise / 2), xytext=(4, 0), textcoords="offset points",
            va="center", weight="bold", color="w", zorder=7,
            path_effects=[withStroke(linewidth=2, foreground="k")],
        )  # fmt: skip
        if saddle >= 0:
            axes.plot([saddle, place], [base, base], "k--", linewidth=1)
            axes.plot([saddle], [base], "o", color="k", markersize=6, zorder=6)
    bare(axes, "prominence: from a peak down to its saddle (dots), or to the threshold")
    axes.set_ylabel("height: |value|")
    return figure


def territories():
    whole = skerry.find_regions(motor_map(), THRESHOLD, sign="positive", min_volume_mm3=1500)[[0]]
    figure = plt.figure(figsize=(10, 4.8))
    parts = skerry.split_regions(whole, min_prominence=1.0)
    for row, (found, title) in enumerate(
        [(whole, "region 1"), (parts, f"the territories of its {len(parts)} peaks")]
    ):
        axes = figure.add_axes((0, (1 - row) / 2, 1, 1 / 2))
        cuts = [-2, 16, 34, 49, 58, 67]
        plot_regions(found, display_mode="z", cut_coords=cuts, axes=axes, title=title)
    return figure


def motor_tree():
    regions = skerry.find_regions(motor_map(), THRESHOLD)
    axes = plot_tree(motor_trees(), regions=regions)
    axes.figure.set_size_inches(10, 4.2)
    return axes.figure


PICTURES = {
    "first-screen": first_screen,
    "sea-level": sea_level,
    "sea-level-brain": sea_level_brain,
    "merge-tree": merge_tree,
    "prominence": prominence,
    "territories": territories,
    "motor-tree": motor_tree,
}


def save(figure, path):
    """Save as a PNG, as small as one of all colours gets."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.png"
        figure.savefig(whole, dpi=100)
        with Image.open(whole) as picture:
            picture.convert("RGB").save(path, optimize=True)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(PICTURES)}")
    for name in parser.parse_args().names or PICTURES:
        path = FOLDER / f"{name}.png"
        save(PICTURES[name](), path)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
