"""All arrangements of a permutation test that differ: how many, and each of them once."""

from __future__ import annotations

from collections import Counter
from itertools import product
from math import factorial, prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

__all__ = ["count_orders", "every_arrangement"]


def count_orders(kinds: Sequence[Hashable]) -> int:
    """Count the orders that differ: units of one kind are alike."""
    return factorial(len(kinds)) // prod(map(factorial, Counter(kinds).values()))


def every_arrangement(
    kinds: list[Hashable], groups: list[list[int]], scheme: str
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Give every arrangement once, the observed first."""
    n = len(kinds)
    signs = [(1,) * n] if scheme == "permute" else list(product((1, -1), repeat=n))
    if scheme == "flip":
        yield from ((tuple(range(n)), sign) for sign in signs)
        return
    for parts in product(*(_orders(group, [kinds[u] for u in group]) for group in groups)):
        place = list(range(n))
        for group, part in zip(groups, parts, strict=True):
            for goal, source in zip(group, part, strict=True):
                place[goal] = source
        yield from ((tuple(place), sign) for sign in signs)


def _orders(group: list[int], kinds: list[Hashable]) -> list[tuple[int, ...]]:
    """Orders of a group's units that give every unit's data to another kind of place, once."""
    numbers = {kind: k for k, kind in enumerate(dict.fromkeys(kinds))}
    own = [numbers[kind] for kind in kinds]
    left = Counter(own)
    # A unit's own kind first, so that the observed order is the first of all.
    by_turn = {kind: [kind, *(other for other in sorted(left) if other != kind)] for kind in left}

    def choices(unit: int) -> Iterator[int]:
        return (kind for kind in by_turn[own[unit]] if left[kind])

    found: list[tuple[int, ...]] = []
    taken: list[int] = []
    open_choices = [choices(0)]  # of each unit so far; a call a unit would be too deep for Python
    while open_choices:
        kind = next(open_choices[-1], None)
        if kind is None:
            open_choices.pop()
        else:
            left[kind] -= 1
            taken.append(kind)
            if len(taken) < len(own):
                open_choices.append(choices(len(taken)))
                continue
            found.append(_places(group, own, taken))
        if taken:
            left[taken.pop()] += 1
    return found


def _places(group: list[int], own: list[int], taken: list[int]) -> tuple[int, ...]:
    """Which unit's data come to each place, when unit k's data go to a place of kind taken[k]."""
    waiting: dict[int, list[int]] = {}
    for unit, kind in zip(group, taken, strict=True):
        waiting.setdefault(kind, []).append(unit)
    return tuple(waiting[kind].pop(0) for kind in own)
