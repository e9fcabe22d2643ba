"""The XML of atlases, read without document types or entities."""

from __future__ import annotations

import xml.etree.ElementTree as ET

# expat itself, with its hooks for what is refused below.
from xml.parsers import expat

from skerry.errors import ArgumentError

__all__ = ["label_elements", "plain_tree"]

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


def label_elements(text: str, said: str) -> tuple[str, list[dict[str, str]]]:
    """Read the labels of an atlas of FSL or SPM.

    Parameters
    ----------
    text : str
        The XML.
    said : str
        The file's name, for error messages.

    Returns
    -------
    kind : str
        What `<header><type>` says; empty where there is none.
    labels : list of dict
        Of each `<label>` its attributes (`@index`), and the text of its children
        and (under `label`) its own.

    Raises
    ------
    ArgumentError
        If it is not whole XML, or holds a document type or an entity.
    """
    labels = _Labels()
    _parse(text, said, labels)
    return labels.kind, labels.found


def plain_tree(text: str, said: str) -> ET.Element:
    """Read XML without document types and entities as a tree.

    Raises
    ------
    ArgumentError
        If it is not whole XML, nests deeper than 100 elements, or holds a document
        type or an entity.
    """
    _parse(text, said, _Labels())
    data = text.encode("utf-8", "replace")
    # Judged above as UTF-8, so read as that: what the text says of its encoding is not asked.
    try:
        return ET.fromstring(data, parser=ET.XMLParser(encoding="utf-8"))  # noqa: S314
    except ET.ParseError as error:  # it knows name spaces
        raise ArgumentError(f"{said} is not whole XML: {error}") from error


def _parse(text: str, said: str, labels: _Labels) -> None:
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


def _refuse(*_: object) -> None:
    raise _Refused("holds a document type or an entity, which is not read; remove it")
