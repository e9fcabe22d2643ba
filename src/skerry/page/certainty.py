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

# Random field theory says nothing below, so that lower z need not be known of p maps.
_LOWEST_Z = 1.5
# Beyond it a continued fraction gives the tail in a few steps.
_HIGHEST_TAIL_Z = 40.0
_LARGEST = float(np.finfo(np.float64).max)
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
    """Give a smooth function of a height that leads to z, and the ends of its range.

    Of t: z/u over u = sqrt(df ln(1 + t^2/df)). Of F: z over ln F. Of -log10 p: z itself.
    """
    from skerry.stats.convert import F_to_z, t_to_z
    from skerry.stats.of_kind import z_of

    kind, df = evidence.kind, evidence.df
    heights = np.abs(statmap.values[statmap.mask], dtype=np.float64)
    highest = min(float(heights.max(initial=1.0)), _LARGEST)
    least = evidence.height_of_log_p(math.log(0.5 * math.erfc(_LOWEST_Z / math.sqrt(2))))
    highest = max(highest, 2 * least)
    if kind == "t":
        df = float(df)  # type: ignore[arg-type]  # one number, as checked
        top = 2 * math.log(highest) - math.log(df)

        def ratio(u: NDArray[np.float64]) -> NDArray[np.float64]:
            u = np.maximum(u, 1e-4)  # the ratio is flat there
            with np.errstate(over="ignore"):
                large = u**2 / df > 700
                t = np.sqrt(df * np.expm1(np.where(large, 0.0, u**2 / df)))
                far = np.exp(np.minimum((u**2 / df + math.log(df)) / 2, math.log(_LARGEST)))
            return t_to_z(np.where(large, far, t), df) / u

        return ratio, 0.0, math.sqrt(df * float(np.logaddexp(0, top)))
    if kind == "F":
        df1, df2 = df  # type: ignore[misc]  # two numbers, as checked
        lowest = min(float(heights.min(initial=least)), least)
        ends = math.log(max(lowest, 5e-324)), math.log(highest)
        return (lambda log_f: F_to_z(np.exp(log_f), df1, df2)), *ends
    return (lambda height: z_of(height, "p")), least, highest


def _smoothness_facts(evidence: Evidence) -> dict[str, Any] | None:
    smoothness = evidence.smoothness
    if smoothness is None:
        return None
    return {
        "n_voxels": smoothness.n_voxels,
        "roughness": smoothness.roughness,
        "n_dimensions": smoothness.n_dimensions,
        "log_gamma": math.lgamma(smoothness.n_dimensions / 2 + 1),
    }
