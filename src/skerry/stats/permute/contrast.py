"""Contrasts of a design, as people write them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.errors import ArgumentError
from skerry.stats.permute.fsl import is_number_file, read_number_file
from skerry.stats.permute.model import Model, make_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.stats.permute.design import Design

__all__ = ["Contrast", "model_of", "read_contrasts", "rows_of"]

_SIGN = re.compile(r"\s*([+-]?)\s*")
_FACTOR = re.compile(r"(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)\s*\*?\s*", re.IGNORECASE)
_END_OF_TERM = re.compile(r"\s*(?:[+-]|$)")
_BETWEEN = re.compile(r"[\s,]+")


class Contrast(NamedTuple):
    """One test: a row of weights for t, several for F."""

    name: str
    rows: NDArray[np.float64]  # (s, p)


def read_contrasts(
    said: Sequence[str], names: Sequence[str], *, together: bool = False
) -> list[Contrast]:
    """Understand contrasts, each of which is a test.

    Parameters
    ----------
    said : sequence of str
        Each as `rows_of` takes it; or FSL's file of contrasts (``design.con``), each row of
        which is one, and after it its file of F tests (``design.fts``).
    names : sequence of str
        Of the design's columns.
    together : bool
        All rows are one F test.

    Returns
    -------
    list of Contrast

    Raises
    ------
    ArgumentError, MissingFileError
        If one cannot be understood.
    """
    found: list[Contrast] = []
    listed: list[Contrast] = []  # of the latest .con file
    for one in said:
        if is_number_file(one, ".con"):
            listed = _listed_contrasts(one, names)
            found += listed
        elif is_number_file(one, ".fts"):
            found += _f_tests(one, listed)
        else:
            found.append(Contrast(one.strip(), rows_of(one, names)))
    if together:
        rows = np.concatenate([contrast.rows for contrast in found])
        return [Contrast("; ".join(contrast.name for contrast in found), rows)]
    return found


def rows_of(contrast: Any, names: Sequence[str]) -> NDArray[np.float64]:
    """Give a contrast's weights of the design's columns.

    Parameters
    ----------
    contrast : str, sequence of str, or (p,) or (s, p) array_like
        A column's name; a sum (``"patient - control"``, ``"0.5*a + 0.5*b"``); weights
        (``"1 -1 0"``). Several, as a sequence or between semicolons, are the rows of an F test.
    names : sequence of str
        Of the design's columns.

    Returns
    -------
    (s, p) float64

    Raises
    ------
    ArgumentError
        If it cannot be understood.
    """
    if isinstance(contrast, str):
        if contrast in names:
            return _one_row(contrast, names)[None]
        parts = [part for part in contrast.split(";") if part.strip()]
        return np.stack([_one_row(part, names) for part in parts or [contrast]])
    given = list(contrast) if isinstance(contrast, (list, tuple)) else contrast
    if isinstance(given, list) and given and all(isinstance(row, str) for row in given):
        return np.concatenate([rows_of(row, names) for row in given])
    try:
        return np.array(given, dtype=np.float64, ndmin=2)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"the contrast must be a name, a sum of names, or weights, got {contrast!r}"
        ) from None


def model_of(design: Design, contrast: Any) -> Model:
    """Make the model of a design and a contrast.

    Parameters
    ----------
    design : Design
    contrast
        See `rows_of`; None only where there is one column.

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
                f"the design has several columns; give a contrast of {', '.join(design.names)}"
            )
        contrast = design.names[0]
    return make_model(design.matrix, rows_of(contrast, design.names), names=design.names)


def _one_row(said: str, names: Sequence[str]) -> NDArray[np.float64]:
    if said in names:
        return np.array([float(name == said) for name in names])
    weights = _numbers(said)
    if weights is None:
        return _sum_of_names(said.strip(), names)
    if len(weights) != len(names):
        raise ArgumentError(
            f"the contrast {said.strip()!r} has {len(weights)} weights, "
            f"but there are {len(names)} columns of the design: {', '.join(names)}"
        )
    return weights


def _numbers(said: str) -> NDArray[np.float64] | None:
    """Give the numbers of a text that holds nothing else."""
    words = [word for word in _BETWEEN.split(said.strip().strip("[]")) if word]
    try:
        return np.array([float(word) for word in words]) if words else None
    except ValueError:
        return None


def _sum_of_names(expression: str, names: Sequence[str]) -> NDArray[np.float64]:
    weights = np.zeros(len(names))
    at, begun = 0, False
    while at < len(expression) or not begun:
        said = _SIGN.match(expression, at)
        sign, begin = (said[1], said.end()) if said else ("", at)
        factor, name, at = _term(expression, begin, names)
        if name is None or (begun and not sign):
            raise ArgumentError(
                f"the contrast {expression!r} is no column nor a sum of columns of the design: "
                f"{', '.join(names)}"
            )
        weights[names.index(name)] += -factor if sign == "-" else factor
        begun = True
    return weights


def _term(expression: str, at: int, names: Sequence[str]) -> tuple[float, str | None, int]:
    """Give the factor and the name that stand at a place, and where they end."""
    # A name may begin with a number (`2back`): it is looked for before a factor is.
    name = _name_at(expression, at, names)
    factor = None if name is not None else _FACTOR.match(expression, at)
    if factor is not None:
        at = factor.end()
        name = _name_at(expression, at, names)
    return float(factor[1]) if factor else 1.0, name, at + len(name or "")


def _name_at(expression: str, at: int, names: Sequence[str]) -> str | None:
    """Give the longest name that fills a term from a place to its end."""
    fitting = [
        name
        for name in names
        if expression.startswith(name, at) and _END_OF_TERM.match(expression, at + len(name))
    ]
    return max(fitting, key=len, default=None)


def _listed_contrasts(path: str, names: Sequence[str]) -> list[Contrast]:
    file = read_number_file(path)
    if file.matrix.shape[1] != len(names):
        raise ArgumentError(
            f"{path} has {file.matrix.shape[1]} weights a contrast, "
            f"but there are {len(names)} columns of the design: {', '.join(names)}"
        )
    said = file.row_names or [f"contrast {k + 1}" for k in range(len(file.matrix))]
    return [Contrast(name, row[None]) for name, row in zip(said, file.matrix, strict=True)]


def _f_tests(path: str, listed: Sequence[Contrast]) -> list[Contrast]:
    """Give the F tests of a file whose rows choose contrasts of the .con file before it."""
    if not listed:
        raise ArgumentError(f"{path} chooses contrasts of a .con file; give that one before it")
    chosen = read_number_file(path).matrix
    stem = os.path.basename(path)  # noqa: PTH119
    if chosen.shape[1] != len(listed) or not np.isin(chosen, (0, 1)).all():
        raise ArgumentError(f"{path} must have rows of 0 and 1 for {len(listed)} contrasts")
    tests = []
    for number, row in enumerate(chosen, start=1):
        if not row.any():
            raise ArgumentError(f"{path}: row {number} chooses no contrast")
        rows = [contrast.rows for contrast, is_in in zip(listed, row, strict=True) if is_in]
        tests.append(Contrast(f"F {number} of {stem}", np.concatenate(rows)))
    return tests
