"""A grid of voxels in space, without values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Two affines are the same grid when no corner of the field of view moves by
# more than this many millimetres: float32 headers round at about 1e-5 mm.
SAME_GRID_TOLERANCE_MM = 1e-3


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the voxels of a volume are.

    Parameters
    ----------
    shape : (I, J, K) tuple of int
        Number of voxels along each axis.
    affine : (4, 4) array_like of float
        From voxel indices (the centre of voxel 0, 0, 0 is index 0, 0, 0) to
        RAS+ millimetres.

    Raises
    ------
    ArgumentError
        If the affine is not finite or cannot be inverted, or an axis is empty.

    Examples
    --------
    >>> grid = Grid((2, 3, 4), np.diag([2.0, 2.0, 2.0, 1.0]))
    >>> grid.voxel_volume_mm3
    8.0
    >>> grid.xyz([1, 1, 1])
    array([2., 2., 2.])
    """

    shape: tuple[int, int, int]
    affine: NDArray[np.float64] = field(repr=False)

    def __post_init__(self) -> None:
        shape = tuple(int(n) for n in self.shape)
        if len(shape) != 3 or min(shape) < 1:
            raise ArgumentError(f"a grid has three axes of at least one voxel, got {self.shape}")
        affine = np.array(self.affine, dtype=np.float64)
        if affine.shape != (4, 4) or not np.isfinite(affine).all():
            raise ArgumentError("the affine of a grid must be a 4 x 4 matrix of finite numbers")
        scale = np.abs(affine[:3, :3]).max()
        if scale == 0 or abs(np.linalg.det(affine[:3, :3] / scale)) < 1e-9:
            raise ArgumentError("the affine of a grid must be invertible: voxels have no volume")
        affine.setflags(write=False)
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "affine", affine)

    @property
    def n_voxels(self) -> int:
        """Number of voxels."""
        return int(np.prod(self.shape, dtype=object))

    @cached_property
    def inverse(self) -> NDArray[np.float64]:
        """(4, 4) float, from RAS+ millimetres to voxel indices."""
        return np.asarray(np.linalg.inv(self.affine), dtype=np.float64)

    @cached_property
    def voxel_sizes_mm(self) -> NDArray[np.float64]:
        """(3,) float, distance between neighbours along each axis, mm."""
        return np.asarray(np.sqrt((self.affine[:3, :3] ** 2).sum(axis=0)), dtype=np.float64)

    @cached_property
    def voxel_volume_mm3(self) -> float:
        """Volume of a voxel, mm3."""
        # The triple product is exact for axes along x, y and z; det is not (2 x 3 x 4 gives
        # 23.999999999999993), and volumes are compared with limits.
        i, j, k = self.affine[:3, :3].T
        return float(abs(np.dot(np.cross(i, j), k)))

    def xyz(self, ijk: ArrayLike) -> NDArray[np.float64]:
        """Go from voxel indices to millimetres.

        Parameters
        ----------
        ijk : (..., 3) array_like
            Voxel indices; fractions are allowed.

        Returns
        -------
        (..., 3) float
            RAS+ millimetres.
        """
        points = np.asarray(ijk, dtype=np.float64)
        return np.asarray(points @ self.affine[:3, :3].T + self.affine[:3, 3], dtype=np.float64)

    def ijk(self, xyz: ArrayLike) -> NDArray[np.float64]:
        """Go from millimetres to (fractional) voxel indices.

        Parameters
        ----------
        xyz : (..., 3) array_like
            RAS+ millimetres.

        Returns
        -------
        (..., 3) float
            Voxel indices, not rounded.
        """
        points = np.asarray(xyz, dtype=np.float64)
        return np.asarray(points @ self.inverse[:3, :3].T + self.inverse[:3, 3], dtype=np.float64)

    def same_as(self, other: Grid) -> bool:
        """Tell whether two grids hold the same voxels.

        Shapes are equal and no corner of the field of view lies more than
        `SAME_GRID_TOLERANCE_MM` apart.
        """
        if self.shape != other.shape:
            return False
        return self.farthest_corner_mm(other) <= SAME_GRID_TOLERANCE_MM

    def farthest_corner_mm(self, other: Grid) -> float:
        """Give how far the corners of two fields of view lie apart at most, mm."""
        mine, others = (
            grid.xyz(np.array(np.meshgrid(*[(0, n) for n in grid.shape])).reshape(3, -1).T)
            for grid in (self, other)
        )
        return float(np.sqrt(((mine - others) ** 2).sum(axis=1)).max())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Grid) and self.same_as(other)

    __hash__ = None  # type: ignore[assignment]  # equality has a tolerance


def grid_of(img: Any) -> Grid:
    """Give the grid of the first three axes of a nibabel image."""
    i, j, k = (*img.shape, 1, 1, 1)[:3]
    return Grid((i, j, k), img.affine)
