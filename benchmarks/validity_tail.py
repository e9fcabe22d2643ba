"""Do p values from a generalised Pareto tail hold their level? `python benchmarks/validity_tail.py [--maps N]`.

The null studies of validity_permute.py with 199 random sign flips, so that counting reaches 0.005
at the least. Each study's highest value is judged twice on the same maxima: by counting, and by
the tail that is fitted to them. An error is a study whose lowest family-wise p is at most the level.
"""

from __future__ import annotations

import argparse

import numpy as np
from validity_permute import N_SUBJECTS, SHAPE, smooth_noise, wilson

from skerry.space.grid import Grid
from skerry.stats.permute import permutation_test
from skerry.stats.permute_gpd import tail_p
from skerry.stats.permute_model import make_model
from skerry.stats.permute_tail import fwe_p

N_PERM, FWHM_VOXELS, LEVELS = 199, (1.5, 3.0), (0.05, 0.01, 0.002)
JUDGES = {"counted": fwe_p, "gpd": tail_p}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--maps", type=int, default=1000, help="null studies a smoothness")
    options = parser.parse_args()
    grid, mask = Grid(SHAPE, np.eye(4)), np.ones(SHAPE, dtype=bool)
    model = make_model(np.ones((N_SUBJECTS, 1)), [1.0])
    print("| test | FWHM, voxels | p | " + " | ".join(f"p <= {x}" for x in LEVELS) + " |")
    print("|---|---|---|" + "---|" * len(LEVELS))
    for fwhm in FWHM_VOXELS:
        lowest: dict[tuple[str, str], list[float]] = {}
        for study in range(options.maps):
            rng = np.random.default_rng([study, round(10 * fwhm), 4])
            test = permutation_test(
                smooth_noise(rng, fwhm), mask, grid, model,
                n_perm=N_PERM, seed=study, threshold="p<0.01",
            )  # fmt: skip
            for name in ("t", "excess_mass"):
                null = test.null[name]
                for how, judge in JUDGES.items():
                    lowest.setdefault((name, how), []).append(float(judge(null, null[:1])[0]))
        for (name, how), p in lowest.items():
            cells = []
            for level in LEVELS:
                n_errors = sum(one <= level for one in p)
                low, high = wilson(n_errors, len(p))
                cells.append(f"{n_errors / len(p):.1%} ({low:.1%} to {high:.1%})")
            print(f"| {name} | {fwhm} | {how} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
