"""ES modules as one module text, so that a page is one file."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMPORT = re.compile(
    r'^import\s*\{(?P<names>[^}]*)\}\s*from\s*"(?P<path>\.{1,2}/[^"]+)";?[ \t]*\n', re.M
)
_EXPORT = re.compile(r"^export[ ]+(?=(?:async[ ]+)?(?:function|const|let|class)\b)", re.M)
# What stands at the start of a line is at the top level: the sources are indented.
_DECLARED = re.compile(
    r"^(?P<export>export[ ]+)?(?:async[ ]+)?(?:function\*?|const|let|var|class)[ ]+"
    r"(?P<name>[A-Za-z_$][\w$]*)",
    re.M,
)
_UNKNOWN = re.compile(r"^(?:import\b|export\b|(?:const|let|var)[ ]*[\[{])[^\n]*", re.M)
# Inside a script element these end it, or begin what no longer is script.
_UNSAFE = re.compile(r"</script|<!--|<script", re.I)


def bundle(sources: Mapping[str, str], entry: str = "main.js") -> str:
    r"""Join modules, each behind those that it imports.

    The modules share one scope afterwards, so no two may declare the same name
    at their top level. They say ``import {a, b} from "./other.js"`` and
    ``export`` before a function, class, const or let; nothing else.

    Parameters
    ----------
    sources : mapping of str to str
        Text of each module under its path, with ``/`` between folders.
    entry : str
        Path of the module that runs last.

    Returns
    -------
    str
        One module without imports and exports.

    Raises
    ------
    ArgumentError
        If a module is missing, modules import each other in a circle, a name is
        declared twice or imported but not exported, or an import or export has
        another form.

    Examples
    --------
    >>> print(bundle({"main.js": 'import {a} from "./a.js";\nlog(a);\n',
    ...               "a.js": "export const a = 1;\n"}))
    // a.js
    const a = 1;
    // main.js
    log(a);
    <BLANKLINE>
    """
    order = _in_order(sources, entry)
    _check_names(sources, order)
    return "".join(f"// {path}\n{_plain(path, sources[path])}" for path in order)


def _in_order(sources: Mapping[str, str], entry: str) -> list[str]:
    """Give the paths of `entry` and all that it needs, those needed first."""
    order: list[str] = []
    open_paths: list[str] = []

    def visit(path: str, asked_by: str) -> None:
        if path in order:
            return
        if path in open_paths:
            raise ArgumentError(f"modules import each other: {' -> '.join([*open_paths, path])}")
        if path not in sources:
            raise ArgumentError(f"{asked_by} imports {path}, which is not there")
        open_paths.append(path)
        for needed in _imports(path, sources[path]):
            visit(needed, path)
        open_paths.pop()
        order.append(path)

    visit(entry, "the page")
    return order


def _imports(path: str, text: str) -> dict[str, list[str]]:
    """Give the names that a module imports, under the path of each other module."""
    folder = posixpath.dirname(path)
    found: dict[str, list[str]] = {}
    for match in _IMPORT.finditer(text):
        other = posixpath.normpath(posixpath.join(folder, match["path"]))
        names = [name.strip() for name in match["names"].split(",") if name.strip()]
        found.setdefault(other, []).extend(names)
    return found


def _check_names(sources: Mapping[str, str], order: list[str]) -> None:
    home: dict[str, str] = {}
    exported: set[tuple[str, str]] = set()
    for path in order:
        for other, names in _imports(path, sources[path]).items():
            for name in names:
                if (other, name) not in exported:
                    raise ArgumentError(f"{path} imports {name}, which {other} does not export")
        for match in _DECLARED.finditer(sources[path]):
            name = match["name"]
            if name in home:
                raise ArgumentError(f"{path} declares {name}, which {home[name]} declares too")
            home[name] = path
            if match["export"]:
                exported.add((path, name))


def _plain(path: str, text: str) -> str:
    """Give a module's text without imports and exports."""
    plain = _EXPORT.sub("", _IMPORT.sub("", text))
    for pattern, what in (
        (_UNKNOWN, "has an import, export or declaration of a form that is not supported"),
        (_UNSAFE, "holds text that would end its script element"),
    ):
        if odd := pattern.search(plain):
            raise ArgumentError(f"{path} {what}: {odd[0]}")
    return plain if plain.endswith("\n") else plain + "\n"
