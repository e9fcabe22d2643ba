"""nilearn's tests of the MNI152 template and brain mask, on skerry's."""

from __future__ import annotations

from borrow import borrow

from skerry.datasets import load_mni152_brain_mask, load_mni152_template

OTHER_FUNCTIONS = "tests a function that skerry does not offer"

globals().update(
    borrow(
        "nilearn.datasets.tests.test_struct",
        replace={
            "load_mni152_brain_mask": load_mni152_brain_mask,
            "load_mni152_template": load_mni152_template,
        },
        leave_out={
            "test_fetch_icbm152_2009": OTHER_FUNCTIONS,
            "test_fetch_oasis_vbm": OTHER_FUNCTIONS,
            "test_fetch_oasis_vbm_dartel_false": OTHER_FUNCTIONS,
            "test_fetch_surf_fsaverage": "surfaces",
            "test_fetch_load_fsaverage": "surfaces",
            "test_load_fsaverage_data_smoke": "surfaces",
            "test_load_fsaverage_data_errors": "surfaces",
            "test_get_mesh_mapping": "a private helper, for surfaces",
            "test_apply_mesh_mapping": "a private helper, for surfaces",
        },
        leave_out_values={
            "load_mni152_gm_mask": OTHER_FUNCTIONS,
            "load_mni152_gm_template": OTHER_FUNCTIONS,
            "load_mni152_wm_mask": OTHER_FUNCTIONS,
            "load_mni152_wm_template": OTHER_FUNCTIONS,
        },
    )
)
