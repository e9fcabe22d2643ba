"""Standard output and standard error, whose readers may leave before the work is done."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skerry.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

__all__ = ["lasting_streams"]


@contextmanager
def lasting_streams() -> Iterator[None]:
    """Let standard output and error take what is written, also when nobody reads it.

    Who reads a pipe (`| head -1`) stops when he has what he wanted; that is no reason to
    stop the work, nor an error. What cannot be said on standard error is lost. Results
    that standard output cannot take for another reason, a full disk, are an `OutputError`.
    """
    before = sys.stdout, sys.stderr
    lasting: Any = (_Lasting(_there(sys.stdout), "standard output"), _Lasting(_there(sys.stderr)))
    sys.stdout, sys.stderr = lasting
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _there(stream: TextIO | None) -> TextIO:
    """Give a stream; where the shell closed it (`>&-`), one that goes nowhere."""
    return Path(os.devnull).open("w", encoding="utf-8") if stream is None else stream


class _Lasting:
    """A stream that outlives its reader; `name` where a full disk is an error."""

    def __init__(self, stream: TextIO, name: str | None = None) -> None:
        self._stream, self._name = stream, name
        with suppress(AttributeError, OSError):
            # A name that the terminal's encoding lacks is shown escaped.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]

    def write(self, text: str) -> int:
        with self._outlived():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._outlived():
            self._stream.flush()

    @contextmanager
    def _outlived(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._discard()
            if self._name and not isinstance(error, BrokenPipeError):
                raise OutputError(
                    f"{self._name} cannot be written: {error.strerror}; "
                    "the files that were written stay"
                ) from error

    def _discard(self) -> None:
        """Send all further text nowhere, and what waits: Python flushes when it ends."""
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
