"""Names of labels in the XML of FSL and of SPM."""

from __future__ import annotations

from skerry.atlas.cell import whole_number
from skerry.errors import ArgumentError
from skerry.io.label_elements import label_elements


def rows_of_xml(text: str, said: str) -> list[tuple[int, str, str]]:
    """Read `<label index="0">Name</label>` (FSL) or `<label><index>1</index><name>` (SPM).

    FSL counts the volumes of a probabilistic atlas from 0, and its label
    images hold that index plus 1.
    """
    kind, labels = label_elements(text, said)
    shift = 1 if kind.strip().lower().startswith("prob") else 0
    return [_row(label, shift, said) for label in labels]


def _row(label: dict[str, str], shift: int, said: str) -> tuple[int, str, str]:
    if "@index" in label:
        number, name = whole_number(label["@index"]), label.get("label", "")
        number = None if number is None else number + shift
    else:
        number, name = whole_number(label.get("index", "")), label.get("name", "")
        name = name.strip() or label.get("short_name", "")
    if number is None:
        raise ArgumentError(f"{said}: the index of label {name.strip()[:60]!r} is no whole number")
    return number, name, ""
