"""What an argument must be, whoever asks."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import TypeGuard

from skerry.errors import ArgumentError, ArgumentTypeError

__all__ = ["check_count", "check_not_negative", "is_number", "is_whole_number"]


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a real number, of Python or numpy; True and False are not."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole_number(value: object) -> TypeGuard[int]:
    """Tell whether a value is of an integer type, of Python or numpy; True and False are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_count(name: str, value: object, *, least: int = 1, instead: str = "") -> int:
    """Give a whole number from `least` on.

    Parameters
    ----------
    name : str
        Of the argument.
    value : object
        What was given for it.
    least : int
    instead : str
        What else it may be, to end the message with.

    Raises
    ------
    ArgumentTypeError, ArgumentError
        If it is none, naming the argument.
    """
    if not is_whole_number(value):
        raise ArgumentTypeError(f"{name} must be a whole number, got {value!r}{instead}")
    if (count := int(value)) < least:
        raise ArgumentError(f"{name} must be at least {least}, got {count}{instead}")
    return count


def check_not_negative(name: str, value: object) -> float:
    """Give a finite number from 0 on.

    Raises
    ------
    ArgumentTypeError, ArgumentError
        If it is none, naming the argument.
    """
    if not is_number(value):
        raise ArgumentTypeError(f"{name} must be a number, got {value!r}")
    try:
        number = float(value)
    except OverflowError:  # an int of hundreds of digits
        number = math.inf
    if not 0 <= number < math.inf:
        raise ArgumentError(f"{name} must be finite and not negative, got {number}")
    return number
