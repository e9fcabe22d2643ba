"""Read images and maps, safely."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.io.hashing import sha256_of_unchanged
from skerry.io.kind import meaning_of, minus_log10_p
from skerry.io.mask import load_mask
from skerry.io.notice import notice
from skerry.io.paths import stem_of
from skerry.io.volume import content_of_file, is_image, volume_of
from skerry.space.statmap import StatMap

if TYPE_CHECKING:
    from skerry.typing import FloatArray, ImageLike, Kind

__all__ = ["load_image", "load_map", "load_mask"]

# No statistic is as large, in single or double precision.
_BEYOND_STATISTICS = 1e37


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
    if is_image(img):
        return img
    content = content_of_file(img, name, max_bytes)
    import nibabel

    layout = content.layout
    is_wide = isinstance(layout.header, nibabel.Nifti2Header)
    image_class: Any = nibabel.Nifti2Image if is_wide else nibabel.Nifti1Image
    file_map = image_class.make_file_map()
    loaded = image_class(content.values, layout.affine, layout.header, file_map=file_map)
    # As nibabel does: the header goes on naming the dtype on disk, and the image its file.
    loaded.header.set_data_dtype(layout.dtype)
    for holder in file_map.values():
        holder.filename = content.files[-1][0]
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
    found = volume_of(img, volume, "img", max_bytes)
    meaning = meaning_of(kind, df, found.intent, found.path, found.said)
    inside = None if mask is None else load_mask(mask, found.grid, max_bytes=max_bytes)
    values = found.values
    if values.dtype != np.float32:
        values = values.astype(np.float64, copy=False)
    values, n_stand_ins = _with_infinities(values)
    if meaning.kind == "p":
        values, inside = minus_log10_p(values, meaning.stored_as, inside, found.said)
    statmap = StatMap(
        values,
        found.grid,
        values != 0 if inside is None else inside,  # StatMap takes NaN out
        meaning.kind,
        meaning.df,
        stem_of(found.path) if found.path else "map",
        found.path if found.files else None,
        found.header,
        partial(sha256_of_unchanged, found.files) if found.files else None,
    )
    if statmap.n_infinite:
        stand_ins = f" or beyond {_BEYOND_STATISTICS:g}, as if infinite" if n_stand_ins else ""
        notice(f"{found.said}: {statmap.n_infinite} values in its mask are infinite{stand_ins}")
    return statmap


def _with_infinities(values: FloatArray) -> tuple[FloatArray, int]:
    """Take what numpy's nan_to_num puts for infinity as infinity, or sums would overflow.

    Returns
    -------
    array, int
        The values, and how many finite ones became infinite.
    """
    beyond = (values > _BEYOND_STATISTICS) | (values < -_BEYOND_STATISTICS)
    n_stand_ins = int(np.count_nonzero(np.isfinite(values[beyond])))
    if n_stand_ins == 0:
        return values, 0
    infinite = values.copy(order="K")
    infinite[beyond] = np.copysign(np.inf, values[beyond])
    return infinite, n_stand_ins


def _unchanged(statmap: StatMap, **options: Any) -> StatMap:
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise ArgumentError(
            f"{', '.join(given)} cannot be given with a StatMap, which has its own; "
            "give the file or the image"
        )
    return statmap
