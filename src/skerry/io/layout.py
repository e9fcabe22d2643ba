"""What a header says of the voxels behind it, and the checks that every format shares."""

from __future__ import annotations

import contextlib
import math
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from skerry.errors import (
    ArgumentError,
    DamagedFileError,
    ImageFileError,
    SkerryError,
    TooLargeError,
)
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from skerry.typing import AnyArray, PathLike

ByteOrder: TypeAlias = Literal["<", ">"]
Intent: TypeAlias = "tuple[int, tuple[float, ...]]"

# 50 volumes of 1 mm float64, or 290 of 2 mm: far above any map, below what stops a laptop.
DEFAULT_MAX_BYTES = 4 << 30
# AFNI's history and XML take some 100 kB; nothing that a map needs takes more than this.
MAX_HEADER_BYTES = 16 << 20
# Vertices of fsaverage 7 to 3, and of fs_LR 164k, 59k and 32k.
_VERTEX_COUNTS = {163842, 40962, 10242, 2562, 642, 59292, 32492}


@dataclass(frozen=True)
class Layout:
    """Where the voxels of an image lie in its data file, and what they mean.

    Attributes
    ----------
    shape : tuple of int
        Voxels along each axis, the first the fastest; three axes or more.
    dtype : dtype
        As stored, with byte order.
    offset_bytes : int
        Of the first voxel, in the (expanded) data file.
    slope, inter : (V,) float64 or None
        Value = slope * stored + inter; one for all volumes or one a volume (of
        an image with four axes).
        None where values are stored as they are.
    affine : (4, 4) float64
        Voxel indices to RAS+ mm.
    header : nibabel header
        As a NIfTI header.
    intents : mapping
        From a volume, or from None for all volumes, to its NIfTI intent: code
        and parameters. AFNI's codes are the same numbers.
    has_trailer : bool
        Whether bytes after the voxels belong to the format.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    offset_bytes: int
    affine: NDArray[np.float64]
    header: Any
    slope: NDArray[np.float64] | None = None
    inter: NDArray[np.float64] | None = None
    intents: Mapping[int | None, Intent] = field(default_factory=dict)
    has_trailer: bool = field(default=False)

    def intent_of(self, volume: int) -> Intent:
        """Give the intent of a volume; code 0 where nothing is said."""
        return self.intents.get(volume, self.intents.get(None, (0, ())))

    @property
    def n_volumes(self) -> int:
        """Number of volumes, all further axes together."""
        return math.prod(self.shape[3:])

    @property
    def volume_bytes(self) -> int:
        """Stored bytes of a volume, in exact integers."""
        return math.prod(self.shape[:3]) * self.dtype.itemsize


def check_shape(shape: tuple[int, ...], path: PathLike) -> tuple[int, ...]:
    """Refuse what is no volume; give at least three axes."""
    text = " x ".join(str(n) for n in shape)
    if not shape or min(shape) < 1:
        raise DamagedFileError(
            f"{shown(path)}: its header says {text or 'no'} voxels; an axis has at least one"
        )
    check_is_volume(shape, shown(path))
    return shape


def check_is_volume(shape: tuple[int, ...], what: str) -> None:
    """Refuse a list of vertices or points in the clothes of an image."""
    space = (*shape, 1, 1, 1)[:3]
    n_places = math.prod(space)
    is_line = sorted(space)[1] == 1 and n_places > 1
    # FreeSurfer folds 163842 vertices into 27307 x 1 x 6, as an axis of NIfTI ends at 32767.
    if (is_line and n_places >= min(_VERTEX_COUNTS)) or (
        n_places in _VERTEX_COUNTS and min(space) == 1
    ):
        raise ImageFileError(
            f"{what} has shape {' x '.join(map(str, space))}: a surface map ({n_places} vertices) "
            "stored as an image; its vertices have no place in a volume, give a volume map"
        )
    if len(shape) < 3:
        raise ImageFileError(
            f"{what} has {len(shape)} {'axis' if len(shape) == 1 else 'axes'}; "
            "an image has at least three (x, y, z)"
        )


def check_affine(affine: Any, path: PathLike, which: str) -> NDArray[np.float64]:
    """Refuse an affine that places no voxel."""
    matrix = np.asarray(affine, dtype=np.float64)
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
        raise DamagedFileError(f"{shown(path)}: its {which} is not made of finite numbers")
    scale = np.abs(matrix[:3, :3]).max()
    if scale == 0 or abs(np.linalg.det(matrix[:3, :3] / scale)) < 1e-9:
        raise DamagedFileError(
            f"{shown(path)}: its {which} cannot be inverted, so its voxels have no place in space"
        )
    return matrix


def check_scaling(
    slope: Any, inter: Any, path: PathLike
) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Refuse scale factors that are not finite; give None where nothing is scaled."""
    slopes = np.atleast_1d(np.asarray(slope, dtype=np.float64))
    inters = np.atleast_1d(np.asarray(inter, dtype=np.float64))
    if not (np.isfinite(slopes).all() and np.isfinite(inters).all()):
        raise DamagedFileError(f"{shown(path)}: its scale factors are not finite numbers")
    # A slope of 0 says that nothing is scaled (NIfTI-1 and AFNI alike).
    inters = np.where(slopes == 0, 0.0, inters)
    slopes = np.where(slopes == 0, 1.0, slopes)
    if (slopes == 1).all() and (inters == 0).all():
        return None, None
    return slopes, inters


def allowed_bytes(max_bytes: int | None) -> int:
    """Give the limit on an expanded image: argument, else `SKERRY_MAX_BYTES`, else 4 GiB."""
    if max_bytes is None:
        text = os.environ.get("SKERRY_MAX_BYTES", "").strip()
        if not text:
            return DEFAULT_MAX_BYTES
        if not text.isdecimal() or not text.isascii() or int(text[:30]) < 1:
            raise ArgumentError(
                f"SKERRY_MAX_BYTES must be a whole number of bytes, at least 1, got {text!r}"
            )
        return int(text[:30])
    if max_bytes < 1:
        raise ArgumentError(f"max_bytes must be at least 1, got {max_bytes}")
    return int(max_bytes)


def check_memory(needed_bytes: int, max_bytes: int, path: PathLike) -> None:
    """Refuse an image that would take more memory than allowed."""
    if needed_bytes > max_bytes:
        raise TooLargeError(
            f"{shown(path)} would take {needed_bytes} bytes of memory, more than the {max_bytes} "
            "allowed; raise max_bytes= or the environment variable SKERRY_MAX_BYTES if you trust it"
        )


@contextlib.contextmanager
def header_faults(path: PathLike, what: str = "header") -> Iterator[None]:
    """Turn whatever nibabel raises on a strange header into one clear line."""
    try:
        yield
    except SkerryError:
        raise
    # Its parsers raise some ten kinds, HeaderDataError (no ValueError) and KeyError among them.
    except Exception as error:
        first_line = str(error).strip().partition("\n")[0]
        raise DamagedFileError(
            f"{shown(path)}: its {what} makes no sense "
            f"({shown(first_line) or type(error).__name__})"
        ) from error


def native(values: AnyArray) -> AnyArray:
    """Give values in the byte order of this machine, in place where they must be turned."""
    if values.dtype.isnative:
        return values
    return values.byteswap(inplace=True).view(values.dtype.newbyteorder("="))
