"""What do permutation tests find, beside corrections by formula? `python benchmarks/validity_power.py [--studies N]`.

Studies of 16 maps in 20^3 voxels: smooth Gaussian noise of unit variance, and in it a small high
region and a large low one, each once positive and once negative. One-sample sign flips, 199
random ones besides the observed, both signs, 26 neighbours, clusters formed at two-sided
p < 0.01. Bonferroni and random field judge the same t map turned into z, its smoothness taken
from the residuals. All at a family-wise 5 %, two-sided.
"""

from __future__ import annotations

import argparse
import math

import numpy as np
from scipy.ndimage import gaussian_filter, label

from skerry.space.grid import Grid
from skerry.stats.convert import t_to_z
from skerry.stats.correct import bonferroni_log_p
from skerry.stats.of_kind import value_of_log_p
from skerry.stats.permute import PermutationTest, make_model, permutation_test
from skerry.stats.random_field import smallest_cluster, voxel_height
from skerry.stats.smoothness import Smoothness, smoothness_of_residuals

SIDE, N_SUBJECTS, N_PERM, LEVEL = 20, 16, 199, 0.05
SHAPE = (SIDE, SIDE, SIDE)
FWHM_VOXELS = (1.5, 3.0, 5.0)
FORMING_P = 0.01
MARGIN = 8  # cut off, so that the field is stationary up to its edge
# Radius in voxels, and the mean of the maps in units of their standard deviation.
SMALL, LARGE = (1.5, 1.6), (4.0, 0.8)
CENTRES = {SMALL: ((4, 4, 15), (15, 4, 15)), LARGE: ((5, 14, 5), (14, 14, 14))}


def noise(rng: np.random.Generator, fwhm: float) -> np.ndarray:
    """Give (n, V) maps of a stationary Gaussian field of unit variance."""
    sigma = fwhm / math.sqrt(8 * math.log(2))
    lag = np.arange(-MARGIN, MARGIN + 1)
    kernel = np.exp(-(lag**2) / (2 * sigma**2))
    spread = (math.sqrt((kernel**2).sum()) / kernel.sum()) ** 3
    wide = rng.standard_normal((N_SUBJECTS, *[SIDE + 2 * MARGIN] * 3))
    inner = slice(MARGIN, -MARGIN)
    maps = [gaussian_filter(one, sigma, radius=MARGIN)[inner, inner, inner] for one in wide]
    return np.stack(maps).reshape(N_SUBJECTS, -1) / spread


def planted() -> dict[str, np.ndarray]:
    """Give the mean of the maps in each kind of region, by voxel."""
    ijk = np.stack(np.meshgrid(*[np.arange(SIDE)] * 3, indexing="ij"), axis=-1)
    truth = {}
    for name, kind in (("small, high", SMALL), ("large, low", LARGE)):
        radius, height = kind
        truth[name] = np.zeros(SHAPE)
        for sign, centre in zip((1, -1), CENTRES[kind], strict=True):
            truth[name][np.linalg.norm(ijk - centre, axis=-1) <= radius] = sign * height
    return {name: mean.reshape(-1) for name, mean in truth.items()}


def judge(data: np.ndarray, test: PermutationTest) -> dict[str, np.ndarray]:
    """Tell which voxels each correction finds."""
    found = {f"permutation: {name}": p <= LEVEL for name, p in test.p_fwe.items()}
    df = test.model.df
    z = t_to_z(test.maps["t"], df).reshape(SHAPE)
    smoothness = smoothness_of_residuals(
        np.moveaxis((data - data.mean(axis=0)).reshape(-1, *SHAPE), 0, -1),
        np.ones(SHAPE, dtype=bool),
        df=df,
    )
    one_sided = bonferroni_log_p(LEVEL, z.size) - math.log(2)
    found["formula: t, Bonferroni"] = np.abs(z).reshape(-1) >= value_of_log_p(one_sided, "z")
    height = voxel_height(LEVEL, smoothness, sides=2)
    found["formula: t, random field"] = np.abs(z).reshape(-1) >= height
    found["formula: extent, random field"] = large_clusters(z, smoothness).reshape(-1)
    return found


def large_clusters(z: np.ndarray, smoothness: Smoothness) -> np.ndarray:
    forming_z = value_of_log_p(math.log(FORMING_P / 2), "z")
    least = smallest_cluster(LEVEL, forming_z, smoothness, sides=2)
    found = np.zeros(SHAPE, dtype=bool)
    for side in (z, -z):
        labels, _ = label(side >= forming_z, structure=np.ones((3, 3, 3)))
        extent = np.bincount(labels.reshape(-1))
        extent[0] = 0
        found |= extent[labels] >= least
    return found


def shares(found: np.ndarray, truth: dict[str, np.ndarray]) -> dict[str, float]:
    """Give the share found of each kind of region, and whether anything else was found."""
    outside = np.all([mean == 0 for mean in truth.values()], axis=0)
    shown = {name: float(found[mean != 0].mean()) for name, mean in truth.items()}
    return {**shown, "outside": float(found[outside].any())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=300, help="studies a smoothness")
    options = parser.parse_args()
    grid, mask = Grid(SHAPE, np.eye(4)), np.ones(SHAPE, dtype=bool)
    model = make_model(np.ones((N_SUBJECTS, 1)), [1.0])
    truth = planted()
    print("| correction | FWHM, voxels | small, high | large, low | anything outside |")
    print("|---|---|---|---|---|")
    for fwhm in FWHM_VOXELS:
        told: dict[str, list[dict[str, float]]] = {}
        for study in range(options.studies):
            rng = np.random.default_rng([study, round(10 * fwhm), 2])
            data = noise(rng, fwhm) + sum(truth.values())
            test = permutation_test(
                data, mask, grid, model,
                n_perm=N_PERM, seed=study, threshold=f"p<{FORMING_P}", tfce=True,
            )  # fmt: skip
            for name, found in judge(data, test).items():
                told.setdefault(name, []).append(shares(found, truth))
        for name, rows in told.items():
            small, large, outside = (np.mean([row[key] for row in rows]) for key in rows[0])
            print(f"| {name} | {fwhm} | {small:.1%} | {large:.1%} | {outside:.1%} |", flush=True)


if __name__ == "__main__":
    main()
