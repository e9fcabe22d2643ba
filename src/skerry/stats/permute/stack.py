"""Many maps on one grid, packed into one array of the voxels that all of them have."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
        What each map is called.
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
    data: AnyArray = np.empty((0, 0), dtype=np.float32)
    names: list[str] = []
    inputs: list[dict[str, Any]] = []
    n_valid: list[int] = []
    notes: list[str] = []
    seen: dict[bytes, str] = {}
    for number, (img, volume) in enumerate(sources):
        values, grid, said, files = _read(img, volume, f"map {number + 1}")
        if number == 0:
            first, said_first = grid, said
            inside = _valid(values, mask is None)
            if mask is not None:
                inside = load_mask(mask, grid)
            index = np.flatnonzero(inside)
            alive, is_nowhere = np.ones((2, len(index)), dtype=bool)
            data = np.empty((len(sources), len(index)), dtype=values.dtype)
        else:
            check_same_grid(grid, first, said, whose=said_first)
        row = values.reshape(-1)[index]
        valid = _valid(row, mask is None)
        if not valid.any():
            where = "in the mask" if mask is not None or number == 0 else f"where {said_first} has"
            raise ArgumentError(f"{said} has no value {where}: all are NaN or 0; leave it out")
        n_infinite = int(np.count_nonzero(np.isinf(row)))
        if n_infinite:
            raise ArgumentError(
                f"{said}: {n_infinite} values in the mask are infinite; mend or leave out the map"
            )
        if row.dtype.itemsize > data.dtype.itemsize:
            data = data.astype(row.dtype)
        data[number] = row
        twin = seen.setdefault(_digest(row), said)
        if twin != said:
            notes.append(f"{said} holds the same values as {twin}: is a map given twice?")
        alive &= valid
        is_nowhere &= row == 0
        n_valid.append(int(np.count_nonzero(valid if mask is not None else _valid(values, True))))
        names.append(said)
        inputs += files
    if len(inputs) == 1 and not any(map(is_image, given)):  # a file with a volume a map
        inputs[0]["sha256"] = sha256_of(inputs[0]["path"])
    if not alive.any():
        raise ArgumentError("the maps have no voxel in common: each is NaN or 0 in one of them")
    notes += _notes(
        int(np.count_nonzero(alive)), n_valid, names, None if mask is None else len(index)
    )
    if is_nowhere.any() and not is_nowhere.all():
        alive &= ~is_nowhere
        n_zero = int(np.count_nonzero(is_nowhere))
        notes.append(f"{n_zero} voxels of the mask are 0 in all maps and were left out")
    inside = np.zeros(first.shape, dtype=bool)
    inside.reshape(-1)[index[alive]] = True
    return Stack(_packed(data, alive), inside, first, tuple(names), tuple(inputs), tuple(notes))


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


def _read(
    img: Any, volume: int | None, name: str
) -> tuple[AnyArray, Grid, str, list[dict[str, Any]]]:
    if isinstance(img, StatMap):
        source = {"path": img.source, "sha256": img.sha256}
        # What its mask leaves out is no value of it; a 0 is judged as one of an image.
        values = np.where(img.mask | (img.values == 0), img.values, np.nan)
        return values, img.grid, img.source or name, [source] if img.source else []
    found = volume_of(img, volume, name, None)
    values = found.values
    exact = values.dtype == np.float32 or values.dtype.str[1:] in _SMALL
    files = []
    if found.files:
        files = [{"path": found.path, "sha256": sha256_of_unchanged(found.files)}]
    elif found.path and not volume:
        files = [{"path": found.path, "sha256": None}]  # the image may differ from its file
    values = np.ascontiguousarray(values, dtype=np.float32 if exact else np.float64)
    return values, found.grid, found.said, files


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
