"""The neighbours of a vertex on a mesh: those that an edge joins to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError
from skerry.space.layout import Layout
from skerry.space.positions import whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray

__all__ = ["MeshNeighbours"]


@dataclass(frozen=True, eq=False)
class MeshNeighbours:
    """Vertices that an edge joins, as compressed sparse rows.

    Parameters
    ----------
    starts : (n + 1,) int
        The neighbours of vertex v are ``table[starts[v]:starts[v + 1]]``.
    table : (m,) int
        Neighbours; if a is one of b then b is one of a.
    xyz_mm : (n, 3) float, optional
        Coordinates of the vertices, RAS+ mm: they decide between equal heights.
        Without them the lower vertex number does.

    Raises
    ------
    ArgumentError
        If the arrays do not fit together.
    """

    starts: NDArray[np.int32]
    table: NDArray[np.int32]
    xyz_mm: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        starts = np.array(self.starts, dtype=np.int64)
        table = np.array(self.table, dtype=np.int64)
        n = len(starts) - 1
        if starts.ndim != 1 or n < 1 or starts[0] != 0 or starts[-1] != len(table):
            raise ArgumentError(
                "starts must run from 0 to the length of table, one more than vertices"
            )
        if (np.diff(starts) < 0).any() or table.min(initial=0) < 0 or table.max(initial=0) >= n:
            raise ArgumentError(f"table must hold vertices from 0 to {n - 1}, and starts must rise")
        object.__setattr__(self, "starts", starts.astype(np.int32))
        object.__setattr__(self, "table", table.astype(np.int32))
        if self.xyz_mm is not None:
            xyz_mm = np.array(self.xyz_mm, dtype=np.float64)
            if xyz_mm.shape != (n, 3) or not np.isfinite(xyz_mm).all():
                raise ArgumentError(f"xyz_mm must be a finite ({n}, 3) array")
            object.__setattr__(self, "xyz_mm", xyz_mm)

    @property
    def shape(self) -> tuple[int]:
        """Shape of the arrays of values."""
        return (len(self.starts) - 1,)

    @property
    def sorted_in_space(self) -> bool:
        """Whether `raster` rises with what decides between equal heights."""
        return self.xyz_mm is None

    @property
    def steps_mm(self) -> NDArray[np.float64]:
        """(3, 3) float, from a difference of positions to millimetres."""
        return np.eye(3)

    @property
    def basis(self) -> NDArray[np.float64]:
        """(3, 3) float, the same."""
        return np.eye(3)

    def lay_out(self, listed: NDArray[np.int64], transposed: bool = False) -> Layout:
        """Lay out vertices, given by rising number."""
        no_block = np.empty(0, dtype=np.int32)
        return Layout(
            place=listed.astype(np.int32),
            n_places=self.shape[0],
            starts=self.starts,
            table=self.table,
            block=no_block,
            connectivity=0,
        )

    def raster(self, index: AnyArray) -> NDArray[np.int64]:
        """(n,) vertex numbers."""
        return np.asarray(index, dtype=np.int64)

    def position(self, index: AnyArray) -> AnyArray:
        """(n, 3) mm of vertices; their number if there are no coordinates."""
        if self.xyz_mm is None:
            return np.stack([index, 0 * index, 0 * index], axis=-1).astype(np.int64)
        return self.xyz_mm[index]

    def xyz(self, position: AnyArray) -> NDArray[np.float64]:
        """(n, 3) RAS+ mm of positions, fractions allowed."""
        return np.asarray(position, dtype=np.float64)

    def tie_keys(self, index: AnyArray) -> tuple[AnyArray, AnyArray, AnyArray]:
        """Give x, y and z as whole numbers that compare as the millimetres do."""
        if self.xyz_mm is None:
            return index, 0 * index, 0 * index
        return whole(self.position(index))
