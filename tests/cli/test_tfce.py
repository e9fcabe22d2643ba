"""`skerry tfce`: what it writes and what it refuses."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

from skerry.stats.tfce import enhance


@pytest.fixture
def tfce(skerry_):
    """Run the command in a folder that holds `map.nii.gz`; give its exit code and error stream."""
    values = np.random.default_rng(0).standard_normal((6, 5, 4, 2)).astype(np.float32)
    nibabel.save(nibabel.Nifti1Image(values, np.diag([2, 2, 2, 1])), "map.nii.gz")

    def call(*arguments: object) -> tuple[int, str]:
        code, out, err = skerry_("tfce", *arguments)
        assert out == ""
        return code, err

    return call


def test_what_is_read_is_not_written_over(tfce, tmp_path):
    mask = np.ones((6, 5, 4), dtype=np.uint8)
    nibabel.save(nibabel.Nifti1Image(mask, np.diag([2, 2, 2, 1])), "mask.nii.gz")
    (tmp_path / "link.nii.gz").symlink_to("mask.nii.gz")
    before = (tmp_path / "mask.nii.gz").read_bytes()
    options = ("--volume", 0, "--mask", "mask.nii.gz")
    code, said = tfce("map.nii.gz", "-o", "link.nii.gz", *options)
    assert code == 2
    assert "mask.nii.gz is read here and would be written over; write elsewhere" in said
    assert (tmp_path / "mask.nii.gz").read_bytes() == before


def volume(number):
    whole = nibabel.load("map.nii.gz")
    return nibabel.Nifti1Image(whole.dataobj[..., number], whole.affine)


def test_it_writes_what_enhance_gives(tfce):
    options = ("--volume", 1, "--E", 1, "--H", "1.5", "--connectivity", 6, "--sign", "positive")
    code, said = tfce("map.nii.gz", "-o", "out.nii.gz", *options)
    assert (code, said) == (0, "skerry: out.nii.gz\n")
    expected = enhance(volume(1), E=1, H=1.5, connectivity=6, sign="positive")
    written = nibabel.load("out.nii.gz")
    np.testing.assert_array_equal(np.asarray(written.dataobj), np.asarray(expected.dataobj))
    np.testing.assert_array_equal(written.affine, expected.affine)


def test_a_mask_counts(tfce):
    mask = (np.arange(120).reshape(6, 5, 4) % 2).astype(np.uint8)
    nibabel.save(nibabel.Nifti1Image(mask, np.diag([2, 2, 2, 1])), "mask.nii.gz")
    assert tfce("map.nii.gz", "-o", "o.NII", "--volume", 0, "--mask", "mask.nii.gz", "--quiet") == (
        0,
        "",
    )
    assert not nibabel.load("o.NII").get_fdata()[mask == 0].any()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["map.nii.gz", "--volume", "0"], 2, "-o"),
        (["map.nii.gz", "--volume", "0", "-o", "out.png"], 2, "must end in .nii or .nii.gz"),
        (["map.nii.gz", "--volume", "0", "-o", "o.img"], 2, "must end in .nii or .nii.gz"),
        (["map.nii.gz", "--volume", "0", "-o", "o.nii", "--E", "-1"], 2, "--E"),
        (["map.nii.gz", "--volume", "0", "-o", "o.nii", "--threshold", "3"], 2, "--threshold"),
        (["map.nii.gz", "-o", "o.nii"], 1, "volume"),
        (
            ["map.nii.gz", "--volume", "0", "-o", "./map.nii.gz"],
            2,
            "map.nii.gz is read here",
        ),
        (["absent.nii", "-o", "o.nii"], 1, "absent.nii"),
        (["map.nii.gz", "--volume", "0", "-o", "none/o.nii"], 1, "none/o.nii cannot be written"),
    ],
)
def test_faults_are_told_in_one_line(tfce, tmp_path, arguments, code, told):
    got, said = tfce(*arguments)
    assert got == code
    assert told in said
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["map.nii.gz"]
