"""Which maps, under which ids, with which options: from paths, or from a table."""

from __future__ import annotations

import functools
import hashlib
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skerry.batch.asked.choices import OPTION_OF_COLUMN, Choices, with_choices
from skerry.batch.asked.ids import check_id, check_unique, ids_of
from skerry.batch.asked.places import absolute
from skerry.errors import ArgumentError, ArgumentTypeError, MissingFileError
from skerry.io.paths import IMAGE_SUFFIXES, neurovault_number, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from skerry.typing import PathLike

__all__ = ["Manifest", "manifest_of_file", "manifest_of_paths"]

_NOT_GIVEN = ("", "n/a")
# What a map of NeuroVault is called in the list that `skerry fetch` writes.
_KIND_OF_MAP_TYPE = {"T map": "t", "Z map": "z", "F map": "F"}


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """The maps of a batch; one element of each list a map.

    Attributes
    ----------
    ids : list of str
        No two are equal.
    paths : list of str
        As they were written.
    locations : list of str
        Where they are: absolute paths, or neurovault:NUMBER.
    choices : list of Choices
    carried_names : tuple of str
        Columns that are not the batch's own.
    carried : list of tuple of (str or None)
        Their cells, as text.
    source : str or None
        The file that was read, if it was one.
    sha256 : str
        Of the file, or of ids and paths.
    """

    ids: list[str]
    paths: list[str]
    locations: list[str]
    choices: list[Choices]
    carried_names: tuple[str, ...]
    carried: list[tuple[str | None, ...]]
    source: str | None
    sha256: str

    def __len__(self) -> int:
        return len(self.ids)


def manifest_of_paths(maps: Iterable[PathLike], common: Choices) -> Manifest:
    """Take maps from their paths; each is called after its file.

    Where files of several folders have one name, the folders are added to it.

    Raises
    ------
    ArgumentError
        If there are none, or one is given twice.
    ArgumentTypeError
        If one is no path.
    """
    paths = [_checked_path(path, f"map {number}") for number, path in enumerate(maps, start=1)]
    if not paths:
        raise ArgumentError("no maps were given")
    here = os.getcwd()  # noqa: PTH109  # text, as what is joined to it
    locations = [_location(path, here, "maps") for path in paths]
    ids = ids_of(locations)
    check_unique(ids, [f"{number} ({shown(path)})" for number, path in enumerate(paths, 1)], "map")
    said = "\n".join(f"{one}\t{path}" for one, path in zip(ids, paths, strict=True))
    return Manifest(
        ids=ids,
        paths=[shown(path) for path in paths],
        locations=locations,
        choices=[common] * len(paths),
        carried_names=(),
        carried=[()] * len(paths),
        source=None,
        sha256=hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest(),
    )


def _checked_path(path: object, said: str) -> str:
    if not isinstance(path, (str, os.PathLike)):
        raise ArgumentTypeError(
            f"{said} is {type(path).__name__}, not a path: a batch reads its maps from files"
        )
    return os.fspath(path)


def manifest_of_file(path: PathLike, common: Choices) -> Manifest:
    """Read a manifest: a table with tabs, one map a line.

    Parameters
    ----------
    path : path
        UTF-8. Its first line names the columns: `path` (relative to the
        manifest's folder, or neurovault:NUMBER), `id` (by default after the
        file), any option of `Choices`; others are carried to the results.
        Cells that are empty or `n/a` are not given.
    common : Choices
        Of maps whose row says nothing else.

    Raises
    ------
    MissingFileError
        If it is not there or cannot be read.
    ArgumentError
        Naming the line, if it is no such table, an id stands twice, or an
        option makes no sense.
    """
    said = shown(path)
    lines, sha256 = _lines(path, said)
    names = [name.strip() for name in lines[0].split("\t")]
    _check_names(names, said)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) != len(names):
                raise ArgumentError(
                    f"{said}, line {number} has {len(cells)} cells, but the first line names "
                    f"{len(names)} columns"
                )
            rows.append((number, cells))
    if not rows:
        raise ArgumentError(f"{said} lists no maps")
    return _from_rows(names, rows, Path(path), said, common, sha256)


def _from_rows(
    names: list[str],
    rows: list[tuple[int, list[str]]],
    path: Path,
    said: str,
    common: Choices,
    sha256: str,
) -> Manifest:
    where = {name: at for at, name in enumerate(names)}
    folder = os.path.dirname(absolute(os.fspath(path), os.getcwd()))  # noqa: PTH109, PTH120
    paths = [cells[where["path"]] for _, cells in rows]
    locations = [
        _location(cells[where["path"]], folder, f"{said}, line {number}") for number, cells in rows
    ]
    given = [cells[where["id"]] if "id" in where else "" for _, cells in rows]
    ids = [
        own if own not in _NOT_GIVEN else after
        for own, after in zip(given, ids_of(locations), strict=True)
    ]
    for (number, _), id_ in zip(rows, ids, strict=True):
        check_id(id_, f"{said}, line {number}")
    check_unique(ids, [str(number) for number, _ in rows], f"{said}: line")
    at_options = [(where[name], name) for name in names if name in OPTION_OF_COLUMN]
    # NeuroVault's list says what its maps are in a column of its own.
    typed = where.get("map_type") if "kind" not in where else None
    understood = functools.lru_cache(maxsize=None)(functools.partial(_understood, common, folder))
    choices = []
    for number, cells in rows:
        options = tuple((name, cells[at]) for at, name in at_options if cells[at] not in _NOT_GIVEN)
        if typed is not None and cells[typed] in _KIND_OF_MAP_TYPE:
            options += (("kind", _KIND_OF_MAP_TYPE[cells[typed]]),)
        try:
            choices.append(understood(options))
        except ArgumentError as error:
            raise ArgumentError(f"{said}, line {number}: {error}") from error
    others = [name for name in names if name not in ("path", "id", *OPTION_OF_COLUMN)]
    at_others = [where[name] for name in others]
    return Manifest(
        ids=ids,
        paths=[shown(path) for path in paths],
        locations=locations,
        choices=choices,
        carried_names=tuple(others),
        carried=[tuple(cells[at] or None for at in at_others) for _, cells in rows],
        source=os.fspath(path),
        sha256=sha256,
    )


def _understood(common: Choices, folder: str, options: tuple[tuple[str, str], ...]) -> Choices:
    given = {OPTION_OF_COLUMN[name]: text for name, text in options}
    return with_choices(common, given, folder=folder)


def _lines(path: PathLike, said: str) -> tuple[list[str], str]:
    if os.fspath(path).lower().endswith(IMAGE_SUFFIXES):
        raise ArgumentError(
            f"{said} is an image, not a list of maps; give maps as such (in Python: [path])"
        )
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(f"File not found: {said}") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise MissingFileError(f"{said} cannot be read: {why}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArgumentError(
            f"{said} is not a table in UTF-8 (byte {error.start}); save it as text in UTF-8"
        ) from error
    if "\0" in text:
        raise ArgumentError(f"{said} is not a table: it holds NUL characters")
    # Not splitlines: it also breaks at characters that names may hold.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines, hashlib.sha256(data).hexdigest()


def _check_names(names: list[str], said: str) -> None:
    if '"path"' in names:  # as R does unless told otherwise
        raise ArgumentError(f"{said} has its cells in quotes; write it without (R: quote = FALSE)")
    if "path" not in names:
        raise ArgumentError(
            f"{said} has no column 'path'; its first line must name the columns, with tabs between"
        )
    for name, count in Counter(names).items():
        if count > 1 or not name or not name.isprintable():
            what = "stands twice" if count > 1 else "is no name"
            raise ArgumentError(f"{said}: the column '{shown(name)}' {what}")
    options = Counter(OPTION_OF_COLUMN[name] for name in names if name in OPTION_OF_COLUMN)
    for option, count in options.items():
        if count > 1:
            raise ArgumentError(f"{said}: two columns give {option}")


def _location(path: str, folder: str, said: str) -> str:
    """Say where a map is, whatever folder the one who reads it is in; `folder` is absolute."""
    if not path:
        raise ArgumentError(f"{said}: a map without a path")
    if "\0" in path:
        raise ArgumentError(f"{said}: a path holds a NUL character")
    try:
        number = neurovault_number(path, folder)
    except ArgumentError as error:
        raise ArgumentError(f"{said}: {error}") from None
    return absolute(path, folder) if number is None else f"neurovault:{number}"
