"""Closed testing from its definition: every set of tests is tested, nothing is cut short."""

from __future__ import annotations

from itertools import combinations


def harmonic(n):
    return sum(1.0 / i for i in range(1, n + 1))


def rejects(p_values, alpha, method):
    """Whether Simes' or Hommel's test rejects that none of some tests is a discovery."""
    n = len(p_values)
    cost = n * (harmonic(n) if method == "hommel" else 1.0)
    return any(cost * p <= rank * alpha for rank, p in enumerate(sorted(p_values), start=1))


def closed_testing(p_values, alpha, method="simes"):
    """The sets that are not rejected together with all sets that hold them."""
    tests = range(len(p_values))
    sets = [frozenset(s) for n in range(1, len(p_values) + 1) for s in combinations(tests, n)]
    kept = [s for s in sets if not rejects([p_values[i] for i in s], alpha, method)]
    return {s for s in sets if any(s <= other for other in kept)}


def true_discoveries(chosen, not_rejected):
    """Size of a set less that of its largest part that may be noise."""
    return len(chosen) - max((len(s) for s in not_rejected if s <= chosen), default=0)
