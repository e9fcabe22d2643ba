"""Does each correction hold the error rate that it names? Simulation, on maps whose truth is known.

    python benchmarks/validity.py [--maps 1000] [--jobs 2] [--out benchmarks/validity.md]

Null maps are Gaussian white noise smoothed by a Gaussian kernel of known width, of unit
variance. Each is judged as a user's map would be: both signs, smoothness estimated from
the map itself. Family-wise error: the share of null maps in which anything at all is
found. False discovery rate and power: on the same noise with balls of signal added.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nibabel
import numpy as np
from scipy.fft import irfftn, rfftn
from scipy.special import ndtr

import skerry
from skerry.regions.certainty import region_certainty
from skerry.stats.ari import discoveries

SIDE = 48
MARGIN = 16  # smoothing wraps around; the field is cut out of a larger one, so that edges are free
LEVEL = 0.05
CHUNK = 50
FWHM_VOXELS = (2.0, 3.5, 6.0)
FORMING_Z = (2.3, 3.1)
RADIUS, HEIGHT = 5, 3.5
CENTRES = ((12, 12, 12), (12, 36, 36), (36, 12, 36), (36, 36, 12))
AFFINE = np.diag([2.0, 2.0, 2.0, 1.0])


def noise(rng: np.random.Generator, fwhm: float) -> np.ndarray:
    """Give a stationary Gaussian field of unit variance, float64."""
    n = SIDE + MARGIN
    sigma = fwhm / math.sqrt(8 * math.log(2))
    lag = np.minimum(np.arange(n), n - np.arange(n))
    kernel = np.exp(-(lag**2) / (2 * sigma**2))
    kernel /= np.sqrt((kernel**2).sum())  # unit sum of squares keeps unit variance
    spectrum = rfftn(rng.standard_normal((n, n, n)), workers=1)
    one = np.fft.fft(kernel).real
    spectrum *= one[:, None, None] * one[None, :, None] * np.fft.rfft(kernel).real[None, None, :]
    return irfftn(spectrum, s=(n, n, n), workers=1)[:SIDE, :SIDE, :SIDE]


def signal() -> np.ndarray:
    """Give four balls, two of each sign, that fall off to their edges."""
    ijk = np.stack(np.meshgrid(*[np.arange(SIDE)] * 3, indexing="ij"), axis=-1)
    truth = np.zeros((SIDE, SIDE, SIDE))
    for n, centre in enumerate(CENTRES):
        away = np.linalg.norm(ijk - centre, axis=-1)
        truth += (-1) ** n * HEIGHT * np.clip(1.5 - away / RADIUS, 0, 1) * (away <= RADIUS)
    return truth


def as_map(values: np.ndarray) -> skerry.StatMap:
    return skerry.load_map(nibabel.Nifti1Image(values, AFFINE), kind="z")


def judge_null(statmap: skerry.StatMap) -> dict[str, bool]:
    """Tell which corrections find something in a map without signal."""
    found = {
        "voxel FWE (random field)": len(skerry.find_regions(statmap, f"fwe<{LEVEL}")) > 0,
        "voxel FWE (Bonferroni)": len(skerry.find_regions(statmap, f"bonferroni<{LEVEL}")) > 0,
        "FDR (nothing is true)": len(skerry.find_regions(statmap, f"fdr<{LEVEL}")) > 0,
    }
    for z in FORMING_Z:
        p = region_certainty(skerry.find_regions(statmap, z))["p_cluster_fwe"]
        found[f"cluster FWE, formed at z = {z}"] = bool((p < LEVEL).any())
    found["TDP: any cluster bound too high, no signal"] = tdp_is_wrong(
        statmap, np.zeros(statmap.grid.shape, dtype=bool)
    )
    return found


def tdp_is_wrong(statmap: skerry.StatMap, active: np.ndarray) -> bool:
    """Tell whether any cluster, at either height, holds fewer active voxels than ARI promises."""
    p = 2 * ndtr(-np.abs(statmap.values))
    for z in FORMING_Z:
        labels = skerry.find_regions(statmap, z).labels
        promised = discoveries(p, labels, alpha=LEVEL)
        held = np.bincount(labels[active], minlength=len(promised) + 1)[1:]
        if (promised > held).any():
            return True
    return False


def judge_signal(statmap: skerry.StatMap, truth: np.ndarray) -> dict[str, tuple[float, float]]:
    """Give (false discovery proportion, share of signal found) of each correction."""
    judged = {}
    active = truth != 0
    for name in ("fdr", "fwe", "bonferroni"):
        regions = skerry.find_regions(statmap, f"{name}<{LEVEL}")
        judged[name] = _shares(regions.labels > 0, active)
    for z in FORMING_Z:
        regions = skerry.find_regions(statmap, z)
        kept = regions[region_certainty(regions)["p_cluster_fwe"] < LEVEL]
        judged[f"cluster, z = {z}"] = _shares(kept.labels > 0, active)
    return judged


def _shares(found: np.ndarray, active: np.ndarray) -> tuple[float, float]:
    hits = int((found & active).sum())
    return 1 - hits / max(int(found.sum()), 1) if found.any() else 0.0, hits / int(active.sum())


def interval(k: int, n: int) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson)."""
    z, p = 1.959964, k / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def verdict(low: float, high: float) -> str:
    return "above 5 %" if low > LEVEL else "below 5 %" if high < LEVEL else "5 %"


class Tally:
    """What was found in some maps of one smoothness."""

    def __init__(self) -> None:
        self.null: dict[str, int] = {}
        self.signal: dict[str, list[tuple[float, float]]] = {}

    def add(self, other: Tally) -> None:
        for name, k in other.null.items():
            self.null[name] = self.null.get(name, 0) + k
        for name, shares in other.signal.items():
            self.signal.setdefault(name, []).extend(shares)


def judge_chunk(task: tuple[int, int, int]) -> tuple[int, Tally]:
    """Judge some maps; the same ones whatever runs beside."""
    which, chunk, n_maps = task
    rng = np.random.default_rng([20261122, which, chunk])
    truth, tally = signal(), Tally()
    for _ in range(n_maps):
        field = noise(rng, FWHM_VOXELS[which])
        one = Tally()
        one.null = {name: int(found) for name, found in judge_null(as_map(field)).items()}
        active = as_map(field + truth)
        one.null["TDP: any cluster bound too high, with signal"] = tdp_is_wrong(active, truth != 0)
        for name, shares in judge_signal(active, truth).items():
            one.signal[name] = [shares]
        tally.add(one)
    return which, tally


def simulate(n_maps: int, jobs: int) -> list[Tally]:
    tasks = [
        (which, chunk, min(CHUNK, n_maps - chunk * CHUNK))
        for chunk in range(math.ceil(n_maps / CHUNK))
        for which in range(len(FWHM_VOXELS))
    ]
    tallies = [Tally() for _ in FWHM_VOXELS]
    start = time.perf_counter()
    with ProcessPoolExecutor(jobs) as pool:
        for done, (which, tally) in enumerate(pool.map(judge_chunk, tasks), 1):
            tallies[which].add(tally)
            spent = time.perf_counter() - start
            print(f"{done} of {len(tasks)} chunks, {spent:.0f} s", file=sys.stderr, flush=True)
    return tallies


def report(n_maps: int, tallies: list[Tally]) -> str:
    null = [
        (name, fwhm, tally.null[name])
        for name in tallies[0].null
        for fwhm, tally in zip(FWHM_VOXELS, tallies, strict=True)
    ]
    power = [
        (name, fwhm, np.array(tally.signal[name]).T)
        for name in tallies[0].signal
        for fwhm, tally in zip(FWHM_VOXELS, tallies, strict=True)
    ]
    lines = [
        "# Do the corrections hold their level?",
        "",
        f"`python benchmarks/validity.py --maps {n_maps}`: {n_maps} maps of {SIDE}^3 voxels for each smoothness, both",
        "signs, nominal 5 %; smoothness is estimated from each map, as for a user's. 95 % intervals",
        "(Wilson); the verdict is other than `5 %` only where the interval leaves 5 % out.",
        "",
        "## Errors: the share of maps with any",
        "",
        "In maps without signal: anything found is an error. TDP bounds err where they promise a cluster,",
        f"formed at z = {FORMING_Z[0]} or {FORMING_Z[1]}, more active voxels than it holds.",
        "",
        "| correction | FWHM, voxels | found | 95 % interval | verdict |",
        "|---|---|---|---|---|",
    ]
    verdicts: dict[str, list[str]] = {}
    for name, fwhm, k in null:
        low, high = interval(k, n_maps)
        verdicts.setdefault(verdict(low, high), []).append(f"{name} at {fwhm}")
        found = f"{k / n_maps:.1%} | {low:.1%} to {high:.1%} | {verdict(low, high)}"
        lines.append(f"| {name} | {fwhm} | {found} |")
    lines += ["", f"Above its level: {'; '.join(verdicts.get('above 5 %', ['none']))}."]
    lines += [
        "Below it, so that signal is missed: random field corrections of voxels in rough maps, of clusters",
        "everywhere; Bonferroni, FDR and TDP in smooth maps.",
        "",
        "## Maps with signal: false discoveries and power, voxel by voxel",
        "",
        f"Four balls of {RADIUS} voxels radius, two of each sign: z of {HEIGHT} in the inner half, falling to half",
        "of it at the edge. `false` is the mean share of voxels found that lie outside the signal",
        "(only FDR promises 5 % of it; a cluster correction promises nothing of single voxels);",
        "`power` the mean share of signal voxels found. Signal counts as smoothness where smoothness is",
        "estimated from the map: in smooth maps that costs clusters formed at a low height their power.",
        "",
        "| correction | FWHM, voxels | false | power |",
        "|---|---|---|---|",
    ]
    for name, fwhm, (false, found) in power:
        half = 1.96 * false.std(ddof=1) / math.sqrt(n_maps)
        lines.append(f"| {name} | {fwhm} | {false.mean():.2%} ± {half:.2%} | {found.mean():.1%} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--maps", type=int, default=1000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    text = report(options.maps, simulate(options.maps, options.jobs))
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
