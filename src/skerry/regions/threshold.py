"""What a threshold says: a height, a share of the map, or a statistical claim."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from skerry.checks import is_number
from skerry.errors import ArgumentError, ArgumentTypeError

Form: TypeAlias = Literal["value", "percentile", "p", "fdr", "bonferroni", "fwe", "tdp"]

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_PERCENT = re.compile(rf"({_NUMBER})\s*%")
_CLAIM = re.compile(rf"(p|fdr|bonferroni|fwe|tdp)\s*(<|>|=)\s*({_NUMBER})", re.IGNORECASE)
_WAYS = 'give a number (3.1), a percentile of |value| ("97%"), or a claim ("p<0.001", "fdr<0.05")'


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold as the user wrote it, understood.

    Attributes
    ----------
    form : str
        What kind of threshold it is.
    number : float
        The height, the percentage, or the level of the claim.
    """

    form: Form
    number: float

    def __str__(self) -> str:
        # Every digit: what is written here is read again, and recorded.
        number = repr(float(self.number)).removesuffix(".0")
        if self.form == "value":
            return number
        if self.form == "percentile":
            return f"{number}%"
        return f"{self.form}{'>' if self.form == 'tdp' else '<'}{number}"


class Resolved(NamedTuple):
    """A threshold as a height of the map, and how it came to be.

    Attributes
    ----------
    height : float
        Voxels with |value| at or above it pass; infinite when none can.
    notes : tuple of str
        What was assumed and used.
    """

    height: float
    notes: tuple[str, ...] = ()


def parse_threshold(threshold: float | str) -> Threshold:
    """Understand a threshold.

    Parameters
    ----------
    threshold : float or str
        A height (`3.1`), a percentage (`"97%"`), or a claim (`"p<0.001"`,
        `"fdr<0.05"`, `"bonferroni<0.05"`, `"fwe<0.05"`, `"tdp>0.7"`; with
        ``=`` for the sign it means the same and needs no quotes in a shell).

    Returns
    -------
    Threshold

    Raises
    ------
    ArgumentTypeError
        If it is neither a number nor text.
    ArgumentError
        If it cannot be understood, or its number is out of range.

    Examples
    --------
    >>> str(parse_threshold("97 %"))
    '97%'
    >>> parse_threshold("p=0.001")
    Threshold(form='p', number=0.001)
    """
    if not isinstance(threshold, str) and not is_number(threshold):
        # An array of no axes is the number that it holds, others are none.
        array: Any = threshold
        held = array.item() if getattr(array, "ndim", 1) == 0 else None
        if not isinstance(held, str) and not is_number(held):
            raise ArgumentTypeError(
                f"threshold must be a number or text, got {type(threshold).__name__}; {_WAYS}"
            )
        threshold = held
    if isinstance(threshold, str):
        return _parse_text(threshold.strip())
    try:
        height = float(threshold) + 0.0  # -0.0 is 0
    except OverflowError:
        height = math.inf
    if not math.isfinite(height):
        raise ArgumentError(f"threshold must be finite, got {height}; {_WAYS}")
    if height < 0:
        raise ArgumentError(
            f"threshold {height:g} is negative: a threshold is a height of |value|; "
            'for negative regions alone write sign="negative" (--sign negative)'
        )
    return Threshold("value", height)


def _parse_text(text: str) -> Threshold:
    if match := re.fullmatch(_NUMBER, text):
        return parse_threshold(float(text))
    if match := _PERCENT.fullmatch(text):
        percent = float(match[1])
        if not 0 <= percent <= 100:
            raise ArgumentError(f"threshold {text!r}: a percentile lies between 0% and 100%")
        return Threshold("percentile", percent)
    if match := _CLAIM.fullmatch(text):
        return _parse_claim(text, match[1].lower(), match[2], float(match[3]))
    raise ArgumentError(f"threshold {text!r} is not understood; {_WAYS}")


def _parse_claim(text: str, form: str, comparison: str, level: float) -> Threshold:
    towards = ">" if form == "tdp" else "<"
    if comparison not in ("=", towards):
        raise ArgumentError(f"threshold {text!r}: write {form}{towards}{level:g}")
    if not 0 < level < 1:
        raise ArgumentError(f"threshold {text!r}: the level must lie between 0 and 1")
    return Threshold(form, level)  # type: ignore[arg-type]  # the pattern holds the forms
