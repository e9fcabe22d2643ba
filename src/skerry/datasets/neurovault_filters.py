"""Which collections and images to take, said with values that compare as asked.

A filter stands where a value would: `{"map_type": IsIn("T map", "Z map")}` takes
the records whose `map_type` equals it.
"""

from __future__ import annotations

import re
from collections.abc import Container
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Record = Mapping[str, Any]

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
    "ResultFilter",
    "basic_collection_terms",
    "basic_image_terms",
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

    def __init__(self, bound: Any) -> None:
        self._bound = bound
        self._shown = repr(bound)

    def _takes(self, value: Any) -> bool:
        if value is None:  # what is not known lies on no side, also where the bound is text
            return False
        try:
            return bool(self._is_beyond(type(self._bound)(value)))
        except (TypeError, ValueError):
            return False

    def _is_beyond(self, value: Any) -> bool:
        raise NotImplementedError


class GreaterOrEqual(_Ordered):
    """Takes values from the bound on.

    Examples
    --------
    >>> GreaterOrEqual("2016-07") == "2016-08-12T11:29:12Z"
    True
    """

    def _is_beyond(self, value: Any) -> bool:
        return bool(value >= self._bound)


class GreaterThan(_Ordered):
    """Takes values above the bound.

    Examples
    --------
    >>> GreaterThan(20) == 20
    False
    """

    def _is_beyond(self, value: Any) -> bool:
        return bool(value > self._bound)


class LessOrEqual(_Ordered):
    """Takes values up to the bound.

    Examples
    --------
    >>> LessOrEqual(20) == 20
    True
    """

    def _is_beyond(self, value: Any) -> bool:
        return bool(value <= self._bound)


class LessThan(_Ordered):
    """Takes values below the bound.

    Examples
    --------
    >>> LessThan(20) == 20
    False
    """

    def _is_beyond(self, value: Any) -> bool:
        return bool(value < self._bound)


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


class ResultFilter:
    """Tells whether a record has the values wanted; can be combined with others.

    Parameters
    ----------
    query_terms : dict, optional
        Name -> value, or one of the filters of this module.
    callable_filter : callable, optional
        Takes a record (dict) and tells whether it is wanted.
    **terms
        More terms, as keywords.

    Examples
    --------
    >>> wanted = ResultFilter(map_type="Z map").AND(ResultFilter(number_of_subjects=LessThan(9)).NOT())
    >>> wanted({"map_type": "Z map", "number_of_subjects": 20})
    True
    """  # noqa: E501

    def __init__(
        self,
        query_terms: Record | None = None,
        callable_filter: Callable[[Any], Any] | None = None,
        **terms: Any,
    ) -> None:
        self.query_terms_ = {**(query_terms or {}), **terms}
        self.callable_filters_ = [] if callable_filter is None else [callable_filter]

    def __call__(self, candidate: Record) -> bool:
        """Tell whether a record is wanted."""
        return all(
            wanted == candidate.get(name) for name, wanted in self.query_terms_.items()
        ) and all(wants(candidate) for wants in self.callable_filters_)

    def AND(self, other_filter: Callable[[Any], Any]) -> ResultFilter:  # noqa: N802
        """Want what both want."""
        one, other = deepcopy(self), deepcopy(other_filter)
        return ResultFilter(callable_filter=lambda record: one(record) and other(record))

    def OR(self, other_filter: Callable[[Any], Any]) -> ResultFilter:  # noqa: N802
        """Want what at least one wants."""
        one, other = deepcopy(self), deepcopy(other_filter)
        return ResultFilter(callable_filter=lambda record: one(record) or other(record))

    def XOR(self, other_filter: Callable[[Any], Any]) -> ResultFilter:  # noqa: N802
        """Want what exactly one wants."""
        one, other = deepcopy(self), deepcopy(other_filter)
        return ResultFilter(callable_filter=lambda record: one(record) != bool(other(record)))

    def NOT(self) -> ResultFilter:  # noqa: N802
        """Want what this filter does not."""
        one = deepcopy(self)
        return ResultFilter(callable_filter=lambda record: not one(record))

    def __getitem__(self, name: str) -> Any:
        return self.query_terms_[name]

    def __setitem__(self, name: str, wanted: Any) -> None:
        self.query_terms_[name] = wanted

    def __delitem__(self, name: str) -> None:
        self.query_terms_.pop(name, None)

    def add_filter(self, callable_filter: Callable[[Any], Any]) -> None:
        """Want only what this callable wants too."""
        self.callable_filters_.append(callable_filter)

    def __str__(self) -> str:
        return type(self).__name__


def basic_collection_terms() -> dict[str, Any]:
    """Give the terms that take collections which are not empty."""
    return {"number_of_images": NotNull()}


def basic_image_terms() -> dict[str, Any]:
    """Give the terms that take whole statistical maps in MNI space.

    Not taken are thresholded images, images in another space, masks, anatomical
    images, parcellations and atlases.
    """
    return {
        "not_mni": False,
        "is_thresholded": False,
        "map_type": NotIn("ROI/mask", "anatomical", "parcellation"),
        "image_type": NotEqual("atlas"),
    }


def _holds(value: Any, item: Any) -> bool:
    try:
        return item in value
    except TypeError:  # a number in a text
        return False
