"""Design tables, as people write them."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.io.paths import shown
from skerry.io.text import read_text
from skerry.stats.permute.fsl import is_number_file, read_number_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.typing import PathLike

__all__ = ["Design", "read_design"]

# Columns that say whose row it is; they are no regressors.
_LABELS = ("participant_id", "subject_label", "subject_id", "subject")
_MAP = "map"
_MISSING = ("", "n/a", "N/A", "NA", "nan", "NaN", "null", "NULL", "<NA>")


@dataclass(frozen=True, slots=True)
class Design:
    """A design: one row a map, one column a regressor.

    Attributes
    ----------
    names : tuple of str
    matrix : (n, p) float64
    blocks : (n,) array or None
    """

    names: tuple[str, ...]
    matrix: NDArray[np.float64]
    blocks: NDArray[Any] | None = None


def read_design(design: Any, map_names: Sequence[str], *, blocks: str | None = None) -> Design:
    """Understand a design.

    Parameters
    ----------
    design : path, pandas.DataFrame, mapping or (n, p) array_like, or None
        A table in a file has tabs (or commas) and a header line. A column of words gives one
        regressor for each word. `participant_id`, `subject_label`, `subject_id` and
        `subject` are no regressors; a column `map` holds the names of the maps' files, with
        so much of their folders as tells them apart, and decides which row is whose. FSL's
        ``design.mat`` has columns EV1, EV2, ... None is a column of ones. Nothing is added.
    map_names : sequence of str
        Name of each map.
    blocks : str, optional
        Column that holds the exchangeability blocks; it is no regressor. Or FSL's file of
        them (``design.grp``).

    Returns
    -------
    Design
        Rows in the order of the maps.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If the table cannot be used.
    MissingFileError, ImageFileError
        If there is no such file, or it is no text.
    """
    n = len(map_names)
    labels = None
    if blocks is not None and is_number_file(blocks, ".grp"):
        labels, blocks = _groups(blocks, n), None
    if design is None:
        if blocks is not None:
            raise ArgumentError("blocks named by a column need a design table")
        return Design(("mean",), np.ones((n, 1)), labels)
    columns, said = _columns(design)
    lengths = {len(values) for values in columns.values()}
    if lengths != {n}:
        raise ArgumentError(f"{said} has {max(lengths, default=0)} rows for {n} maps")
    if _MAP in columns:
        order = _order(columns.pop(_MAP), map_names, said)
        columns = {name: [values[i] for i in order] for name, values in columns.items()}
    if blocks is not None:
        if blocks not in columns:
            raise ArgumentError(f"{said} has no column {blocks!r} for blocks: {_listed(columns)}")
        labels = np.array(_words(blocks, columns.pop(blocks), said))
    regressors: dict[str, NDArray[np.float64]] = {}
    for name, values in columns.items():
        for regressor, numbers in _regressors(name, values, said) if name not in _LABELS else ():
            if regressor in regressors:
                raise ArgumentError(
                    f"{said}: {name} gives a second regressor {regressor!r}, and a contrast could "
                    f"not tell them apart; call it {name}_{regressor} there"
                )
            regressors[regressor] = numbers
    if not regressors:
        raise ArgumentError(f"{said} has no column that is a regressor")
    return Design(tuple(regressors), np.stack(list(regressors.values()), axis=1), labels)


def _columns(design: Any) -> tuple[dict[str, list[Any]], str]:
    if isinstance(design, (str, os.PathLike)):
        if not is_number_file(design, ".mat"):
            return _read_table(design), shown(design)
        matrix = read_number_file(design).matrix
        return {f"EV{k + 1}": list(column) for k, column in enumerate(matrix.T)}, shown(design)
    if hasattr(design, "columns") or isinstance(design, dict):
        names = list(design.columns if hasattr(design, "columns") else design)
        return {str(name): list(design[name]) for name in names}, "the design"
    try:
        matrix = np.array(design, dtype=np.float64)
    except (TypeError, ValueError):
        raise ArgumentTypeError(
            f"design must be a table, its path, or numbers, got {type(design).__name__}"
        ) from None
    matrix = matrix[:, None] if matrix.ndim == 1 else matrix
    if matrix.ndim != 2:
        raise ArgumentError(f"design must have rows and columns, got shape {matrix.shape}")
    return {f"column_{k + 1}": list(matrix[:, k]) for k in range(matrix.shape[1])}, "the design"


def _groups(path: str, n: int) -> NDArray[np.float64]:
    labels = read_number_file(path).matrix
    if labels.shape != (n, 1):
        raise ArgumentError(f"{path} must have one number a row for {n} maps, got {labels.shape}")
    return labels[:, 0]


def _read_table(path: PathLike) -> dict[str, list[Any]]:
    said = shown(path)
    text = read_text(path)
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise ArgumentError(f"{said} must have a header line and one row a map")
    rows = list(csv.reader(lines, delimiter="\t" if "\t" in lines[0] else ","))
    header = [name.strip() for name in rows[0]]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise ArgumentError(
                f"{said}, line {number}: {len(row)} cells under {len(header)} names"
            )
    if len(set(header)) < len(header) or "" in header:
        raise ArgumentError(f"{said}: each column needs a name of its own")
    return {name: [row[k].strip() for row in rows[1:]] for k, name in enumerate(header)}


def _order(rows: list[Any], map_names: Sequence[str], said: str) -> list[int]:
    """Give the row of each map, by the names of the files: as much of the paths as is alike."""
    named: dict[tuple[str, ...], list[int]] = {}  # rows by every end of their path
    for row, name in enumerate(rows):
        for end in _ends(name):
            named.setdefault(end, []).append(row)
    order: list[int] = []
    for name in map_names:
        hits = next((named[end] for end in _ends(name) if end in named), [])
        if len(hits) != 1:
            raise ArgumentError(f"column 'map' of {said} must name {name} once, not {len(hits)}x")
        if hits[0] in order:
            other = map_names[order.index(hits[0])]
            raise ArgumentError(
                f"{rows[hits[0]]} in column 'map' of {said} could be {other} or {name}: "
                "give more of the path"
            )
        order += hits
    return order


def _ends(name: Any) -> list[tuple[str, ...]]:
    """Give the ends of a path, the longest first: the file's name, alone, is the last."""
    parts = Path(str(name)).parts
    return [parts[first:] for first in range(len(parts))]


def _regressors(name: str, values: list[Any], said: str) -> list[tuple[str, NDArray[np.float64]]]:
    """Give a column of numbers as it is, a column of words as one regressor a word."""
    numbers = [_number(value) for value in values]
    known = [number for number in numbers if number is not None]
    if len(known) == len(values):
        column = np.array(known)
        if not np.isfinite(column).all():
            row = int(np.flatnonzero(~np.isfinite(column))[0]) + 1
            raise ArgumentError(f"{said}: row {row} of {name} is not a finite number")
        return [(name, column)]
    words = _words(name, values, said)
    if known:
        word = next(word for word, number in zip(words, numbers, strict=True) if number is None)
        raise ArgumentError(
            f"{said}: {name} has both numbers and words, such as {word!r}; "
            "write numbers alone, or words alone"
        )
    levels = sorted(set(words))
    if len(levels) == len(words):
        raise ArgumentError(
            f"{said}: every row of {name} is another word; "
            f"call it participant_id if it is a label, or leave it out"
        )
    return [(level, np.array([float(word == level) for word in words])) for level in levels]


def _number(value: Any) -> float | None:
    """Give a number, or None for a word; `1_2` is a word, though Python reads 12."""
    if isinstance(value, str) and "_" in value:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _words(name: str, values: list[Any], said: str) -> list[str]:
    if any(value is None or str(value) in _MISSING for value in values):
        raise ArgumentError(f"{said}: {name} has rows without a value")
    return [str(value) for value in values]


def _listed(names: Any) -> str:
    return ", ".join(map(str, names))
