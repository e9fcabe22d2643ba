"""Values that equal what is asked for: they stand in a filter where a value would.

`{"map_type": IsIn("T map", "Z map")}` takes the records whose `map_type` equals it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Container
from typing import Any

__all__ = [
    "Contains",
    "GreaterOrEqual",
    "GreaterThan",
    "IsIn",
    "IsNull",
    "LessOrEqual",
    "LessThan",
    "NotContains",
    "NotEqual",
    "NotIn",
    "NotNull",
    "Pattern",
]


class _Term:
    """Equals the values that it takes, and no others."""

    __hash__ = None  # type: ignore[assignment]  # equality here is no identity

    def __init__(self) -> None:
        self._shown = ""

    def _takes(self, value: Any) -> bool:
        raise NotImplementedError

    def __eq__(self, value: object) -> bool:
        return bool(self._takes(value))

    def __ne__(self, value: object) -> bool:
        return not self == value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown})"


class IsNull(_Term):
    """Takes what counts as nothing: None, 0, an empty text or list.

    Examples
    --------
    >>> IsNull() == "", IsNull() == "a"
    (True, False)
    """

    def _takes(self, value: Any) -> bool:
        return not value


class NotNull(_Term):
    """Takes all that `IsNull` does not.

    Examples
    --------
    >>> NotNull() == "10.1000/182", NotNull() == None
    (True, False)
    """

    def _takes(self, value: Any) -> bool:
        return bool(value)


class NotEqual(_Term):
    """Takes every value but one.

    Examples
    --------
    >>> NotEqual("atlas") == "statistic_map"
    True
    """

    def __init__(self, negated: Any) -> None:
        self._negated = negated
        self._shown = repr(negated)

    def _takes(self, value: Any) -> bool:
        return bool(self._negated != value)


class _Ordered(_Term):
    """Takes values on one side of a bound, read as the bound's type."""

    _is_beyond: staticmethod[[Any, Any], Any]

    def __init__(self, bound: Any) -> None:
        self._bound = bound
        self._shown = repr(bound)

    def _takes(self, value: Any) -> bool:
        if value is None:  # what is not known lies on no side, also where the bound is text
            return False
        try:
            return bool(self._is_beyond(type(self._bound)(value), self._bound))
        except (TypeError, ValueError):
            return False


class GreaterOrEqual(_Ordered):
    """Takes values from the bound on.

    Examples
    --------
    >>> GreaterOrEqual("2016-07") == "2016-08-12T11:29:12Z"
    True
    """

    _is_beyond = staticmethod(operator.ge)


class GreaterThan(_Ordered):
    """Takes values above the bound.

    Examples
    --------
    >>> GreaterThan(20) == 20
    False
    """

    _is_beyond = staticmethod(operator.gt)


class LessOrEqual(_Ordered):
    """Takes values up to the bound.

    Examples
    --------
    >>> LessOrEqual(20) == 20
    True
    """

    _is_beyond = staticmethod(operator.le)


class LessThan(_Ordered):
    """Takes values below the bound.

    Examples
    --------
    >>> LessThan(20) == 20
    False
    """

    _is_beyond = staticmethod(operator.lt)


class _Several(_Term):
    """Is made from any number of values."""

    def __init__(self, *values: Any) -> None:
        self._values = values

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._values!r}"


class IsIn(_Several):
    """Takes the values named.

    Examples
    --------
    >>> IsIn("T map", "Z map") == "Z map"
    True
    """

    def _takes(self, value: Any) -> bool:
        return value in self._values


class NotIn(_Several):
    """Takes all values but those named.

    Examples
    --------
    >>> NotIn("parcellation", "anatomical") == "Z map"
    True
    """

    def _takes(self, value: Any) -> bool:
        return value not in self._values


class Contains(_Several):
    """Takes texts and lists that hold every item named.

    Examples
    --------
    >>> Contains("face", "house") == "face against house"
    True
    """

    def _takes(self, value: Any) -> bool:
        return isinstance(value, Container) and all(_holds(value, item) for item in self._values)


class NotContains(_Several):
    """Takes texts and lists that hold none of the items named.

    Examples
    --------
    >>> NotContains("face", "house") == "face against house"
    False
    """

    def _takes(self, value: Any) -> bool:
        return isinstance(value, Container) and not any(
            _holds(value, item) for item in self._values
        )


class Pattern(_Term):
    """Takes texts whose beginning matches a regular expression.

    Parameters
    ----------
    pattern : str
        As for `re.match`.
    flags : int
        As for `re.match`.

    Examples
    --------
    >>> Pattern("sub-[0-9]+$") == "sub-01"
    True
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern = pattern
        self._flags = flags
        self._shown = f"pattern={pattern!r}, flags={flags}"

    def _takes(self, value: Any) -> bool:
        return isinstance(value, str) and bool(re.match(self._pattern, value, self._flags))


def _holds(value: Any, item: Any) -> bool:
    try:
        return item in value
    except TypeError:  # a number in a text
        return False
