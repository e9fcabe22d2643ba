"""Small maps for batches: smooth noise with a few regions of both signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nibabel
import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (14, 15, 12)
AFFINE = np.diag([-3.0, 3.0, 3.5, 1.0])
AFFINE[:3, 3] = 20, -25, -15


def write_map(
    path: Path, seed: int, *, intent: str = "z score", shape: tuple[int, ...] = SHAPE
) -> Path:
    """Write a smooth random map that says what it is."""
    noise = np.random.default_rng(seed).normal(size=shape)
    values = ndimage.gaussian_filter(noise, 1.2)
    img = nibabel.Nifti1Image((3 * values / values.std()).astype(np.float32), AFFINE)
    if intent:
        img.header.set_intent(intent)
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(img, path)
    return path
