"""The files that travel inside the package."""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "BRAIN_MASK_1MM",
    "DOSENBACH_2010",
    "POWER_2011",
    "SAMPLE_MAP",
    "SCHAEFER_200",
    "SCHAEFER_200_LABELS",
    "SEITZMAN_2018",
    "SEITZMAN_2018_PLACES",
    "T1_BRAIN_2MM",
]

_FOLDER = Path(__file__).parent / "data"

SAMPLE_MAP = _FOLDER / "image_10426.nii.gz"
T1_BRAIN_2MM = _FOLDER / "mni152_2009a_t1_brain_2mm.nii.gz"
BRAIN_MASK_1MM = _FOLDER / "mni152_2009a_brain_mask_1mm.nii.gz"
SCHAEFER_200 = _FOLDER / "schaefer2018_200_7networks_2mm.nii.gz"
SCHAEFER_200_LABELS = _FOLDER / "schaefer2018_200_7networks.tsv"
POWER_2011 = _FOLDER / "power_2011.csv"
DOSENBACH_2010 = _FOLDER / "dosenbach_2010.csv"
SEITZMAN_2018 = _FOLDER / "seitzman_2018_ROIs_300inVol_MNI_allInfo.txt"
SEITZMAN_2018_PLACES = _FOLDER / "seitzman_2018_ROIs_anatomicalLabels.txt"
