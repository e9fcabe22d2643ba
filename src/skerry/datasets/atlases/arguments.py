"""Arguments that fetchers of atlases share, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["NotOneOfError", "given_url", "one_of"]


class NotOneOfError(ArgumentError):
    """An argument has none of the values that it may have."""


def one_of(value: object, allowed: Collection[Any], name: str) -> None:
    """Make sure that an argument has one of the values that it may have.

    Raises
    ------
    NotOneOfError
        If not.
    """
    if value not in allowed:
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
