"""What the options of a permutation test mean, and what is to be said of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import numpy as np

from skerry.checks import check_count
from skerry.errors import ArgumentError
from skerry.stats.permute.p_values import Tail
from skerry.typing import Sign

if TYPE_CHECKING:
    from skerry.stats.permute.model import Model
    from skerry.stats.permute.moves import Moves

__all__ = ["check_options", "forming_height", "said_of_design", "said_of_moves", "tfce_weights"]

_CLAIM = re.compile(r"p\s*[<=]\s*(\S+)", re.IGNORECASE)


def said_of_design(model: Model) -> list[str]:
    """Say what is unusual about a design."""
    notes = []
    if not model.has_constant:
        notes.append("the design fits no mean: add a column of ones, unless the means are 0")
    if model.made_of_others:
        notes.append(
            f"the design is rank-deficient ({', '.join(model.made_of_others)} made of the columns "
            f"before), which this contrast does not depend on; {model.df} df are left"
        )
    return notes


def said_of_moves(moves: Moves, n_perm: int, *, sides: int, separate_blocks: bool) -> list[str]:
    """Say what is unusual about the arrangements.

    Parameters
    ----------
    moves : Moves
    n_perm : int
        How many were asked for.
    sides : {1, 2}
        2 where a map and its mirror image count alike: |t|, and F.
    separate_blocks : bool
        There are blocks, but they do not keep together.
    """
    notes = []
    if separate_blocks and moves.scheme == "flip":
        notes.append(
            "signs flip map by map, whatever the blocks are; where the maps of a block depend on "
            "each other, let blocks flip as a whole (whole_blocks)"
        )
    if moves.enumerated:
        # Where all signs flip, nothing else changes.
        alike = 1 if moves.scheme == "permute" else sides
        notes.append(
            f"only {moves.n_total} arrangements are possible ({n_perm} were asked for): all were "
            f"gone through, the observed among them, and no p can be below "
            f"{alike / moves.n_total:.3g}"
        )
    return notes


def forming_height(threshold: float | str | None, model: Model, sign: Sign) -> float | None:
    """Give the cluster-forming height as a value of the statistic: of 3.1, or of ``"p<0.001"``."""
    if threshold is None:
        return None
    claim = _CLAIM.fullmatch(threshold.strip()) if isinstance(threshold, str) else None
    try:
        number = float(claim[1] if claim else threshold)
    except (TypeError, ValueError):
        number = float("nan")
    if claim and 0 < number < 1:
        from skerry.stats.of_kind import value_of_log_p

        log_p = float(np.log(number / 2 if sign == "both" else number))
        if model.statistic == "F":
            return value_of_log_p(log_p, "F", (len(model.tested), model.df))
        return value_of_log_p(log_p, "t", model.df)
    if claim or isinstance(threshold, bool) or not 0 < number < float("inf"):
        raise ArgumentError(
            f"the cluster-forming threshold must be a height of {model.statistic} above 0 (3.1) "
            f'or a p value ("p<0.001"), got {threshold!r}'
        )
    return number


def tfce_weights(tfce: bool | tuple[float, float]) -> tuple[float, float] | None:
    """Give the weights of extent and height: of True the usual ones, of False none."""
    from skerry.stats.tfce import check_weights

    if isinstance(tfce, bool):
        return (0.5, 2.0) if tfce else None
    try:
        E, H = tfce
    except (TypeError, ValueError):
        raise ArgumentError(f"tfce must be True, False or (E, H), got {tfce!r}") from None
    check_weights(E, H, "both")
    return float(E), float(H)


def check_options(sign: str, tail: str, threads: object) -> None:
    """Refuse options that mean nothing."""
    if sign not in get_args(Sign):
        raise ArgumentError(f'sign must be "both", "positive" or "negative", got {sign!r}')
    if tail not in get_args(Tail):
        raise ArgumentError(f'tail must be "counted" or "gpd", got {tail!r}')
    check_count("threads", threads)
