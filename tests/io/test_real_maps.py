"""Real files of many programs."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import nibabel
import numpy as np
import pytest

from skerry.errors import ImageFileError, SkerryWarning
from skerry.io.load import load_image, load_map

if TYPE_CHECKING:
    from pathlib import Path

# What deserves a look in these files.
WARNED = {
    "con_00810001_analyze": "which side is left",
    "no_affine_z": "qform_code = sform_code = 0",
    "mdtb08_math_int16_scl": "299904 bytes are left over",
}
# Volume of interest, where there are several.
VOLUME = {"afni_coef_t_4d": 1, "saccade_5d": 1}


@pytest.fixture(scope="session")
def maps(shared_data: Path) -> list[Path]:
    found = sorted(p for p in (shared_data / "maps").rglob("*") if p.is_file())
    found += sorted((shared_data / "pairs").rglob("*.nii.gz"))
    found += sorted((shared_data / "atlases").glob("*mm.nii.gz"))
    assert len(found) > 60
    return found


def read(path: Path, reader, **options):
    """Read; the warnings are those that the file deserves, and no others."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = reader(path, **options)
    name = next((name for name in WARNED if path.name.startswith(name)), None)
    assert len(caught) == (name is not None), [str(one.message) for one in caught]
    if name is not None:
        assert caught[0].category is SkerryWarning
        assert WARNED[name] in str(caught[0].message)
    return found


def test_images_are_nibabels_to_the_bit(maps):
    for path in maps:
        ours, theirs = read(path, load_image), nibabel.load(path)
        expected = np.asanyarray(theirs.dataobj).reshape(ours.shape, order="F")
        assert np.array_equal(ours.dataobj, expected, equal_nan=True), path.name
        assert np.array_equal(ours.affine, theirs.affine), path.name


def test_maps_hold_the_values_of_their_volume(maps):
    for path in maps:
        volume = VOLUME.get(path.name.partition(".")[0])
        found = read(path, load_map, volume=volume)
        expected = np.asanyarray(nibabel.load(path).dataobj)
        while expected.ndim > 3:
            expected = expected[..., -1]
        assert np.array_equal(found.values, expected, equal_nan=True), path.name
        with np.errstate(invalid="ignore"):
            assert np.array_equal(found.mask, np.nan_to_num(expected) != 0), path.name


@pytest.mark.parametrize(
    ("name", "kind", "df", "n_nan", "dtype"),
    [
        ("maps/motor_lips.nii.gz", "z", None, 0, np.float32),
        ("maps/motor_lips_nan.nii.gz", "z", None, 41253, np.float32),
        ("maps/beta_0001_nan.nii.gz", None, None, 858670, np.float32),
        ("maps/fsl_tstat1_3x3x3p6.nii.gz", "t", None, 0, np.float32),
        ("maps/narps_9U7M_hypo1_z.nii.gz", None, None, 0, np.float64),
        ("maps/resting_corr_uint8_scl_inter.nii.gz", None, None, 0, np.float64),
        ("pairs/spm_auditory/TStatistic.nii.gz", "t", 84.0, 0, np.float32),
        ("pairs/fsl_course_av/ZStatistic_T001.nii.gz", "z", None, 0, np.float32),
        ("pairs/fsl_tone_counting/thresh_zstat1.nii.gz", None, None, 0, np.float32),
    ],
)
def test_kind_df_and_counts_of_real_headers(shared_data, name, kind, df, n_nan, dtype):
    found = load_map(shared_data / name)
    assert (found.kind, found.df, found.n_nan) == (kind, df, n_nan)
    assert found.values.dtype == dtype


def test_masks_of_fsl_and_spm_fit_their_maps(shared_data):
    pairs = shared_data / "pairs"
    for folder, values, mask, n_inside in [
        ("fsl_cluster_labels_z3p2", "zstat.nii.gz", "mask.nii.gz", 145872),
        ("spm_auditory", "TStatistic.nii.gz", "Mask.nii.gz", 69306),
        ("fsl_course_av", "ZStatistic_T001.nii.gz", "SearchSpaceMask.nii.gz", 7536),
    ]:
        found = load_map(pairs / folder / values, mask=pairs / folder / mask)
        assert found.n_in_mask == n_inside


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("surface/lh.sig.fsaverage.nii.gz", r"a surface map \(163842 vertices\)"),
        ("surface/MDTB04_Action_Observation.func.gii", "is a GIFTI file"),
        ("surface/SUIT_FLAT.surf.gii", "is a GIFTI file"),
        ("surface/Conte69.MyelinAndCorrThickness.6k_fs_LR.dscalar.nii", "is a CIFTI file"),
        ("atlases/Conte69.parcellations_VGD11b.6k_fs_LR.dlabel.nii", "is a CIFTI file"),
        ("atlases/schaefer200_7networks_labels.csv", "is a text file"),
        ("pairs/spm_tone_counting/spm_results_fwe05_page1.pdf", "is a PDF document"),
    ],
)
def test_what_is_no_volume_is_named_for_what_it_is(shared_data, name, said):
    with pytest.raises(ImageFileError, match=said):
        load_map(shared_data / name)
