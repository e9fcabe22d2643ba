"""One row per region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.checks import check_not_negative
from skerry.tables.columns import REGION_CERTAINTY, REGION_COLUMNS, TAKEN, in_order, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray


def region_columns(
    regions: Regions, *, min_prominence: float = 0.0, atlases: Sequence[AtlasOnMap] = ()
) -> dict[str, AnyArray]:
    """Give the region table as columns; see `region_table`."""
    from skerry.regions.certainty import region_certainty
    from skerry.regions.regions import check_regions

    check_regions(regions)
    check_not_negative("min_prominence", min_prominence)
    own = regions.columns
    table = in_order(
        {
            **own,
            "sign": np.where(own["sign"] > 0, "positive", "negative"),
            **spread("peak_", regions.grid.xyz(own["peak_ijk"]), "xyz"),
            **spread("peak_", own["peak_ijk"], "ijk"),
            **spread("centroid_", own["centroid_xyz"], "xyz"),
            **spread("cog_", own["cog_xyz"], "xyz"),
            "n_peaks": _count_peaks(regions, min_prominence),
            **region_certainty(regions),
        },
        REGION_COLUMNS,
        REGION_CERTAINTY,
    )
    if "part_of" in own:  # regions that were split
        table["part_of"] = own["part_of"]
    if atlases:
        from skerry.atlas.columns import region_labels

        for placed in atlases:
            table |= region_labels(regions, placed)
    return table


def region_table(regions: Regions, *, atlas: Any = (), min_prominence: float = 0.0) -> pd.DataFrame:
    """Tabulate regions, one row each.

    Parameters
    ----------
    regions : Regions
    atlas : atlas, or sequence of atlases
        Each a `skerry.Atlas`, ``"schaefer200"``, the path of a label or
        probabilistic image, or ``"IMAGE:LABELS"``; see `skerry.atlas.load_atlas`.
    min_prominence : float
        `n_peaks` counts local maxima of at least this prominence; a region's
        highest always counts.

    Returns
    -------
    pandas.DataFrame
        `region` (its number in the label image), `sign`, `n_voxels`,
        `volume_mm3`, `peak_x` to `peak_z` (RAS+ mm), `peak_value`, `peak_i` to
        `peak_k` (voxel indices), `mean_value`, `mass` (sum of |value|),
        `centroid_x` to `centroid_z` and `cog_x` to `cog_z` (mm; plain mean of
        the voxel centres, and weighted by |value|), `n_peaks`. For a map
        whose kind (and df) is known, also `p_peak_fwe` and `p_cluster_fwe`
        (family-wise, random field theory as FSL computes it, smoothness from
        the map itself; NaN where it does not apply), `q_fdr` (of the peak) and
        `tdp` (the least share of its voxels that is active, by all-resolutions
        inference, with 95 % confidence for all regions together); two-sided
        when both signs were looked for. For a threshold like `"tdp>0.7"` also
        `height`, at which each region is one cluster. After
        `skerry.split_regions` also `part_of`, the region that each part was cut
        from. For each atlas `NAME_peak` (the label at the peak) and
        `NAME_overlap` (labels by the share of the region in them, those of at
        least 5 %, or else the largest), and
        `NAME_network` (the same of networks), if it has any. Names are what the
        atlas says, also those that begin like a formula (= + - @). Without
        regions, no rows.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If `regions` is none, or `min_prominence` is negative, not finite, or no number.

    Examples
    --------
    >>> from skerry import find_regions
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> regions = find_regions(load_sample_motor_activation_image(), 3.0, min_volume_mm3=1500)
    >>> region_table(regions)[["sign", "volume_mm3", "peak_value"]].round(2)
           sign  volume_mm3  peak_value
    0  positive     60507.0        7.94
    1  positive     10260.0        7.94
    2  negative     19413.0       -7.94
    3  negative      8991.0       -7.94
    """
    import pandas as pd

    atlases = atlases_of(regions, atlas)
    return pd.DataFrame(region_columns(regions, min_prominence=min_prominence, atlases=atlases))


def atlases_of(regions: Regions, atlas: Any) -> tuple[AtlasOnMap, ...]:
    """Bring what a user gave as `atlas=` to the map of regions."""
    from skerry.regions.regions import check_regions

    check_regions(regions)
    if atlas is None or (isinstance(atlas, (tuple, list)) and not atlas):
        return ()
    from skerry.atlas.on_map import atlases_on

    return atlases_on(regions.statmap, atlas, taken=TAKEN)


def _count_peaks(regions: Regions, min_prominence: float) -> AnyArray:
    peaks = regions.peaks
    number = np.asarray(regions.columns["region"])
    counted = peaks.prominence >= min_prominence
    # The first peak listed of a region is its highest, which always counts.
    counted[np.unique(peaks.region, return_index=True)[1]] = True
    most = int(number.max(initial=0))
    return np.asarray(np.bincount(peaks.region[counted], minlength=most + 1)[number])
