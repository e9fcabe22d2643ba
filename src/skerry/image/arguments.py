"""Checks of plain arguments, with the error types that nilearn raises."""

from __future__ import annotations

from typing import Any

import numpy as np

from skerry.checks import is_number, is_whole_number
from skerry.errors import ArgumentError, ArgumentTypeError


def check_bool(value: Any, name: str) -> None:
    """Raise unless `value` is True or False."""
    if not isinstance(value, bool):
        raise ArgumentTypeError(
            f"'{name}' must be of type(s): bool; got {type(value).__name__} ({value!r})"
        )


def check_integer(value: Any, name: str) -> int:
    """Give an integer, or raise naming the parameter."""
    if not is_whole_number(value):
        raise ArgumentTypeError(
            f"'{name}' must be of type(s): int; got {type(value).__name__} ({value!r})"
        )
    return int(value)


def check_number(value: Any, name: str) -> float:
    """Give a finite number, or raise naming the parameter."""
    if not is_number(value):
        raise ArgumentTypeError(
            f"'{name}' must be of type(s): int, float; got {type(value).__name__} ({value!r})"
        )
    if not np.isfinite(value):
        raise ArgumentError(f"'{name}' must be finite, got {value}")
    return float(value)
