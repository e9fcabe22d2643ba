"""Statistical maps that travel inside the package."""

from __future__ import annotations

from skerry.datasets.embedded import SAMPLE_MAP

__all__ = ["load_sample_motor_activation_image"]


def load_sample_motor_activation_image() -> str:
    """Give the path of a real z map: left against right button press.

    The map is NeuroVault image 10426, (53, 63, 46) voxels of 3 mm in MNI space,
    both signs, background 0. It is capped at z = 7.94: 693 voxels share its
    maximum and 270 its minimum, so the peaks of its largest regions are
    plateaus.

    Returns
    -------
    str
        Path of a `.nii.gz` file inside the package. Leave it as it is; write
        results elsewhere.

    References
    ----------
    https://neurovault.org/images/10426/ (CC0).

    Examples
    --------
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> load_sample_motor_activation_image().endswith("image_10426.nii.gz")
    True
    """
    return str(SAMPLE_MAP)
