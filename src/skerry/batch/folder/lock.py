"""One run at a time in a folder."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import time
from typing import TYPE_CHECKING, Any

from skerry.batch.extra import need
from skerry.errors import OutputError
from skerry.io.paths import shown

_flock: Callable[[int], None] | None
try:
    import fcntl

    def _flock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
except ImportError:  # pragma: no cover  # Windows
    _flock = None

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

    from skerry.typing import PathLike

__all__ = ["FolderLock"]

_NAME = "run.lock"
# An owner on another machine that has said nothing for so long is gone.
_SILENT_S = 120.0
_BEAT_S = 15.0


class FolderLock:
    """The right to write into a folder, held inside a `with` block.

    A lock of the operating system, which ends with the process that holds it;
    and for disks on which such locks do nothing, a note of who the owner is,
    kept fresh by `beat`.

    Parameters
    ----------
    folder : Path
        Where the lock lies.
    said : path
        What to call the folder in messages.

    Raises
    ------
    OutputError
        If another run has it.
    """

    def __init__(self, folder: Path, said: PathLike) -> None:
        self.path = folder / _NAME
        self._said = shown(said)
        self._me = {
            "host": socket.gethostname(),
            "process": os.getpid(),
            "token": secrets.token_hex(8),
        }
        self._beaten = 0.0

    def __enter__(self) -> Self:
        try:
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise OutputError(f"{self._said} cannot be written: {error.strerror}") from error
        try:
            self._take()
        except BaseException:
            os.close(self._handle)
            raise
        return self

    def _take(self) -> None:
        locked = self._lock()
        owner = self._owner()
        if owner and self._lives(owner, locked):
            raise self._refusal(owner)
        self._write(self._me)
        if not locked:
            # Two that came at once: the one whose note stands has it.
            time.sleep(0.2)
            if (owner := self._owner()) != self._me:
                raise self._refusal(owner)

    def _lock(self) -> bool:
        """Take the lock of the operating system; False where there is none to be had."""
        if _flock is None:  # pragma: no cover
            return False
        try:
            _flock(self._handle)
        except BlockingIOError as error:
            raise self._refusal(self._owner()) from error
        except OSError:
            return False
        return True

    def _owner(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError):
            os.lseek(self._handle, 0, os.SEEK_SET)
            owner = json.loads(os.read(self._handle, 1000))
            if isinstance(owner, dict):
                return owner
        return {}

    def _lives(self, owner: dict[str, Any], locked: bool) -> bool:
        if owner.get("host") == self._me["host"]:
            # Who held the system's lock on this machine is gone, or we had not got it.
            return not locked and _is_running(owner.get("process"))
        return time.time() - os.fstat(self._handle).st_mtime < _SILENT_S

    def _refusal(self, owner: dict[str, Any]) -> OutputError:
        who = (
            f" (process {owner['process']} on {shown(str(owner['host']))})"
            if {"host", "process"} <= owner.keys()
            else ""
        )
        return OutputError(
            f"another run is writing into {self._said}{who}; wait for it, or give another folder"
        )

    def _write(self, owner: dict[str, Any]) -> None:
        data = json.dumps(owner).encode() if owner else b""
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, data)
        self._beaten = time.monotonic()

    def beat(self) -> None:
        """Say that the owner lives; to be called often, does something seldom."""
        if time.monotonic() - self._beaten > _BEAT_S:
            with contextlib.suppress(OSError):
                os.utime(self.path)
            self._beaten = time.monotonic()

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._write({})
        os.close(self._handle)


def _is_running(process: object) -> bool:
    if not isinstance(process, int) or not 0 < process < 1 << 31 or process == os.getpid():
        return False
    # Not os.kill(process, 0), which on Windows does end it.
    return bool(need("psutil").pid_exists(process))
