"""A point in each region of an atlas, to cut or to put a name at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from skerry.core.label import component_sizes, label_components
from skerry.image.niimg import check_niimg, image_data, new_img_like
from skerry.plotting.cuts.maps import find_xyz_cut_coords
from skerry.plotting.inputs.arguments import check_choice
from skerry.space.grid import grid_of
from skerry.space.orient import to_ras

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray, ImageLike


def find_parcellation_cut_coords(
    labels_img: ImageLike,
    background_label: int = 0,
    return_label_names: bool = False,
    label_hemisphere: Literal["left", "right"] = "left",
) -> Any:
    """Find the centre of each region of a label image.

    Parameters
    ----------
    labels_img : path or nibabel image
        3-D; each region has a number of its own.
    background_label : int
        The number that is no region.
    return_label_names : bool
        Give the regions' numbers too.
    label_hemisphere : {"left", "right"}
        Side to look at, for regions that have voxels there; x >= 0 mm is right.
        Other regions are looked at as a whole.

    Returns
    -------
    coords : (n_regions, 3) float
        Centre of the largest connected part (shared faces) of each region, in
        RAS+ mm, by rising number.
    labels : list, with `return_label_names`
        The regions' numbers.

    Raises
    ------
    ArgumentError
        If `label_hemisphere` is neither `"left"` nor `"right"`.
    """
    check_choice(label_hemisphere, ("left", "right"), "label_hemisphere")
    image = check_niimg(labels_img, ensure_ndim=3, name="labels_img")
    values, grid = to_ras(image_data(image), grid_of(image), interpolation="nearest")
    numbers, inverse = np.unique(values, return_inverse=True)
    codes: AnyArray = inverse.reshape(values.shape).astype(np.int32) + 1
    codes[values == background_label] = 0
    midline = int(np.clip(np.ceil(grid.ijk([0.0, 0.0, 0.0])[0]), 0, values.shape[0]))
    side = slice(None, midline) if label_hemisphere == "left" else slice(midline, None)
    kept = [number for number in numbers.tolist() if number != background_label]
    centres = _centres(_one_sided(codes, side), len(numbers))
    coords = grid.xyz(centres[numbers != background_label])
    return (coords, kept) if return_label_names else coords


def find_probabilistic_atlas_cut_coords(maps_img: ImageLike) -> NDArray[np.float64]:
    """Find the centre of each map of a probabilistic atlas.

    Parameters
    ----------
    maps_img : path or nibabel image
        4-D, one region a volume.

    Returns
    -------
    (n_maps, 3) float
        What `find_xyz_cut_coords` finds in each volume, in RAS+ mm.

    Raises
    ------
    DimensionError
        If the image is not 4-D.
    """
    image = check_niimg(maps_img, ensure_ndim=4, name="maps_img")
    maps = image_data(image)
    return np.array(
        [find_xyz_cut_coords(new_img_like(image, one)) for one in np.moveaxis(maps, 3, 0)]
    )


def _one_sided(codes: AnyArray, side: slice) -> AnyArray:
    """Drop what lies on the other side, of regions that lie on this one too."""
    here = np.zeros(int(codes.max()) + 1, dtype=bool)
    here[np.unique(codes[side])] = True
    on_this_side = np.zeros(codes.shape[0], dtype=bool)
    on_this_side[side] = True
    return np.where(on_this_side[:, None, None] | ~here[codes], codes, 0)


def _centres(codes: AnyArray, n_codes: int) -> NDArray[np.float64]:
    """(n_codes, 3) float, mean index of the largest component of each code from 1."""
    labels, n_components = label_components(codes, connectivity=6)
    inside = np.nonzero(labels)
    label, code = labels[inside], codes[inside]
    sizes = component_sizes(labels, n_components)
    code_of = np.zeros(n_components, dtype=np.intp)
    code_of[label - 1] = code
    # Writing in rising order of size leaves the largest; of equal ones the first.
    largest = np.zeros(n_codes + 1, dtype=np.intp)
    order = np.lexsort((-np.arange(n_components), sizes))
    largest[code_of[order]] = order
    sums = [np.bincount(label - 1, weights=axis, minlength=n_components) for axis in inside]
    means = np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None]
    return np.asarray(means[largest[1:]] if n_components else np.zeros((n_codes, 3)))
