"""Slices of a frequency map as small pictures for a page, light or dark.

Drawn without a plotting library: a batch ends a second sooner, in less memory.
"""

from __future__ import annotations

import base64
import warnings
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.atlas.mni import in_mni
from skerry.batch.recurring.frequency import SIDES
from skerry.space.grid import Grid, grid_of
from skerry.space.statmap import StatMap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.batch.recurring.frequency import Frequency, Side
    from skerry.typing import AnyArray, FloatArray

_N_CUTS = 7
_MOST_PIXELS = 110  # across
_WITHOUT_ANATOMY = 96  # grey of the field of view
_DARKEST, _LIGHTEST = 30, 190  # greys of the anatomy: both scales of colour stand out from them

# From few of the maps to many.
_SCALES = {
    "positive": ("#6d0a16", "#c8281e", "#f2703a", "#fdb863", "#fff3b0"),
    "negative": ("#0b2a6f", "#1f66b3", "#35a3c4", "#86d3bd", "#eefbd0"),
}


class Look(NamedTuple):
    """What the pictures of both signs share, so that they can be compared."""

    x_mm: NDArray[np.float64]  # centres of the pixels, from left to right
    y_mm: NDArray[np.float64]  # from back to front
    cuts_mm: tuple[float, ...]  # z
    highest: int  # maps at the most common voxel
    over_mni: bool  # drawn over the MNI152 template


class SlicePicture(NamedTuple):
    """One axial slice; the left side of the brain is on the left."""

    z: str  # mm
    address: str  # data address of a PNG


def look_of(frequency: Frequency) -> Look:
    """Choose slices where there is most to see, and what lies beneath them."""
    import nibabel

    from skerry.plotting.cuts.maps import find_cut_slices

    both = (frequency.positive + frequency.negative).astype(np.float32)
    with warnings.catch_warnings():  # an oblique grid is cut where its nearest voxels are
        warnings.simplefilter("ignore", UserWarning)
        cuts = find_cut_slices(
            nibabel.Nifti1Image(both, frequency.grid.affine), "z", n_cuts=_N_CUTS
        )
    over_mni = in_mni(StatMap(both, frequency.grid)).answer is True
    field = _brain_corners() if over_mni else _corners(frequency.grid)
    finest = float((_template()[1] if over_mni else frequency.grid).voxel_sizes_mm.min())
    (left, back, _), (right, front, _) = field.min(axis=0), field.max(axis=0)
    # Of few voxels each is several pixels, so that a browser does not blur one into the next.
    parts = max(1, _MOST_PIXELS // round(1 + max(right - left, front - back) / finest))
    pixel = max(finest / parts, (right - left) / (_MOST_PIXELS - 1))
    edge = max(0.0, (finest - pixel) / 2)
    return Look(
        np.arange(left - edge, right + edge + pixel / 2, pixel),
        np.arange(back - edge, front + edge + pixel / 2, pixel),
        tuple(sorted(map(float, cuts))),
        max(frequency.highest(side) for side in SIDES),
        over_mni,
    )


def _corners(grid: Grid) -> FloatArray:
    """(8, 3) centres of the voxels in the corners of a grid, mm."""
    return grid.xyz(np.stack(np.meshgrid(*[(0, n - 1) for n in grid.shape]), -1).reshape(-1, 3))


def _brain_corners() -> FloatArray:
    """(2, 3) corners of a box around the brain of the template, with a little room, mm."""
    values, grid = _template()
    brain = grid.xyz(np.argwhere(values > 0))
    room = 2 * grid.voxel_sizes_mm
    return np.stack([brain.min(axis=0) - room, brain.max(axis=0) + room])


def draw_slices(frequency: Frequency, side: Side, look: Look) -> tuple[SlicePicture, ...]:
    """Draw the share of the maps on each slice, by a scale that ends at `look.highest`."""
    colors = _colors(side)
    found = []
    for z in look.cuts_mm:
        count = _sampled(frequency.counts(side), frequency.grid, look, z)
        pixels = _anatomy(frequency.grid, look, z)
        inside = count > 0
        step = (count[inside] - 1) * 255 // max(look.highest - 1, 1)
        pixels[inside, :3] = colors[step]
        pixels[inside, 3] = 255
        found.append(SlicePicture(f"{z + 0.0:.3g}".replace("-", "\u2212"), _address(pixels)))
    return tuple(found)


def draw_scale(side: Side) -> str:
    """Draw the colours from few to many, as the data address of a PNG one pixel high."""
    pixels = np.full((1, 256, 4), 255, dtype=np.uint8)
    pixels[0, :, :3] = _colors(side)
    return _address(pixels)


def _anatomy(grid: Grid, look: Look, z: float) -> NDArray[np.uint8]:
    """(rows, columns, 4) the grey beneath, transparent where there is none."""
    pixels = np.zeros((len(look.y_mm), len(look.x_mm), 4), dtype=np.uint8)
    if look.over_mni:
        values, template = _template()
        grey = _sampled(values, template, look, z)
        brain = grey > 0
        share = grey[brain] / float(values.max())
        pixels[brain, :3] = (_DARKEST + share * (_LIGHTEST - _DARKEST)).astype(np.uint8)[:, None]
    else:
        everywhere = np.broadcast_to(np.uint8(1), grid.shape)
        brain = _sampled(everywhere, grid, look, z) > 0
        pixels[brain, :3] = _WITHOUT_ANATOMY
    pixels[brain, 3] = 255
    return pixels


def _sampled(values: AnyArray, grid: Grid, look: Look, z: float) -> AnyArray:
    """(rows, columns) the nearest voxels of a slice, the front of the brain on top; 0 outside."""
    x, y = np.meshgrid(look.x_mm, look.y_mm[::-1])
    ijk = np.rint(grid.ijk(np.stack([x, y, np.full_like(x, z)], axis=-1))).astype(np.int64)
    inside = ((ijk >= 0) & (ijk < grid.shape)).all(axis=-1)
    plane = np.zeros(inside.shape, dtype=values.dtype)
    plane[inside] = values[tuple(ijk[inside].T)]
    return plane


def _colors(side: Side) -> NDArray[np.uint8]:
    """(256, 3) colours, from few of the maps to many."""
    anchors = np.array([[int(text[at : at + 2], 16) for at in (1, 3, 5)] for text in _SCALES[side]])
    at = np.linspace(0, len(anchors) - 1, 256)
    colors = np.empty((256, 3), dtype=np.uint8)
    for part in range(3):
        colors[:, part] = np.rint(np.interp(at, np.arange(len(anchors)), anchors[:, part]))
    return colors


def _address(pixels: NDArray[np.uint8]) -> str:
    from skerry.plotting.displays.png import encoded

    png = encoded(pixels, 72, "skerry")
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


@cache
def _template() -> tuple[FloatArray, Grid]:
    from skerry.datasets import load_mni152_template

    img = load_mni152_template(resolution=2)
    return np.asarray(img.dataobj, dtype=np.float32), grid_of(img)
