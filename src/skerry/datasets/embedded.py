"""The files that travel inside the package."""

from __future__ import annotations

from pathlib import Path

__all__ = ["BRAIN_MASK_1MM", "SAMPLE_MAP", "SCHAEFER_200", "SCHAEFER_200_LABELS", "T1_BRAIN_2MM"]

_FOLDER = Path(__file__).parent / "data"

SAMPLE_MAP = _FOLDER / "image_10426.nii.gz"
T1_BRAIN_2MM = _FOLDER / "mni152_2009a_t1_brain_2mm.nii.gz"
BRAIN_MASK_1MM = _FOLDER / "mni152_2009a_brain_mask_1mm.nii.gz"
SCHAEFER_200 = _FOLDER / "schaefer2018_200_7networks_2mm.nii.gz"
SCHAEFER_200_LABELS = _FOLDER / "schaefer2018_200_7networks.tsv"
