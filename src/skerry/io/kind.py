"""What a map's values are: z, t, F, p, and with which degrees of freedom."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

import numpy as np

from skerry.checks import is_number
from skerry.errors import ArgumentError
from skerry.io.notice import notice
from skerry.typing import Kind

if TYPE_CHECKING:
    from skerry.io.layout import Intent
    from skerry.typing import BoolArray, FloatArray, PathLike

Df: TypeAlias = "float | tuple[float, float] | None"

# NIfTI-1 statistics; AFNI numbers its own alike. Codes from 1001 on name no statistic
# (FSL leaves 1001, "estimate", on z maps too).
_LN_P, _LOG10_P = 23, 24
_KIND_OF_INTENT: dict[int, Kind] = {
    3: "t", 4: "F", 5: "z", 22: "p", _LN_P: "p", _LOG10_P: "p",
    **dict.fromkeys([2, *range(6, 22)], "other"),
}  # fmt: skip
# BIDS statistical maps (`stat-<label>`).
_KIND_OF_ENTITY: dict[str, Kind] = {
    "z": "z", "t": "t", "F": "F", "f": "F", "p": "p",
    "effect": "other", "variance": "other", "rSquare": "other", "logLikelihood": "other",
}  # fmt: skip
_ENTITY = re.compile(r"(?:^|_)stat-([A-Za-z0-9]+)(?=[_.])")


@dataclass(frozen=True)
class Meaning:
    """What values are, once argument, header and name were weighed.

    Attributes
    ----------
    kind, df
        As in `StatMap`.
    stored_as : {"value", "ln p", "log10 p"}
        How p is stored; "value" for all else.
    """

    kind: Kind | None
    df: Df
    stored_as: str = "value"


def meaning_of(
    kind: str | None, df: Any, intent: Intent, path: PathLike | None, name: str
) -> Meaning:
    """Weigh the argument, then the header's intent, then the `stat-` entity of the name.

    Raises
    ------
    ArgumentError
        If `kind` is none of the five, or `df` does not fit it.
    """
    given = _checked_kind(kind)
    code, parameters = intent
    of_header = _KIND_OF_INTENT.get(code)
    found = given or of_header or _kind_of_name(path)
    if given and of_header and given != of_header:
        notice(
            f"{name}: kind={given!r} was given, but its header says {of_header!r}; "
            f"{given!r} is used"
        )
    stored_as = {_LN_P: "ln p", _LOG10_P: "log10 p"}.get(code, "value") if found == "p" else "value"
    header_df = _df_of_intent(found, parameters) if found == of_header else None
    given_df = checked_df(df, found)
    if given_df is not None and header_df is not None and given_df != header_df:
        notice(
            f"{name}: df={given_df} was given, but its header says {header_df}; {given_df} is used"
        )
    return Meaning(found, header_df if given_df is None else given_df, stored_as)


def checked_df(df: Any, kind: Kind | None) -> Df:
    """Give degrees of freedom as floats: one for t, two for F.

    Raises
    ------
    ArgumentError
        If they are not positive numbers, or not as many as the kind has.
    """
    if df is None:
        return None
    wanted = {"t": 1, "F": 2}.get(kind or "")
    if wanted is None:
        said = "a map of unknown kind" if kind is None else f"a map of kind {kind!r}"
        raise ArgumentError(
            f"df={df!r} was given for {said}; t has one and F two (give kind= too, --kind)"
        )
    numbers = np.atleast_1d(np.asarray(df, dtype=object))  # each as it was given
    if numbers.shape != (wanted,) or not all(_is_positive(n) for n in numbers):
        of_an_F = "an F map must be two positive numbers"
        said = of_an_F if wanted == 2 else "a t map must be one positive number"
        raise ArgumentError(f"df of {said}, got {df!r}")
    first, *rest = (float(number) for number in numbers)
    return (first, rest[0]) if rest else first


def _is_positive(number: object) -> bool:
    try:
        return is_number(number) and float(number) > 0
    except OverflowError:  # an int of hundreds of digits
        return False


def minus_log10_p(
    stored: FloatArray, stored_as: str, mask: BoolArray | None, name: str
) -> tuple[FloatArray, BoolArray]:
    """Turn p values into -log10 p.

    Parameters
    ----------
    stored : (I, J, K) float
        As read.
    stored_as : {"value", "ln p", "log10 p"}
        How p was stored; of the logarithms, the sign does not matter (NIfTI-1).
    mask : (I, J, K) bool or None
        Voxels that count; by default those that are stored neither as NaN nor as 0.
    name : str
        What to call the map in messages.

    Returns
    -------
    values : (I, J, K) float64
        -log10 p in the mask, 0 elsewhere.
    mask : (I, J, K) bool
        Where they are.

    Raises
    ------
    ArgumentError
        If a value is no p value.
    """
    is_number = ~np.isnan(stored)
    inside = is_number & (stored != 0 if mask is None else mask)
    values = np.where(inside, stored, 1.0 if stored_as == "value" else 0.0).astype(np.float64)
    if stored_as == "value":
        wrong = ~((values >= 0) & (values <= 1))
        if wrong.any():
            raise ArgumentError(
                f"{name} is a map of p values, but one in its mask is {values[wrong][0]:g}; p lies "
                "from 0 to 1 (for a map that holds -log10 p already, give kind='other')"
            )
        with np.errstate(divide="ignore"):
            values = np.abs(np.log10(values))  # abs: the log of 1 is 0, not -0
    elif stored_as == "ln p":
        values = np.abs(values) / math.log(10)
    else:
        values = np.abs(values)
    notice(f"{name} holds p values; it is read as -log10 p")
    return values, inside


def _checked_kind(kind: object) -> Kind | None:
    if kind is None:
        return None
    names: dict[str, Kind] = {name.lower(): name for name in get_args(Kind)}
    found = names.get(kind.lower()) if isinstance(kind, str) else None
    if found is None:
        raise ArgumentError(f"kind must be one of {', '.join(get_args(Kind))}, got {kind!r}")
    return found


def _kind_of_name(path: PathLike | None) -> Kind | None:
    if path is None:
        return None
    entity = _ENTITY.search(os.path.basename(os.fspath(path)))  # noqa: PTH119
    return _KIND_OF_ENTITY.get(entity[1]) if entity else None


def _df_of_intent(kind: Kind | None, parameters: tuple[float, ...]) -> Df:
    """Read degrees of freedom; FSL writes t maps without (0)."""
    wanted = {"t": 1, "F": 2}.get(kind or "", 0)
    numbers = parameters[:wanted]
    if not wanted or len(numbers) < wanted or not all(0 < n < math.inf for n in numbers):
        return None
    return (numbers[0], numbers[1]) if wanted == 2 else numbers[0]
