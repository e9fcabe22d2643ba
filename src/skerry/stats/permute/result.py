"""What a permutation test found, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skerry.stats.permute.p_values import critical_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from skerry.stats.permute.model import Model
    from skerry.stats.permute.moves import Moves
    from skerry.typing import AnyArray, BoolArray, Sign

__all__ = ["PermutationTest"]


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """What a permutation test found; maps as one value a voxel of the mask (C order).

    Attributes
    ----------
    mask : (I, J, K) bool
        Voxels that were tested.
    maps : dict of str to (V,) float64
        `t` or `F`; with a threshold, `extent` (voxels) and `excess_mass` (sum of the heights
        above the threshold) of the cluster that holds the voxel; `tfce`. Those of negative
        values are negative.
    p_fwe : dict of str to (V,) float64
        Family-wise p of each of `maps`.
    clusters : dict of str to array, or None
        One element a cluster: positive before negative, by falling ``|peak|``.
    labels : (V,) int32, or None
        Number of the cluster of each voxel, 0 for none.
    null : dict of str to (n_total,) float64
        Maximum of each arrangement; the first is the observed.
    threshold : float or None
        Cluster-forming height of the statistic.
    model : Model
    moves : Moves
    sign : {"both", "positive", "negative"}
    notes : tuple of str
        What deserves to be said with the result.
    """

    mask: BoolArray
    maps: Mapping[str, NDArray[np.float64]]
    p_fwe: Mapping[str, NDArray[np.float64]]
    clusters: Mapping[str, AnyArray] | None
    labels: NDArray[np.int32] | None
    null: Mapping[str, NDArray[np.float64]]
    threshold: float | None
    model: Model
    moves: Moves
    sign: Sign
    notes: tuple[str, ...]

    @property
    def summary(self) -> dict[str, AnyArray]:
        """One element each of `maps`: observed maximum, critical value, lowest p, voxels found."""
        names = list(self.maps)
        return {
            "statistic": np.array(names),
            "observed_max": np.array([self.null[name][0] for name in names]),
            "critical_at_0.05": np.array([critical_value(self.null[name]) for name in names]),
            "lowest_p_fwe": np.array([self.p_fwe[name].min(initial=1.0) for name in names]),
            "voxels_at_0.05": np.array([int((self.p_fwe[n] <= 0.05).sum()) for n in names]),
        }
