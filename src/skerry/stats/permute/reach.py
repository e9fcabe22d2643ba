"""Whether rearranging the maps can test a contrast at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.stats.permute.model import Model

__all__ = ["check_reach", "n_reached"]


def check_reach(
    model: Model,
    units: Sequence[NDArray[np.int64]],
    groups: Sequence[Sequence[int]],
    *,
    whole_blocks: bool,
    blocked: bool,
) -> None:
    """Refuse orders of the maps that cannot tell the contrast from noise.

    Parameters
    ----------
    model : Model
    units : sequence of (k,) int
        Observations that move together.
    groups : sequence of sequence of int
        Units that may take each other's place.
    whole_blocks, blocked : bool
        How the units came about: blocks that keep together; or blocks at all.

    Raises
    ------
    ArgumentError
        If what is tested is the same for all maps that may change places.
    """
    if n_reached(model, units, groups):
        return
    why = "the contrast tests a mean, which no change of order can: let signs flip instead"
    if blocked and not whole_blocks:
        why = (
            "the contrast compares maps of different blocks, but maps change places within their "
            "block only: let blocks change places as a whole, or leave them out"
        )
    elif whole_blocks and all(len(group) == 1 for group in groups):
        why = "no two blocks are of the same size, so none can take the place of another"
    elif whole_blocks:
        why = (
            "the contrast compares maps within blocks, but blocks keep together: "
            "let maps change places within their block"
        )
    raise ArgumentError(f"no other arrangement of the maps is possible: {why}")


def n_reached(
    model: Model, units: Sequence[NDArray[np.int64]], groups: Sequence[Sequence[int]]
) -> int:
    """Count the tested dimensions that changes of order can tell from noise.

    What is the same for all maps that may take each other's place, once the nuisance is taken
    out of it, comes out much the same in every order.
    """
    places: list[NDArray[np.float64]] = []
    for group in groups:
        for number in range(len(units[group[0]])):
            place = np.zeros(model.n_maps)
            place[[units[unit][number] for unit in group]] = 1.0
            places.append(place)
    basis, singular, _ = np.linalg.svd(
        np.concatenate([model.nuisance, np.stack(places)]).T, full_matrices=False
    )
    basis = basis[:, singular > 1e-9 * singular[0]]
    left = model.tested.T - basis @ (basis.T @ model.tested.T)
    return int(np.count_nonzero(np.linalg.svd(left, compute_uv=False) > 1e-7))
