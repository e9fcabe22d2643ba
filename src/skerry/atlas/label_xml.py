"""Names of labels in the XML of FSL and of SPM."""

from __future__ import annotations

# expat itself, with its hooks for what is refused below.
from xml.parsers import expat

from skerry.atlas.cell import whole_number
from skerry.errors import ArgumentError


class _Refused(Exception):  # noqa: N818
    """The file holds a document type or an entity."""


class _Labels:
    """Collect `<label>` elements: attributes, own text, and the text of each child."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self.kind = ""
        self._path: list[str] = []
        self._label: dict[str, str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if tag == "label" and self._label is None:
            self._label = {f"@{name}": value for name, value in attributes.items()}

    def end(self, tag: str) -> None:
        self._path.pop()
        if tag == "label" and self._label is not None and "label" not in self._path:
            self.found.append(self._label)
            self._label = None

    def text(self, text: str) -> None:
        if self._path[-2:] == ["header", "type"]:
            self.kind += text
        elif self._label is not None:
            tag = self._path[-1]
            self._label[tag] = self._label.get(tag, "") + text


def rows_of_xml(text: str, said: str) -> list[tuple[int, str, str]]:
    """Read `<label index="0">Name</label>` (FSL) or `<label><index>1</index><name>` (SPM).

    FSL counts the volumes of a probabilistic atlas from 0, and its label
    images hold that index plus 1.
    """
    labels = _Labels()
    parser = expat.ParserCreate("utf-8")  # whatever the file says of itself: it is decoded
    parser.StartElementHandler = labels.start
    parser.EndElementHandler = labels.end
    parser.CharacterDataHandler = labels.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(text.encode("utf-8"), True)
    except _Refused as error:
        raise ArgumentError(
            f"{said} holds a document type or an entity, which is not read; remove it"
        ) from error
    except expat.ExpatError as error:
        raise ArgumentError(f"{said} is not whole XML: {error}") from error
    shift = 1 if labels.kind.strip().lower().startswith("prob") else 0
    return [_row(label, shift, said) for label in labels.found]


def _refuse(*_: object) -> None:
    raise _Refused


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
