"""What one view shows of a volume: a 2-D array and where its pixels are, in millimetres.

A cut is a direction and a coordinate. It reads the volume's own voxels, as
views of its array; only a volume whose axes are not those of the display (an
oblique affine) is sampled, one slice at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from skerry.errors import ArgumentError
from skerry.space.grid import Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray, FloatArray, IntArray, Interpolation

Bounds: TypeAlias = "NDArray[np.float64]"  # (3, 2): lowest and highest x, y, z in mm

# World axes that a view shows: across (left to right) and up.
ACROSS_AND_UP = {"x": (1, 2), "l": (1, 2), "r": (1, 2), "y": (0, 2), "z": (0, 1)}
THROUGH = {"x": 0, "l": 0, "r": 0, "y": 1, "z": 2}

# An affine is taken as aligned with the display when the voxels of the whole
# field of view lie within a tenth of a voxel of where an aligned one puts them.
ALIGNED_WITHIN_VOXELS = 0.1

# A coordinate this close (in voxels) to the border of two voxels lies on it.
ON_THE_BORDER = 1e-6


@dataclass(frozen=True, slots=True)
class Slice:
    """A picture of a volume, placed in millimetres.

    Parameters
    ----------
    values : (rows, columns) array
        The first row is the highest, the first column the one with the lowest
        coordinate. Masked where there is no voxel.
    extent_mm : tuple of four float
        Left, right, bottom, top: the outer edges of the outer pixels, so that
        each pixel is drawn around its voxel's centre.
    """

    values: AnyArray
    extent_mm: tuple[float, float, float, float]

    def matched_to(self, other: Slice) -> AnyArray:
        """Give this slice's values at the pixel centres of another slice.

        Returns
        -------
        (rows, columns of `other`) array
            The nearest pixel's value; 0 outside this slice.
        """
        if self.values.shape == other.values.shape and np.allclose(
            self.extent_mm, other.extent_mm, atol=1e-3
        ):
            return self.values
        left, right, bottom, top = other.extent_mm
        rows, columns = other.values.shape
        across = left + (np.arange(columns) + 0.5) * (right - left) / columns
        down = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
        left, right, bottom, top = self.extent_mm
        rows, columns = self.values.shape
        column = np.floor((across - left) / (right - left) * columns).astype(int)
        row = np.floor((top - down) / (top - bottom) * rows).astype(int)
        inside = np.outer((row >= 0) & (row < rows), (column >= 0) & (column < columns))
        found = self.values[np.ix_(row.clip(0, rows - 1), column.clip(0, columns - 1))]
        return np.where(inside, found, 0)


@dataclass(frozen=True, eq=False)
class Volume:
    """A volume ready to be looked at.

    Parameters
    ----------
    values : (I, J, K) array
        Never written to.
    grid : Grid
        Where its voxels are.
    upright : bool
        Whether the axes of `values` run to the right, forward and up, so that a
        slice is a plane of the array.
    """

    values: AnyArray
    grid: Grid
    upright: bool

    def bounds_mm(self) -> Bounds:
        """Lowest and highest x, y, z of the outer edges of the voxels, mm."""
        return _bounds_of_box(self.grid, np.zeros(3, int), np.array(self.grid.shape))

    def bounds_above_mm(self, threshold: float) -> Bounds:
        """Bounds of the voxels with |value| above a threshold; of all, if there are none."""
        lowest, highest = np.zeros(3, int), np.array(self.grid.shape)
        for axis in range(3):
            # From both ends to the first plane with something in it: of a brain in
            # its field of view that is a few planes, not the volume.
            planes = np.moveaxis(self.values, axis, 0)
            while lowest[axis] < highest[axis] and not _any_above(planes[lowest[axis]], threshold):
                lowest[axis] += 1
            if lowest[axis] == highest[axis]:
                return self.bounds_mm()
            while not _any_above(planes[highest[axis] - 1], threshold):
                highest[axis] -= 1
        return _bounds_of_box(self.grid, lowest, highest)


def stand_upright(values: AnyArray, affine: FloatArray) -> Volume:
    """Turn a volume's axes to right, forward, up, as a view of its array.

    Parameters
    ----------
    values : (I, J, K) array
        Its storage order does not matter: axes are swapped and reversed, not copied.
    affine : (4, 4) float
        From voxel indices to RAS+ mm.

    Returns
    -------
    Volume
        With `upright` False, and nothing turned, where the affine is oblique.
    """
    grid = Grid(values.shape, np.asarray(affine, dtype=np.float64))
    linear = grid.affine[:3, :3]
    order = np.abs(linear / grid.voxel_sizes_mm).argmax(axis=1)
    if sorted(order) != [0, 1, 2]:
        return Volume(values, grid, upright=False)
    turned, shape = linear[:, order], np.array(grid.shape)[order]
    steps = np.diag(turned)
    drift_mm = (np.abs(turned - np.diag(steps)) * shape).sum(axis=1)
    if (drift_mm > ALIGNED_WITHIN_VOXELS * np.abs(steps)).any():
        return Volume(values, grid, upright=False)
    origin = grid.affine[:3, 3] + np.where(steps < 0, steps * (shape - 1), 0.0)
    upright = np.diag([*np.abs(steps), 1.0])
    upright[:3, 3] = origin
    flips = tuple(slice(None, None, -1 if step < 0 else 1) for step in steps)
    view = values.transpose(tuple(int(axis) for axis in order))[flips]
    return Volume(view, Grid(view.shape, upright), upright=True)


def cut(
    volume: Volume,
    direction: Literal["x", "y", "z"],
    coordinate_mm: float,
    interpolation: Interpolation = "nearest",
) -> Slice | None:
    """Cut a volume across one world axis.

    Parameters
    ----------
    volume : Volume
        What to cut.
    direction : {"x", "y", "z"}
        World axis that the cut is perpendicular to.
    coordinate_mm : float
        Where on that axis, mm. On the border of two voxels, the lower is shown.
    interpolation : {"nearest", "linear", "continuous"}
        How an oblique volume is sampled; `"continuous"` is trilinear too, since a
        spline would show values that the volume does not have. An upright volume
        is never interpolated.

    Returns
    -------
    Slice or None
        None where the coordinate lies outside the field of view.

    Raises
    ------
    ArgumentError
        If the direction is not x, y or z.
    """
    if direction not in ("x", "y", "z"):
        raise ArgumentError(f"'direction' must be one of ['x', 'y', 'z'], got {direction!r}")
    if not volume.upright:
        return _sampled_cut(volume, direction, coordinate_mm, interpolation)
    through = THROUGH[direction]
    point = np.zeros(3)
    point[through] = coordinate_mm
    index = int(np.ceil(volume.grid.ijk(point)[through] - 0.5 - ON_THE_BORDER))
    if not 0 <= index < volume.grid.shape[through]:
        return None
    return placed(_plane(volume, through, index), direction, volume.bounds_mm())


def placed(plane: AnyArray, direction: str, bounds_mm: Bounds) -> Slice:
    """Place a plane of an upright volume in a view.

    Parameters
    ----------
    plane : (across, up) array
        Its axes run as the view's world axes do.
    direction : {"x", "l", "r", "y", "z"}
        The view.
    bounds_mm : (3, 2) float
        Outer edges of the volume.
    """
    across, up = ACROSS_AND_UP[direction]
    extent = (*bounds_mm[across], *bounds_mm[up])
    return Slice(plane.T[::-1], tuple(float(edge) for edge in extent))  # type: ignore[arg-type]


def _any_above(plane: AnyArray, threshold: float) -> bool:
    """Tell whether any |value| is above a threshold; NaN and masked values are not."""
    # A wholly masked plane answers with the masked constant, which is not true.
    return bool((plane > threshold).any()) or bool((plane < -threshold).any())


def _plane(volume: Volume, through: int, index: int) -> AnyArray:
    where: list[slice | int] = [slice(None)] * 3
    where[through] = index
    return volume.values[tuple(where)]


def _sampled_cut(
    volume: Volume, direction: str, coordinate_mm: float, interpolation: Interpolation
) -> Slice | None:
    """Sample an oblique volume on a plane of square pixels of its smallest voxel size."""
    through, (across, up) = THROUGH[direction], ACROSS_AND_UP[direction]
    bounds = volume.bounds_mm()
    pixel_mm = float(volume.grid.voxel_sizes_mm.min())
    counts = np.ceil((bounds[:, 1] - bounds[:, 0]) / pixel_mm - 1e-6).astype(int)
    bounds[:, 1] = bounds[:, 0] + counts * pixel_mm
    points = np.empty((counts[across], counts[up], 3))
    points[..., through] = coordinate_mm
    centres = [bounds[axis, 0] + (np.arange(counts[axis]) + 0.5) * pixel_mm for axis in range(3)]
    points[..., across] = centres[across][:, np.newaxis]
    points[..., up] = centres[up]
    plane = _read_at(volume, points, interpolation)
    return None if plane.mask.all() else placed(plane, direction, bounds)


def _read_at(
    volume: Volume, xyz: FloatArray, interpolation: Interpolation
) -> np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]]:
    """Read a volume at points in mm; masked outside its outermost voxels."""
    indices = volume.grid.ijk(xyz)
    shape = np.array(volume.grid.shape)
    outside = ((indices < -0.5) | (indices >= shape - 0.5)).any(axis=-1)
    if interpolation == "nearest" or not np.issubdtype(volume.values.dtype, np.floating):
        nearest: IntArray = np.floor(indices + 0.5).astype(int).clip(0, shape - 1)
        found = volume.values[tuple(np.moveaxis(nearest, -1, 0))]
    else:
        from scipy import ndimage

        found = ndimage.map_coordinates(
            np.asarray(volume.values), np.moveaxis(indices, -1, 0), order=1, mode="nearest"
        )
    return np.ma.masked_array(found, mask=outside | np.ma.getmaskarray(found))


def _bounds_of_box(grid: Grid, lowest: IntArray, highest: IntArray) -> Bounds:
    """Bounds in mm of a box of voxels from index `lowest` up to but not with `highest`."""
    corners = np.array(np.meshgrid(*np.stack([lowest, highest], axis=1))).reshape(3, -1).T
    xyz = grid.xyz(corners - 0.5)
    return np.stack([xyz.min(axis=0), xyz.max(axis=0)], axis=1)
