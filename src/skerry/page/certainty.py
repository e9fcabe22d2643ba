"""What a page needs to say how sure regions are, at any threshold.

The page computes the columns `p_peak_fwe`, `p_cluster_fwe`, `q_fdr` and `tdp`
with the formulae of `skerry.stats`. Two things come from here. z as a function
of a height, and the tail of z, travel as polynomials (`skerry.page.smooth`),
to 11 digits. The true discoveries of a region follow from how many of its
voxels come by when (`Family.deadlines`): their deadlines travel as they are, by
falling height, so that the page counts what `skerry.stats.ari` counts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.page.numbers import shuffled
from skerry.page.smooth import interpolate
from skerry.regions.discoveries import ALPHA
from skerry.regions.evidence import evidence_if_known

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from skerry.regions.evidence import Evidence
    from skerry.space.statmap import StatMap
    from skerry.typing import Sign

# Random field theory says nothing of lower z, so that they need not be known of p maps.
_LOWEST_Z = 1.5
# Beyond it a continued fraction gives the tail in a few steps.
_HIGHEST_TAIL_Z = 40.0
# The p of a smaller F is 1 in double precision.
_LEAST_F = 1e-300
_SIDES: dict[Sign, tuple[int, ...]] = {"both": (1, -1), "positive": (1,), "negative": (-1,)}


def pack_certainty(statmap: StatMap, blocks: dict[str, bytes]) -> dict[str, Any] | None:
    """Pack what the page needs for p, q and true discoveries.

    Parameters
    ----------
    statmap : StatMap
    blocks : dict
        Gets ``"polynomials"`` (float64) and ``"deadlines"`` (int32, differences).

    Returns
    -------
    dict or None
        None where the map's kind or df is unknown. Else `kind`, `df`; `z` and
        `tail`: the ends of the pieces of each polynomial (`z` is None where
        values are z); `smoothness` or None; and under `signs`, for each sign
        that has p values, its `sides` and how many deadlines there are on the
        positive and on the negative side.
    """
    evidences = {sign: evidence_if_known(statmap, sign) for sign in _SIDES}
    known = {sign: evidence for sign, evidence in evidences.items() if evidence is not None}
    if not known:
        return None
    first = next(iter(known.values()))
    for evidence in known.values():  # the same for every sign
        vars(evidence).setdefault("z_values", first.z_values)
        vars(evidence).setdefault("smoothness", first.smoothness)
    try:
        deadlines = {sign: _deadlines(evidence, sign) for sign, evidence in known.items()}
    except ArgumentError:  # p values above 1
        return None
    tail = interpolate(_scaled_tail, 0.0, _HIGHEST_TAIL_Z)
    z = None if first.kind == "z" else interpolate(*_z_by_height(statmap, first))
    coefficients = [tail.coefficients] if z is None else [tail.coefficients, z.coefficients]
    blocks["polynomials"] = shuffled(np.concatenate(coefficients).ravel())
    counted = [part for parts in deadlines.values() for part in parts]
    blocks["deadlines"] = shuffled(
        np.concatenate([np.diff(part, prepend=np.int32(0)) for part in counted])
    )
    return {
        "kind": first.kind,
        "df": list(first.df) if isinstance(first.df, tuple) else first.df,
        "alpha": ALPHA,
        "tail": tail.ends,
        "z": None if z is None else z.ends,
        "smoothness": _smoothness_facts(first),
        "signs": {
            sign: {
                "sides": evidence.sides,
                "n_deadlines": [len(part) for part in deadlines[sign]],
            }
            for sign, evidence in known.items()
        },
    }


def _deadlines(evidence: Evidence, sign: Sign) -> list[NDArray[np.int32]]:
    """Give the deadlines of the voxels that count, by falling height, for each side."""
    from skerry.stats.ari import calibrate

    with np.errstate(under="ignore"):
        p_values = np.exp(evidence.log_p)
    deadlines = calibrate(p_values, alpha=ALPHA).deadlines(p_values)
    values = evidence.statmap.values[evidence.statmap.mask]
    found = []
    for side in _SIDES[sign]:
        counts = np.flatnonzero((deadlines >= 0) & (np.sign(values) == side))
        falling = counts[np.argsort(-abs(values[counts]), kind="stable")]
        # Two heights that differ in their last bit may have p in the other order.
        found.append(np.maximum.accumulate(deadlines[falling]))
    return found


def _scaled_tail(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give ln P(Z >= z) + z^2/2, which is smooth."""
    from skerry.stats.convert import z_to_log_p

    return z_to_log_p(z) + z**2 / 2


def _z_by_height(
    statmap: StatMap, evidence: Evidence
) -> tuple[Callable[[NDArray[np.float64]], NDArray[np.float64]], float, float]:
    """Give a smooth function that leads from a height to z, and the ends of its range.

    Of t: z/u over u = sqrt(df ln(1 + t^2/df)). Of F and of -log10 p: z over their logarithm.
    """
    from skerry.stats.of_kind import z_of

    kind, df = evidence.kind, evidence.df
    heights = np.abs(statmap.values[statmap.mask], dtype=np.float64)
    if kind == "p":  # a p of 0 has no z; an infinite t or F counts as the largest double
        heights = heights[np.isfinite(heights)]
    largest = float(np.finfo(np.float64).max) if kind != "p" else 1e300
    highest = min(float(heights.max(initial=1.0)), largest)
    least = evidence.height_of_log_p(math.log(0.5 * math.erfc(_LOWEST_Z / math.sqrt(2))))
    highest = max(highest, 2 * least)
    if isinstance(df, float | int):
        return _ratio_of_t(df, highest)
    lowest = min(float(heights.min(initial=least)), least) if kind == "F" else least

    def z_of_log(logarithm: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(over="ignore"):
            return z_of(np.minimum(np.exp(logarithm), largest), evidence.kind, df)

    return z_of_log, math.log(max(lowest, _LEAST_F)), math.log(highest)


def _ratio_of_t(
    df: float, highest: float
) -> tuple[Callable[[NDArray[np.float64]], NDArray[np.float64]], float, float]:
    from skerry.stats.convert import t_to_z

    def ratio(u: NDArray[np.float64]) -> NDArray[np.float64]:
        u = np.maximum(u, 1e-4)  # the ratio is flat there
        share = u**2 / df
        with np.errstate(over="ignore"):
            near = np.sqrt(df * np.expm1(np.minimum(share, 100.0)))
            far = np.exp((share + math.log(df)) / 2)
        t = np.where(share < 100, near, np.minimum(far, np.finfo(np.float64).max))
        return t_to_z(t, df) / u

    square = float(np.logaddexp(0, 2 * math.log(highest) - math.log(df)))
    return ratio, 0.0, math.sqrt(df * square)


def _smoothness_facts(evidence: Evidence) -> dict[str, Any] | None:
    smoothness = evidence.smoothness
    if smoothness is None:
        return None
    return {
        "n_voxels": smoothness.n_voxels,
        "roughness": smoothness.roughness,
        "n_dimensions": smoothness.n_dimensions,
        "knows_extents": smoothness.knows_extents,
        "log_gamma": math.lgamma(smoothness.n_dimensions / 2 + 1),
    }
