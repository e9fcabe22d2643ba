"""Many maps on one grid, packed into one array of the voxels that all of them have."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.io.hashing import sha256_of, sha256_of_unchanged
from skerry.io.load import load_image
from skerry.io.mask import check_same_grid, load_mask
from skerry.io.volume import is_image, volume_of
from skerry.space.statmap import StatMap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.space.grid import Grid
    from skerry.typing import AnyArray, BoolArray, ImageLike

__all__ = ["Stack", "stack_maps"]

# Whole numbers that float32 holds exactly.
_SMALL = ("i1", "u1", "i2", "u2")


@dataclass(frozen=True, slots=True)
class Stack:
    """Maps as rows.

    Attributes
    ----------
    data : (n, V) float32 or float64
        Finite.
    mask : (I, J, K) bool
        The voxels (C order) of the columns.
    grid : Grid
    names : tuple of str
        The file of each map; what it is called where it has none of its own.
    inputs : tuple of dict
        `path` and `sha256` of each file.
    notes : tuple of str
        What deserves to be said.
    """

    data: AnyArray
    mask: BoolArray
    grid: Grid
    names: tuple[str, ...]
    inputs: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]


def stack_maps(
    maps: Sequence[ImageLike | StatMap] | ImageLike, *, mask: ImageLike | None = None
) -> Stack:
    """Read maps one after the other and keep the voxels that all of them have.

    Parameters
    ----------
    maps : sequence of paths, images or StatMap, or one 4-D path or image
        One map an observation, on one grid.
    mask : path or image, optional
        Non-zero voxels count, less those that are NaN in any map. By default the voxels
        that are neither NaN nor 0 in any map. Those outside a StatMap's own mask never count.

    Returns
    -------
    Stack
        Float32 where no map needs more.

    Raises
    ------
    ArgumentError
        If there are fewer than two maps, one has no value or an infinite one in the mask, or
        no voxel is left.
    GridMismatchError
        If a map or the mask lies on another grid than the first map.
    ImageFileError
        If a file cannot be read.

    Notes
    -----
    Memory: the packed data and one map.
    """
    given = _given(maps)
    sources = _listed(given)
    if len(sources) < 2:
        raise ArgumentError(f"a permutation test needs two maps or more, got {len(sources)}")
    one = _read(*sources[0], "map 1")
    first, said_first = one.grid, one.said
    inside = _valid(one.values, True) if mask is None else load_mask(mask, first)
    rows = _Rows(len(sources), one, np.flatnonzero(inside), zero_is_outside=mask is None)
    names, inputs = [], []
    for number, (img, volume) in enumerate(sources):
        if number:
            one = _read(img, volume, f"map {number + 1}")
            check_same_grid(one.grid, first, one.said, whose=said_first)
        where = "in the mask" if mask is not None or not number else f"where {said_first} has"
        rows.add(one, where)
        names.append(one.name)
        inputs += one.files
    if len(inputs) == 1 and not any(map(is_image, given)):  # a file with a volume a map
        inputs[0]["sha256"] = sha256_of(inputs[0]["path"])
    kept = rows.kept()
    inside = np.zeros(first.shape, dtype=bool)
    inside.reshape(-1)[rows.index[kept]] = True
    return Stack(
        _packed(rows.data, kept), inside, first, tuple(names), tuple(inputs), tuple(rows.notes)
    )


class _Map(NamedTuple):
    values: AnyArray
    grid: Grid
    said: str  # what to call it in messages
    name: str
    files: list[dict[str, Any]]


class _Rows:
    """Maps as rows, as they come, and the voxels that all of them have."""

    def __init__(
        self, n_maps: int, first: _Map, index: NDArray[np.int64], *, zero_is_outside: bool
    ) -> None:
        self.index, self.zero_is_outside = index, zero_is_outside
        self.data: AnyArray = np.empty((n_maps, len(index)), dtype=first.values.dtype)
        self.notes: list[str] = []
        self._alive, self._is_0_in_all = np.ones((2, len(index)), dtype=bool)
        self._said: list[str] = []
        self._n_valid: list[int] = []
        self._first_of_content: dict[bytes, int] = {}

    def add(self, one: _Map, where: str) -> None:
        """Take in the next map; `where` says which of its voxels count."""
        row = one.values.reshape(-1)[self.index]
        valid = _valid(row, self.zero_is_outside)
        if not valid.any():
            raise ArgumentError(f"{one.said} has no value {where}: all are NaN or 0; leave it out")
        n_infinite = int(np.count_nonzero(np.isinf(row)))
        if n_infinite:
            raise ArgumentError(
                f"{one.said}: {n_infinite} values in the mask are infinite; "
                "mend or leave out the map"
            )
        if row.dtype.itemsize > self.data.dtype.itemsize:
            self.data = self.data.astype(row.dtype)
        number = len(self._said)
        self.data[number] = row
        self._alive &= valid
        self._is_0_in_all &= row == 0
        counted = _valid(one.values, True) if self.zero_is_outside else valid
        self._n_valid.append(int(np.count_nonzero(counted)))
        twin = self._first_of_content.setdefault(_digest(row), number)
        if twin != number:
            self.notes.append(_said_of_twins(one.said, self._said[twin], twin, number))
        self._said.append(one.said)

    def kept(self) -> NDArray[np.bool_]:
        """Tell which of `index` are tested; add notes on the others."""
        n_alive = int(np.count_nonzero(self._alive))
        if not n_alive:
            raise ArgumentError("the maps have no voxel in common: each is NaN or 0 in one of them")
        n_masked = None if self.zero_is_outside else len(self.index)
        self.notes += _notes(n_alive, self._n_valid, self._said, n_masked)
        if not self._is_0_in_all.any() or self._is_0_in_all.all():
            return self._alive
        n_zero = int(np.count_nonzero(self._is_0_in_all))
        self.notes.append(f"{n_zero} voxels of the mask are 0 in all maps and were left out")
        return self._alive & ~self._is_0_in_all


def _said_of_twins(said: str, twin: str, first: int, second: int) -> str:
    if said == twin:
        return f"{said} is given twice, as map {first + 1} and as map {second + 1}"
    return f"{said} holds the same values as {twin}: is a map given twice?"


def _notes(
    n_kept: int, n_valid: list[int], names: list[str], n_masked: int | None
) -> tuple[str, ...]:
    """Say which map costs the others voxels."""
    fewest = int(np.argmin(n_valid))
    name, n_fewest = names[fewest], n_valid[fewest]
    if n_masked is not None:
        lost = f"{n_masked - n_kept} of {n_masked} voxels are NaN in some map and were left out"
        said = f"{lost}; {name} lacks the most, {n_masked - n_fewest}"
        return (said,) if n_kept < n_masked else ()
    usual = int(np.median(n_valid))
    kept = f"{n_kept} voxels have a value in all maps, though half of the maps have {usual} or more"
    said = f"{kept}; {name} has the fewest, {n_fewest}"
    return (said,) if n_kept < 0.9 * usual else ()  # less is as it is at the rim of every brain


def _given(maps: Any) -> list[Any]:
    if isinstance(maps, (str, os.PathLike, StatMap)) or is_image(maps):
        return [maps]
    try:
        return list(maps)
    except TypeError:
        raise ArgumentTypeError(
            f"maps must be paths or images, got {type(maps).__name__}"
        ) from None


def _listed(given: list[Any]) -> list[tuple[Any, int | None]]:
    """Give each map and its volume; one 4-D image gives each of its volumes."""
    if len(given) != 1 or isinstance(given[0], StatMap):
        return [(img, None) for img in given]
    whole = load_image(given[0], name="maps")
    n_volumes = int(np.prod(whole.shape[3:]))
    return [(whole, k if n_volumes > 1 else None) for k in range(n_volumes)]


def _read(img: Any, volume: int | None, said: str) -> _Map:
    if isinstance(img, StatMap):
        # What its mask leaves out is no value of it; a 0 is judged as one of an image.
        values = np.where(img.mask | (img.values == 0), img.values, np.nan)
        files = [{"path": img.source, "sha256": img.sha256}] if img.source else []
        return _Map(values, img.grid, img.source or said, img.source or said, files)
    found = volume_of(img, volume, said, None)
    values = found.values
    exact = values.dtype == np.float32 or values.dtype.str[1:] in _SMALL
    files = []
    if found.files:
        files = [{"path": found.path, "sha256": sha256_of_unchanged(found.files)}]
    elif found.path and not volume:
        files = [{"path": found.path, "sha256": None}]  # the image may differ from its file
    values = np.ascontiguousarray(values, dtype=np.float32 if exact else np.float64)
    name = found.path if found.path and volume is None else found.said
    return _Map(values, found.grid, found.said, name, files)


def _valid(values: AnyArray, zero_is_outside: bool) -> NDArray[np.bool_]:
    return np.asarray(~np.isnan(values) & (values != 0)) if zero_is_outside else ~np.isnan(values)


def _digest(row: AnyArray) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(row, dtype=np.float64).data).digest()


def _packed(data: AnyArray, alive: NDArray[np.bool_]) -> AnyArray:
    """Leave out columns without a second array: rows move to the front of the memory."""
    if alive.all():
        return data
    n, kept = len(data), int(np.count_nonzero(alive))
    flat = data.reshape(-1)
    for number in range(n):
        flat[number * kept : (number + 1) * kept] = data[number][alive]
    return flat[: n * kept].reshape(n, kept)
