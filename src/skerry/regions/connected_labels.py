"""Give each connected part of an atlas label its own label, under nilearn's contract."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.core.label import component_sizes, label_components
from skerry.errors import ArgumentError
from skerry.image.mask import zero_non_finite
from skerry.image.niimg import check_niimg, image_data, image_like
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from skerry.typing import AnyArray, ImageLike


def connected_label_regions(
    labels_img: ImageLike,
    min_size: float | None = None,
    connect_diag: bool = True,
    labels: Iterable[str] | str | None = None,
) -> Any:
    """Split every label of an atlas into its connected parts.

    Same arguments, results and errors as nilearn 0.14.1; the result is stored
    as int32 whatever the atlas was stored as.

    Parameters
    ----------
    labels_img : path or nibabel image
        3-D, labels of 0 (background) or more.
    min_size : float, optional
        mm3. A part is kept if it is larger than this.
    connect_diag : bool
        Whether voxels that share an edge or a corner are connected (26
        neighbours), or only those that share a face (6).
    labels : str or sequence of str, optional
        A name for each label other than 0, in the order of the labels.

    Returns
    -------
    new_labels_img : nibabel image
        Parts numbered from 1: by label, then by their first voxel, the last
        axis varying fastest.
    new_labels : list of str
        The name of each part. Only if `labels` is given.

    Raises
    ------
    ArgumentError
        If `min_size` is no number, `connect_diag` no truth value, a label is
        negative, or there are more or fewer names than labels.
    DimensionError
        If the atlas is not 3-D.

    Examples
    --------
    >>> from nibabel import Nifti1Image
    >>> atlas = Nifti1Image(np.array([[[7, 7, 0, 7, 2]]], dtype=np.int16), np.eye(4))
    >>> img, names = connected_label_regions(atlas, labels=["caudate", "putamen"])
    >>> np.asarray(img.dataobj).tolist(), names
    ([[[2, 2, 0, 3, 1]]], ['caudate', 'putamen', 'putamen'])
    """
    atlas = check_niimg(labels_img, ensure_ndim=3, name="labels_img")
    if min_size is not None and not isinstance(min_size, numbers.Number):
        raise ArgumentError(
            f"Expected 'min_size' to be specified as integer (mm3), got {min_size!r}"
        )
    if not isinstance(connect_diag, bool):
        raise ArgumentError(
            f"'connect_diag' must be specified as True or False, got {connect_diag!r}"
        )
    classes, values = _classes(image_data(atlas))
    names = None if labels is None else _names(labels, values)

    parts, n_parts = label_components(classes, 26 if connect_diag else 6)
    class_of_part = np.zeros(n_parts + 1, dtype=np.int64)
    class_of_part[parts] = classes
    kept = np.ones(n_parts, dtype=bool)
    if min_size is not None:
        sizes_mm3 = component_sizes(parts, n_parts) * grid_of(atlas).voxel_volume_mm3
        kept = sizes_mm3 > min_size
    order = np.argsort(class_of_part[1:], kind="stable")
    order = order[kept[order]] + 1
    number = np.zeros(n_parts + 1, dtype=np.int32)
    number[order] = np.arange(1, order.size + 1)

    img = image_like(atlas, number[parts])
    if names is None:
        return img
    return img, [names[position - 1] for position in class_of_part[order]]


def _classes(values: AnyArray) -> tuple[NDArray[np.int32], AnyArray]:
    """Replace labels by their rank from 1; also give the labels other than 0."""
    if values.dtype.kind == "f":
        values = zero_non_finite(values.copy(order="K"))
    present = np.unique(values)
    if present.size and present[0] < 0:
        raise ArgumentError(
            f"labels_img holds negative labels (the lowest is {present[0]}): "
            "regions are numbered by positive integers, and 0 is background"
        )
    present = present[present != 0]
    rank = np.searchsorted(present, values).astype(np.int32)
    rank += 1
    rank[values == 0] = 0
    return rank, present


def _names(labels: Iterable[str] | str, values: AnyArray) -> list[str]:
    names = [labels] if isinstance(labels, str) else list(labels)
    if len(names) != values.size:
        raise ArgumentError(
            f"labels gives {len(names)} names for {values.size} labels in labels_img: "
            "give one for each label other than 0"
        )
    return names
