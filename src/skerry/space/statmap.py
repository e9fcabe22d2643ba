"""A statistical map: values on a grid, inside a mask."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from skerry.errors import ArgumentError, GridMismatchError

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray, BoolArray, FloatArray, Kind


@dataclass(frozen=True, eq=False)
class StatMap:
    """Values of a statistic on a grid, and where they count.

    Parameters
    ----------
    values : (I, J, K) float32 or float64
        Statistic per voxel. A map of p values holds -log10 p. Read-only.
    grid : Grid
        Where the voxels are.
    mask : (I, J, K) bool, optional
        Voxels that count; NaN is taken out of it. By default all voxels that
        are neither NaN nor exactly 0. Read-only.
    kind : {"z", "t", "F", "p", "other"}, optional
        What the values are; None when nobody said.
    df : float or (float, float), optional
        Degrees of freedom: of a t map, or both of an F map.
    name : str
        What results are called after.
    source : str, optional
        Path of the file that the values were read from.
    header : nibabel header, optional
        That of the source, for those who write images.

    Raises
    ------
    ArgumentError
        If the values are not floating point.
    GridMismatchError
        If values, mask and grid do not have one shape.

    Examples
    --------
    >>> from skerry.space.grid import Grid
    >>> values = np.zeros((2, 2, 2))
    >>> values[0, 0, 0] = 3.5
    >>> StatMap(values, Grid((2, 2, 2), np.eye(4)), kind="z")
    StatMap('map', z, 2 x 2 x 2 voxels of 1 x 1 x 1 mm, 1 in mask)
    """

    values: FloatArray = field(repr=False)
    grid: Grid
    mask: BoolArray = field(default=cast("BoolArray", None), repr=False)
    kind: Kind | None = None
    df: float | tuple[float, float] | None = None
    name: str = "map"
    source: str | None = None
    header: Any = field(default=None, repr=False)
    _digest: Callable[[], str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        values = np.asarray(self.values).view()
        if values.dtype not in (np.float32, np.float64):
            raise ArgumentError(
                f"the values of a map must be float32 or float64, got {values.dtype}"
            )
        given = cast("BoolArray | None", self.mask)
        mask = values != 0 if given is None else np.asarray(given, dtype=bool)
        self._check_shape("values of a map have", values)
        self._check_shape("mask of a map has", mask)
        is_number = values == values  # half the time of ~isnan
        mask = mask & is_number
        values.setflags(write=False)
        mask.setflags(write=False)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "mask", mask)
        object.__setattr__(self, "n_nan", int(values.size - np.count_nonzero(is_number)))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for array in (self.values, self.mask):  # pickle does not keep this
            array.setflags(write=False)

    def _check_shape(self, what: str, array: AnyArray) -> None:
        if array.shape != self.grid.shape:
            raise GridMismatchError(
                f"the {what} shape {array.shape}, but its grid has {self.grid.shape}"
            )

    n_nan: int = field(init=False, repr=False)

    @cached_property
    def n_in_mask(self) -> int:
        """Number of voxels in the mask."""
        return int(np.count_nonzero(self.mask))

    @cached_property
    def n_infinite(self) -> int:
        """Number of voxels in the mask whose value is infinite."""
        return int(np.count_nonzero(np.isinf(self.values) & self.mask))

    @cached_property
    def sha256(self) -> str | None:
        """The sha256 of the bytes of the file that was read; None for an image in memory."""
        return None if self._digest is None else self._digest()

    def to_img(self) -> Any:
        """Give the values, as they are, as a nibabel NIfTI image."""
        from skerry.space.nifti import nifti_image

        return nifti_image(self.values, self.grid.affine)

    def __repr__(self) -> str:
        shape = " x ".join(str(n) for n in self.grid.shape)
        sizes = " x ".join(f"{size:.4g}" for size in self.grid.voxel_sizes_mm)
        kind: str = self.kind or "unknown kind"
        if self.df is not None:
            numbers = self.df if isinstance(self.df, tuple) else (self.df,)
            kind += f" ({', '.join(f'{n:g}' for n in numbers)} df)"
        return (
            f"StatMap({self.name!r}, {kind}, {shape} voxels of {sizes} mm, "
            f"{self.n_in_mask} in mask)"
        )
