"""FSL's text files of numbers: designs (.mat), contrasts (.con), F tests (.fts), blocks (.grp)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.errors import ArgumentError
from skerry.io.paths import shown
from skerry.io.text import read_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import PathLike

__all__ = ["NumberFile", "is_number_file", "read_number_file"]

_SUFFIXES = (".mat", ".con", ".fts", ".grp")
_NAME = "/ContrastName"


class NumberFile(NamedTuple):
    """What one of FSL's files holds."""

    matrix: NDArray[np.float64]
    row_names: tuple[str, ...]  # of contrasts; empty where the file gives none


def is_number_file(path: PathLike, *suffixes: str) -> bool:
    """Tell by its name whether a file is one of FSL's, or one of some of them."""
    return Path(path).suffix.lower() in (suffixes or _SUFFIXES)


def read_number_file(path: PathLike) -> NumberFile:
    """Read the rows below `/Matrix`, and the names of contrasts above it.

    Parameters
    ----------
    path : path

    Returns
    -------
    NumberFile

    Raises
    ------
    MissingFileError, ImageFileError
        If there is no such file, or it is no text.
    ArgumentError
        If it does not hold a table of finite numbers of the size that it says.
    """
    said = shown(path)
    lines = read_text(path).splitlines()
    words = [line.split(maxsplit=1) for line in lines]
    if ["/Matrix"] not in words:
        raise ArgumentError(f"{said} has no line /Matrix, as FSL's files have")
    begin = words.index(["/Matrix"])
    head = {line[0]: line[1].strip() for line in words[:begin] if len(line) == 2}
    matrix = _matrix([line for line in lines[begin + 1 :] if line.strip()], said)
    n_columns = head.get("/NumWaves", str(matrix.shape[1]))
    n_rows = head.get("/NumPoints", head.get("/NumContrasts", str(len(matrix))))
    if (n_rows, n_columns) != (str(len(matrix)), str(matrix.shape[1])):
        raise ArgumentError(
            f"{said} says {n_rows} rows of {n_columns} numbers, "
            f"but holds {len(matrix)} of {matrix.shape[1]}"
        )
    names = [head.get(f"{_NAME}{k + 1}", "") for k in range(len(matrix))]
    return NumberFile(matrix, tuple(names) if any(names) else ())


def _matrix(lines: list[str], said: str) -> NDArray[np.float64]:
    rows: list[list[float]] = []
    for number, line in enumerate(lines, start=1):
        try:
            rows.append([float(word) for word in line.split()])
        except ValueError:
            raise ArgumentError(f"{said}: row {number} below /Matrix is not of numbers") from None
    if not rows or len({len(row) for row in rows}) > 1:
        raise ArgumentError(f"{said}: the rows below /Matrix must all be of one length")
    matrix = np.array(rows)
    if not np.isfinite(matrix).all():
        raise ArgumentError(f"{said} holds values that are not finite")
    return matrix
