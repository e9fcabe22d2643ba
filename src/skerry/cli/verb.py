"""What makes a function a verb of the command line."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import math
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skerry.cli import console

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OptionGroup", "verb"]

_SPEAKING = "What is said"


@dataclass(frozen=True, kw_only=True)
class OptionGroup:
    """Options that several verbs share: each field of a subclass is one."""

    def check(self) -> None:
        """Refuse what makes no sense together.

        Raises
        ------
        BadParameter
            If options exclude each other.
        """


@dataclass(frozen=True, kw_only=True)
class _Speaking(OptionGroup):
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say errors only.", rich_help_panel=_SPEAKING)
    ] = False
    debug: Annotated[  # read by skerry.cli.main, before the parser
        bool,
        typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=_SPEAKING),
    ] = False


def verb(
    command: Callable[..., Any] | None = None, *, leave_out: tuple[str, ...] = ()
) -> Callable[..., Any]:
    """Make a function a verb: its parameters are options, its groups of options are taken apart.

    A parameter whose type is an `OptionGroup` stands for the options of that group; those
    that the verb has no use for can be left out and keep their defaults. The map comes first.
    Every verb takes `--quiet` and `--debug`. No option takes an infinite number.
    """
    if command is None:
        return functools.partial(verb, leave_out=leave_out)
    hints = typing.get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if _is_group(hint)}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name in groups:
            parameters += _parameters(groups[name], leave_out)
        else:
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(parameter.replace(kind=kind, annotation=hints[name]))
    parameters += _parameters(_Speaking)
    parameters.sort(key=lambda parameter: parameter.name != "map_")

    @functools.wraps(command)
    def with_options(*, quiet: bool, debug: bool, **given: Any) -> Any:
        del debug
        console.be_quiet(quiet)
        for parameter in parameters:
            _check_finite(parameter, given.get(parameter.name))
        for name, group in groups.items():
            own = [parameter.name for parameter in _parameters(group, leave_out)]
            options = group(**{option: given.pop(option) for option in own})
            options.check()
            given[name] = options
        return command(**given)

    vars(with_options)["__signature__"] = inspect.Signature(parameters)
    with_options.__annotations__ = {p.name: p.annotation for p in parameters}
    del vars(with_options)["__wrapped__"]  # or its signature would be read
    return with_options


def _is_group(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, OptionGroup)


def _parameters(
    group: type[OptionGroup], leave_out: tuple[str, ...] = ()
) -> list[inspect.Parameter]:
    """Give the options of a group as parameters."""
    hints = typing.get_type_hints(group, include_extras=True)
    missing, empty = dataclasses.MISSING, inspect.Parameter.empty
    return [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=hints[option.name],
            default=empty if option.default is missing else option.default,
        )
        for option in dataclasses.fields(group)
        if option.name not in leave_out
    ]


def _check_finite(parameter: inspect.Parameter, value: object) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise typer.BadParameter(f"it must be finite, got {value}", param_hint=_name(parameter))


def _name(parameter: inspect.Parameter) -> str:
    """Name an option as it is written on a command line."""
    declared = parameter.annotation.__metadata__[0]
    names = (declared.default, *(declared.param_decls or ()))  # typer puts the first in default
    long = [name for name in names if isinstance(name, str) and name.startswith("--")]
    return long[0] if long else f"--{parameter.name.replace('_', '-')}"
