"""Run nilearn's own tests, from its installed wheel, on skerry's functions.

Nothing of nilearn is copied: a test module is imported from the wheel, the
names it took from nilearn are pointed at skerry's, and its test functions are
handed to pytest from a module here.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from typing import Any


def borrow(
    module: str,
    *,
    replace: dict[str, Any],
    only: list[str] | None = None,
    leave_out: dict[str, str],
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

    Returns
    -------
    dict
        Test functions and fixtures by name, to be put into a module's globals.
    """
    theirs = importlib.import_module(module)
    for name, ours in replace.items():
        _point(theirs, name, ours)
    found: dict[str, Any] = dict(_fixtures_beside(module))
    for name, thing in vars(theirs).items():
        if inspect.isfunction(thing) and name.startswith("test_"):
            if only is None or name.startswith(tuple(only)):
                found[name] = thing
        elif _is_fixture(thing):
            found[name] = thing
    unknown = [name for name in leave_out if name not in found]
    if unknown:
        raise LookupError(f"{module} has no tests {unknown}: mend the list of left-out tests")
    return {name: thing for name, thing in found.items() if name not in leave_out}


def _fixtures_beside(module: str) -> dict[str, Any]:
    """Fixtures of the conftest.py in the same folder, where there is one."""
    package = module.rpartition(".")[0]
    if importlib.util.find_spec(f"{package}.conftest") is None:
        return {}
    conftest = importlib.import_module(f"{package}.conftest")
    return {name: thing for name, thing in vars(conftest).items() if _is_fixture(thing)}


def _is_fixture(thing: Any) -> bool:
    return type(thing).__name__ == "FixtureFunctionDefinition"


def _point(module: Any, name: str, ours: Any) -> None:
    *path, last = name.split(".")
    owner = module
    for part in path:
        owner = getattr(owner, part)
    if not hasattr(owner, last):
        raise LookupError(f"{module.__name__} has no name {name!r} to replace")
    setattr(owner, last, ours)
