"""Move an array from one grid to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from skerry.space.grid import Grid
    from skerry.typing import AnyArray, Interpolation

_SPLINE_ORDER = {"nearest": 0, "linear": 1, "continuous": 3}


def resample(
    values: AnyArray,
    source: Grid,
    target: Grid,
    *,
    interpolation: Interpolation = "linear",
    fill: float = 0.0,
) -> AnyArray:
    """Read a volume at the voxel centres of another grid.

    Parameters
    ----------
    values : (I, J, K) array
        Values on `source`; finite (a NaN would spread under splines).
    source, target : Grid
        Where the values are, and where they are wanted.
    interpolation : {"nearest", "linear", "continuous"}
        Nearest voxel, trilinear, or cubic spline.
    fill : float
        Value outside the field of view of `source`.

    Returns
    -------
    array of `target.shape`
        In the dtype of `values` for `"nearest"`, else floating point.
    """
    if source.same_as(target):
        return values.copy()
    from scipy import ndimage

    matrix = source.inverse @ target.affine
    order = _SPLINE_ORDER[interpolation]
    if order and not np.issubdtype(values.dtype, np.floating):
        values = values.astype(np.float64)
    return np.asarray(
        ndimage.affine_transform(
            values, matrix, output_shape=target.shape, order=order, mode="constant", cval=fill
        )
    )
