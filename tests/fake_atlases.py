"""A mirror of atlases on loopback: small real files in the layout of the originals."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import nibabel
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

AFFINE = np.array([[-2.0, 0, 0, 9], [0, 2, 0, -8], [0, 0, 2, -7], [0, 0, 0, 1]])


def label_values(n_labels: int = 3) -> np.ndarray:
    """Give a label image of which every number up to `n_labels` has voxels."""
    values = np.random.default_rng(n_labels).integers(0, n_labels + 1, size=(10, 9, 8))
    return values.astype(np.uint8)


def nifti(values: np.ndarray) -> bytes:
    """Give the bytes of a NIfTI file."""
    return nibabel.Nifti1Image(values, AFFINE).to_bytes()


def nifti_gz(values: np.ndarray) -> bytes:
    """Give the bytes of a gzipped NIfTI file."""
    return gzip.compress(nifti(values), mtime=0)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files as zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], *extra: tarfile.TarInfo) -> bytes:
    """Pack files as tar.gz; `extra` members come first."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for member in extra:
            archive.addfile(member, io.BytesIO(bytes(member.size)))
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


HO_XML = b"""<?xml version="1.0" encoding="us-ascii"?>
<atlas version="1.0"><header><name>Harvard-Oxford</name><type>Probabalistic</type></header><data>
<label index="0" x="1" y="1" z="1">Frontal Pole</label>
<label index="1" x="1" y="1" z="1">Left Lateral Ventrical</label>
<label index="2" x="1" y="1" z="1">Central Operculum</label>
</data></atlas>"""
HO_URL = "/www.nitrc.org/frs/download.php/9902/HarvardOxford.tgz"
HO_NAME = "sub-maxprob-thr25-2mm"
HO_IMAGE = f"data/atlases/HarvardOxford/HarvardOxford-{HO_NAME}.nii.gz"
HO_LABELS = "data/atlases/HarvardOxford-Subcortical.xml"


def harvard_oxford() -> dict[str, bytes]:
    """Give the files of a small Harvard-Oxford archive."""
    rng = np.random.default_rng(1)
    percentages = rng.integers(0, 34, size=(10, 9, 8, 3)).astype(np.uint8)
    files = {HO_LABELS: HO_XML, "data/atlases/HarvardOxford-Cortical.xml": HO_XML}
    for part in ("sub", "cort"):
        stem = f"data/atlases/HarvardOxford/HarvardOxford-{part}"
        files[f"{stem}-maxprob-thr25-2mm.nii.gz"] = nifti_gz(label_values())
        files[f"{stem}-prob-2mm.nii.gz"] = nifti_gz(percentages)
    return files
