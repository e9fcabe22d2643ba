"""Who is next to whom: the 6, 18 or 26 neighbours on a grid, or those on a mesh.

Both kinds answer `lay_out`: it gives every voxel (or vertex) of a set a *place*
in one flat array and says how to get from a place to its neighbours, so that
one engine serves volumes and surfaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from skerry.space.grid_neighbours import GridNeighbours
from skerry.space.layout import Layout
from skerry.space.mesh_neighbours import MeshNeighbours

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from skerry.typing import AnyArray

__all__ = ["GridNeighbours", "Layout", "MeshNeighbours", "Neighbours"]


class Neighbours(Protocol):
    """What the engine asks of a grid or a mesh."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the arrays of values."""

    @property
    def sorted_in_space(self) -> bool:
        """Whether `raster` rises with x, then y, then z in mm."""

    @property
    def steps_mm(self) -> NDArray[np.float64]:
        """(3, 3) float, from a difference of positions to millimetres."""

    @property
    def basis(self) -> NDArray[np.float64]:
        """(3, 3) float, the same without a slant that is too small to matter: for comparisons."""

    def lay_out(self, listed: NDArray[np.int64], transposed: bool = False) -> Layout:
        """Lay out voxels, given by rising index into the raveled values, or their transpose."""

    def raster(self, index: AnyArray) -> NDArray[np.int64]:
        """(n,) numbers that order voxels the same way however a file stores them."""

    def position(self, index: AnyArray) -> AnyArray:
        """(n, 3) positions, on the axes of `basis`, of indices into the raveled values."""

    def xyz(self, position: AnyArray) -> NDArray[np.float64]:
        """(n, 3) RAS+ mm of positions, fractions allowed."""

    def tie_keys(self, index: AnyArray) -> tuple[AnyArray, AnyArray, AnyArray]:
        """Give x, y and z as whole numbers that compare as the millimetres do."""
