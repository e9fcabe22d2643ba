"""Do p values from a generalised Pareto tail hold their level? `python benchmarks/validity_tail.py [--tries N]`.

Without signal the observed arrangement is any of all n with the same chance. So of the n maxima of a
test, a * n may be given a p of at most a, on the average, whatever their distribution is; below
1 / n that can only be the highest of them. Here the maxima are those of 500 independent normal or t
values (11 df), or gamma values like the extents of clusters; what is told is how often the highest
of n gets a p of at most a, divided by a * n: above 1 the p is too small.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from skerry.stats.permute.pareto import tail_p

if TYPE_CHECKING:
    from collections.abc import Callable

N_ARRANGEMENTS = (200, 1000, 5000)
SHARES = (1.0, 0.5, 0.2, 0.1, 0.03, 0.01)
N_INDEPENDENT = 500
DRAW: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "normal": lambda rng, n: stats.norm.isf(_p_of_highest(rng, n)),
    "t, 11 df": lambda rng, n: stats.t.isf(_p_of_highest(rng, n), 11),
    "gamma": lambda rng, n: rng.gamma(1.2, 10, size=n),
}


def _p_of_highest(rng: np.random.Generator, n: int) -> np.ndarray:
    """Give the tail p of the highest of independent values, n times."""
    return -np.expm1(np.log(rng.uniform(size=n)) / N_INDEPENDENT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=2000, help="of each distribution")
    options = parser.parse_args()
    print("| maxima of | n | " + " | ".join(f"p <= {share:g} / n" for share in SHARES) + " |")
    print("|---|---|" + "---|" * len(SHARES))
    for name, draw in DRAW.items():
        for n in N_ARRANGEMENTS:
            rng = np.random.default_rng([n, len(name)])
            p = np.empty(options.tries)
            for number in range(options.tries):
                null = draw(rng, n)
                p[number] = tail_p(null, null.max(keepdims=True))[0]
            told = [np.mean(p <= share / n * (1 + 1e-9)) / share for share in SHARES]
            print(
                f"| {name} | {n} | " + " | ".join(f"{one:.2f}" for one in told) + " |", flush=True
            )


if __name__ == "__main__":
    main()
