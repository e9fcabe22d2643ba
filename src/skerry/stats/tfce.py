"""Threshold-free cluster enhancement (TFCE), exact."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from skerry.checks import check_not_negative
from skerry.errors import ArgumentError
from skerry.typing import Sign

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.core.tree import MergeTree
    from skerry.space.neighbours import Neighbours
    from skerry.space.statmap import StatMap
    from skerry.typing import AnyArray, BoolArray, Connectivity, ImageLike

__all__ = ["enhance", "enhance_values", "score_tree"]

# From here on numba is worth its import: who enhances one large map enhances more.
MANY = 60_000


def enhance(
    img: ImageLike | StatMap,
    *,
    E: float = 0.5,
    H: float = 2.0,
    connectivity: Connectivity = 26,
    sign: Sign = "both",
    mask: ImageLike | None = None,
) -> Any:
    r"""Enhance a map: every voxel by the extents and heights of the clusters that hold it.

    Parameters
    ----------
    img : path, nibabel image or StatMap
        A z or t map; its values must be finite.
    E, H : float
        Weights of extent (in voxels) and height. 0.5 and 2 suit volumes.
    connectivity : {6, 18, 26}
        Neighbours share a face; or an edge; or a corner.
    sign : {"both", "positive", "negative"}
        Which side to enhance; the sides never join. The other one gets 0.
    mask : path or nibabel image, optional
        Non-zero voxels count; on the map's grid. By default all voxels that
        are neither NaN nor 0.

    Returns
    -------
    nibabel.Nifti1Image
        Scores (float64) on the map's grid, those of negative values negative;
        0 outside the mask.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense, or a value in the mask is infinite.
    ImageFileError, GridMismatchError
        If the map or the mask cannot be used.

    Notes
    -----
    The score of a voxel of height z is the integral of ``e(h)**E * h**H`` over
    h from 0 to z, e(h) being the extent of the cluster at threshold h that
    holds it. The extent changes only where clusters join, so that the integral
    is a sum over the merge tree: there is no step size to choose.

    References
    ----------
    Smith & Nichols 2009, doi:10.1016/j.neuroimage.2008.03.061.

    Examples
    --------
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> scores = enhance(load_sample_motor_activation_image())
    >>> round(float(scores.get_fdata().max()))
    5110
    """
    from skerry.io.load import load_map
    from skerry.space.neighbours import GridNeighbours
    from skerry.space.nifti import nifti_image

    check_weights(E, H, sign)
    statmap = load_map(img, mask=mask)
    neighbours = GridNeighbours(statmap.grid, connectivity)
    scores = enhance_values(
        statmap.values,
        neighbours,
        E=E,
        H=H,
        sign=sign,
        mask=statmap.mask,
        name=statmap.source or statmap.name,
    )
    return nifti_image(scores, statmap.grid.affine)


def enhance_values(
    values: AnyArray,
    neighbours: Neighbours,
    *,
    E: float = 0.5,
    H: float = 2.0,
    sign: Sign = "both",
    mask: BoolArray | None = None,
    name: str = "values",
) -> NDArray[np.float64]:
    """Enhance an array of values on a grid or a mesh.

    Parameters
    ----------
    values : array of the shape of `neighbours`
        NaN counts as 0.
    neighbours : Neighbours
    E, H : float
        Weights of extent and height. For meshes E is 1 by custom.
    sign : {"both", "positive", "negative"}
        Which side to enhance.
    mask : bool array of the same shape, optional
        Voxels outside it count as 0.
    name : str
        What the values are called in an error.

    Returns
    -------
    float64 array of the same shape
        Scores, those of negative values negative.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense, or a value is infinite or so high that
        its score would be.

    Examples
    --------
    On a path of three voxels, two reach 1 and one of them 2:

    >>> from skerry.space.neighbours import MeshNeighbours
    >>> path = MeshNeighbours([0, 1, 3, 4], [1, 0, 2, 1])
    >>> enhance_values(np.array([1.0, 2.0, 0.0]), path, E=1, H=0)
    array([2., 3., 0.])
    """
    from skerry.core._kernels import load_numba
    from skerry.core.tree import build_tree

    check_weights(E, H, sign)
    if np.count_nonzero(values) > MANY:
        load_numba()
    scores = np.zeros(values.shape, dtype=np.float64)
    for side in ("positive", "negative"):
        if sign in ("both", side):
            tree = build_tree(values, neighbours, sign=side, mask=mask)
            _check_range(tree, E, H, name)
            enhanced = score_tree(tree, E=E, H=H)
            scores.reshape(-1)[tree.order] = enhanced if side == "positive" else -enhanced
    return scores


def score_tree(tree: MergeTree, *, E: float = 0.5, H: float = 2.0) -> NDArray[np.float64]:
    """Give the score of every voxel of a merge tree.

    Parameters
    ----------
    tree : MergeTree
        Built down to 0, of finite heights.
    E, H : float
        Weights of extent and height.

    Returns
    -------
    (n,) float64
        By rank, not negative.
    """
    from skerry.core._kernels import machine_code_pays, runner, tfce

    machine_code = machine_code_pays(tree.n_voxels)
    weight = np.ones(tree.n_voxels, dtype=np.float64)
    runner(tfce.collect_extents, machine_code)(tree.parent, weight)
    if E != 1:
        weight **= E  # numpy takes the root where E is 0.5
    score = np.empty(tree.n_voxels, dtype=np.float64)
    rise = _rise(tree.height.astype(np.float64), H)
    runner(tfce.sum_to_the_sea, machine_code)(tree.parent, weight, rise, score)
    return score


def _rise(height: NDArray[np.float64], H: float) -> NDArray[np.float64]:
    """Integral of h**H from 0 to each height."""
    if H == 2:  # ten times faster than a power
        return np.asarray(height * height * height / 3.0)
    return np.asarray(height ** (H + 1.0) / (H + 1.0))


def check_weights(E: float, H: float, sign: str) -> None:
    """Refuse weights of extent and height, or a sign, that make no sense."""
    for name, exponent in (("E", E), ("H", H)):
        check_not_negative(name, exponent)
    if sign not in get_args(Sign):
        raise ArgumentError(f'sign must be "both", "positive" or "negative", got {sign!r}')


def _check_range(tree: MergeTree, E: float, H: float, name: str) -> None:
    highest = float(tree.height[0]) if tree.n_voxels else 0.0
    if math.isinf(highest):
        n_infinite = int(np.count_nonzero(np.isinf(tree.height)))
        raise ArgumentError(
            f"{name}: {n_infinite} {tree.sign} values are infinite and cannot be enhanced; "
            "replace them, or leave them out with a mask"
        )
    # In logarithms: the score itself may not fit into a float.
    size = E * math.log(max(tree.n_voxels, 1)) + (H + 1) * math.log(max(highest, 1.0))
    if size > math.log(sys.float_info.max):
        raise ArgumentError(
            f"{name}: values up to {highest:.3g} are too high to be enhanced with E={E:g} "
            f"and H={H:g}; give smaller exponents"
        )
