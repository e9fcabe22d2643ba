"""Design tables and contrasts, as people write them."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError, ArgumentTypeError, MissingFileError
from skerry.stats.permute_model import Model, make_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.typing import PathLike

__all__ = ["Design", "model_of", "read_design"]

# Columns that say whose row it is; they are no regressors.
_LABELS = ("participant_id", "subject_label", "subject_id", "subject")
_MAP = "map"
_TERM = re.compile(r"\s*([+-]?)\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)\s*\*?\s*)?", re.IGNORECASE)


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
        `subject` are no regressors; a column `map` holds the names of the maps' files and
        decides which row is whose. None is a column of ones. Nothing is added.
    map_names : sequence of str
        Name of each map.
    blocks : str, optional
        Column that holds the exchangeability blocks; it is no regressor.

    Returns
    -------
    Design
        Rows in the order of the maps.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If the table cannot be used.
    MissingFileError
        If there is no such file.
    """
    n = len(map_names)
    if design is None:
        if blocks is not None:
            raise ArgumentError("blocks named by a column need a design table")
        return Design(("mean",), np.ones((n, 1)))
    columns, said = _columns(design)
    lengths = {len(values) for values in columns.values()}
    if lengths != {n}:
        raise ArgumentError(f"{said} has {max(lengths, default=0)} rows for {n} maps")
    if _MAP in columns:
        order = _order(columns.pop(_MAP), map_names, said)
        columns = {name: [values[i] for i in order] for name, values in columns.items()}
    labels = None
    if blocks is not None:
        if blocks not in columns:
            raise ArgumentError(f"{said} has no column {blocks!r} for blocks: {_listed(columns)}")
        labels = np.array([str(value) for value in columns.pop(blocks)])
    regressors: dict[str, NDArray[np.float64]] = {}
    for name, values in columns.items():
        if name not in _LABELS:
            regressors.update(_regressors(name, values, said))
    if not regressors:
        raise ArgumentError(f"{said} has no column that is a regressor")
    return Design(tuple(regressors), np.stack(list(regressors.values()), axis=1), labels)


def model_of(design: Design, contrast: Any) -> Model:
    """Make the model of a design and a contrast.

    Parameters
    ----------
    design : Design
    contrast : str, (p,) or (s, p) array_like, or None
        A column's name, a sum such as ``"patient - control"`` or ``"0.5*a + 0.5*b"``, or
        weights. None only where there is one column.

    Returns
    -------
    Model

    Raises
    ------
    ArgumentError
        If it names no column, or does not fit.
    """
    if contrast is None:
        if len(design.names) > 1:
            raise ArgumentError(
                f"the design has several columns; give a contrast of {_listed(design.names)}"
            )
        contrast = design.names[0]
    weights = _weights(contrast, design.names) if isinstance(contrast, str) else contrast
    try:
        rows = np.array(weights, dtype=np.float64)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"the contrast must be a name, a sum of names, or weights, got {contrast!r}"
        ) from None
    return make_model(design.matrix, rows, names=design.names)


def _weights(expression: str, names: Sequence[str]) -> NDArray[np.float64]:
    weights = np.zeros(len(names))
    if expression in names:
        weights[names.index(expression)] = 1.0
        return weights
    by_length = sorted(names, key=len, reverse=True)
    at, begun = 0, False
    while at < len(expression.rstrip()) or not begun:
        term = _TERM.match(expression, at)
        sign, factor = (term[1], term[2]) if term else ("", None)
        at = term.end() if term else at
        name = next((name for name in by_length if expression.startswith(name, at)), None)
        if name is None or (begun and not sign):
            raise ArgumentError(
                f"the contrast {expression!r} is no column nor a sum of columns of the design: "
                f"{_listed(names)}"
            )
        weights[names.index(name)] += float(factor or 1) * (-1 if sign == "-" else 1)
        at, begun = at + len(name), True
    return weights


def _columns(design: Any) -> tuple[dict[str, list[Any]], str]:
    if isinstance(design, (str, os.PathLike)):
        return _read_table(design), os.fspath(design)
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


def _read_table(path: PathLike) -> dict[str, list[Any]]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MissingFileError(f"{os.fspath(path)}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentError(f"{os.fspath(path)} cannot be read as a table: {error}") from None
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise ArgumentError(f"{os.fspath(path)} must have a header line and one row a map")
    rows = list(csv.reader(lines, delimiter="\t" if "\t" in lines[0] else ","))
    header = [name.strip() for name in rows[0]]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise ArgumentError(
                f"{os.fspath(path)}, line {number}: {len(row)} cells under {len(header)} names"
            )
    if len(set(header)) < len(header) or "" in header:
        raise ArgumentError(f"{os.fspath(path)}: each column needs a name of its own")
    return {name: [row[k].strip() for row in rows[1:]] for k, name in enumerate(header)}


def _order(rows: list[Any], map_names: Sequence[str], said: str) -> list[int]:
    """Give the row of each map, by the names of the files."""
    bases = [os.path.basename(str(name)) for name in rows]  # noqa: PTH119
    order = []
    for name in map_names:
        hits = [k for k, base in enumerate(bases) if base == os.path.basename(name)]  # noqa: PTH119
        if len(hits) != 1:
            raise ArgumentError(f"column 'map' of {said} must name {name} once, not {len(hits)}x")
        order += hits
    return order


def _regressors(name: str, values: list[Any], said: str) -> dict[str, NDArray[np.float64]]:
    """Give a column of numbers as it is, a column of words as one regressor a word."""
    try:
        numbers = np.array([float(value) for value in values])
    except (TypeError, ValueError):
        words = [str(value) for value in values]
    else:
        if not np.isfinite(numbers).all():
            row = int(np.flatnonzero(~np.isfinite(numbers))[0]) + 1
            raise ArgumentError(f"{said}: row {row} of {name} is not a finite number")
        return {name: numbers}
    if any(word in ("", "n/a", "nan", "NaN") for word in words):
        raise ArgumentError(f"{said}: {name} has rows without a value")
    levels = sorted(set(words))
    if len(levels) == len(words):
        raise ArgumentError(
            f"{said}: every row of {name} is another word; "
            f"call it participant_id if it is a label, or leave it out"
        )
    return {level: np.array([float(word == level) for word in words]) for level in levels}


def _listed(names: Any) -> str:
    return ", ".join(map(str, names))
