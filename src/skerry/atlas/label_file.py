"""The names of an atlas's labels: of a file, whatever program wrote it, or as a user gives them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skerry.atlas.cell import clean_name, whole_number
from skerry.atlas.label_text import first_number, rows_of_frame, rows_of_text
from skerry.atlas.label_xml import rows_of_xml
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.io.paths import shown
from skerry.io.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from skerry.typing import PathLike

__all__ = ["LabelNames", "checked_names", "names_of", "read_label_names"]

_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class LabelNames:
    """What the labels of an atlas are called.

    Attributes
    ----------
    names : dict of int to str
        By number in the label image (or number of the volume, from 1). 0, the
        background, is left out.
    networks : dict of int to str
        The larger system that a label belongs to, where the file says it.
    from_zero : bool
        Whether the file also names 0.
    """

    names: dict[int, str]
    networks: dict[int, str]
    from_zero: bool = False


def read_label_names(path: PathLike) -> LabelNames:
    """Read a file of label names.

    Parameters
    ----------
    path : path
        TSV or CSV with a header (BIDS `dseg.tsv` too), a FreeSurfer colour
        table, FSLeyes or ITK-SNAP or MRtrix or Workbench labels, number and
        name on each line, or one name a line (from 1; from 0 where the first
        one is `Background` or the like), an FSL or an SPM `.xml`; or the table of
        regions that skerry writes beside its label image.

    Returns
    -------
    LabelNames

    Raises
    ------
    MissingFileError
        If the file is not there.
    ImageFileError
        If it cannot be read, is empty, larger than 16 MiB, not text, or a web page.
    ArgumentError
        If it holds no names, or gives one number two names.
    """
    said = shown(path)
    text = read_text(path)
    is_xml = text.lstrip()[:1] == "<"
    rows = rows_of_xml(text, said) if is_xml else rows_of_text(text, said)
    return checked_names(rows, said)


def checked_names(rows: Iterable[tuple[int, str, str]], said: str) -> LabelNames:
    """Give what rows of number, name and network say of labels.

    Raises
    ------
    ArgumentError
        If a number is out of range or has two names, or there are no names.
    """
    names: dict[int, str] = {}
    networks: dict[int, str] = {}
    for number, raw_name, raw_network in rows:
        if not 0 <= number <= _LARGEST_NUMBER:
            raise ArgumentError(f"{said} names label {number}; labels go from 0 to 2147483647")
        name = clean_name(raw_name) or f"label {number}"
        if names.setdefault(number, name) != name:
            raise ArgumentError(
                f"{said} gives label {number} two names, {names[number]!r} and {name!r}"
            )
        if network := clean_name(raw_network):
            networks.setdefault(number, network)
    from_zero = names.pop(0, None) is not None
    networks.pop(0, None)
    if not names:
        raise ArgumentError(f"{said} holds no names of labels")
    return LabelNames(names, networks, from_zero)


def names_of(labels: Any) -> LabelNames:
    """Take names in any form: a file, a table, names in their order, or a mapping from numbers.

    Raises
    ------
    ArgumentTypeError, ArgumentError
        If they are none of these, or a number is none, is out of range or has two names.
    """
    if isinstance(labels, (str, os.PathLike)):
        return read_label_names(labels)
    if hasattr(labels, "itertuples"):
        return checked_names(rows_of_frame(labels, "the table of labels"), "the table of labels")
    if isinstance(labels, (list, tuple)):
        labels = dict(enumerate(labels, start=first_number(str(labels[0]) if labels else "")))
    if not isinstance(labels, Mapping):
        raise ArgumentTypeError(
            "labels must be a path, names in their order, or a mapping of number to name, "
            f"got {type(labels).__name__}"
        )
    rows = [
        (_number(number), "" if name is None else str(name), "") for number, name in labels.items()
    ]
    if not any(number for number, _, _ in rows):  # none is named: their numbers will do
        return LabelNames({}, {}, bool(rows))
    return checked_names(rows, "the mapping of labels")


def _number(given: object) -> int:
    number = whole_number(str(given))
    if number is None:
        raise ArgumentError(f"labels: {given!r} is not the number of a label")
    return number
