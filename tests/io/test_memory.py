"""A map costs its own memory and little more."""

from __future__ import annotations

import tracemalloc

import nibabel
import numpy as np
import pytest

from skerry.errors import ImageFileError
from skerry.io.load import load_image, load_map

# The reader's own pieces: expanded and packed bytes, masks, header.
SMALL = 1 << 20


def peak_bytes(reader, path, **options) -> int:
    reader(path, **options)  # imports
    tracemalloc.start()
    try:
        reader(path, **options)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """Ten volumes of 64 x 64 x 64 float32, 1 MiB each."""
    path = tmp_path_factory.mktemp("memory") / "stack.nii.gz"
    values = np.ones((64, 64, 64, 10), np.float32)
    nibabel.Nifti1Image(values, np.eye(4)).to_filename(path)
    return path


def test_an_image_takes_its_values_once(stack):
    assert peak_bytes(load_image, stack) < 10 * (1 << 20) + SMALL


def test_a_map_out_of_many_volumes_takes_one(stack):
    # values, the mask and two more of its size while it is made
    assert peak_bytes(load_map, stack, volume=9) < (1 << 20) * (1 + 3 / 4) + SMALL


def test_a_refused_bomb_takes_next_to_nothing(tmp_path):
    header = nibabel.Nifti1Header()
    header.set_data_shape((1000, 1000, 1000))
    header.set_sform(np.eye(4), 1)
    header["vox_offset"] = 352
    path = tmp_path / "bomb.nii.gz"
    import gzip

    path.write_bytes(gzip.compress(header.binaryblock + bytes(4_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(ImageFileError, match="is cut short"):
            load_image(path)
        assert tracemalloc.get_traced_memory()[1] < SMALL
    finally:
        tracemalloc.stop()
