"""nilearn's tests of threshold_img and new_img_like, run on skerry."""

from __future__ import annotations

from borrow import borrow

from skerry.image import new_img_like, threshold_img

SURFACE = "asks for a surface image; volumes only for now"

globals().update(
    borrow(
        "nilearn.image.tests.test_image",
        replace={"threshold_img": threshold_img, "new_img_like": new_img_like},
        only=[
            "test_input_in_threshold_img",
            "test_threshold_",
            "test_validity_",
            "test_isnan_threshold_img_data",
            "test_new_img_like",
        ],
        leave_out={
            "test_input_in_threshold_img": SURFACE,
            "test_input_in_threshold_img_several_timepoints": SURFACE,
            "test_threshold_img_warning_smoke": SURFACE,
            "test_threshold_surf_img_1d": SURFACE,
            "test_threshold_surf_img_1d_with_mask": SURFACE,
            "test_threshold_surf_img_1d_negative_values": SURFACE,
            "test_threshold_img_no_copy_surface": SURFACE,
            "test_threshold_img_copy_surface": SURFACE,
        },
    )
)
