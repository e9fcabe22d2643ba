"""What the tables check of their arguments."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from skerry.errors import ArgumentError, ArgumentTypeError


def check_not_negative(name: str, value: Any) -> None:
    """Refuse what is no finite number, or negative.

    Raises
    ------
    ArgumentTypeError, ArgumentError
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise ArgumentTypeError(f"{name} must be a number, got {value!r}")
    if not 0 <= value < math.inf:
        raise ArgumentError(f"{name} must be finite and not negative, got {value}")
