"""An atlas: a label image, or one map of probability per label, and names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.atlas.cell import clean_name
from skerry.errors import ArgumentError, GridMismatchError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.spatial import KDTree

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray

OUTSIDE = "outside the atlas"


@dataclass(frozen=True, eq=False)
class Atlas:
    """Labels on a grid, with names. `skerry.atlas.load_atlas` reads one from files.

    Parameters
    ----------
    values : (I, J, K) int or (I, J, K, n) float
        Number of the label of each voxel, 0 outside; or the probability of
        each label, 0 to 1. Read-only.
    grid : Grid
        Where the voxels are.
    numbers : (n,) int
        Number of each label, rising, above 0; of a probabilistic atlas, that of
        its volume, from 1.
    names : tuple of n str
        What each label is called. Names that several labels share get their
        number: ``Insula [17]``.
    name : str
        What columns are called after.
    space : str, optional
        The template space, such as ``"MNI152NLin6Asym"``; None when nobody said.
    networks : tuple of n str, optional
        The larger system that each label belongs to; empty where none is known.
    files : tuple of (str, str)
        Path and sha256 of each file that was read.
    notes : tuple of str
        What deserves to be said with a result.

    Raises
    ------
    ArgumentError
        If names, numbers and values do not fit each other.
    GridMismatchError
        If the values do not have the shape of the grid.

    Examples
    --------
    >>> from skerry.atlas import load_atlas
    >>> load_atlas("schaefer200")
    Atlas('schaefer200', 200 labels, MNI152NLin6Asym, 91 x 109 x 91 voxels of 2 x 2 x 2 mm)
    """

    values: AnyArray = field(repr=False)
    grid: Grid
    numbers: NDArray[np.int64] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    name: str = "atlas"
    space: str | None = None
    networks: tuple[str, ...] = field(default=(), repr=False)
    files: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        values, numbers = np.asarray(self.values).view(), np.array(self.numbers, dtype=np.int64)
        if values.ndim not in (3, 4) or values.shape[:3] != self.grid.shape:
            raise GridMismatchError(
                f"the atlas has shape {values.shape}, but its grid has {self.grid.shape}"
            )
        if values.ndim == 3 and values.dtype.kind not in "iu":
            raise ArgumentError(f"labels must be whole numbers, got {values.dtype}")
        n_labels = len(numbers)
        if not n_labels or numbers.ndim != 1 or numbers[0] < 1 or (np.diff(numbers) < 1).any():
            raise ArgumentError("the numbers of an atlas's labels must rise, from 1 or more")
        if len(self.names) != n_labels or len(self.networks) not in (0, n_labels):
            raise ArgumentError(
                f"an atlas of {n_labels} labels needs as many names (and networks, or none), "
                f"got {len(self.names)} and {len(self.networks)}"
            )
        if values.ndim == 4 and values.shape[3] != n_labels:
            raise ArgumentError(f"{values.shape[3]} volumes cannot have {n_labels} labels")
        if values.ndim == 4 and not (values.min() >= 0 and values.max() <= 1):
            raise ArgumentError("probabilities must lie from 0 to 1, without NaN")
        values.setflags(write=False)
        numbers.setflags(write=False)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "numbers", numbers)
        object.__setattr__(self, "names", _told_apart(self.names, numbers))
        object.__setattr__(self, "networks", tuple(map(clean_name, self.networks)))
        object.__setattr__(self, "name", clean_name(self.name) or "atlas")

    @property
    def is_probabilistic(self) -> bool:
        """Whether it holds probabilities."""
        return self.values.ndim == 4

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def positions(self) -> NDArray[np.int32]:
        """(I, J, K) int32, 1 + the position of each voxel's label in `names`; 0 outside.

        Of a probabilistic atlas, the label of the highest probability, the
        first one of several.

        Raises
        ------
        ArgumentError
            If no voxel has a label.
        """
        if self.is_probabilistic:
            positions = self.values.argmax(axis=3).astype(np.int32) + 1
            positions[self.values.max(axis=3) <= 0] = 0
        else:
            positions = positions_of(self.values, self.numbers)
        if not positions.any():
            raise ArgumentError(f"no voxel of the atlas {self.name} has one of its labels")
        positions.setflags(write=False)
        return np.asarray(positions, dtype=np.int32)

    @cached_property
    def surface(self) -> tuple[KDTree, NDArray[np.int32]]:
        """Voxels of labels that border on none, as a tree in mm, and their positions."""
        from scipy.spatial import KDTree

        inside = np.pad(self.positions > 0, 1)
        core = inside[1:-1, 1:-1, 1:-1].copy()
        for axis in range(3):
            for step in (-1, 1):
                core &= np.roll(inside, step, axis)[1:-1, 1:-1, 1:-1]
        ijk = np.argwhere((self.positions > 0) & ~core)
        return KDTree(self.grid.xyz(ijk)), self.positions[tuple(ijk.T)]

    def __repr__(self) -> str:
        kind = "probabilities of " if self.is_probabilistic else ""
        shape = " x ".join(str(n) for n in self.grid.shape)
        sizes = " x ".join(f"{size:.4g}" for size in self.grid.voxel_sizes_mm)
        return (
            f"Atlas({self.name!r}, {kind}{len(self)} labels, {self.space or 'unknown space'}, "
            f"{shape} voxels of {sizes} mm)"
        )


def positions_of(values: AnyArray, numbers: NDArray[np.int64]) -> NDArray[np.int32]:
    """Give 1 + the position of each value among rising numbers; 0 where it is none of them."""
    at = np.arange(1, len(numbers) + 1, dtype=np.int32)
    if numbers[-1] < 2**22:
        table = np.zeros(int(numbers[-1]) + 2, dtype=np.int32)
        table[numbers] = at
        known = np.where((values < 0) | (values > numbers[-1]), 0, values)
        return np.asarray(table[known], dtype=np.int32)
    found = np.searchsorted(numbers, values).clip(max=len(numbers) - 1)
    return np.where(numbers[found] == values, at[found], 0).astype(np.int32)


def _told_apart(names: Any, numbers: NDArray[np.int64]) -> tuple[str, ...]:
    """Clean names; give those that several labels share their number."""
    cleaned = [
        clean_name(str(name)) or f"label {n}" for name, n in zip(names, numbers, strict=True)
    ]
    shared = {name for name, count in Counter(cleaned).items() if count > 1}
    return tuple(
        f"{name} [{number}]" if name in shared else name
        for name, number in zip(cleaned, numbers.tolist(), strict=True)
    )
