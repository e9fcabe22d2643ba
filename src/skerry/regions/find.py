"""find_regions: threshold, label, measure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast, get_args

import numpy as np

from skerry.checks import check_not_negative
from skerry.errors import ArgumentError
from skerry.regions.certainty import forming_note
from skerry.regions.height import height_of
from skerry.regions.numbered import Listed, number_listed
from skerry.regions.regions import Regions
from skerry.regions.threshold import Threshold, parse_threshold
from skerry.typing import Connectivity, Sign

if TYPE_CHECKING:
    from skerry.regions.numbered import Numbered
    from skerry.space.neighbours import GridNeighbours
    from skerry.space.statmap import StatMap
    from skerry.typing import ImageLike, Kind


def find_regions(
    img: ImageLike | StatMap,
    threshold: float | str = "97%",
    *,
    sign: Sign = "both",
    connectivity: Connectivity = 26,
    min_volume_mm3: float = 0.0,
    min_voxels: int = 0,
    mask: ImageLike | None = None,
    kind: Kind | None = None,
    df: float | tuple[float, float] | None = None,
) -> Regions:
    """Find the connected regions of a map above a threshold, each sign by itself.

    Parameters
    ----------
    img : path, nibabel image or StatMap
        The map.
    threshold : float or str
        A height of |value| (`3.1`); a percentile of |value| over the
        mask (`"97%"`, linear); or a claim, for a map of z, t, F or p:
        `"p<0.001"`, `"fdr<0.05"` and `"bonferroni<0.05"` over the mask,
        `"fwe<0.05"` (random field theory, voxels), `"tdp>0.7"` (the largest
        clusters of which at least 70 % of the voxels are active, with 95 %
        confidence for all of them together: all-resolutions inference; each is
        a cluster at its own height, the column `height`). p is two-sided when `sign`
        is both, one-sided when it is one; F and p maps have one side. A voxel
        passes when its |value| is at or above the height that results, in
        double precision; 0 and NaN never pass, infinities do.
    sign : {"both", "positive", "negative"}
        Which regions to find. Signs never merge.
    connectivity : {6, 18, 26}
        Neighbours share a face; or an edge; or a corner.
    min_volume_mm3 : float
        A region stays when its volume is at least this, mm3.
    min_voxels : int
        The same in voxels, for people who come from SPM and FSL.
    mask : path or nibabel image, optional
        Non-zero voxels count; on the map's grid. By default all voxels that
        are neither NaN nor 0.
    kind : {"z", "t", "F", "p", "other"}, optional
        What the values are; see `skerry.load_map`.
    df : float or (float, float), optional
        Degrees of freedom.

    Returns
    -------
    Regions
        Numbered 1 to n: positive before negative, by falling |peak|; ties
        by falling volume, then by the peak's lowest x, y, z in mm. When
        nothing passes, of length 0.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense.
    ImageFileError, GridMismatchError
        If the map or the mask cannot be used.

    Examples
    --------
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> regions = find_regions(load_sample_motor_activation_image(), 3.0, min_volume_mm3=1500)
    >>> len(regions)
    4
    """
    from skerry.io.load import load_map
    from skerry.space.neighbours import GridNeighbours

    asked = parse_threshold(threshold)
    sign, connectivity = _checked(sign, connectivity, min_volume_mm3, min_voxels)
    statmap = load_map(img, mask=mask, kind=kind, df=df)
    neighbours = GridNeighbours(statmap.grid, connectivity)
    least = max(min_volume_mm3 / statmap.grid.voxel_volume_mm3 * (1 - 1e-9), min_voxels)
    if asked.form == "tdp":
        from skerry.regions.discoveries import regions_by_proportion

        found, height, claimed = regions_by_proportion(asked, statmap, sign, neighbours, least)
    else:
        height, claimed = height_of(asked, statmap, sign)
        found = _found_above(height, statmap, sign, neighbours, least)
    n_regions = len(found.columns["region"])
    return Regions(
        statmap=statmap,
        labels=found.labels,
        columns=found.columns,
        threshold=height,
        sign=sign,
        connectivity=connectivity,
        min_volume_mm3=float(max(min_volume_mm3, min_voxels * statmap.grid.voxel_volume_mm3)),
        asked=str(asked),
        n_above_threshold=found.n_voxels,
        notes=claimed + _notes(asked, height, statmap, sign, found.n_voxels, n_regions),
    )


def _found_above(
    height: float, statmap: StatMap, sign: Sign, neighbours: GridNeighbours, least: float
) -> Numbered:
    """Label, measure and number what passes a height: after a first look, only that is read."""
    from skerry.core.label import label_listed, signs
    from skerry.core.threshold import passes

    values = statmap.values
    passed = passes(values, height, sign)
    passed &= statmap.mask
    transposed = passed.flags.f_contiguous
    if transposed:
        values, passed = values.T, passed.T
    listed = np.flatnonzero(passed)
    classes = signs(values.reshape(-1)[listed])
    label, n_labels = label_listed(listed, classes, values.shape, neighbours.connectivity)
    voxels = Listed(listed, label, transposed)
    return number_listed(voxels, n_labels, statmap, neighbours, least)


def _checked(
    sign: Sign, connectivity: Connectivity, min_volume_mm3: float, min_voxels: int
) -> tuple[Sign, Connectivity]:
    if sign not in get_args(Sign):
        raise ArgumentError(f'sign must be "both", "positive" or "negative", got {sign!r}')
    if isinstance(connectivity, bool) or connectivity not in get_args(Connectivity):
        raise ArgumentError(f"connectivity must be 6, 18 or 26, got {connectivity!r}")
    for name, size in (("min_volume_mm3", min_volume_mm3), ("min_voxels", min_voxels)):
        check_not_negative(name, size)
    # As plain text and a plain int, whatever type of numpy they came in.
    return cast("Sign", str(sign)), cast("Connectivity", int(connectivity))


def _notes(
    asked: Threshold, height: float, statmap: StatMap, sign: Sign, n_passed: int, n_regions: int
) -> tuple[str, ...]:
    """Say what may surprise."""
    notes = []
    if not statmap.n_in_mask:
        notes.append("the mask is empty: no voxel is other than 0 or NaN")
    elif not n_passed and height < math.inf:
        notes.append(_why_nothing(asked, height, statmap, sign))
    elif n_passed and not n_regions:
        which = "" if asked.form == "tdp" else f" of the {n_passed} voxels above {height:.6g}"
        notes.append(f"nothing found: all regions{which} are too small")
    # Clusters that were not formed at one height have no cluster p to warn of.
    if n_regions and asked.form != "tdp" and (note := forming_note(statmap, sign, height)):
        notes.append(note)
    return tuple(notes)


def _why_nothing(asked: Threshold, height: float, statmap: StatMap, sign: Sign) -> str:
    """Say why no voxel passes a height."""
    values = statmap.values[statmap.mask]
    highest = max(
        values.max() if sign != "negative" else -np.inf,
        -values.min() if sign != "positive" else -np.inf,
    )
    if highest <= 0:
        kind = "other than 0" if sign == "both" else sign
        return f"nothing found: no value of the map is {kind}"
    # As few digits as show which is the higher.
    low, high = next(
        (low, high)
        for digits in (3, 6, 9, 17)
        if float(low := f"{highest:.{digits}g}") < float(high := f"{height:.{max(6, digits)}g}")
    )
    why = f"nothing found: {high} is above the maximum {low}"
    if asked.form == "value" and 10 <= height <= 100:
        why += f"; for a percentile write {height:g}%"
    return why
