"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import io
import json
import os
import secrets
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from skerry.errors import ArgumentError, OutputError
from skerry.io.pack import GzipWriter
from skerry.io.paths import shown
from skerry.space.nifti import is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from skerry.typing import PathLike


@contextlib.contextmanager
def whole_file(path: PathLike) -> Iterator[IO[bytes]]:
    """Open a file to write that appears under its name only when it is whole.

    The bytes go to a temporary file beside the target, which then takes the
    target's place in one step; whatever fails on the way leaves the old file
    (or none) as it was.

    Parameters
    ----------
    path : path
        File to write; a link is followed. Its folder must exist.

    Yields
    ------
    binary file
        To be written inside the `with` block.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    target = Path(os.path.realpath(os.path.expanduser(path)))  # noqa: PTH111
    if target.exists() and not target.is_file():
        what = "a folder" if target.is_dir() else "not a regular file"
        raise OutputError(f"{shown(path)} cannot be written: it is {what}")
    # The name has a fixed length, so that a target of the longest name allowed still works.
    partial = target.with_name(f".skerry-{secrets.token_hex(8)}.partial")
    try:
        with open(partial, "xb") as stream:  # noqa: PTH123  # its mode follows the umask
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, target)  # noqa: PTH105
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        why = error.strerror or str(error)
        raise OutputError(f"{shown(path)} cannot be written: {why}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def save_text(text: str, path: PathLike) -> None:
    """Write text as UTF-8, with its line ends as they are."""
    with whole_file(path) as stream:
        stream.write(text.encode("utf-8"))


def save_json(record: Any, path: PathLike) -> None:
    """Write a record as JSON: UTF-8, two spaces deep, one line end at the end.

    Raises
    ------
    ArgumentError
        If the record holds NaN, an infinity, or what JSON cannot hold.
    OutputError
        If the file cannot be written.
    """
    try:
        text = json.dumps(
            record, indent=2, ensure_ascii=False, allow_nan=False, default=_plain_number
        )
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"the record for {shown(path)} does not fit JSON: {error}") from error
    # Names of files may hold bytes that are no UTF-8; JSON has an escape for these.
    save_text(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n", path)


def save_image(img: Any, path: PathLike) -> None:
    """Write an image as NIfTI, with the values and the dtype of its array.

    The source's on-disk dtype and scale factors are left behind: what is read
    back is what was computed. The same image gives the same bytes.

    Parameters
    ----------
    img : nibabel image
        What to write. Booleans become uint8, half floats float32 and long
        doubles float64, which NIfTI readers know. Where the data has a method
        `volumes`, they are made and written one at a time.
    path : path
        Ends in `.nii` or `.nii.gz`.

    Raises
    ------
    ArgumentError
        If the suffix is another, or the dtype has no place in NIfTI.
    OutputError
        If the file cannot be written.
    """
    name = os.fspath(path).lower()
    if not name.endswith((".nii", ".nii.gz")):
        raise ArgumentError(f"{shown(path)} must end in .nii or .nii.gz")
    plain = _as_nifti(img)
    with whole_file(path) as stream:
        if name.endswith(".nii"):
            _write(plain, stream)
            return
        with GzipWriter(stream) as packed:
            _write(plain, packed)


def packed_image(img: Any) -> bytes:
    """Give what `save_image` would write as .nii.gz, as bytes."""
    packed = io.BytesIO()
    with GzipWriter(packed) as stream:
        _write(_as_nifti(img), stream)
    return packed.getvalue()


def _write(img: Any, stream: IO[bytes] | GzipWriter) -> None:
    """Write header and voxels, the first axis fastest, in pieces."""
    stream.write(_head(img))
    values = img.dataobj
    if hasattr(values, "volumes"):  # made one at a time
        for volume in values.volumes():
            stream.write(volume.tobytes(order="F"))
        return
    values = values.T  # C order of the transpose is Fortran order of the array
    for part in values if values.ndim > 1 else [values]:
        stream.write(part.tobytes())


def nifti_head(img: Any) -> bytes:
    """Give the bytes that `save_image` writes before the voxels of an image."""
    return _head(_as_nifti(img))


def _head(img: Any) -> bytes:
    head = io.BytesIO()
    img.header.write_to(head)
    return head.getvalue()


def _as_nifti(img: Any) -> Any:
    """Give a little-endian NIfTI image of the array's own dtype, without scale factors."""
    import nibabel
    import numpy as np

    values = img.dataobj
    if not hasattr(values, "volumes"):
        values = np.asanyarray(values)
        values = values.astype(_stored_dtype(values.dtype), copy=False)
    wanted: Any = nibabel.Nifti2Image if is_wide(values.shape) else nibabel.Nifti1Image
    header = wanted.header_class.from_header(img.header, check=False)
    # nibabel copies that of a NIfTI-2 header to a NIfTI-1 one, then logs that it is wrong.
    header["sizeof_hdr"] = header.sizeof_hdr
    if header.endianness != "<":
        header = header.as_byteswapped("<")
    header.set_data_dtype(values.dtype)
    plain = wanted(values, img.affine, header)
    plain.header.set_slope_inter(1, 0)
    plain.header.set_data_offset(0)  # nibabel sets it behind the extensions
    return plain


def _stored_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    import numpy as np

    if dtype.kind == "b":
        return np.dtype(np.uint8)
    if dtype.kind == "f" and dtype.itemsize not in (4, 8):
        return np.dtype(np.float32 if dtype.itemsize < 4 else np.float64)
    if dtype.kind not in "iuf":
        raise ArgumentError(f"an image of {dtype} cannot be written as NIfTI")
    return dtype.newbyteorder("<")


def _plain_number(value: Any) -> Any:
    """Give NumPy scalars and arrays, and paths, as what JSON knows."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not a number, text, list or mapping")


def made_folder(path: PathLike) -> Path:
    """Give a folder, made with its parents if absent.

    Raises
    ------
    OutputError
        If it cannot be made, or is a file.
    """
    folder = Path(os.path.expanduser(path))  # noqa: PTH111
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = "it is a file" if folder.exists() else error.strerror or str(error)
        raise OutputError(f"the folder {shown(path)} cannot be made: {why}") from error
    return folder
