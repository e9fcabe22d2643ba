"""One row per region and label of an atlas that share voxels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentError
from skerry.tables.region_table import atlases_of

if TYPE_CHECKING:
    import pandas as pd

    from skerry.regions.regions import Regions


def overlap_table(
    regions: Regions, atlas: Any, *, min_overlap: float = 0.0, min_label_overlap: float = 0.0
) -> pd.DataFrame:
    """Tabulate how regions and the labels of atlases overlap, both ways.

    Parameters
    ----------
    regions : Regions
    atlas : atlas, or sequence of atlases
        As in `skerry.region_table`.
    min_overlap : float
        Leave out rows of a smaller share of the region, 0 to 1.
    min_label_overlap : float
        Leave out rows of a smaller share of the label, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        `region` (its number), `atlas`, `number` (of the label; 0 outside the
        atlas), `label`, `network` (where an atlas has them), `shared_voxels` (of
        a probabilistic atlas, the sum of its probabilities), `shared_mm3`,
        `of_region` and `of_label`: shares of the region, and of the whole label,
        also where the map shows a part of it only. By atlas and region, the
        largest first and what lies outside last.

    Raises
    ------
    ArgumentError
        If no atlas is given, or a share is not between 0 and 1.

    Examples
    --------
    >>> from skerry import find_regions
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> regions = find_regions(load_sample_motor_activation_image(), 3.0, min_volume_mm3=1500)
    >>> overlap_table(regions, "schaefer200", min_overlap=0.15)[["region", "label", "of_region"]]
       region                   label  of_region
    0       2       outside the atlas   0.992105
    1       3  7Networks_LH_SomMot_12   0.172462
    2       3  7Networks_LH_SomMot_10   0.171071
    3       4       outside the atlas   0.951952
    """
    import pandas as pd

    for name, share in (("min_overlap", min_overlap), ("min_label_overlap", min_label_overlap)):
        if not 0 <= share <= 1:
            raise ArgumentError(f"{name} is a share from 0 to 1, got {share}")
    atlases = atlases_of(regions, atlas)
    if not atlases:
        raise ArgumentError('atlas names no atlas; give for example "schaefer200"')
    from skerry.atlas.columns import overlap_columns

    return pd.DataFrame(
        overlap_columns(
            regions, atlases, min_overlap=min_overlap, min_label_overlap=min_label_overlap
        )
    )
