"""Values on a grid as a NIfTI image, however long its axes are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skerry.typing import AnyArray

__all__ = ["is_wide", "nifti_image"]

LONGEST = 2**15 - 1  # NIfTI-1 counts in 16 bits


def is_wide(shape: tuple[int, ...]) -> bool:
    """Tell whether an axis is too long for NIfTI-1."""
    return max(shape, default=0) > LONGEST


def nifti_image(values: Any, affine: AnyArray) -> Any:
    """Make an image of the dtype of its values, in millimetres.

    Parameters
    ----------
    values : array, or what nibabel takes for one
    affine : (4, 4) float
        From voxel indices to RAS+ mm.

    Returns
    -------
    nibabel.Nifti1Image, or nibabel.Nifti2Image where an axis is longer than 32767
    """
    import nibabel

    kind: Any = nibabel.Nifti2Image if is_wide(values.shape) else nibabel.Nifti1Image
    img = kind(values, affine, dtype=values.dtype)
    img.header.set_xyzt_units("mm")
    return img
