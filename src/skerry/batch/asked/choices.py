"""What is asked of a map: every option of `skerry regions`, checked, from Python or from text."""

from __future__ import annotations

import math
import os
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from skerry.batch.asked.places import absolute, placed_atlas
from skerry.errors import ArgumentError
from skerry.regions.threshold import parse_threshold
from skerry.typing import Connectivity, Kind, Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["OPTION_OF_COLUMN", "Choices", "with_choices"]


@dataclass(frozen=True, slots=True)
class Choices:
    """How one map is read, which of its regions are taken, and what is listed of them.

    The names and meanings are those of `skerry.find_regions`,
    `skerry.split_regions`, `skerry.region_table` and `skerry.peak_table`.
    """

    threshold: str = "97%"
    sign: Sign = "both"
    connectivity: Connectivity = 26
    min_volume_mm3: float = 0.0
    min_voxels: int = 0
    mask: str | None = None
    kind: Kind | None = None
    df: float | tuple[float, float] | None = None
    volume: int | None = None
    split: bool = False
    min_prominence: float = 0.0
    smoothing_fwhm_mm: float | None = None
    min_distance_mm: float = 8.0
    max_peaks: int | None = 3
    atlas: tuple[str, ...] = ()

    def plain(self, *, files: bool) -> dict[str, Any]:
        """Give the options as plain values, with or without the paths of mask and atlases."""
        every = asdict(self)
        if not files:
            del every["mask"], every["atlas"]
        return every


def with_choices(
    common: Choices, given: Mapping[str, Any], *, folder: str | None = None
) -> Choices:
    """Change some options.

    Parameters
    ----------
    common : Choices
    given : mapping of str to value
        By the names of the options; text is understood as in a manifest.
    folder : str, optional
        That mask and atlases are relative to, absolute; by default the one
        that this process is in.

    Raises
    ------
    ArgumentError
        If one is unknown or makes no sense, or two do not go together.
    """
    unknown = set(given) - set(_CHECKS)
    if unknown:
        raise ArgumentError(
            f"{min(unknown)!r} is no option of a batch; there are {', '.join(_CHECKS)}"
        )
    understood = {name: _CHECKS[name](name, value) for name, value in given.items()}
    changed = replace(common, **_placed(understood, folder or os.getcwd()))  # noqa: PTH109
    if changed.smoothing_fwhm_mm is not None and not changed.split:
        raise ArgumentError("smoothing_fwhm_mm is for split; give both or neither")
    if changed.min_volume_mm3 and changed.min_voxels:
        raise ArgumentError("give min_volume_mm3 or min_voxels, not both")
    return changed


def _placed(understood: dict[str, Any], folder: str) -> dict[str, Any]:
    """Make the paths among options absolute: workers may be at home in another folder."""
    if mask := understood.get("mask"):
        understood["mask"] = absolute(mask, folder)
    if atlases := understood.get("atlas"):
        understood["atlas"] = tuple(placed_atlas(one, folder) for one in atlases)
    return understood


def _threshold(_name: str, value: Any) -> str:
    return str(parse_threshold(value))


def _one_of(*allowed: str) -> Callable[[str, Any], str]:
    named = {name.lower(): name for name in allowed}

    def check(name: str, value: Any) -> str:
        if isinstance(value, str) and value.lower() in named:
            return named[value.lower()]
        raise ArgumentError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")

    return check


def _number(name: str, value: Any) -> float:
    try:
        number = math.nan if isinstance(value, (bool, np.bool_)) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise ArgumentError(f"{name} must be a finite number, not negative, got {value!r}")
    return number


def _whole(name: str, value: Any) -> int:
    number = _number(name, value)
    if number != int(number):
        raise ArgumentError(f"{name} must be a whole number, got {value!r}")
    return int(number)


def _connectivity(name: str, value: Any) -> int:
    allowed = get_args(Connectivity)
    if str(value) not in map(str, allowed):
        raise ArgumentError(f"{name} must be 6, 18 or 26, got {value!r}")
    return int(value)


def _max_peaks(name: str, value: Any) -> int | None:
    if value is None or value == "all":
        return None
    if (number := _whole(name, value)) < 1:
        raise ArgumentError(f"{name} must be at least 1, got {value!r}; all lists all")
    return number


def _switch(name: str, value: Any) -> bool:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    said = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, str) and value.lower() in said:
        return said[value.lower()]
    raise ArgumentError(f"{name} must be true or false, got {value!r}")


def _path(name: str, value: Any) -> str:
    if not isinstance(value, (str, os.PathLike)):
        raise ArgumentError(f"{name} must be a path, got {type(value).__name__}")
    if not (path := os.fspath(value)):
        raise ArgumentError(f"{name} must be a path, got an empty one")
    return path


def _df(name: str, value: Any) -> float | tuple[float, float]:
    parts = value.split(",") if isinstance(value, str) else value
    try:
        numbers = [float(number) for number in np.atleast_1d(np.asarray(parts, dtype=object))]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) not in (1, 2) or not all(0 < number < math.inf for number in numbers):
        raise ArgumentError(f"{name} must be N or N,N2, both above 0, got {value!r}")
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def _atlases(name: str, value: Any) -> tuple[str, ...]:
    many = value.split(";") if isinstance(value, str) else value
    many = list(many) if isinstance(many, (list, tuple)) else [many]
    if not all(isinstance(one, (str, os.PathLike)) for one in many):
        raise ArgumentError(f"{name} must name atlases or their files, got {value!r}")
    return tuple(one for one in (os.fspath(one).strip() for one in many) if one)


def _or_none(check: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    return lambda name, value: None if value is None else check(name, value)


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "threshold": _threshold,
    "sign": _one_of(*get_args(Sign)),
    "connectivity": _connectivity,
    "min_volume_mm3": _number,
    "min_voxels": _whole,
    "mask": _or_none(_path),
    "kind": _or_none(_one_of(*get_args(Kind))),
    "df": _or_none(_df),
    "volume": _or_none(_whole),
    "split": _switch,
    "min_prominence": _number,
    "smoothing_fwhm_mm": _or_none(_number),
    "min_distance_mm": _number,
    "max_peaks": _max_peaks,
    "atlas": _atlases,
}
# The columns of a manifest that are options: by the name in Python, or the one on the command line.
OPTION_OF_COLUMN = {field.name: field.name for field in fields(Choices)} | {
    "min_volume": "min_volume_mm3",
    "prominence": "min_prominence",
    "smooth_fwhm": "smoothing_fwhm_mm",
    "peak_distance": "min_distance_mm",
}
