"""Read images and maps, safely."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError, ImageFileError
from skerry.io.hashing import sha256_of
from skerry.io.kind import meaning_of, minus_log10_p
from skerry.io.layout import Layout, allowed_bytes, check_is_volume, native
from skerry.io.notice import notice
from skerry.io.paths import shown, stem_of
from skerry.io.voxels import FileContent, read_content
from skerry.space.grid import Grid
from skerry.space.statmap import StatMap

if TYPE_CHECKING:
    from skerry.io.layout import Intent
    from skerry.typing import AnyArray, BoolArray, FloatArray, ImageLike, Kind


def load_image(img: ImageLike, *, name: str = "img", max_bytes: int | None = None) -> Any:
    """Give a nibabel image for a path or an image.

    A file is read to its end into memory; its header is judged first, and its
    checksums are verified. It is never mapped into memory.

    Parameters
    ----------
    img : path or nibabel image
        What to read. An image in memory is returned as it is.
    name : str
        Name of the parameter, for error messages.
    max_bytes : int, optional
        Limit on the memory that a file may take; by default that of the
        environment variable `SKERRY_MAX_BYTES`, else 4 GiB.

    Returns
    -------
    nibabel.Nifti1Image or nibabel.Nifti2Image
        With its values in memory, scaled, and the header of the file, when
        `img` is a path; else `img`.

    Raises
    ------
    ArgumentTypeError
        If `img` is neither.
    MissingFileError, DamagedFileError, TooLargeError, ImageFileError
        If the file cannot be read as an image.
    """
    if _is_image(img):
        return img
    content = _content(img, name, max_bytes)
    image_class = _image_class(content.layout.header)
    file_map = image_class.make_file_map()
    loaded = image_class(
        content.values, content.layout.affine, content.layout.header, file_map=file_map
    )
    # As nibabel does: the header goes on naming the dtype on disk, and the image its file.
    loaded.header.set_data_dtype(content.layout.dtype)
    for holder in file_map.values():
        holder.filename = content.files[-1]
    return loaded


def load_map(
    img: ImageLike | StatMap,
    *,
    kind: Kind | None = None,
    df: float | tuple[float, float] | None = None,
    mask: ImageLike | None = None,
    volume: int | None = None,
    max_bytes: int | None = None,
) -> StatMap:
    """Read a statistical map.

    Parameters
    ----------
    img : path, nibabel image or StatMap
        The map; a `StatMap` is returned as it is.
    kind : {"z", "t", "F", "p", "other"}, optional
        What the values are. By default what the header says (NIfTI intent
        code, AFNI's BRICK_STATAUX), else the BIDS `stat-` entity of the file's
        name, else unknown (None). A map of p values is read as -log10 p.
    df : float or (float, float), optional
        Degrees of freedom of a t map, or both of an F map; by default the header's.
    mask : path or nibabel image, optional
        Non-zero voxels count; on the map's grid. By default all voxels count
        that are neither NaN nor 0.
    volume : int, optional
        Which volume of a file with several, from 0; further axes count too,
        the first of them fastest.
    max_bytes : int, optional
        Limit on the memory that a file may take; by default that of the
        environment variable `SKERRY_MAX_BYTES`, else 4 GiB.

    Returns
    -------
    StatMap
        Values as float32 where the file holds unscaled float32, else float64.

    Raises
    ------
    ArgumentError
        If an option does not fit the map.
    GridMismatchError
        If the mask lies on another grid.
    MissingFileError, DamagedFileError, TooLargeError, ImageFileError
        If a file cannot be read as an image.
    """
    if isinstance(img, StatMap):
        return _unchanged(img, kind=kind, df=df, mask=mask, volume=volume)
    if _is_image(img):
        stored, header, intent = _volume_of_image(img, volume, "img")
        affine, path = img.affine, img.get_filename()  # type: ignore[union-attr]
        files: tuple[str, ...] = ()
    else:
        content = _content(img, "img", max_bytes, lambda layout: _choose(layout, volume, img))
        stored, header, affine = content.values, content.layout.header, content.layout.affine
        intents = content.layout.intents
        intent = intents[(content.volume or 0) if len(intents) > 1 else 0]
        path, files = os.fspath(img), content.files  # type: ignore[arg-type]
    shown_name = shown(path) if path else "the map"
    grid = _grid(stored.shape, affine, shown_name)
    values: FloatArray = (
        stored if stored.dtype == np.float32 else stored.astype(np.float64, copy=False)
    )
    inside = None if mask is None else load_mask(mask, grid, max_bytes=max_bytes)
    meaning = meaning_of(kind, df, intent, path, shown_name)
    if meaning.kind == "p":
        known = np.isfinite(values) if inside is None else inside & ~np.isnan(values)
        inside = known & (values != 0) if inside is None else known
        values, inside = minus_log10_p(values, meaning.stored_as, inside, shown_name)
    statmap = StatMap(
        values,
        grid,
        inside,  # type: ignore[arg-type]
        meaning.kind,
        meaning.df,
        stem_of(path) if path else "map",
        path if files else None,
        header,
        partial(sha256_of, *files) if files else None,
    )
    if statmap.n_infinite:
        notice(f"{shown_name}: {statmap.n_infinite} values in the mask are infinite")
    return statmap


def load_mask(
    mask: ImageLike, grid: Grid, *, name: str = "mask", max_bytes: int | None = None
) -> BoolArray:
    """Read a mask that lies on a grid: non-zero voxels are inside.

    Parameters
    ----------
    mask : path or nibabel image
        Whole numbers only.
    grid : Grid
        That of the map; a mask is never resampled.
    name : str
        Name of the parameter, for error messages.
    max_bytes : int, optional
        As in `load_map`.

    Returns
    -------
    (I, J, K) bool
        Inside.

    Raises
    ------
    GridMismatchError
        If it lies on another grid.
    ArgumentError
        If it holds NaN or fractions, or is empty.
    """
    if _is_image(mask):
        values, _, _ = _volume_of_image(mask, None, name)
        affine, said = mask.affine, name  # type: ignore[union-attr]
    else:
        content = _content(mask, name, max_bytes, lambda layout: _choose(layout, None, mask))
        values, affine = content.values, content.layout.affine
        said = f"{name} {shown(mask)}"  # type: ignore[arg-type]
    own = _grid(values.shape, affine, said)
    if own.shape != grid.shape:
        raise GridMismatchError(
            f"{said} has shape {own.shape} but the map has {grid.shape}; "
            "resample it to the map's grid first"
        )
    if not own.same_as(grid):
        raise GridMismatchError(
            f"{said} has the map's shape but another affine; resample it to the map's grid first"
        )
    if values.dtype.kind == "f" and not (values == np.rint(values)).all():
        raise ArgumentError(
            f"{said} holds NaN or fractions; a mask is made of whole numbers, 0 outside"
        )
    inside = values != 0
    if not inside.any():
        raise ArgumentError(f"{said} is empty: all its voxels are 0")
    return np.asarray(inside)


def _is_image(img: Any) -> bool:
    return hasattr(img, "affine") and hasattr(img, "dataobj")


def _content(
    img: Any, name: str, max_bytes: int | None, choose: Any = lambda _layout: None
) -> FileContent:
    if not isinstance(img, (str, os.PathLike)) or not isinstance(os.fspath(img), str):
        raise ArgumentTypeError(
            f"{name} must be a path or a nibabel image with an affine, got {type(img).__name__}"
        )
    path = os.fspath(img)
    if path.startswith("~") and not os.path.lexists(path):
        path = os.path.expanduser(path)  # noqa: PTH111
    return read_content(path, choose, allowed_bytes(max_bytes))


def _choose(layout: Layout, volume: int | None, img: Any) -> int | None:
    return chosen_volume(layout.shape, volume, shown(img))


def chosen_volume(shape: tuple[int, ...], volume: int | None, what: str) -> int:
    """Say which volume of an image is meant.

    Raises
    ------
    ArgumentError
        If there are several and none is chosen, or the chosen one is not there.
    """
    n_volumes = 1
    for n in shape[3:]:
        n_volumes *= n
    if volume is None:
        if n_volumes > 1:
            raise ArgumentError(
                f"{what} has {n_volumes} volumes ({' x '.join(map(str, shape))}); "
                f"choose one with volume= (--volume), 0 to {n_volumes - 1}"
            )
        return 0
    if isinstance(volume, bool) or not isinstance(volume, (int, np.integer)):
        raise ArgumentTypeError(f"volume must be a whole number from 0, got {volume!r}")
    if not 0 <= volume < n_volumes:
        there = "only volume 0" if n_volumes == 1 else f"volumes 0 to {n_volumes - 1}"
        raise ArgumentError(f"volume={volume} was asked for, but {what} has {there}")
    return int(volume)


def _volume_of_image(img: Any, volume: int | None, name: str) -> tuple[AnyArray, Any, Intent]:
    """Give one volume of an image in memory, its header and its intent."""
    shape = tuple(int(n) for n in img.shape)
    if not shape or min(shape) < 1:
        raise ArgumentError(f"{name} has no voxels (shape {shape})")
    check_is_volume(shape, name)
    index = chosen_volume(shape, volume, name)
    further = np.unravel_index(index, shape[3:], order="F") if shape[3:] else ()
    try:
        values = np.asanyarray(img.dataobj[(..., *further)] if further else img.dataobj)
    except MemoryError:
        raise
    except Exception as error:  # a file behind the image may fail in many ways
        why = str(error).partition("\n")[0]
        raise ImageFileError(f"{name}: its values cannot be read ({why})") from error
    if values.dtype.kind not in "biuf":
        raise ArgumentTypeError(f"{name} holds {values.dtype}, not one real number a voxel")
    header = img.header
    try:
        code = int(header["intent_code"])
        intent: Intent = (code, tuple(float(header[f"intent_p{k}"]) for k in (1, 2, 3)))
    except (KeyError, IndexError, TypeError, ValueError):
        intent = (0, ())
    return native(np.array(values) if not values.dtype.isnative else values), header, intent


def _grid(shape: tuple[int, ...], affine: Any, what: str) -> Grid:
    try:
        return Grid((*shape, 1, 1, 1)[:3], affine)  # type: ignore[arg-type]
    except (TypeError, ArgumentError) as error:
        raise ArgumentError(f"{what}: {error}") from error


def _image_class(header: Any) -> Any:
    import nibabel

    wide = type(header) in (nibabel.Nifti2Header, nibabel.nifti2.Nifti2PairHeader)
    return nibabel.Nifti2Image if wide else nibabel.Nifti1Image


def _unchanged(statmap: StatMap, **options: Any) -> StatMap:
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise ArgumentError(
            f"{', '.join(given)} cannot be given with a StatMap, which has its own; "
            "give the file or the image"
        )
    return statmap
