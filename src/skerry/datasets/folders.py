"""Where fetched data lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from skerry.errors import ArgumentTypeError

if TYPE_CHECKING:
    from skerry.typing import PathLike

__all__ = ["DataFolders", "data_folders"]


class DataFolders(NamedTuple):
    """Folders to look into, in this order, and the one to write to."""

    own: Path
    others: tuple[Path, ...]


def data_folders(data_dir: PathLike | None = None) -> DataFolders:
    """Find the data folders.

    Parameters
    ----------
    data_dir : path, optional
        The folder to use, alone.

    Returns
    -------
    DataFolders
        `data_dir`; else the folder that the environment variable `SKERRY_DATA`
        names; else the user's cache folder for skerry, and beside it nilearn's
        folders (`NILEARN_SHARED_DATA`, `NILEARN_DATA`, `~/nilearn_data`), which
        are read and never changed.

    Raises
    ------
    ArgumentTypeError
        If `data_dir` is not a path.
    """
    if data_dir is not None:
        if not isinstance(data_dir, (str, os.PathLike)):
            raise ArgumentTypeError(f"data_dir must be a path, got {type(data_dir).__name__}")
        return DataFolders(_folder(os.fspath(data_dir)), ())
    if chosen := os.environ.get("SKERRY_DATA"):
        return DataFolders(_folder(chosen), ())
    # Not needed where a folder was chosen, and worth 80 ms.
    import platformdirs

    own = Path(platformdirs.user_cache_dir("skerry", appauthor=False))
    return DataFolders(own, _nilearn_folders())


def _nilearn_folders() -> tuple[Path, ...]:
    named = [
        folder
        for variable in ("NILEARN_SHARED_DATA", "NILEARN_DATA")
        for folder in os.environ.get(variable, "").split(os.pathsep)
    ]
    return tuple(_folder(name) for name in [*named, "~/nilearn_data"] if name)


def _folder(name: str) -> Path:
    # Where there is no home, "~" stays: a folder that is not there.
    return Path(os.path.expanduser(name)).absolute()  # noqa: PTH111
