"""Checks of the arguments that the plot functions share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.checks import is_number
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.plotting.inputs.display_threshold import check_not_negative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.typing import PathLike

_SWITCHES = ("annotate", "draw_cross", "colorbar", "radiological")
_NUMBERS = ("vmin", "vmax")
_INTERPOLATIONS = ("continuous", "nearest", "linear")
_FIGURE_SUFFIXES = (".png", ".svg", ".pdf")


def check_plot_arguments(arguments: dict[str, Any]) -> None:
    """Check those arguments of a plot function whose type is the same everywhere.

    Parameters
    ----------
    arguments : dict
        Parameter -> value, as `locals()` gives them on entry; names that are
        not shared are passed over.

    Raises
    ------
    ArgumentTypeError
        If a switch is no bool, the title no text, an end of the colour range
        no number, or the output file no path.
    ArgumentError
        If the threshold is negative or the interpolation unknown.
    """
    for name in _SWITCHES:
        if name in arguments and not isinstance(arguments[name], (bool, np.bool_)):
            raise _wrong_type(name, "bool", arguments[name])
    for name in _NUMBERS:
        value = arguments.get(name)
        if value is not None and not is_number(value):
            raise _wrong_type(name, "a number or None", value)
    title = arguments.get("title")
    if title is not None and not isinstance(title, str):
        raise _wrong_type("title", "str or None", title)
    output_file = arguments.get("output_file")
    if output_file is not None and not isinstance(output_file, (str, os.PathLike)):
        raise _wrong_type("output_file", "a path or None", output_file)
    check_not_negative(arguments.get("threshold"))
    if "resampling_interpolation" in arguments:
        check_choice(
            arguments["resampling_interpolation"], _INTERPOLATIONS, "resampling_interpolation"
        )


def check_choice(value: object, allowed: Sequence[str], name: str) -> None:
    """Refuse a value that is not one of the allowed words.

    Raises
    ------
    ArgumentError
        With the words that are allowed.
    """
    if not isinstance(value, str) or value not in allowed:
        raise ArgumentError(f"'{name}' must be one of {list(allowed)}, got {value!r}")


def check_figure_file(output_file: PathLike | None) -> None:
    """Refuse a file whose suffix is that of no figure.

    Raises
    ------
    ArgumentError
        With the suffixes that are possible.
    """
    if output_file is not None and not str(output_file).lower().endswith(_FIGURE_SUFFIXES):
        raise ArgumentError(
            f"{str(output_file)!r}: a figure's name ends in {', '.join(_FIGURE_SUFFIXES)}"
        )


def _wrong_type(name: str, wanted: str, value: object) -> ArgumentTypeError:
    return ArgumentTypeError(f"'{name}' must be {wanted}, got {type(value).__name__}")
