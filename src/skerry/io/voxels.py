"""Read the voxels of a file that was judged, and nothing but them."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from skerry.errors import DamagedFileError, ImageFileError, MissingFileError, TooLargeError
from skerry.io import afni, analyze, mgh, nifti
from skerry.io.container import ByteSource, opened
from skerry.io.layout import Layout, check_memory, native
from skerry.io.notice import notice
from skerry.io.paths import shown, sibling
from skerry.io.sniff import SNIFFED_BYTES, what_it_is

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.typing import AnyArray, PathLike

# Path, and its size and time of change when it was read.
FileStamp: TypeAlias = "tuple[str, tuple[int, int]]"


@dataclass(frozen=True)
class FileContent:
    """Voxels of a file, scaled, with what its header says.

    Attributes
    ----------
    values : (I, J, K[, ...]) array
        In the stored dtype where nothing is scaled, else float64.
    layout : Layout
        The header, judged.
    volume : int or None
        The volume that was read; None for all.
    files : tuple of (str, (int, int))
        What was read, each with its size and time of change.
    """

    values: AnyArray
    layout: Layout
    volume: int | None
    files: tuple[FileStamp, ...]


def read_content(
    path: PathLike, choose: Callable[[Layout], int | None], max_bytes: int
) -> FileContent:
    """Read an image file to its end.

    Parameters
    ----------
    path : path
        Of an image, or of either file of a pair.
    choose : callable
        Given the layout: the volume to read, or None for all of them.
    max_bytes : int
        Limit on the memory that the image takes.

    Raises
    ------
    ImageFileError
        Of one of its kinds, on whatever is wrong with the file.
    """
    path = os.fspath(path)
    with ExitStack() as stack:
        # A signalling NaN warns when it is cast, and numbers of a damaged header may overflow:
        # what matters of both is checked.
        stack.enter_context(np.errstate(all="ignore"))
        first = _header_path(path)
        source = stack.enter_context(opened(first))
        layout, data_path = _judge(source)
        files: list[FileStamp] = [(first, source.stamp)]
        if data_path is not None:
            source.finish(max_bytes)
            source = stack.enter_context(_opened_data(data_path, first))
            source.skip(layout.offset_bytes)
            files.append((data_path, source.stamp))
        volume = choose(layout)
        stored = _read_voxels(source, layout, volume, max_bytes)
        values = _scaled(stored, layout, volume)
    return FileContent(values, layout, volume, tuple(files))


def _header_path(path: str) -> str:
    """Give the file of a pair that holds the header."""
    lower = path.lower()
    if lower.endswith((".img", ".img.gz")):
        candidates = [sibling(path, ".hdr"), sibling(path, ".hdr.gz")]
    elif lower.endswith((".brik", ".brik.gz")):
        candidates = [sibling(path, ".head"), sibling(path, ".HEAD")]
    else:
        return path
    with opened(path) as source:  # a file that is not there, or a folder, is the first thing to say
        if nifti.is_nifti(head := source.peek(SNIFFED_BYTES)) and not nifti.is_pair(head):
            return path  # a single file under the name of a pair
    found = next((c for c in candidates if os.path.isfile(c)), None)  # noqa: PTH113
    if found is None:
        raise MissingFileError(
            f"File not found: {shown(candidates[-1 if 'HEAD' in candidates[-1] else 0])}, "
            f"the header of {shown(path)}"
        )
    return found


def _judge(source: ByteSource) -> tuple[Layout, str | None]:
    """Judge the header by content, then by name; give also the file of the voxels."""
    path = os.fspath(source.path)
    lower = path.lower()
    head = source.peek(SNIFFED_BYTES)
    if nifti.is_nifti(head):
        pair = nifti.is_pair(head)
        return nifti.read_layout(source), _data_path(path) if pair else None
    if lower.endswith((".mgh", ".mgz", ".mgh.gz")) and head[:4] == b"\0\0\0\x01":
        return mgh.read_layout(source), None
    if lower.endswith(".head") and b"-attribute" in head:
        bricks = [sibling(path, s) for s in (".BRIK", ".BRIK.gz", ".brik", ".brik.gz")]
        return afni.read_layout(source), next(filter(os.path.isfile, bricks), bricks[0])
    if lower.endswith((".hdr", ".hdr.gz")) and analyze.is_analyze(head):
        return analyze.read_layout(source), _data_path(path)
    if nifti.is_cut(head):
        raise DamagedFileError(f"{shown(path)} is cut short: it ends inside its header")
    raise ImageFileError(what_it_is(head, path))


def _data_path(header_path: str) -> str:
    candidates = [sibling(header_path, ".img"), sibling(header_path, ".img.gz")]
    return next(filter(os.path.isfile, candidates), candidates[0])


def _opened_data(data_path: str, header_path: str) -> AbstractContextManager[ByteSource]:
    if not os.path.lexists(data_path):
        raise MissingFileError(
            f"File not found: {shown(data_path)}, the voxels of {shown(header_path)}"
        )
    return opened(data_path)


def _read_voxels(
    source: ByteSource, layout: Layout, volume: int | None, max_bytes: int
) -> AnyArray:
    n_volumes = layout.n_volumes if volume is None else 1
    n_voxels = layout.volume_bytes // layout.dtype.itemsize * n_volumes
    scaled_bytes = 0 if layout.slope is None else 8 * n_voxels
    _check_size(source, layout)
    check_memory(n_voxels * layout.dtype.itemsize + scaled_bytes, max_bytes, source.path)
    try:
        values = np.empty(n_voxels, dtype=layout.dtype)
    except (MemoryError, ValueError) as error:
        raise TooLargeError(
            f"{shown(source.path)} needs {n_voxels * layout.dtype.itemsize} bytes of memory, "
            "which this machine does not give"
        ) from error
    before = (volume or 0) * layout.volume_bytes
    after = (layout.n_volumes - n_volumes) * layout.volume_bytes - before
    found = source.skip(before)
    found += source.read_into(values.view(np.uint8).data)
    found += source.skip(after)
    expected = layout.n_volumes * layout.volume_bytes
    if found < expected:
        raise _cut(source, expected, found)
    left = source.finish(max_bytes)
    if left and not layout.has_trailer:
        notice(
            f"{shown(source.path)}: {left} bytes are left over after the {expected} bytes of "
            "voxels that its header describes"
        )
    shape = layout.shape if volume is None else layout.shape[:3]
    return values.reshape(shape, order="F")


def _check_size(source: ByteSource, layout: Layout) -> None:
    """Refuse a file that cannot hold its voxels, before memory is taken."""
    expected = layout.n_volumes * layout.volume_bytes
    if layout.offset_bytes + expected > source.most_bytes:
        room = max(source.most_bytes - layout.offset_bytes, 0)
        raise _cut(source, expected, None if source.is_gzip else room)


def _cut(source: ByteSource, expected: int, found: int | None) -> DamagedFileError:
    has = "fewer" if found is None else f"only {found}"
    return DamagedFileError(
        f"{shown(source.path)} is cut short, or its header is wrong: {expected} bytes of voxels "
        f"are due, {has} are there"
    )


def _scaled(stored: AnyArray, layout: Layout, volume: int | None) -> AnyArray:
    values = native(stored)
    if layout.slope is None or layout.inter is None:
        return values
    slope, inter = layout.slope, layout.inter
    if len(slope) > 1:  # one a volume (AFNI)
        one = slice(volume, None if volume is None else volume + 1)
        slope, inter = slope[one], inter[one]
    values = values.astype(np.float64)
    values *= slope  # along the last axis, where there are several
    values += inter
    return values
