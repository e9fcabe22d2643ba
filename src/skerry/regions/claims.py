"""Thresholds that claim something: p, false discovery rate, family-wise error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from skerry.errors import ArgumentError
from skerry.regions.evidence import Evidence, evidence_of
from skerry.regions.threshold import Resolved

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.regions.threshold import Threshold
    from skerry.space.statmap import StatMap
    from skerry.typing import Sign


# A whole map of z or t has values below 1; so many voxels without one were cut.
_CUT_ABOVE, _MANY = 1.0, 20


def resolve_claim(threshold: Threshold, statmap: StatMap, sign: Sign) -> Resolved:
    """Turn a claim into a height of |value| for one map.

    Parameters
    ----------
    threshold : Threshold
        Of a form in `CLAIMS`.
    statmap : StatMap
    sign : {"both", "positive", "negative"}
        p is two-sided for both signs, one-sided for one.

    Returns
    -------
    Resolved

    Raises
    ------
    ArgumentError
        If the map's kind or df is unknown, or the claim cannot be made of it.
    """
    evidence = evidence_of(statmap, sign, wanted_by=f'threshold "{threshold}"')
    if not statmap.n_in_mask:
        return Resolved(math.inf)
    return CLAIMS[threshold.form](threshold, evidence)


def _uncorrected(threshold: Threshold, evidence: Evidence) -> Resolved:
    height = evidence.height_of_log_p(math.log(threshold.number))
    return Resolved(height, (_said(threshold, evidence, height, "each voxel by itself"),))


def _bonferroni(threshold: Threshold, evidence: Evidence) -> Resolved:
    from skerry.stats.correct import bonferroni_log_p

    n_tests = evidence.statmap.n_in_mask
    height = evidence.height_of_log_p(bonferroni_log_p(threshold.number, n_tests))
    how = f"family-wise over {n_tests} voxels, by Bonferroni"
    return Resolved(height, (_said(threshold, evidence, height, how), *_if_cut(evidence)))


def _fdr(threshold: Threshold, evidence: Evidence) -> Resolved:
    from skerry.stats.correct import fdr_log_p

    n_tests = evidence.statmap.n_in_mask
    cut = fdr_log_p(evidence.log_p, threshold.number)
    how = f"false discovery rate over {n_tests} voxels (Benjamini and Hochberg)"
    if cut is None:
        said = f'threshold "{threshold}": {evidence}, {how}: no voxel is significant'
        return Resolved(math.inf, (said,))
    heights = evidence.heights(evidence.statmap.values[evidence.statmap.mask])
    # The value itself, not its way to p and back: it must pass.
    height = max(float(heights[evidence.log_p <= cut].min()), 0.0)
    return Resolved(height, (_said(threshold, evidence, height, how), *_if_cut(evidence)))


def _random_field(threshold: Threshold, evidence: Evidence) -> Resolved:
    from skerry.stats.convert import z_to_log_p
    from skerry.stats.correct import bonferroni_log_p
    from skerry.stats.random_field import voxel_height

    smoothness = evidence.smoothness
    if smoothness is None:
        raise ArgumentError(
            f'threshold "{threshold}" needs the smoothness of {evidence.statmap.name}, which '
            "cannot be told: its mask is too thin, or its values are all the same; "
            '"bonferroni<0.05" needs none'
        )
    z = voxel_height(threshold.number, smoothness, sides=evidence.sides)
    log_tail = float(z_to_log_p(z))
    height = evidence.height_of_log_p(log_tail + math.log(evidence.sides))
    widths = " x ".join(f"{mm:.1f}" for mm in evidence.fwhm_mm)
    how = (
        f"family-wise by random field theory: {smoothness.n_resels:.4g} resels of the map's own "
        f"smoothness, FWHM {widths} mm"
    )
    notes = [_said(threshold, evidence, height, how)]
    n_tests = evidence.statmap.n_in_mask
    simpler = evidence.height_of_log_p(bonferroni_log_p(threshold.number, n_tests))
    if simpler < height:
        notes.append(
            f'the map is rough: "bonferroni<{threshold.number:g}" holds the same rate at the lower '
            f"height {simpler:.4g}"
        )
    return Resolved(height, tuple(notes))


CLAIMS: dict[str, Callable[[Threshold, Evidence], Resolved]] = {
    "p": _uncorrected,
    "bonferroni": _bonferroni,
    "fdr": _fdr,
    "fwe": _random_field,
}


def _if_cut(evidence: Evidence) -> tuple[str, ...]:
    """Note that a map was thresholded before: what was cut away is missing among the tests."""
    if evidence.kind not in ("z", "t") or evidence.statmap.n_in_mask < _MANY:
        return ()
    lowest = float(abs(evidence.statmap.values[evidence.statmap.mask]).min())
    if lowest <= _CUT_ABOVE:
        return ()
    note = (
        f"no value in the mask lies between 0 and {lowest:.3g}: the map looks thresholded already, "
        "and corrected over what is left of it too leniently; give the whole map"
    )
    return (note,)


def _said(threshold: Threshold, evidence: Evidence, height: float, how: str) -> str:
    unit = "-log10 p" if evidence.kind == "p" else "|value|" if evidence.sides == 2 else "value"
    return f'threshold "{threshold}": {evidence}, {how}: {unit} >= {height:.6g}'
