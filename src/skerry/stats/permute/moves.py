"""The arrangements of a permutation test: every one of them, or a sample from a seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from skerry.checks import check_count
from skerry.errors import ArgumentError
from skerry.stats.permute.enumeration import count_orders, every_arrangement
from skerry.stats.permute.reach import check_reach

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import ArrayLike, NDArray

    from skerry.stats.permute.model import Model

__all__ = ["Moves", "Scheme", "plan_moves"]

Scheme: TypeAlias = Literal["auto", "permute", "flip", "both"]
Units: TypeAlias = "list[NDArray[np.int64]]"


@dataclass(frozen=True, slots=True)
class Moves:
    """The arrangements of a test, the first of them as observed.

    Attributes
    ----------
    n_maps : int
        Number of observations.
    scheme : {"permute", "flip", "both"}
        Whether the order changes, the signs, or both.
    units : list of (k,) int
        Observations that move together.
    groups : list of list of int
        Units that may take each other's place.
    n_possible : int
        Number of arrangements that differ, the observed among them.
    seed : int
        Of the sample.
    n_total : int
        Number of arrangements of the test, the observed among them.
    listed : list, optional
        All arrangements where they are enumerated: an order of the units, signs of the units.
    """

    n_maps: int
    scheme: Literal["permute", "flip", "both"]
    units: Units = field(repr=False)
    groups: list[list[int]] = field(repr=False)
    n_possible: int
    seed: int
    n_total: int
    listed: list[tuple[tuple[int, ...], tuple[int, ...]]] | None = field(repr=False)

    @property
    def enumerated(self) -> bool:
        """Whether the test goes through all arrangements."""
        return self.listed is not None

    def arrangement(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Give an arrangement, whenever and in whatever order it is asked for.

        Parameters
        ----------
        number : int
            From 0, the observed, to ``n_total - 1``.

        Returns
        -------
        order : (n,) int64
            The observation that comes to each place.
        sign : (n,) float64
            1 or -1 by which it is multiplied there.
        """
        if self.listed is not None:
            place, signs = (np.array(part) for part in self.listed[number])
        else:
            place, signs = self._drawn(number)
        order = np.arange(self.n_maps)
        sign = np.ones(self.n_maps)
        for unit, source, flip in zip(self.units, place, signs, strict=True):
            order[unit] = self.units[source]
            sign[unit] = flip
        return order, sign

    def _drawn(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        place = np.arange(len(self.units))
        signs = np.ones(len(self.units), dtype=np.int64)
        if number == 0:
            return place, signs
        # A generator of its own for each: no arrangement depends on who asked before.
        generator = np.random.default_rng([self.seed, number])
        if self.scheme != "flip":
            for group in self.groups:
                place[group] = generator.permutation(group)
        if self.scheme != "permute":
            signs = generator.integers(0, 2, len(signs)) * 2 - 1
        return place, signs


def plan_moves(
    model: Model,
    *,
    n_perm: int,
    seed: int = 0,
    scheme: Scheme = "auto",
    blocks: ArrayLike | None = None,
    whole_blocks: bool = False,
) -> Moves:
    """Decide which arrangements a test goes through.

    Parameters
    ----------
    model : Model
    n_perm : int
        How many are drawn at random, besides the observed. Where no more are possible, all
        are enumerated instead.
    seed : int
        Of the draw.
    scheme : {"auto", "permute", "flip", "both"}
        Change the order of the observations (errors are exchangeable), their signs (errors
        are symmetric around 0), or both. "auto" flips where the model without the tested
        part has no constant (so that a mean is tested), else permutes.
    blocks : (n,) array_like, optional
        Label of each observation: those of one block may take each other's place.
    whole_blocks : bool
        Blocks keep together instead: blocks of one size take each other's place, or change
        their sign as a whole.

    Returns
    -------
    Moves

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense or nothing can be rearranged.
    """
    n_perm, seed = _checked(n_perm, seed, scheme)
    if scheme == "auto":
        chosen: Literal["permute", "flip", "both"] = "flip" if model.tests_the_mean else "permute"
    else:
        chosen = scheme
    units, groups = _units(model.n_maps, blocks, whole_blocks)
    rows = np.round(model.weights.T, 9) + 0.0  # no -0
    kinds: list[Hashable] = [rows[unit].tobytes() for unit in units]
    n_orders = 1 if chosen == "flip" else prod(count_orders([kinds[u] for u in g]) for g in groups)
    n_possible = n_orders * (1 if chosen == "permute" else 2 ** len(units))
    if chosen == "permute":
        check_reach(model, units, groups, whole_blocks=whole_blocks, blocked=blocks is not None)
    if n_possible == 1:
        raise ArgumentError(
            "no other arrangement of the maps is possible with this design and these blocks"
        )
    listed = None
    if n_possible <= n_perm + 1:
        listed = list(every_arrangement(kinds, groups, chosen))
    n_total = n_perm + 1 if listed is None else len(listed)
    return Moves(model.n_maps, chosen, units, groups, n_possible, seed, n_total, listed)


def _units(
    n_maps: int, blocks: ArrayLike | None, whole_blocks: bool
) -> tuple[Units, list[list[int]]]:
    if blocks is None:
        if whole_blocks:
            raise ArgumentError("whole_blocks needs blocks")
        return [np.array([i]) for i in range(n_maps)], [list(range(n_maps))]
    labels = np.asarray(blocks)
    if labels.shape != (n_maps,):
        raise ArgumentError(f"blocks must be one label a map: {labels.shape} for {n_maps} maps")
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise ArgumentError("blocks hold NaN: every map needs its block")
    _, number = np.unique(labels, return_inverse=True)
    members = [np.flatnonzero(number == k) for k in range(int(number.max()) + 1)]
    if not whole_blocks:
        return [np.array([i]) for i in range(n_maps)], [list(map(int, m)) for m in members]
    sizes = [len(m) for m in members]
    return members, [[k for k, s in enumerate(sizes) if s == size] for size in sorted(set(sizes))]


def _checked(n_perm: Any, seed: Any, scheme: str) -> tuple[int, int]:
    n_perm, seed = check_count("n_perm", n_perm), check_count("seed", seed, least=0)
    if scheme not in ("auto", "permute", "flip", "both"):
        raise ArgumentError(f'scheme must be "auto", "permute", "flip" or "both", got {scheme!r}')
    return n_perm, seed
