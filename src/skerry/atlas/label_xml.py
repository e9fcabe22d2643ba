"""Names of labels in the XML of FSL and of SPM."""

from __future__ import annotations

# expat itself, with its hooks for what is refused below.
from xml.parsers import expat

from skerry.atlas.cell import whole_number
from skerry.errors import ArgumentError

_DEEPEST = 100


class _Refused(Exception):  # noqa: N818
    """The file holds what is not read."""


class _Labels:
    """Collect `<label>` elements: attributes, own text, and the text of each child."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self.kind = ""
        self._path: list[str] = []
        self._attributes: dict[str, str] = {}
        self._texts: dict[str, list[str]] = {}
        self._depth = 0  # of the label that is being read; 0 outside of labels

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if len(self._path) > _DEEPEST:
            raise _Refused(f"has elements within elements, more than {_DEEPEST} deep")
        if tag == "label" and not self._depth:
            self._depth, self._texts = len(self._path), {}
            self._attributes = {f"@{name}": value for name, value in attributes.items()}

    def end(self, _tag: str) -> None:
        if self._depth == len(self._path):
            texts = {tag: "".join(parts) for tag, parts in self._texts.items()}
            self.found.append(self._attributes | texts)
            self._depth = 0
        self._path.pop()

    def text(self, text: str) -> None:
        if self._depth:
            self._texts.setdefault(self._path[-1], []).append(text)
        elif self._path[-2:] == ["header", "type"]:
            self.kind = (self.kind + text)[:100]


def rows_of_xml(text: str, said: str) -> list[tuple[int, str, str]]:
    """Read `<label index="0">Name</label>` (FSL) or `<label><index>1</index><name>` (SPM).

    FSL counts the volumes of a probabilistic atlas from 0, and its label
    images hold that index plus 1.
    """
    labels = _Labels()
    parser = expat.ParserCreate("utf-8")  # whatever the file says of itself: it is decoded
    parser.buffer_text = True
    parser.StartElementHandler = labels.start
    parser.EndElementHandler = labels.end
    parser.CharacterDataHandler = labels.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except _Refused as error:
        raise ArgumentError(f"{said} {error}") from error
    except expat.ExpatError as error:
        raise ArgumentError(f"{said} is not whole XML: {error}") from error
    shift = 1 if labels.kind.strip().lower().startswith("prob") else 0
    return [_row(label, shift, said) for label in labels.found]


def _refuse(*_: object) -> None:
    raise _Refused("holds a document type or an entity, which is not read; remove it")


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
