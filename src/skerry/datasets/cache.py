"""Files kept on disk: whole and verified, or not there."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import time
import warnings
from typing import IO, TYPE_CHECKING

from skerry.errors import ImageFileError, OutputError, SkerryError, TooLargeError
from skerry.io.hashing import sha256_of
from skerry.io.load import load_image
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "check_image",
    "discard",
    "incoming",
    "is_whole",
    "keep",
    "keep_text",
    "make_folder",
    "recorded_sha256",
    "sweep",
]

# An image's sha256 stands beside it, in the form that `sha256sum -c` reads.
_RECORD_SUFFIX = ".sha256"
_RECORD_LENGTH = 1000
_TEMPORARY = re.compile(r"\.skerry-(?P<host>.*)-(?P<process>\d+)-[0-9a-f]{16}\.[a-z.]{1,9}")
_ABANDONED_S = 24 * 3600.0


def is_whole(image: Path) -> bool:
    """Tell whether a kept image can be used.

    With a record of its sha256 the bytes must be those; without one (nilearn
    keeps none) the file must be a gzipped image that reads to its end.
    """
    recorded = recorded_sha256(image)
    try:
        if recorded is not None:
            return sha256_of(image) == recorded
        check_image(image)
    except TooLargeError:
        raise
    except ImageFileError:
        return False
    return True


def check_image(path: Path) -> None:
    """Read an image to its end.

    Raises
    ------
    ImageFileError
        If its bytes or its header are damaged.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whoever uses the image is warned then
        load_image(path)


def make_folder(folder: Path) -> None:
    """Make a folder for files to keep."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_kept(folder, error) from error


@contextlib.contextmanager
def incoming(folder: Path, *, ending: str = ".nii.gz") -> Iterator[tuple[Path, IO[bytes]]]:
    """Open a temporary file in a folder; it is gone after the block unless it was kept.

    By default its name ends as an image's does, so that it can be read before it is kept.

    Raises
    ------
    OutputError
        If it cannot be written, here or inside the block.
    """
    name = f".skerry-{_host()}-{os.getpid()}-{secrets.token_hex(8)}{ending}"
    temporary = folder / name
    try:
        with temporary.open("xb") as stream:
            yield temporary, stream
    except OSError as error:
        if isinstance(error, SkerryError):
            raise
        raise _not_kept(folder, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def keep(temporary: Path, stream: IO[bytes], target: Path, sha256: str | None = None) -> None:
    """Give a temporary file its name, in one step, after its bytes are on the disk.

    Parameters
    ----------
    temporary, stream
        From `incoming`, in the folder of `target`.
    target : Path
        Replaced if it is there. Processes that keep the same file at the same
        time each put a whole one there.
    sha256 : str, optional
        Of the bytes; recorded beside the file.
    """
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()  # an open file cannot be renamed on Windows
    try:
        os.replace(temporary, target)  # noqa: PTH105
    except OSError as error:
        raise _not_kept(target, error) from error
    if sha256 is not None:
        record = target.with_name(target.name + _RECORD_SUFFIX)
        keep_text(f"{sha256}  {target.name}\n", record)


def keep_text(text: str, target: Path) -> None:
    """Keep a small text file."""
    with incoming(target.parent) as (temporary, stream):
        stream.write(text.encode("utf-8"))
        keep(temporary, stream, target)


def discard(image: Path) -> None:
    """Remove a kept image and the record of its sha256."""
    with contextlib.suppress(OSError):
        image.unlink(missing_ok=True)
        image.with_name(image.name + _RECORD_SUFFIX).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove the temporary files of processes that were killed.

    Those of this machine whose process is gone; any others after a day.
    """
    for path in folder.glob(".skerry-*"):
        found = _TEMPORARY.fullmatch(path.name)
        if found is None:
            continue
        with contextlib.suppress(OSError):
            old = time.time() - path.stat().st_mtime > _ABANDONED_S
            if old or (found["host"] == _host() and not _is_alive(int(found["process"]))):
                path.unlink()


def recorded_sha256(image: Path) -> str | None:
    """Give the sha256 that was recorded when a file was kept; None where there is none."""
    try:
        with image.with_name(image.name + _RECORD_SUFFIX).open("rb") as stream:
            words = stream.read(_RECORD_LENGTH).split()
    except OSError:
        return None
    return words[0].decode("ascii", "replace") if words else None


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.]", "_", socket.gethostname())[:60]


def _is_alive(process: int) -> bool:
    if os.name != "posix":  # elsewhere `os.kill` ends a process instead of asking
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _not_kept(path: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(
        f"{shown(path)} cannot be written: {why}; "
        "choose another folder with data_dir, SKERRY_DATA or --out"
    )
