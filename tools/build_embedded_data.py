"""Build the files that skerry carries in `src/skerry/datasets/data/`.

They come out of one wheel on PyPI whose sha256 is fixed below: a statistical
map and tables of coordinates, byte for byte, and the MNI152 2009a T1 brain,
which is thinned from 1 mm to 2 mm. Integers only, so every machine makes the same voxels.

    python tools/build_embedded_data.py                # build and compare
    python tools/build_embedded_data.py --wheel FILE   # from a wheel at hand
    python tools/build_embedded_data.py --write        # replace what differs
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nibabel
import numpy as np

WHEEL = "nilearn==0.14.1"
WHEEL_SHA256 = "725206484e9fb3f6691f9c2d20204a068759d5072f12055324702ee0cb2bbe8a"
SAMPLE_MAP = "nilearn/datasets/data/image_10426.nii.gz"
T1_BRAIN = "nilearn/datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"
# Tables of coordinates out of three papers, and nilearn's licence, under which they come.
COORDINATES = (
    "power_2011.csv",
    "dosenbach_2010.csv",
    "seitzman_2018_ROIs_300inVol_MNI_allInfo.txt",
    "seitzman_2018_ROIs_anatomicalLabels.txt",
)
LICENCE = "nilearn-0.14.1.dist-info/licenses/LICENSE"

TARGET = Path(__file__).resolve().parents[1] / "src" / "skerry" / "datasets" / "data"
# Of the bytes inside the gzip wrapper, which do not depend on the zlib at hand;
# for what is copied, of the file itself.
EXPECTED_SHA256 = {
    "image_10426.nii.gz": "badcac9bed4734f22b5c6dca1b778ade6c4d10a25ab30b807ff42f7c53304dbe",
    "mni152_2009a_t1_brain_2mm.nii.gz": (
        "bf386b7453cb2ae18024c9e73915f76eff8a9a16e9e3af510f71701b6442137a"
    ),
    "mni152_2009a_brain_mask_1mm.nii.gz": (
        "279c830539b9860a90c72379d36f0e5e4c61b6290a04c8212bd75646d7507b4a"
    ),
    "power_2011.csv": ("a052a4231d727348a44f8ba55e6663cb8beedc4f5b0415b3563beb82f16f9564"),
    "dosenbach_2010.csv": ("3cfebd3aaab04d0c9a691cd11a6ae774b04a2129f9d314f5c437eaef0e1f861e"),
    "seitzman_2018_ROIs_300inVol_MNI_allInfo.txt": (
        "a5ae5b22bf710cb1460fd00209fa70a8a82e1933905e1a8dc40e7f6e3385149a"
    ),
    "seitzman_2018_ROIs_anatomicalLabels.txt": (
        "f0a8a4a48d0646dbe4c7c430c07fea476e0548452c7bc3ed71caba3222b5cdb0"
    ),
    "LICENSE-nilearn.txt": ("51c7f2782990909d5c7a7aa31c9b7976fddb455b96519d1d599af1f303504a8c"),
}
COPIED = {"image_10426.nii.gz", *COORDINATES, "LICENSE-nilearn.txt"}
LARGEST_TOTAL_BYTES = 1_000_000


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def get_wheel(folder: Path) -> Path:
    """Let pip bring the wheel, whatever index it is set up for."""
    command = [sys.executable, "-m", "pip", "download", WHEEL, "--no-deps", "--quiet"]
    subprocess.run([*command, "--only-binary=:all:", "--dest", str(folder)], check=True)  # noqa: S603
    return next(folder.glob("*.whl"))


def nifti_bytes(voxels: np.ndarray, affine: np.ndarray, description: str) -> bytes:
    """Write a uint8 NIfTI-1 whose header says millimetres and MNI152."""
    img = nibabel.Nifti1Image(voxels.astype(np.uint8), affine)
    img.set_qform(affine, "mni")
    img.set_sform(affine, "mni")
    img.header.set_xyzt_units("mm")
    img.header["descrip"] = description
    return img.to_bytes()


def squeeze(data: bytes) -> bytes:
    """Gzip without a file name or a date."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=out, mtime=0) as stream:
        stream.write(data)
    return out.getvalue()


def build(wheel: Path) -> dict[str, bytes]:
    """Give each file's name and bytes."""
    if sha256(wheel.read_bytes()) != WHEEL_SHA256:
        raise SystemExit(f"{wheel.name} is not the wheel whose sha256 starts {WHEEL_SHA256[:12]}")
    with zipfile.ZipFile(wheel) as archive:
        sample = archive.read(SAMPLE_MAP)
        source = nibabel.Nifti1Image.from_bytes(gzip.decompress(archive.read(T1_BRAIN)))
        copied = {name: archive.read(f"nilearn/datasets/data/{name}") for name in COORDINATES}
        copied["LICENSE-nilearn.txt"] = archive.read(LICENCE)
    brain_1mm = np.asarray(source.dataobj)
    # Every second voxel, not smoothed: the values stay those that nilearn's
    # users know at 2 mm. Smoothing first ([1 c 1] kernels, c from 2 to 10) wins
    # less than 1 % of the rms error when 1 mm is interpolated back.
    affine_2mm = source.affine @ np.diag([2.0, 2.0, 2.0, 1.0])
    return {
        "image_10426.nii.gz": sample,
        "mni152_2009a_t1_brain_2mm.nii.gz": squeeze(
            nifti_bytes(brain_1mm[::2, ::2, ::2], affine_2mm, "ICBM152 2009a T1 brain, thinned")
        ),
        "mni152_2009a_brain_mask_1mm.nii.gz": squeeze(
            nifti_bytes(brain_1mm > 0, source.affine, "ICBM152 2009a T1 brain > 0")
        ),
        **copied,
    }


def content(name: str, data: bytes) -> bytes:
    return data if name in COPIED else gzip.decompress(data)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--wheel", type=Path, help=f"the wheel of {WHEEL}, if it is at hand")
    parser.add_argument("--write", action="store_true", help="replace the files that differ")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = build(options.wheel or get_wheel(Path(folder)))

    wrong = 0
    for name, data in made.items():
        digest, path = sha256(content(name, data)), TARGET / name
        expected = EXPECTED_SHA256[name]
        there = path.is_file() and content(name, path.read_bytes()) == content(name, data)
        if options.write and not there:
            path.write_bytes(data)
            there = True
        good = digest == expected and there
        wrong += not good
        state = "same" if good else ("not in place" if digest == expected else "UNEXPECTED")
        print(f"{state:12} {name:44} {len(data):7d} bytes  content sha256 {digest}")
    total = sum(path.stat().st_size for path in TARGET.iterdir() if path.is_file())
    print(f"{total} bytes in all, at most {LARGEST_TOTAL_BYTES}")
    return int(wrong > 0 or total > LARGEST_TOTAL_BYTES)


if __name__ == "__main__":
    sys.exit(main())
