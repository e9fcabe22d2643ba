"""The 6, 18 or 26 neighbours of a voxel on a grid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError
from skerry.space.connectivity import BLOCK, REACH, in_block
from skerry.space.layout import Layout
from skerry.space.positions import RESOLUTION_MM, turn, whole
from skerry.space.renumber import Renumbering, renumbering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray, Connectivity

__all__ = ["GridNeighbours"]

LARGEST = 2**31 - 1


@dataclass(frozen=True, eq=False)
class GridNeighbours:
    """Voxels that share a face; or a face or edge; or a face, edge or corner.

    Parameters
    ----------
    grid : Grid
    connectivity : {6, 18, 26}

    Raises
    ------
    ArgumentError
        If `connectivity` is another number or the grid has 2**31 voxels or more.

    Notes
    -----
    `position`, `raster` and `tie_keys` follow the world's axes, not the file's:
    however a file permutes and flips its axes, they say the same of a voxel.
    """

    grid: Grid
    connectivity: Connectivity = 26

    def __post_init__(self) -> None:
        if self.connectivity not in REACH:
            raise ArgumentError(f"connectivity must be 6, 18 or 26, got {self.connectivity!r}")
        if self.grid.n_voxels > LARGEST:
            raise ArgumentError(f"a map of {self.grid.n_voxels} voxels is too large; crop it")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of the arrays of values."""
        return self.grid.shape

    @cached_property
    def axes(self) -> tuple[int, int, int]:
        """Stored axis that runs most along x, along y and along z."""
        along = np.abs(self.grid.affine[:3, :3]) / self.grid.voxel_sizes_mm
        # round: two choices that differ by rounding alone must not depend on it
        score = {p: round(sum(along[w, p[w]] for w in range(3)), 6) for p in permutations(range(3))}
        return max(score, key=score.__getitem__)  # type: ignore[return-value]

    @cached_property
    def flipped(self) -> tuple[bool, ...]:
        """Whether the stored axis along x, y and z runs backwards."""
        return tuple(bool(self.grid.affine[w, axis] < 0) for w, axis in enumerate(self.axes))

    @cached_property
    def basis(self) -> NDArray[np.float64]:
        """(3, 3) float, `steps_mm` without a slant that is too small to matter."""
        basis = self.steps_mm
        drift = np.abs(basis) * (np.array(self.shape)[list(self.axes)] - 1)
        np.fill_diagonal(drift, 0)
        if drift.sum(axis=1).max() < RESOLUTION_MM:
            basis = np.diag(np.diag(basis))
        return np.asarray(basis, dtype=np.float64)

    @cached_property
    def sorted_in_space(self) -> bool:
        """Whether `raster` rises with x, then y, then z in mm: not on an oblique grid."""
        return bool(np.count_nonzero(self.basis) == 3)

    def lay_out(self, listed: NDArray[np.int64], transposed: bool = False) -> Layout:
        """Lay out voxels, given by rising index into the raveled values, or their transpose."""
        shape = self.shape[::-1] if transposed else self.shape
        flat = listed.astype(np.int32)
        row = flat // np.int32(shape[2])
        empty, to_place = self.lay_out_box(*_bounding_box(flat, row, shape), transposed)
        return replace(empty, place=to_place.of(flat, row))

    def lay_out_box(
        self, low: NDArray[np.int64], size: NDArray[np.int64], transposed: bool
    ) -> tuple[Layout, Renumbering]:
        """Lay out a box, without its voxels as yet.

        Parameters
        ----------
        low, size : (3,) int64
            Lowest position and size, by the axes of the values, or of their transpose.
        transposed : bool

        Returns
        -------
        Layout, Renumbering
            The renumbering gives the place of a voxel from its index into the raveled
            values, or their transpose.
        """
        # Whole numbers of Python, because arrays of three cost more than what they hold.
        memory = (2, 1, 0) if transposed else (0, 1, 2)  # axes, the largest stride first
        sizes = [int(n) for n in size]
        lows, axes, along = [int(at) for at in low], self.axes, range(3)
        # Places cover the bounding box, not the field of view. One empty voxel after each
        # row, row after each plane and two planes at both ends are a border on all sides.
        padded = (sizes[0] + 4, sizes[1] + 1, sizes[2] + 1)
        strides = _strides(padded)
        first = 2 * strides[0]  # the place of the box's first voxel
        n_places = padded[0] * strides[0]
        if n_places > LARGEST:
            raise ArgumentError(f"a map of shape {self.shape} is too large; crop it")
        # From here on by stored axis, as `memory` lists them: to swap twice is to leave.
        place = [strides[m] for m in memory]
        lows, sizes = [lows[m] for m in memory], [sizes[m] for m in memory]
        forward = [-1 if self.flipped[axes.index(axis)] else 1 for axis in along]
        # the voxel whose number is 0
        start = [lows[i] if forward[i] > 0 else lows[i] + sizes[i] - 1 for i in along]
        numbers = _strides([sizes[axis] for axis in axes])
        number = [numbers[axes.index(axis)] * forward[axis] for axis in along]

        def of_place(steps: Sequence[int], origin: Sequence[int]) -> Renumbering:
            offset = sum(steps[i] * (lows[i] - origin[i]) for i in along) - 2 * steps[memory[0]]
            return renumbering(padded, [steps[m] for m in memory], offset)

        block = (BLOCK @ np.array(strides)).astype(np.int32)
        empty = Layout(
            place=np.empty(0, dtype=np.int32),
            n_places=n_places,
            starts=np.zeros(1, dtype=np.int32),
            table=block[in_block(self.connectivity)],
            block=block,
            connectivity=self.connectivity,
            to_index=of_place(_strides(self.shape), (0, 0, 0)),
            to_number=of_place(number, start),
            to_place=renumbering(
                [sizes[axis] for axis in axes],
                [place[axis] * forward[axis] for axis in axes],
                first + sum(place[i] * (start[i] - lows[i]) for i in along),
            ),
        )
        return empty, renumbering(
            [self.shape[m] for m in memory],
            strides,
            first - sum(place[i] * lows[i] for i in along),
        )

    def raster(self, index: AnyArray) -> NDArray[np.int64]:
        """(n,) numbers that rise along the world's axes, x slowest, however the file runs."""
        along = self._along_axes(np.unravel_index(np.asarray(index), self.shape))
        _, n_y, n_z = (self.shape[axis] for axis in self.axes)
        return np.asarray((along[0] * n_y + along[1]) * n_z + along[2], dtype=np.int64)

    def position(self, index: AnyArray) -> NDArray[np.int64]:
        """(n, 3) whole positions, on the axes of `basis`, of indices into the raveled values."""
        along = self._along_axes(np.unravel_index(np.asarray(index), self.shape))
        return np.stack(along, axis=-1).astype(np.int64, copy=False)

    def tie_keys(self, index: AnyArray) -> tuple[AnyArray, AnyArray, AnyArray]:
        """Give x, y and z as whole numbers that compare as the millimetres do."""
        position = self.position(index)
        if self.sorted_in_space:
            return position[..., 0], position[..., 1], position[..., 2]
        return whole(self.xyz(position))

    def xyz(self, position: AnyArray) -> NDArray[np.float64]:
        """(n, 3) RAS+ mm of positions, fractions allowed."""
        return turn(position, self.steps_mm) + self._origin

    @cached_property
    def steps_mm(self) -> NDArray[np.float64]:
        """(3, 3) float, from a difference of positions to millimetres."""
        affine = self.grid.affine[:3, list(self.axes)]
        return np.asarray(affine * np.where(self.flipped, -1.0, 1.0), dtype=np.float64)

    @cached_property
    def _origin(self) -> NDArray[np.float64]:
        """(3,) mm of position 0, 0, 0: the left, posterior, inferior corner."""
        corner = [
            self.shape[axis] - 1 if flip else 0
            for axis, flip in sorted(zip(self.axes, self.flipped, strict=True))
        ]
        return self.grid.xyz(corner)

    def _along_axes(self, stored: tuple[AnyArray, ...]) -> list[AnyArray]:
        """Positions along x, y and z, rising, from indices along the stored axes."""
        return [
            self.shape[axis] - 1 - stored[axis] if flip else stored[axis].copy()
            for axis, flip in zip(self.axes, self.flipped, strict=True)
        ]


def _strides(shape: Sequence[int]) -> tuple[int, int, int]:
    """From the raveled index of a voxel to that of the next along each axis."""
    return shape[1] * shape[2], shape[2], 1


def _bounding_box(
    flat: NDArray[np.int32], row: NDArray[np.int32], shape: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the lowest position and the size of the box of voxels, raveled and rising, by row."""
    if not len(flat):
        return np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
    # Only the first and the last voxel of each row can be an end along the last axis.
    next_row = np.flatnonzero(row[1:] != row[:-1]) + 1
    begins, ends = np.append(0, next_row), np.append(next_row, len(flat)) - 1
    first, middle = np.divmod(row[begins], shape[1])
    last = flat[begins] % shape[2], flat[ends] % shape[2]
    low = np.array([first[0], middle.min(), last[0].min()], dtype=np.int64)
    return low, np.array([first[-1], middle.max(), last[1].max()]) - low + 1
