"""Permutation tests beside nilearn's and MNE's: `python benchmarks/permute.py [--runs N]`.

Twenty subjects of smooth noise in the brain at 2 mm, sign flips, two-sided, one thread; every
side in a process of its own, in turn. What is told is the time of one arrangement: statistic and
clusters, or statistic and TFCE of both sides. As few arrangements of the slow ones are enough,
what a call costs besides them is taken off: a call of one arrangement (the observed) from a call
of several. Memory is what is added to the twenty maps or the array (float64) that each side is
given.

What differs: nilearn steps through 100 heights of each map and leaves out the step, MNE through
steps of 0.2 (its documentation's), and both come near the integral that skerry sums exactly.
MNE's cluster mass is the sum of t, skerry's and nilearn's of what t is above the threshold.
nilearn and MNE take the six neighbours that share a face; skerry is timed with six and with 26.
MNE is optional: without it its rows are left out, and that is said.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
from typing import NamedTuple

from measure import Script

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
MNE = """
import mne
from mne.stats import combine_adjacency, permutation_cluster_1samp_test
mne.set_log_level("ERROR")
data = np.stack([subject()[mask] for _ in range(20)]).astype(np.float64)
inside = np.flatnonzero(mask)
near = combine_adjacency(*mask.shape).tocsr()[inside][:, inside]
def test(data, threshold, n, near=None):
    permutation_cluster_1samp_test(data, threshold=threshold, n_permutations=n, tail=0,
        adjacency=near, out_type="indices", seed=0, n_jobs=1, buffer_size=None, verbose="ERROR")
test(data[:, :1000], 1.0, 2, near[:1000][:, :1000])  # compiles
"""
WITH_NILEARN = (
    "permuted_ols(np.ones((20, 1)), data, model_intercept=False, n_perm={n}, masker=masker, "
    "tfce={tfce}, threshold={threshold})"
)
# Two-sided p of t = 3.1 with 19 df: nilearn takes a p value.
P = 0.0058951
CALL = "permute(maps, n_perm={n}, tfce={tfce}, threshold={threshold}, connectivity={near})"


class Side(NamedTuple):
    """One way to test the maps; `work` holds {n}, the random arrangements or MNE's number."""

    setup: str
    work: str
    few: int
    many: int


TFCE = {
    "nilearn, 6 neighbours": Side(
        NILEARN, WITH_NILEARN.format(n="{n}", tfce=True, threshold=None), 1, 2
    ),
    "MNE, 6 neighbours": Side(MNE, "test(data, dict(start=0, step=0.2), {n}, near)", 1, 3),
    "skerry, 6 neighbours": Side(
        SKERRY, CALL.format(n="{n}", tfce=True, threshold=None, near=6), 1, 31
    ),
    "skerry, 26 neighbours": Side(
        SKERRY, CALL.format(n="{n}", tfce=True, threshold=None, near=26), 1, 31
    ),
    "skerry, 26, clusters too": Side(
        SKERRY, CALL.format(n="{n}", tfce=True, threshold=3.1, near=26), 1, 31
    ),
}
CLUSTERS = {
    "nilearn, 6 neighbours": Side(NILEARN, WITH_NILEARN.format(n="{n}", tfce=False, threshold=P), 1, 11),
    "MNE, 6 neighbours": Side(MNE, "test(data, 3.1, {n}, near)", 1, 11),
    "skerry, 6 neighbours": Side(SKERRY, CALL.format(n="{n}", tfce=False, threshold=3.1, near=6), 1, 61),
    "skerry, 26 neighbours": Side(SKERRY, CALL.format(n="{n}", tfce=False, threshold=3.1, near=26), 1, 61),
}  # fmt: skip
TARGET = {"TFCE": 20.0, "clusters at t = 3.1": None}


def compare(what: str, sides: dict[str, Side], n_runs: int) -> None:
    """Time the sides in turn; print a row each."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    added: dict[str, float] = {}
    for _ in range(n_runs):
        for name, (setup, work, few, many) in sides.items():
            runs = [Script(MAPS + setup, work.format(n=n)).run() for n in (few, many)]
            times[name].append(
                ((runs[1].cpu_seconds or 0) - (runs[0].cpu_seconds or 0)) / (many - few)
            )
            added[name] = max(added.get(name, 0.0), runs[1].added_mb or 0.0)
    each = {name: sorted(taken)[len(taken) // 2] * 1e3 for name, taken in times.items()}
    ours = min(ms for name, ms in each.items() if name.startswith("skerry, 6"))
    goal = TARGET[what]
    for name, ms in each.items():
        peer = "" if name.startswith("skerry") else f"{ms / ours:.0f}x"
        must = f">= {goal:g}x" if goal and name.startswith("nilearn") else ""
        print(f"| {what} | {name} | {ms:.0f} | {peer} | {added[name]:.0f} | {must} |", flush=True)


def main() -> None:
    """Compare the time of one arrangement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="runs of each side")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, runs: {options.runs}")
    has_mne = importlib.util.find_spec("mne") is not None
    if not has_mne:
        print("mne is not installed: its rows are left out (pip install mne)")
    print(
        "\n| what | side | ms an arrangement | skerry with 6 neighbours is faster by | added MB | must be |"
    )
    print("|---|---|---|---|---|---|")
    for what, sides in zip(TARGET, (TFCE, CLUSTERS), strict=True):
        there = {name: side for name, side in sides.items() if has_mne or "MNE" not in name}
        compare(what, there, options.runs)


if __name__ == "__main__":
    main()
