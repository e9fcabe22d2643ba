"""TFCE permutations beside nilearn's: `python benchmarks/permute.py [--runs N]`.

Twenty subjects of smooth noise in the brain at 2 mm, sign flips, two-sided, one thread; every
side in a process of its own, in turn. What is told is the time of one arrangement: statistic
and enhancement of both sides (skerry's with clusters too). nilearn steps through 100 heights
of each map and so comes near the integral that skerry sums exactly. Memory is what is added to
the twenty maps or the array (float64) that each side is given.
"""

from __future__ import annotations

import argparse
import platform

from measure import Script, in_turn, median

MAPS = """
import nibabel, numpy as np, warnings
from scipy.ndimage import gaussian_filter
from skerry.datasets import load_mni152_brain_mask
mask_img = load_mni152_brain_mask(resolution=2)
mask = mask_img.get_fdata() > 0
generator = np.random.default_rng(0)
def subject():
    noise = gaussian_filter(generator.standard_normal(mask.shape), 1.5)
    return np.where(mask, noise / noise[mask].std(), 0).astype(np.float32)
"""
SKERRY = """
from skerry.glm import permute
maps = [nibabel.Nifti1Image(subject(), mask_img.affine) for _ in range(20)]
# Compiles, on maps too small to matter for memory.
permute([nibabel.Nifti1Image(generator.standard_normal((5, 5, 5)).astype(np.float32), np.eye(4))
         for _ in range(20)], n_perm=1, tfce=True, threshold=2)
"""
NILEARN = """
from nilearn.maskers import NiftiMasker
from nilearn.mass_univariate import permuted_ols
masker = NiftiMasker(mask_img=mask_img).fit()
data = np.stack([subject()[mask] for _ in range(20)]).astype(np.float64)
"""
CALL = "permute(maps, n_perm={n}, tfce=True, threshold={threshold}, connectivity={near})"
SIDES = {
    "nilearn, 6 neighbours": (
        NILEARN,
        "permuted_ols(np.ones((20, 1)), data, model_intercept=False, n_perm={n}, masker=masker, tfce=True)",
        1,
    ),
    "skerry, 26 neighbours": (SKERRY, CALL.format(n="{n}", threshold=None, near=26), 30),
    "skerry, 26, clusters too": (SKERRY, CALL.format(n="{n}", threshold=3.1, near=26), 30),
    "skerry, 6 neighbours": (SKERRY, CALL.format(n="{n}", threshold=None, near=6), 30),
}
TARGET = 20.0


def main() -> None:
    """Compare the time of one arrangement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="counted runs of each side")
    options = parser.parse_args()
    scripts = [Script(MAPS + setup, call.format(n=n)) for setup, call, n in SIDES.values()]
    runs = dict(zip(SIDES, in_turn(scripts, options.runs), strict=True))
    print(f"Python {platform.python_version()}, {platform.machine()}, runs: {options.runs}\n")
    print("| side | ms an arrangement | faster | added MB | must reach |")
    print("|---|---|---|---|---|")
    each = {  # the observed arrangement is measured as well
        name: median(runs[name], "seconds") * 1e3 / (n + 1) for name, (_, _, n) in SIDES.items()
    }
    theirs = each["nilearn, 6 neighbours"]
    for name, ours in each.items():
        goal = f">= {TARGET:g}x" if name.startswith("skerry") else ""
        added = median(runs[name], "added_mb")
        print(f"| {name} | {ours:.0f} | {theirs / ours:.1f}x | {added:.0f} | {goal} |", flush=True)


if __name__ == "__main__":
    main()
