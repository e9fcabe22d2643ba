"""grow_tree: the merge tree of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from skerry.checks import check_not_negative
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from skerry.core.tree import MergeTree
    from skerry.space.statmap import StatMap
    from skerry.typing import Connectivity, ImageLike, Kind


def grow_tree(
    img: ImageLike | StatMap,
    *,
    sign: Literal["positive", "negative"] = "positive",
    connectivity: Connectivity = 26,
    floor: float = 0.0,
    mask: ImageLike | None = None,
    kind: Kind | None = None,
    df: float | tuple[float, float] | None = None,
) -> MergeTree:
    """Build the merge tree of one sign of a map: its regions at every threshold at once.

    Parameters
    ----------
    img : path, nibabel image or StatMap
        The map.
    sign : {"positive", "negative"}
        Which values; the tree's heights are ``|value|``.
    connectivity : {6, 18, 26}
        Neighbours share a face; or an edge; or a corner.
    floor : float
        Leave out what is lower: the tree then knows thresholds from here up.
    mask : path or nibabel image, optional
        Non-zero voxels count; on the map's grid. By default all voxels that
        are neither NaN nor 0.
    kind : {"z", "t", "F", "p", "other"}, optional
        What the values are; see `skerry.load_map`.
    df : float or (float, float), optional
        Degrees of freedom.

    Returns
    -------
    MergeTree
        `cut(threshold)` labels the regions, `peaks(threshold)` lists the peaks
        with their prominence.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense.
    ImageFileError, GridMismatchError
        If the map or the mask cannot be used.

    Examples
    --------
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> tree = grow_tree(load_sample_motor_activation_image())
    >>> [int(tree.cut(height).max()) for height in (2, 3, 4, 5)]
    [15, 7, 4, 6]
    """
    from skerry.core.tree import build_tree
    from skerry.io.load import load_map
    from skerry.space.neighbours import GridNeighbours

    if sign not in ("positive", "negative"):
        raise ArgumentError(f'sign must be "positive" or "negative", got {sign!r}: one tree each')
    check_not_negative("floor", floor)
    statmap = load_map(img, mask=mask, kind=kind, df=df)
    neighbours = GridNeighbours(statmap.grid, connectivity)
    return build_tree(statmap.values, neighbours, sign=sign, mask=statmap.mask, floor=float(floor))
