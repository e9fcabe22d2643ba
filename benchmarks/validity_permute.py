"""Do permutation tests hold their level? `python benchmarks/validity_permute.py [--maps N]`.

Null studies: 12 maps of smooth Gaussian noise in 12^3 voxels, one-sample sign flips, 99 random
ones besides the observed, both signs, clusters formed at two-sided p < 0.01. An error is a study
in which anything has a family-wise p of at most 0.05.
"""

from __future__ import annotations

import argparse

import numpy as np
from scipy.ndimage import gaussian_filter
from validity import interval, verdict

from skerry.space.grid import Grid
from skerry.stats.permute import make_model, permutation_test

SHAPE, N_SUBJECTS, N_PERM = (12, 12, 12), 12, 99
FWHM_VOXELS = (1.5, 3.0, 5.0)
MARGIN = 8  # cut off, so that the field is stationary up to its edge


def smooth_noise(rng: np.random.Generator, fwhm: float) -> np.ndarray:
    wide = tuple(n + 2 * MARGIN for n in SHAPE)
    sigma = fwhm / np.sqrt(8 * np.log(2))
    maps = [gaussian_filter(rng.normal(size=wide), sigma) for _ in range(N_SUBJECTS)]
    inner = (slice(None), *[slice(MARGIN, -MARGIN)] * 3)
    return np.stack(maps)[inner].reshape(N_SUBJECTS, -1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--maps", type=int, default=1000, help="null studies a smoothness")
    options = parser.parse_args()
    grid = Grid(SHAPE, np.eye(4))
    mask = np.ones(SHAPE, dtype=bool)
    model = make_model(np.ones((N_SUBJECTS, 1)), [1.0])
    print("| test | FWHM, voxels | found | 95 % interval | verdict |")
    print("|---|---|---|---|---|")
    for fwhm in FWHM_VOXELS:
        errors: dict[str, int] = {}
        for study in range(options.maps):
            rng = np.random.default_rng([study, round(10 * fwhm)])
            test = permutation_test(
                smooth_noise(rng, fwhm),
                mask,
                grid,
                model,
                n_perm=N_PERM,
                seed=study,
                threshold="p<0.01",
                tfce=True,
            )
            for name, p in test.p_fwe.items():
                errors[name] = errors.get(name, 0) + bool(p.min(initial=1.0) <= 0.05)
        for name, count in errors.items():
            low, high = interval(count, options.maps)
            print(
                f"| {name} | {fwhm} | {count / options.maps:.1%} | {low:.1%} to {high:.1%} "
                f"| {verdict(low, high)} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
