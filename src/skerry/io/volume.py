"""One volume out of an image, in a file or in memory."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.checks import is_whole_number
from skerry.errors import ArgumentError, ArgumentTypeError, ImageFileError, SkerryError
from skerry.io.layout import Layout, allowed_bytes, check_is_volume, native
from skerry.io.paths import at_home, shown
from skerry.io.voxels import FileContent, FileStamp, read_content
from skerry.space.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.io.layout import Intent
    from skerry.typing import AnyArray


@dataclass(frozen=True)
class Volume:
    """Values on a grid, before it is known what they mean.

    Attributes
    ----------
    values : (I, J, K) array
        In native byte order; scaled.
    grid : Grid
        Where they are.
    header : nibabel header
        That of the image.
    intent : (code, parameters)
        NIfTI intent; code 0 where nothing is said.
    said : str
        What to call it in messages.
    path : str or None
        The file behind it, if it has one.
    files : tuple of (str, (int, int))
        Files that were read for it, with their stamps; none for an image in memory.
    """

    values: AnyArray
    grid: Grid
    header: Any
    intent: Intent
    said: str
    path: str | None
    files: tuple[FileStamp, ...] = ()


def is_image(img: Any) -> bool:
    """Tell whether something is a nibabel image with a place in space."""
    return hasattr(img, "affine") and hasattr(img, "dataobj") and hasattr(img, "shape")


def content_of_file(
    img: Any,
    name: str,
    max_bytes: int | None,
    choose: Callable[[Layout], int | None] = lambda _layout: None,
) -> FileContent:
    """Read a file that a parameter names.

    Raises
    ------
    ArgumentTypeError
        If it is no path.
    ImageFileError
        If the file cannot be read as an image.
    """
    path = os.fspath(img) if isinstance(img, (str, os.PathLike)) else None
    if not isinstance(path, str):
        raise ArgumentTypeError(
            f"{name} must be a path or a nibabel image with an affine, got {type(img).__name__}"
        )
    return read_content(at_home(path), choose, allowed_bytes(max_bytes))


def volume_of(img: Any, volume: int | None, name: str, max_bytes: int | None) -> Volume:
    """Give one volume of a path or image.

    Parameters
    ----------
    img : path or nibabel image
        Where to take it from.
    volume : int or None
        Which one, from 0; None where there is only one.
    name : str
        Name of the parameter, for error messages.
    max_bytes : int or None
        As in `load_map`.
    """
    return (_of_memory if is_image(img) else _of_file)(img, volume, name, max_bytes)


def chosen_volume(shape: tuple[int, ...], volume: int | None, what: str) -> int:
    """Say which volume of an image is meant.

    Parameters
    ----------
    shape : tuple of int
        Of the whole image; further axes than three count volumes, the first
        of them fastest.
    volume : int or None
        The one asked for.
    what : str
        What to call the image in messages.

    Raises
    ------
    ArgumentError
        If there are several and none is chosen, or the chosen one is not there.
    """
    n_volumes = math.prod(shape[3:])
    if volume is None:
        if n_volumes > 1:
            raise ArgumentError(
                f"{what} has {n_volumes} volumes ({' x '.join(map(str, shape))}); "
                f"choose one with volume= (--volume), 0 to {n_volumes - 1}"
            )
        return 0
    if not is_whole_number(volume):
        raise ArgumentTypeError(f"volume must be a whole number from 0, got {volume!r}")
    if not 0 <= volume < n_volumes:
        there = "only volume 0" if n_volumes == 1 else f"volumes 0 to {n_volumes - 1}"
        raise ArgumentError(f"volume={volume} was asked for, but {what} has {there}")
    return int(volume)


def _of_file(img: Any, volume: int | None, name: str, max_bytes: int | None) -> Volume:
    def choose(layout: Layout) -> int:
        return chosen_volume(layout.shape, volume, shown(img))

    content = content_of_file(img, name, max_bytes, choose)
    layout, path = content.layout, os.fspath(img)
    intent = layout.intent_of(content.volume or 0)
    grid = _grid(content.values.shape, layout.affine, shown(path))
    return Volume(content.values, grid, layout.header, intent, shown(path), path, content.files)


def _of_memory(img: Any, volume: int | None, name: str, _max_bytes: int | None) -> Volume:
    path = img.get_filename() if hasattr(img, "get_filename") else None
    said = f"{name} ({shown(path)})" if path else name
    shape = tuple(int(n) for n in img.shape)
    if not shape or min(shape) < 1:
        raise ArgumentError(f"{said} has no voxels (shape {shape})")
    check_is_volume(shape, said)
    index = chosen_volume(shape, volume, said)
    further = np.unravel_index(index, shape[3:], order="F") if shape[3:] else ()
    try:
        values = np.asanyarray(img.dataobj[(..., *further)] if further else img.dataobj)
    except (MemoryError, SkerryError):
        raise
    # The file behind the image is read only now, and may fail in many ways.
    except Exception as error:
        why = str(error).partition("\n")[0]
        raise ImageFileError(f"{said}: its values cannot be read ({shown(why)})") from error
    if values.dtype.kind not in "biuf":
        raise ArgumentTypeError(f"{said} holds {values.dtype}, not one real number a voxel")
    values = values if values.dtype.isnative else native(values.copy())
    grid = _grid(values.shape, img.affine, said)
    return Volume(values, grid, img.header, _intent_of(img.header), said, path)


def _intent_of(header: Any) -> Intent:
    try:
        parameters = tuple(float(header[f"intent_p{k}"]) for k in (1, 2, 3))
        return int(header["intent_code"]), parameters
    except (KeyError, IndexError, TypeError, ValueError):
        return 0, ()  # formats other than NIfTI


def _grid(shape: tuple[int, ...], affine: Any, said: str) -> Grid:
    i, j, k = shape[:3]
    try:
        return Grid((i, j, k), affine)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"{said}: {error}") from error
