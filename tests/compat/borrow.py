"""Run nilearn's own tests, from its installed wheel, on skerry's functions.

Nothing of nilearn is copied: a test module is imported from the wheel, the
names it took from nilearn are pointed at skerry's, and its test functions are
handed to pytest from a module here.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import sys
import types
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def borrow(
    module: str,
    *,
    replace: dict[str, Any],
    only: list[str] | None = None,
    leave_out: dict[str, str],
    leave_out_values: dict[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Take test functions from one of nilearn's test modules.

    Parameters
    ----------
    module : str
        Dotted name, for example `nilearn.image.tests.test_image`.
    replace : dict
        Name in that module -> skerry's object that takes its place. A dotted
        name (`"displays.OrthoSlicer"`) replaces an attribute of a module that
        the tests reach through. Every name must exist there.
    only : list of str, optional
        Prefixes of the tests that concern the functions replaced; None takes all.
    leave_out : dict
        Test function -> the reason why it is not run. Every one must exist.
    leave_out_values : dict, optional
        Name in that module -> the reason why tests are not run with that object
        as a parameter.
    without : tuple of str
        Modules of nilearn that only left-out tests need (and that need more
        packages): their functions are there, and answer with an empty list.

    Returns
    -------
    dict
        Test functions and fixtures by name, to be put into a module's globals.
    """
    with _hollow(without):
        theirs = importlib.import_module(module)
    places = [(_lookup(theirs, name), ours) for name, ours in replace.items()]
    unwanted = [_lookup(theirs, name) for name in leave_out_values or {}]
    for name, ours in replace.items():
        _point(theirs, name, ours)
    found: dict[str, Any] = dict(_fixtures_beside(module))
    for name, thing in vars(theirs).items():
        if inspect.isfunction(thing) and name.startswith("test_"):
            if only is None or name.startswith(tuple(only)):
                _swap_parameters(thing, places, unwanted)
                found[name] = thing
        elif _is_fixture(thing):
            found[name] = thing
    unknown = [name for name in leave_out if name not in found]
    if unknown:
        raise LookupError(f"{module} has no tests {unknown}: mend the list of left-out tests")
    return {name: thing for name, thing in found.items() if name not in leave_out}


@contextlib.contextmanager
def _hollow(modules: tuple[str, ...]) -> Iterator[None]:
    with mock.patch.dict(sys.modules):
        for name in modules:
            hollow = types.ModuleType(name)
            hollow.__getattr__ = lambda name: lambda *args, **options: []  # type: ignore[method-assign]
            sys.modules[name] = hollow
        yield
        # Keep what was imported meanwhile: a second copy would be other classes.
        imported = {name: kept for name, kept in sys.modules.items() if name not in modules}
    sys.modules.update(imported)


def _fixtures_beside(module: str) -> dict[str, Any]:
    """Fixtures of the conftest.py in the same folder, where there is one."""
    package = module.rpartition(".")[0]
    if importlib.util.find_spec(f"{package}.conftest") is None:
        return {}
    conftest = importlib.import_module(f"{package}.conftest")
    return {name: thing for name, thing in vars(conftest).items() if _is_fixture(thing)}


def _is_fixture(thing: Any) -> bool:
    return type(thing).__name__ == "FixtureFunctionDefinition"


def _swap_parameters(test: Any, places: list[tuple[Any, Any]], unwanted: list[Any]) -> None:
    """Put skerry's objects into the values that a test is parametrized with."""

    def swapped(value: Any) -> Any:
        return next((ours for their, ours in places if their is value), value)

    marks = []
    for mark in getattr(test, "pytestmark", []):
        if mark.name == "parametrize":
            names, values, *rest = mark.args
            if isinstance(values, (set, frozenset)):
                values = sorted(values, key=lambda value: getattr(value, "__name__", ""))
            values = [
                swapped(value) for value in values if not any(value is thing for thing in unwanted)
            ]
            mark = pytest.mark.parametrize(names, values, *rest, **mark.kwargs).mark
        marks.append(mark)
    if marks:
        test.pytestmark = marks


def _lookup(module: Any, name: str) -> Any:
    for part in name.split("."):
        module = getattr(module, part, None)
    return module


def _point(module: Any, name: str, ours: Any) -> None:
    *path, last = name.split(".")
    owner = module
    for part in path:
        owner = getattr(owner, part)
    if not hasattr(owner, last):
        raise LookupError(f"{module.__name__} has no name {name!r} to replace")
    setattr(owner, last, ours)
