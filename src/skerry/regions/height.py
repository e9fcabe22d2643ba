"""From a threshold to a height of a map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from skerry.errors import ArgumentError
from skerry.regions.threshold import Resolved

if TYPE_CHECKING:
    from skerry.regions.threshold import Threshold
    from skerry.space.statmap import StatMap
    from skerry.typing import Sign


def height_of(threshold: Threshold, statmap: StatMap, sign: Sign = "both") -> Resolved:
    """Turn a threshold into a height of |value| for one map.

    Parameters
    ----------
    threshold : Threshold
    statmap : StatMap
    sign : {"both", "positive", "negative"}
        Which signs are of interest; it decides the sides of a p value only.

    Returns
    -------
    Resolved
        `height`: voxels with |value| at or above it pass; `notes`: what was assumed.

    Raises
    ------
    ArgumentError
        If the threshold is a claim that cannot be made of this map.
    """
    if threshold.form == "value":
        return Resolved(threshold.number)
    if threshold.form == "percentile":
        from skerry.core.threshold import percentile

        heights = abs(statmap.values[statmap.mask])
        # An empty mask has no percentile, and nothing that could pass one.
        share = threshold.number
        return Resolved(percentile(heights, share, overwrite=True) if heights.size else math.inf)
    from skerry.regions.claims import CLAIMS, resolve_claim

    if threshold.form in CLAIMS:
        return resolve_claim(threshold, statmap, sign)
    raise ArgumentError(f'threshold "{threshold}" is not a height of the map')
