"""Names of labels in lines of text."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from skerry.atlas.cell import whole_number
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

Row: TypeAlias = tuple[int, str, str]

# Headers of tables, in the order in which they are believed.
_NUMBER_HEADS = (
    "index", "value", "id", "labelid", "roiid", "number", "no", "key", "intensity", "component",
    "label", "roi",
)  # fmt: skip
_NAME_HEADS = (
    "name", "labelname", "roiname", "fullname", "difumonames", "region", "structure", "label",
    "roi", "description", "abbreviation", "acronym",
)  # fmt: skip
_NETWORK_HEADS = ("network", "yeonetwork", "yeonetworks7", "network7", "system", "lobe")
# How skerry's table of regions begins, which lies beside its label image.
_OWN_TABLE = "region\tsign\tn_voxels\t"
_BACKGROUND = {"background", "unknown", "unclassified", "???", "clear label", "none", "outside"}

# Quantifiers with a second + give nothing back: no line takes longer than its length asks.
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d)"
_DECIMAL = r"(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++)?"
_MOST_LINES = 100_000
_LONGEST_LINE = 1000


def _form(pattern: str) -> Callable[[str], tuple[str, str] | None]:
    compiled = re.compile(pattern)

    def read(line: str) -> tuple[str, str] | None:
        found = compiled.fullmatch(line)
        return None if found is None else (found["number"], found["name"])

    return read


_NUMBER = r"(?P<number>-?\d++)"
# From the strictest to the loosest: the first that fits every line is taken.
_FORMS = (
    # ITK-SNAP: number, red, green, blue, opacity, two switches, quoted name
    _form(rf'{_NUMBER}(?:\s++{_DECIMAL}){{6}}\s++"(?P<name>[^"]*+)"'),
    # FreeSurfer: number, name, red, green, blue, alpha
    _form(rf"{_NUMBER}\s++(?P<name>\S.*?)(?:\s++{_BYTE}){{4}}"),
    # FSLeyes: number, red, green, blue as fractions, name
    _form(rf"{_NUMBER}(?:\s++{_DECIMAL}){{3}}\s++(?P<name>\D.*+)"),
    # SPM's AAL: short name, name, number
    _form(rf"[^\t]++\t(?P<name>(?=\d*+[^\t\d])[^\t]++)\t{_NUMBER}"),
    # MRIcron: number, name, another number
    _form(rf"{_NUMBER}\s++(?P<name>(?=\d*+[^\s\d])\S++)\s++\d++"),
    _form(rf"{_NUMBER}(?:\s*+[:=,;|]|\s)\s*+(?P<name>\S.*+)"),
)


def rows_of_text(text: str, said: str) -> list[Row]:
    """Read lines: a table with a header, or one label a line."""
    lines = [
        (at, line.rstrip())
        for at, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        return []
    if len(lines) > _MOST_LINES:
        raise ArgumentError(f"{said} has more than {_MOST_LINES} lines, too many for labels")
    if lines[0][1].startswith(_OWN_TABLE):
        numbers = [line.partition("\t")[0] for _, line in lines[1:]]
        own = [["index", "name"], *([number, f"region {number}"] for number in numbers)]
        return _rows_of_table(own, [at for at, _ in lines], said)
    for separator in ("\t", ",", ";"):
        table = _table([line for _, line in lines], separator)
        if table is not None:
            return _rows_of_table(table, [at for at, _ in lines], said)
    too_long = next((at for at, line in lines if len(line) > _LONGEST_LINE), None)
    if too_long is not None:
        raise ArgumentError(f"{said}, line {too_long} has more than {_LONGEST_LINE} characters")
    # Runs of spaces are one space; tabs stay, which separate cells.
    lines = [(at, re.sub(r"[^\S\t]+", " ", line.strip())) for at, line in lines]
    return _pairs_of_lines(lines) or _rows_of_lines(lines, said)


def rows_of_frame(frame: Any, said: str) -> list[Row]:
    """Read a pandas DataFrame: a column of numbers (index) and one of names (name)."""
    heads = [_plain(str(head)) for head in frame.columns]
    absent = frame.isna().to_numpy()
    cells = [
        ["" if missing else str(value) for value, missing in zip(row, gone, strict=True)]
        for row, gone in zip(frame.itertuples(index=False, name=None), absent, strict=True)
    ]
    return _rows_of_table([heads, *cells], list(range(len(cells) + 1)), said)


def first_number(name: str) -> int:
    """Give the number of the first of names in their order: 0 for a background, else 1."""
    return 0 if name.strip().lower() in _BACKGROUND else 1


def _table(lines: list[str], separator: str) -> list[list[str]] | None:
    """Split lines into cells, if the first of them is a header."""
    if separator not in lines[0]:
        return None
    quoting: Literal[0, 3] = csv.QUOTE_NONE if separator == "\t" else csv.QUOTE_MINIMAL
    try:
        # One line at a time: a quote that is not closed cannot swallow the lines after it.
        cells = [next(csv.reader([line], delimiter=separator, quoting=quoting)) for line in lines]
    except csv.Error:  # a cell of more than 128 KiB
        return None
    heads = [_plain(head) for head in cells[0]]
    named = any(head in _NAME_HEADS for head in heads)
    numbered = any(head in _NUMBER_HEADS for head in heads)
    return [heads, *cells[1:]] if named and numbered else None


def _plain(head: str) -> str:
    return "".join(c for c in head.lower() if c.isalnum())


def _rows_of_table(table: list[list[str]], line_numbers: list[int], said: str) -> list[Row]:
    heads = table[0]
    name_at = _first(heads, _NAME_HEADS)
    number_at = _first(heads, _NUMBER_HEADS, other_than=name_at)
    if number_at is None and heads[name_at or 0] in _NUMBER_HEADS:
        number_at, name_at = name_at, _first(heads, _NAME_HEADS, other_than=name_at)
    if number_at is None or name_at is None:
        raise ArgumentError(f"{said} needs a column of numbers (index) and one of names (name)")
    network_at = _first(heads, _NETWORK_HEADS)
    rows = []
    for at, cells in zip(line_numbers[1:], table[1:], strict=True):
        number = whole_number(cells[number_at]) if number_at < len(cells) else None
        if number is None:
            raise ArgumentError(f"{said}, line {at}: there is no whole number in its index column")
        name = cells[name_at] if name_at < len(cells) else ""
        known = network_at is not None and network_at < len(cells)
        rows.append((number, name, cells[network_at or 0] if known else ""))
    return rows


def _first(heads: list[str], wanted: tuple[str, ...], other_than: int | None = None) -> int | None:
    for want in wanted:
        for at, head in enumerate(heads):
            if head == want and at != other_than:
                return at
    return None


def _pairs_of_lines(lines: list[tuple[int, str]]) -> list[Row]:
    """Read Workbench's form: a name, and below it number, red, green, blue, alpha."""
    numbers = [re.fullmatch(rf"\s*(\d+)(?:\s+{_BYTE}){{4}}", line) for _, line in lines[1::2]]
    if len(lines) % 2 or not all(numbers):
        return []
    names = [line.strip() for _, line in lines[::2]]
    return [(int(n[1]), name, "") for n, name in zip(numbers, names, strict=True) if n]


def _rows_of_lines(lines: list[tuple[int, str]], said: str) -> list[Row]:
    read = [[form(line) for _, line in lines] for form in _FORMS]
    fitting = [sum(found is not None for found in form) for form in read]
    best = fitting.index(max(fitting))
    if fitting[best] == len(lines):
        return [(int(f[0]), f[1].strip('"'), "") for f in read[best] if f]
    if 2 * fitting[best] > len(lines):
        at, line = next(
            pair for pair, found in zip(lines, read[best], strict=True) if found is None
        )
        raise ArgumentError(
            f"{said}, line {at}: {line[:60]!r} does not read like the other lines (number, name)"
        )
    first = first_number(lines[0][1].strip('"'))
    return [(first + n, line.strip('"'), "") for n, (_, line) in enumerate(lines)]
