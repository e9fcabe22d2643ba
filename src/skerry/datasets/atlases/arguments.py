"""Arguments that fetchers of atlases share, checked."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any, TypeVar

from skerry.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["NotOneOfError", "given_url", "one_of"]


_Value = TypeVar("_Value")


class NotOneOfError(ArgumentError):
    """An argument has none of the values that it may have."""


def one_of(value: _Value, allowed: Collection[Any], name: str) -> _Value:
    """Give the one of the values that an argument may have which it has.

    Of numbers the whole one, whatever its type was: it becomes part of a file's name.

    Raises
    ------
    NotOneOfError
        If not.
    """
    if isinstance(value, (str, Real)) and not isinstance(value, bool):
        for one in allowed:
            if one == value:
                return one  # type: ignore[no-any-return]
    listed = ", ".join(map(repr, allowed))
    raise NotOneOfError(f"'{name}' must be one of {listed}; got {value!r}")


def given_url(url: object, name: str = "url") -> str | None:
    """Take an argument `url`; None stays None.

    Raises
    ------
    ArgumentTypeError
        If it is not text.
    """
    if url is None or isinstance(url, str):
        return url
    raise ArgumentTypeError(f"{name} must be an address, got {type(url).__name__}")
