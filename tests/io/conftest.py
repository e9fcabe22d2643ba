"""Small images, as bytes and as files."""

from __future__ import annotations

import gzip
import struct
from typing import TYPE_CHECKING, Any

import nibabel
import numpy as np
import pytest

if TYPE_CHECKING:
    from pathlib import Path

AFFINE = np.array([[-2.0, 0, 0, 8], [0, 2, 0, -10], [0, 0, 2, -6], [0, 0, 0, 1]])


@pytest.fixture
def values() -> np.ndarray:
    """A small map, both signs, with zeros outside."""
    found = np.random.default_rng(3).normal(0, 2, (6, 7, 5)).astype(np.float32)
    found[0] = 0
    return found


@pytest.fixture
def image(values: np.ndarray) -> nibabel.Nifti1Image:
    made = nibabel.Nifti1Image(values, AFFINE)
    made.header.set_qform(AFFINE, code=4)
    made.header.set_sform(AFFINE, code=4)
    return made


@pytest.fixture
def nii(image: nibabel.Nifti1Image) -> bytes:
    return image.to_bytes()


@pytest.fixture
def write(tmp_path: Path):
    """Write bytes under a name and give the path."""

    def writer(content: bytes, name: str = "map.nii") -> Path:
        path = tmp_path / name
        path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
        return path

    return writer


@pytest.fixture
def edited(nii: bytes):
    """Give the bytes of the image with header fields changed."""
    dtype = nibabel.Nifti1Header.template_dtype

    def editor(**fields: Any) -> bytes:
        header = np.frombuffer(nii[:348], dtype=dtype).copy()
        for name, value in fields.items():
            field, _, index = name.partition("__")
            if index:
                header[field][0, int(index)] = value
            else:
                header[field] = value
        return header.tobytes() + nii[348:]

    return editor


@pytest.fixture
def with_extension(nii: bytes):
    """Give the bytes of the image with one header extension of any size field."""

    def maker(content: bytes, size: int | None = None, code: int = 6) -> bytes:
        block = struct.pack("<2i", len(content) + 8 if size is None else size, code) + content
        offset = struct.pack("<f", 352 + len(block))
        return nii[:108] + offset + nii[112:348] + b"\1\0\0\0" + block + nii[352:]

    return maker
