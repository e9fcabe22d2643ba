"""Whether a map is in MNI space: what its name, its header and its mask say."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

import skerry
from skerry.atlas.mni import in_mni
from skerry.datasets import load_mni152_template, load_sample_motor_activation_image


def brain(code: int = 2, shift_mm: float = 0.0) -> nibabel.Nifti1Image:
    template = load_mni152_template(resolution=4)
    affine = template.affine.copy()
    affine[2, 3] += shift_mm
    img = nibabel.Nifti1Image(np.asarray(template.dataobj), affine)
    img.set_sform(affine, code)
    img.set_qform(affine, code)
    return img


@pytest.mark.parametrize(("code", "answer"), [(0, False), (1, False), (3, False), (4, True)])
def test_the_code_of_the_header_decides(code, answer):
    assert in_mni(skerry.load_map(brain(code, shift_mm=60 if answer else 0))).answer is answer


@pytest.mark.parametrize(("shift_mm", "answer"), [(0, True), (40, None), (500, None)])
def test_a_code_that_names_no_space_leaves_it_to_the_mask(shift_mm, answer):
    assert in_mni(skerry.load_map(brain(2, shift_mm))).answer is answer


@pytest.mark.parametrize(("space", "answer"), [("MNI152NLin2009cAsym", True), ("T1w", False)])
def test_the_name_of_the_file_comes_first(tmp_path, space, answer):
    path = tmp_path / f"sub-01_space-{space}_stat-t_statmap.nii.gz"
    brain(1 if answer else 4).to_filename(path)
    found = in_mni(skerry.load_map(path))
    assert found.answer is answer
    assert space in found.because


def test_an_empty_mask_lets_nobody_tell():
    assert (
        in_mni(skerry.load_map(nibabel.Nifti1Image(np.zeros((3, 3, 3)), np.eye(4)))).answer is None
    )


def test_a_few_voxels_fit_any_brain_and_let_nobody_tell():
    few = skerry.load_map(nibabel.Nifti1Image(np.ones((3, 3, 3)), np.diag([2.0, 2, 2, 1])))
    assert in_mni(few).answer is None


def test_values_without_a_header_are_told_by_their_place():
    known = skerry.load_map(load_sample_motor_activation_image())
    bare = skerry.StatMap(known.values, known.grid)
    assert bare.header is None
    assert in_mni(bare).answer is True


@pytest.mark.filterwarnings("ignore::skerry.errors.SkerryWarning")  # headers that say little
@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("motor_lips.nii.gz", True),
        ("narps_9U7M_hypo1_z.nii.gz", True),
        ("beta_0001_nan.nii.gz", True),
        ("fsl_tstat1_3x3x3p6.nii.gz", None),  # native space, code 2
        ("resting_corr_uint8_scl_inter.nii.gz", True),  # its background is not 0
        ("no_affine_z.nii.gz", False),
        ("mdtb08_math_int16_scl.nii", None),  # the cerebellum, in another space
        ("con_00810001_analyze.hdr", None),
    ],
)
def test_real_maps(shared_data, name, answer):
    assert in_mni(skerry.load_map(shared_data / "maps" / name)).answer is answer
