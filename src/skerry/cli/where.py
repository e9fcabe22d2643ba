"""Conditions on the records of images: `--where KEY=VALUE`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from skerry.checks import is_number

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Conditions"]

_MOST_VALUES = 5


class Conditions:
    """Conditions that a record must meet, all of them, and what records said instead.

    Parameters
    ----------
    texts : iterable of str
        Each KEY=VALUE.

    Raises
    ------
    BadParameter
        If one is no such text.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._terms = [_term(text) for text in texts]
        self._n_records = 0
        self._met: set[str] = set()
        self._said: dict[str, dict[str, None]] = {}  # an ordered set of values for each key

    def __call__(self, record: dict[str, Any]) -> bool:
        """Tell whether a record meets them."""
        self._n_records += 1
        for key, text in self._terms:
            if key in record:
                self._said.setdefault(key, {})[_written(record[key])] = None
            if _is(record.get(key), text):
                self._met.add(f"{key}={text}")
        return all(_is(record.get(key), text) for key, text in self._terms)

    def unmet(self) -> list[str]:
        """Say of each condition that no record met what records said, if there were any."""
        return [
            self._why(key, text)
            for key, text in self._terms
            if self._n_records and f"{key}={text}" not in self._met
        ]

    def _why(self, key: str, text: str) -> str:
        said = list(self._said.get(key, ()))
        if not said:
            return f"no record has {key!r}"
        more = ", ..." if len(said) > _MOST_VALUES else ""
        return f"no record has {key}={text}; there are {', '.join(said[:_MOST_VALUES])}{more}"


def _term(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key.strip() and equals):
        raise typer.BadParameter(f"--where {text!r} is not KEY=VALUE")
    return key.strip(), value.strip()


def _is(value: object, text: str) -> bool:
    """Tell whether a value of a record is what people wrote on a command line."""
    if value is None or isinstance(value, bool):
        return _written(value) == text.lower()
    if not is_number(value):
        return str(value) == text
    try:
        return float(text) == value
    except ValueError:
        return False


def _written(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value) if isinstance(value, str) else str(value)
