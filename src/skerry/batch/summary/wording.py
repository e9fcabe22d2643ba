"""Numbers, options and times as the summary page of a batch writes them."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_LIMIT_AT_0 = ("min_volume_mm3", "min_voxels", "min_prominence")
_UNITS = {"_mm3": " (mm³)", "_mm": " (mm)"}
# A shell writes out `study/*.nii.gz`: of a command line with thousands of maps, its two ends.
_MOST_WORDS, _WORDS_AT_AN_END = 40, 12
_UTC = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\+00:00")


def readable_number(number: float) -> str:
    r"""Write a number for people: whole ones in groups of three, others with 3 digits.

    Examples
    --------
    >>> readable_number(1234567), readable_number(0.01234), readable_number(1234.56)
    ('1\u202f234\u202f567', '0.0123', '1235')
    """
    if abs(number) >= 100 or number == int(number):
        return grouped(number)
    return f"{number:.3g}"


def grouped(number: float) -> str:
    """Write a whole number in groups of three, as a map's own page does: four digits are one."""
    if abs(number) < 10_000:
        return f"{number:.0f}"
    return f"{number:,.0f}".replace(",", "\u202f")  # narrow, and no line ends there


def readable_record(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Say what made a batch, by name and value, as its `run.json` has it."""
    lines = []
    if command := record.get("command"):
        lines.append(("command", _command(list(map(str, command)))))
    for name, value in dict(record.get("parameters") or {}).items():
        if said := _option(name, value):
            lines.append((_name(str(name)), shown(said)))
    lines += [(name, _time(record[name])) for name in ("started", "ended") if record.get(name)]
    if record.get("skerry"):
        lines.append(("made by", f"skerry {record['skerry']}"))
    return tuple(lines)


def _command(words: list[str]) -> str:
    if len(words) <= _MOST_WORDS:
        return shown(shlex.join(words))
    first, last = words[:_WORDS_AT_AN_END], words[-_WORDS_AT_AN_END:]
    between = grouped(len(words) - 2 * _WORDS_AT_AN_END)
    ends = [shown(shlex.join(end)) for end in (first, last)]
    return f" ... ({between} more, see run.json) ... ".join(ends)


def _name(name: str) -> str:
    for unit, said in _UNITS.items():
        if name.endswith(unit):
            name = name.removesuffix(unit) + said
            break
    return name.replace("_", " ")


def _option(name: str, value: Any) -> str:
    """Write an option for people; nothing of one that was not given or lets all pass."""
    if name == "max_peaks" and value is None:
        return "all"
    if value is None or value is False or (value == 0 and name in _NO_LIMIT_AT_0):
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_value, value))
    return "yes" if value is True else _value(value)


def _value(value: Any) -> str:
    """Write a number as it was given, a whole one without a point; text as it is."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _time(value: Any) -> str:
    return _UTC.sub(r"\1 \2 UTC", str(value))
