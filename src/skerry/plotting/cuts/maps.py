"""Where to cut a map so that its activity is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.checks import is_number
from skerry.core.box import bounding_box
from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.image.niimg import check_niimg, image_data
from skerry.io.notice import notice
from skerry.plotting.inputs.arguments import check_choice
from skerry.plotting.inputs.display_threshold import abs_percentile, check_not_negative
from skerry.space.grid import Grid, grid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray, BoolArray, ImageLike

_AUTO_PERCENT = 80.0

# A second, higher cut through the cluster must leave more voxels than this to
# be worth looking at.
_MIN_CORE_VOXELS = 50


def find_xyz_cut_coords(
    img: ImageLike,
    mask_img: ImageLike | None = None,
    activation_threshold: float | None = None,
) -> list[float]:
    """Find the centre of the largest cluster of a map.

    The largest connected set of voxels (neighbours share a face, both signs
    together) above the threshold is taken; within it, the largest set above its
    mean value. The centre of mass of |value| over that set is the answer.

    Parameters
    ----------
    img : path or nibabel image
        A 3-D map, or a 4-D one with a single volume. Non-finite values count as 0.
    mask_img : path or nibabel image, optional
        Voxels to look at: where it is not 0. On the grid of `img`.
    activation_threshold : float, optional
        |value| must be above it. None takes the 80th percentile of the non-zero
        |values| (of those in the mask).

    Returns
    -------
    list of 3 float
        x, y, z in RAS+ mm.

    Raises
    ------
    ArgumentError
        If the threshold is negative.
    GridMismatchError
        If the mask lies on another grid.

    Warns
    -----
    UserWarning
        If the map is empty (the answer is then 0, 0, 0, or the centre of the
        field of view if that lies outside), if the mask is empty or holds zeros
        only, or if nothing is above the threshold (the centre of mass then).
    """
    check_not_negative(activation_threshold, "activation_threshold")
    image = check_niimg(img, ensure_ndim=3)
    values, grid = image_data(image), grid_of(image)
    if isinstance(values, np.ma.MaskedArray):
        values = values.filled(0)
    mask = None if mask_img is None else _mask(mask_img, grid)
    ijk = _best_voxel(values, mask, activation_threshold)
    if ijk is None:
        return _origin(grid)
    return [float(x) for x in grid.xyz(ijk)]


def find_cut_slices(
    img: ImageLike,
    direction: Literal["x", "y", "z"] = "z",
    n_cuts: float = 7,
    spacing: int | Literal["auto"] = "auto",
) -> NDArray[np.float64]:
    """Find slices that go through the peaks of a map.

    The slice with the highest |value| (of a lightly smoothed map) is taken, its
    neighbourhood is played down, and so on.

    Parameters
    ----------
    img : path or nibabel image
        A 3-D map. Non-finite values count as 0.
    direction : {"x", "y", "z"}
        Axis that the slices are perpendicular to.
    n_cuts : int
        How many. More than there are slices gives all of them, with a warning.
    spacing : int or "auto"
        Least distance between two cuts, in slices, while there are enough
        slices; `"auto"` is half the field of view shared out among the cuts.

    Returns
    -------
    (n_cuts,) float
        Positions along `direction` in RAS+ mm, in the order of the image's slices.

    Raises
    ------
    ArgumentError
        If `direction` is unknown, or `n_cuts` is no whole number of at least 1.
    ArgumentTypeError
        If `n_cuts` is not a number.
    """
    from skerry.plotting.cuts.slice_profile import sliced_along, spread_cuts

    check_choice(direction, ("x", "y", "z"), "direction")
    image = check_niimg(img, ensure_ndim=3)
    slices, first_mm, step_mm = sliced_along(image_data(image), grid_of(image), direction)
    count = _checked_count(n_cuts, len(slices), direction)
    if count > len(slices):
        notice(
            f"Too many cuts requested for the data: n_cuts={n_cuts}, data size={len(slices)}.",
            UserWarning,
        )
        return first_mm + step_mm * np.arange(len(slices), dtype=np.float64)
    if spacing == "auto":
        spacing = max(int(0.5 / count * len(slices)), 1)
    chosen = spread_cuts(slices, count, int(spacing))
    return first_mm + step_mm * np.array(chosen, dtype=np.float64)


def _mask(mask_img: ImageLike, grid: Grid) -> BoolArray:
    image = check_niimg(mask_img, ensure_ndim=3, name="mask_img")
    if not grid.same_as(grid_of(image)):
        raise GridMismatchError(
            f"Mask affine or shape is different from that of img: mask_img has shape "
            f"{tuple(image.shape)} and affine {image.affine.tolist()}, img has shape "
            f"{grid.shape} and affine {grid.affine.tolist()}; resample the mask to the image"
        )
    return np.asarray(image_data(image) != 0)


def _best_voxel(
    values: AnyArray, mask: BoolArray | None, threshold: float | None
) -> NDArray[np.float64] | None:
    """(3,) float, voxel index of the cut; None for an empty map."""
    heights = _nonzero_heights(values, None)
    if heights.size == 0:
        _warn("Given img is empty.", "the origin of the space")
        return None
    if mask is not None:
        if not mask.any():
            _warn("Could not determine cut coords: Provided mask is empty.")
            return _center_of_mass(values, values != 0)
        heights = _nonzero_heights(values, mask)
        if heights.size == 0:
            cause = "Could not determine cut coords: All values were masked."
            _warn(cause, "center of mass of unmasked data")
            return _center_of_mass(values, values != 0)
    level = abs_percentile(heights, _AUTO_PERCENT) if threshold is None else float(threshold)
    # As nilearn does: a float64 voxel at the percentile itself counts, a float32 one does not.
    level -= 2 * float(np.finfo(np.float64).eps)
    active = _above(values, level, mask)
    if threshold is None and not active.any():
        active = _above(values, level, mask, inclusive=True)
    if not active.any():
        _warn("Could not determine cut coords: All voxels were masked by the thresholding.")
        return _center_of_mass(values, (values != 0) if mask is None else mask & (values != 0))
    return _core_of_largest(values, active)


def _nonzero_heights(values: AnyArray, mask: BoolArray | None) -> AnyArray:
    """|value| of the non-zero, finite voxels, in no particular order."""
    # In memory order, whatever that is: several times faster for NIfTI's arrays.
    flat: AnyArray = values.ravel(order="K") if mask is None else values[mask]
    flat = flat[flat != 0]
    if flat.dtype.kind == "f" and not np.isfinite(flat).all():
        flat = flat[np.isfinite(flat)]
    return np.asarray(np.abs(flat.astype(np.float64) if flat.dtype.kind in "bi" else flat))


def _above(
    values: AnyArray, level: float, mask: BoolArray | None, *, inclusive: bool = False
) -> BoolArray:
    active = np.asarray(values >= level if inclusive else values > level)
    if values.dtype.kind not in "bu":
        active |= values <= -level if inclusive else values < -level
    if values.dtype.kind == "f":
        active &= np.isfinite(values)
    if mask is not None:
        active &= mask
    return active


def _core_of_largest(values: AnyArray, active: BoolArray) -> NDArray[np.float64]:
    cluster = _largest_component(active)
    box = bounding_box(cluster)
    cluster, values = cluster[box], values[box]
    level = abs(float(values[cluster].mean(dtype=np.float64)))
    core = _above(values, level, cluster)
    if np.count_nonzero(core) > _MIN_CORE_VOXELS:
        cluster = _largest_component(core)
    start = np.array([part.start for part in box], dtype=np.float64)
    return np.asarray(start + _center_of_mass(values, cluster))


def _largest_component(active: BoolArray) -> BoolArray:
    """Voxels of the largest set that shares faces; of equal ones, of the first in the array."""
    import cc3d

    # Not `core.label`: its numbering, by place in the array, would be most of the work here.
    labels = cc3d.connected_components(active, connectivity=6)
    sizes = np.bincount(labels[active])
    largest = np.flatnonzero(sizes == sizes.max())
    if len(largest) > 1:
        flat = labels.ravel()
        return np.asarray(labels == flat[np.isin(flat, largest).argmax()])
    return np.asarray(labels == largest[0])


def _center_of_mass(values: AnyArray, where: BoolArray) -> NDArray[np.float64]:
    """(3,) float, mean index of the voxels, weighted by their finite |values|."""
    weights = np.where(where & np.isfinite(values), np.abs(values), 0)
    along = weights.sum(axis=2, dtype=np.float64)
    sums = along.sum(axis=1), along.sum(axis=0), weights.sum(axis=(0, 1), dtype=np.float64)
    return np.array([np.average(np.arange(len(line)), weights=line) for line in sums])


def _origin(grid: Grid) -> list[float]:
    """0, 0, 0 mm where the field of view holds it, else the field's centre."""
    ijk = grid.ijk([0.0, 0.0, 0.0])
    if ((ijk >= -0.5) & (ijk <= np.array(grid.shape) - 0.5)).all():
        return [0.0, 0.0, 0.0]
    return [float(x) for x in grid.xyz((np.array(grid.shape) - 1) / 2)]


def _checked_count(n_cuts: Any, n_slices: int, direction: str) -> int:
    if not is_number(n_cuts):
        raise ArgumentTypeError(
            "The number of cuts (n_cuts) must be an integer greater than or equal to 1. "
            f"You provided a value of n_cuts={n_cuts}."
        )
    count = float(n_cuts)
    if count > n_slices:
        return n_slices + 1
    near = np.isfinite(count) and abs(round(count) - count) <= np.finfo(np.float32).eps
    if not near or round(count) < 1:
        raise ArgumentError(
            f"Image has {n_slices} slices in direction {direction}. Therefore, the number of cuts "
            f"must be between 1 and {n_slices}. You provided n_cuts={n_cuts}."
        )
    return round(count)


def _warn(cause: str, instead: str = "center of mass") -> None:
    notice(f"{cause} Returning {instead} instead.", UserWarning)
