"""Build the atlas that skerry carries in `src/skerry/datasets/data/`.

Out of a 1 mm label image of Schaefer's 200 parcels and its table of names; the
values are read at the voxel centres of FSL's 2 mm MNI152 grid, all of which are
centres of the 1 mm voxels, so nothing is interpolated.

    python tools/build_embedded_atlas.py IMAGE.nii.gz LABELS.csv          # build and compare
    python tools/build_embedded_atlas.py IMAGE.nii.gz LABELS.csv --write  # replace
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
from pathlib import Path

import nibabel
import numpy as np
from build_embedded_data import TARGET, sha256, squeeze

STEM = "schaefer2018_200_7networks"
SOURCE_SHA256 = {
    "image": "226ef5fec829094293857a0ca8de9fd1915b7d02a287f2f5f871955e21ab35d1",
    "labels": "d814cf2e6a04984e6fd2069a1893068e4275806c4384fa1f4f848ca33877a67c",
}
SHAPE_2MM = (91, 109, 91)
AFFINE_2MM = np.array([[-2.0, 0, 0, 90], [0, 2, 0, -126], [0, 0, 2, -72], [0, 0, 0, 1]])
NETWORKS = {
    "Vis": "Visual",
    "SomMot": "Somatomotor",
    "DorsAttn": "Dorsal attention",
    "SalVentAttn": "Salience and ventral attention",
    "Limbic": "Limbic",
    "Cont": "Control",
    "Default": "Default",
}


def thinned(img: nibabel.Nifti1Image) -> np.ndarray:
    """Give the label at each voxel centre of the 2 mm grid, 0 outside the image."""
    ijk = np.indices(SHAPE_2MM).reshape(3, -1)
    to_source = np.linalg.inv(img.affine) @ AFFINE_2MM
    source = to_source[:3, :3] @ ijk + to_source[:3, 3:]
    nearest = np.rint(source).astype(int)
    assert np.abs(source - nearest).max() < 1e-6, "the voxel centres do not coincide"
    inside = ((nearest >= 0) & (nearest < np.array(img.shape)[:, None])).all(axis=0)
    labels = np.zeros(ijk.shape[1], dtype=np.uint8)
    labels[inside] = np.asarray(img.dataobj)[tuple(nearest[:, inside])]
    return labels.reshape(SHAPE_2MM)


def image_bytes(labels: np.ndarray) -> bytes:
    img = nibabel.Nifti1Image(labels, AFFINE_2MM)
    img.set_qform(AFFINE_2MM, "mni")
    img.set_sform(AFFINE_2MM, "mni")
    img.header.set_xyzt_units("mm")
    img.header.set_intent("label")
    img.header["descrip"] = "Schaefer 2018, 200 parcels, 7 networks"
    return img.to_bytes()


def label_bytes(path: Path) -> bytes:
    lines = ["index\tname\tnetwork"]
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["index"] != "0":
                network = NETWORKS[row["name"].split("_")[2]]
                lines.append(f"{row['index']}\t{row['name']}\t{network}")
    return ("\n".join(lines) + "\n").encode()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("image", type=Path, help="the label image, 1 mm")
    parser.add_argument("labels", type=Path, help="its names: CSV with index and name")
    parser.add_argument("--write", action="store_true", help="replace the files that differ")
    options = parser.parse_args()
    for what, expected in SOURCE_SHA256.items():
        path = getattr(options, what)
        if sha256(path.read_bytes()) != expected:
            raise SystemExit(f"{path.name} is not the file whose sha256 starts {expected[:12]}")
    image = image_bytes(thinned(nibabel.load(options.image)))
    made = {f"{STEM}_2mm.nii.gz": squeeze(image), f"{STEM}.tsv": label_bytes(options.labels)}
    wrong = 0
    for name, data in made.items():
        path = TARGET / name
        unpack = gzip.decompress if name.endswith(".gz") else bytes
        there = path.is_file() and unpack(path.read_bytes()) == unpack(data)
        if options.write and not there:
            path.write_bytes(data)
            there = True
        wrong += not there
        print(f"{'same' if there else 'DIFFERS':8} {name:40} {len(data):7d} bytes {sha256(data)}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
