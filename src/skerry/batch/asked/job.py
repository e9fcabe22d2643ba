"""One map to do, and the keys by which it is known whether it was done."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from skerry.batch.parts.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.batch.asked.choices import Choices

__all__ = ["FileSeen", "Job", "key_of", "kin_of", "question_of", "stamp_of_file"]


class FileSeen(NamedTuple):
    """A file that a result came from, as it was then."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


class Job(NamedTuple):
    """What a worker needs to do one map.

    Attributes
    ----------
    location : str
        Absolute path, or neurovault:NUMBER.
    choices : Choices
    known : tuple of str
        Keys of results that are there; if the map has one of them, it is done.
    """

    location: str
    choices: Choices
    known: tuple[str, ...] = ()


def question_of(location: str, choices: Choices) -> str:
    """Give a hash of what is asked, by paths: nothing is read."""
    return _hash([location, _said(choices, True)])


def kin_of(location: str, choices: Choices) -> str:
    """Give a hash of what is asked but for where the files are: a folder may have moved."""
    return _hash([os.path.basename(location), _said(choices, False)])  # noqa: PTH119


def key_of(
    location: str,
    choices: Choices,
    *,
    said: Sequence[Any],
    map_sha256: str,
    mask_sha256: str | None,
    atlases: Sequence[tuple[str, str]],
) -> str:
    """Give a hash of all that decides a map's result: content, options and versions.

    Parameters
    ----------
    location : str
        Of its name, what BIDS says in it counts; not its folder.
    choices : Choices
    said : sequence
        Kind and df that an archive's record gave.
    map_sha256 : str
    mask_sha256 : str or None
    atlases : sequence of (name, sha256)
    """
    return _hash([kin_of(location, choices), list(said), map_sha256, mask_sha256, list(atlases)])


def stamp_of_file(path: str) -> tuple[int, int] | None:
    """Give size and time of change of a file; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


@functools.lru_cache(maxsize=1024)
def _said(choices: Choices, files: bool) -> str:
    """Give options as text; a million maps mostly share theirs."""
    return json.dumps(choices.plain(files=files), sort_keys=True)


def _hash(what: Any) -> str:
    import skerry

    text = json.dumps([skerry.__version__, SCHEMA_VERSION, what], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
