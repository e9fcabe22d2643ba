"""What travels inside the package: unaltered, documented, small."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import nibabel
import numpy as np
import pytest

import skerry.datasets.embedded as embedded
from skerry.datasets import load_sample_motor_activation_image

FOLDER = embedded.SAMPLE_MAP.parent
README = FOLDER / "README.md"


def documented() -> dict[str, str]:
    """Read each file's sha256 out of the table in the README."""
    rows = re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", README.read_text(), re.M)
    return dict(rows)


def test_every_file_is_documented_with_its_sha256():
    there = {path.name for path in FOLDER.iterdir() if path.is_file() and path != README}
    assert there == set(documented())


@pytest.mark.parametrize("name", sorted(documented()))
def test_the_bytes_are_the_documented_ones(name):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == documented()[name]


def test_all_of_it_is_smaller_than_a_megabyte():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000


def test_the_mask_is_where_the_brain_is():
    brain = np.asarray(nibabel.load(embedded.T1_BRAIN_2MM).dataobj)
    mask = np.asarray(nibabel.load(embedded.BRAIN_MASK_1MM).dataobj)
    np.testing.assert_array_equal(mask[::2, ::2, ::2] != 0, brain != 0)


def test_the_sample_map_is_a_path_that_nibabel_reads():
    path = load_sample_motor_activation_image()
    assert isinstance(path, str)
    assert Path(path).name == "image_10426.nii.gz"
    img = nibabel.load(path)
    assert img.shape == (53, 63, 46)
    assert img.get_fdata().max() == pytest.approx(7.941, abs=1e-3)
    assert img.get_fdata().min() == pytest.approx(-7.941, abs=1e-3)
