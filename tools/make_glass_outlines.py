"""Draw the outlines of the glass brain from the MNI152 template that skerry carries.

Three views: from the side, from behind, from above. In each, the silhouette is the
edge of the brain mask's shadow. The inner lines are the sulci, the fissures and the
border of the cerebellum as one would see them: the mean of the T1 image from 2 to
8 mm below the surface that faces the eye is dark in the furrows, whose centre lines
are traced, smoothed, and kept when they are long and deep enough. The two halves
are averaged first, so that every view is symmetrical (and the side view serves
both hemispheres). Coordinates are MNI152 mm, in tenths, as integers; a line is
drawn as a smooth curve through its points.

    python tools/make_glass_outlines.py            # compare with the file in the package
    python tools/make_glass_outlines.py --write    # replace it

The template is the ICBM 152 2009a nonlinear symmetric average (Fonov et al. 2011,
doi:10.1016/j.neuroimage.2010.07.033); see src/skerry/datasets/data/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import contourpy
import numpy as np
from scipy import ndimage

from skerry.datasets import load_mni152_brain_mask, load_mni152_template

TARGET = Path(__file__).resolve().parents[1] / "src/skerry/plotting/displays/glass_outlines.json"
SKIN_MM, DEPTH_MM = 2, 8  # the layer below the surface that furrows are looked for in
SILHOUETTE_MM = 1.8  # smoothing of the shadow's edge
FURROW_MM = 2.0  # width of a furrow
RIM_MM = 3  # furrows this close to the silhouette are part of it


Pixel = tuple[int, ...]


@dataclass
class View:
    """A direction to look from, and which furrows to draw.

    `axis` is looked along; `from_high` when the eye is at its high end. `start` and
    `keep` are depths (as a share of the deepest furrow's) that begin a line and
    that carry it on.
    """

    axis: int
    from_high: bool
    start: float
    keep: float
    shortest_mm: float


VIEWS = {
    "side": View(axis=0, from_high=True, start=0.42, keep=0.22, shortest_mm=14),
    "back": View(axis=1, from_high=False, start=0.45, keep=0.25, shortest_mm=14),
    "top": View(axis=2, from_high=True, start=0.45, keep=0.25, shortest_mm=14),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="replace the file in the package")
    arguments = parser.parse_args()
    text = as_json({name: draw(view) for name, view in VIEWS.items()})
    if arguments.write:
        TARGET.write_text(text, encoding="utf-8")
        print(f"wrote {TARGET} ({len(text)} bytes)")
        return 0
    same = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text
    print("the outlines are up to date" if same else f"{TARGET} differs: run with --write")
    return 0 if same else 1


def as_json(views: dict[str, list[dict[str, object]]]) -> str:
    lines = ["{"]
    for name, drawn in views.items():
        lines.append(f' "{name}": [')
        lines.append(",\n".join("  " + json.dumps(line, separators=(",", ":")) for line in drawn))
        lines.append(" ]," if name != list(views)[-1] else " ]")
    return "\n".join([*lines, "}"]) + "\n"


def draw(view: View) -> list[dict[str, object]]:
    """Give the lines of a view, the silhouette first."""
    template, mask = load_mni152_template(resolution=1), load_mni152_brain_mask(resolution=1)
    brightness = np.asarray(template.dataobj, dtype=np.float64)
    inside = np.asarray(mask.dataobj) > 0
    brightness, inside = (brightness + brightness[::-1]) / 2, inside | inside[::-1]
    origin = np.delete(template.affine[:3, 3], view.axis)
    silhouette = largest_outline(inside.any(axis=view.axis))
    drawn = [line("silhouette", silhouette + origin, closed=True)]
    depth, visible = furrows(brightness, inside, view)
    for kind, points in traced(depth, visible, view, symmetric=view.axis != 0):
        drawn.append(line(kind, points + origin))
    return drawn


def line(kind: str, points_mm: np.ndarray, *, closed: bool = False) -> dict[str, object]:
    points = simplified(np.vstack([points_mm, points_mm[:1]]) if closed else points_mm, 0.35)
    return {"kind": kind, "points": np.rint(10 * points).astype(int).ravel().tolist()}


def largest_outline(shadow: np.ndarray) -> np.ndarray:
    smooth = ndimage.gaussian_filter(shadow.astype(float), SILHOUETTE_MM)
    found = contourpy.contour_generator(z=smooth.T).lines(0.5)
    return resampled(max(found, key=len)[:-1], step=1.0)


def furrows(brightness: np.ndarray, inside: np.ndarray, view: View) -> tuple[np.ndarray, ...]:
    """How much of a dark line runs through each pixel, and where there is brain at all."""
    if view.from_high:
        brightness, inside = np.flip(brightness, view.axis), np.flip(inside, view.axis)
    below = np.cumsum(inside, axis=view.axis)
    layer = inside & (below > SKIN_MM) & (below <= DEPTH_MM)
    count = layer.sum(axis=view.axis)
    picture = (brightness * layer).sum(axis=view.axis) / np.maximum(count, 1)
    visible = count > 0
    nearest = ndimage.distance_transform_edt(~visible, return_distances=False, return_indices=True)
    picture = picture[tuple(nearest)]
    across, up, both = (
        ndimage.gaussian_filter(picture, FURROW_MM, order=order)
        for order in ((2, 0), (0, 2), (1, 1))
    )
    # The larger curvature: high where brightness rises on both sides of a line.
    curvature = (across + up) / 2 + np.hypot((across - up) / 2, both)
    shadow = ndimage.distance_transform_edt(inside.any(axis=view.axis))
    curvature[shadow < RIM_MM] = 0
    return curvature / np.percentile(curvature[visible], 99.5), visible


def traced(
    depth: np.ndarray, visible: np.ndarray, view: View, *, symmetric: bool
) -> list[tuple[str, np.ndarray]]:
    lines = []
    candidates = visible & (depth > view.keep)
    labels, _ = ndimage.label(candidates, structure=np.ones((3, 3)))
    deep = np.unique(labels[candidates & (depth > view.start)])
    skeleton = thinned(np.isin(labels, deep[deep > 0]))
    middle = depth.shape[0] // 2
    if symmetric:
        lines += [("fissure", part) for part in midline(depth, visible, middle, view)]
        skeleton[: middle + 3] = False
    for path in paths(skeleton, depth):
        if symmetric and path[:, 0].max() < middle + 12:
            continue  # between the hemispheres
        if symmetric and min(path[0, 0], path[-1, 0]) < middle + 5:
            path = to_midline(path, middle)
        smooth = smoothed(path, 2.0)
        strength = ndimage.map_coordinates(depth, path.T, order=1).mean()
        length = np.linalg.norm(np.diff(smooth, axis=0), axis=1).sum()
        if length < view.shortest_mm or strength < view.start * 0.8:
            continue

        kind = "fissure" if strength * length > 35 else "sulcus"
        lines.append((kind, smooth))
        if symmetric:
            lines.append((kind, smooth * [-1, 1] + [2 * middle, 0]))
    return lines


def midline(depth: np.ndarray, visible: np.ndarray, middle: int, view: View) -> list[np.ndarray]:
    """Straight stretches of the fissure between the hemispheres."""
    on = visible[middle] & (depth[middle] > view.keep)
    labels, n_parts = ndimage.label(ndimage.binary_closing(on, iterations=4))
    parts = []
    for part in range(1, n_parts + 1):
        ends = np.flatnonzero(labels == part)[[0, -1]]
        if np.ptp(ends) >= view.shortest_mm:
            parts.append(np.array([[middle, ends[0]], [middle, ends[1]]], dtype=float))
    return parts


def to_midline(path: np.ndarray, middle: int) -> np.ndarray:
    """Lead the end of a line that comes close to the midline up to it."""
    if path[0, 0] > path[-1, 0]:
        path = path[::-1]
    return np.vstack([[middle, path[0, 1]], path])


def thinned(mask: np.ndarray) -> np.ndarray:
    """Reduce lines to one pixel (Zhang & Suen 1984, doi:10.1145/357994.358023)."""
    mask = np.pad(mask, 1)
    while True:
        before = mask.copy()
        for first in (True, False):
            p = [
                np.roll(mask, shift, axis=(0, 1))
                for shift in [(1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)]
            ]
            count = sum(q.astype(int) for q in p)
            turns = sum((~p[i] & p[(i + 1) % 8]).astype(int) for i in range(8))
            n, e, s, w = p[0], p[2], p[4], p[6]
            open_sides = ~(n & e & s) & ~(e & s & w) if first else ~(n & e & w) & ~(n & s & w)
            mask = mask & ~((count >= 2) & (count <= 6) & (turns == 1) & open_sides)
        if (mask == before).all():
            return mask[1:-1, 1:-1]


def paths(skeleton: np.ndarray, depth: np.ndarray) -> list[np.ndarray]:
    """Follow a skeleton both ways from its deepest pixel, then from the deepest left, and so on."""
    free = {tuple(pixel) for pixel in np.argwhere(skeleton).tolist()}
    found = []
    for start in sorted(free, key=lambda pixel: (-depth[pixel], pixel)):
        if start not in free:
            continue
        one_way = follow([start], free, depth)
        path = follow(one_way[::-1], free, depth)
        if len(path) > 3:
            found.append(np.array(path, dtype=float))
    return found


def follow(path: list[Pixel], free: set[Pixel], depth: np.ndarray) -> list[Pixel]:
    """Lengthen a path from its last pixel, straight on and along the deeper branch."""
    path = list(path)
    free.discard(path[-1])
    while candidates := around(path[-1], free):
        heading = np.array(path[-1], float) - path[max(-8, -len(path))]
        heading /= max(np.linalg.norm(heading), 1)
        steps = np.array(candidates, float) - path[-1]
        straight = steps @ heading / np.linalg.norm(steps, axis=1)
        deep = np.array([depth[ahead(pixel, path[-1], depth.shape)] for pixel in candidates])
        chosen = candidates[int((straight + deep).argmax())]
        free.difference_update(candidates)
        path.append(chosen)
    return path


def ahead(pixel: Pixel, last: Pixel, shape: tuple[int, ...]) -> Pixel:
    """The pixel that a step leads to when it is taken three times."""
    return tuple(
        int(np.clip(here + 2 * (here - there), 0, n - 1))
        for here, there, n in zip(pixel, last, shape, strict=True)
    )


def around(pixel: Pixel, free: set[Pixel]) -> list[Pixel]:
    i, j = pixel
    near = [(i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)]
    return [other for other in near if other in free]


def smoothed(path: np.ndarray, sigma: float) -> np.ndarray:
    """Smooth a line whose ends stay where they are."""
    padded = np.vstack([2 * path[0] - path[12:0:-1], path, 2 * path[-1] - path[-2:-14:-1]])
    before = min(12, len(path) - 1)
    return ndimage.gaussian_filter1d(padded, sigma, axis=0)[before : before + len(path)]


def resampled(closed: np.ndarray, step: float) -> np.ndarray:
    ring = np.vstack([closed, closed[:1]])
    along = np.append(0, np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1)))
    at = np.arange(0, along[-1], step)
    return np.stack([np.interp(at, along, ring[:, axis]) for axis in (0, 1)], axis=1)


def simplified(points: np.ndarray, tolerance_mm: float) -> np.ndarray:
    """Drop points that lie within a tolerance of the line through their neighbours.

    Douglas & Peucker 1973, doi:10.3138/FM57-6770-U75U-7727.
    """
    first, last = points[0], points[-1]
    chord = last - first
    length = np.hypot(*chord)
    offset = points - first
    if length < 1e-9:
        away = np.linalg.norm(offset, axis=1)
    else:
        away = np.abs(chord[0] * offset[:, 1] - chord[1] * offset[:, 0]) / length
    farthest = int(away.argmax())
    if away[farthest] <= tolerance_mm:
        return np.array([first, last])
    left = simplified(points[: farthest + 1], tolerance_mm)
    right = simplified(points[farthest:], tolerance_mm)
    return np.vstack([left[:-1], right])


if __name__ == "__main__":
    sys.exit(main())
