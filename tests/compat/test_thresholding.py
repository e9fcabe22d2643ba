"""nilearn's tests of threshold_stats_img, fdr_threshold and cluster_level_inference, on skerry."""

from __future__ import annotations

from borrow import borrow

from skerry.glm import cluster_level_inference, fdr_threshold, threshold_stats_img

PRIVATE = "tests a private helper of nilearn"
SURFACE = "asks for a surface image; volumes only for now"

globals().update(
    borrow(
        "nilearn.glm.tests.test_thresholding",
        replace={
            "threshold_stats_img": threshold_stats_img,
            "fdr_threshold": fdr_threshold,
            "cluster_level_inference": cluster_level_inference,
        },
        leave_out={
            "test_hommel": PRIVATE,
            "test_all_resolution_inference_surface": SURFACE,
            "test_all_resolution_inference_surface_mask": SURFACE,
            "test_all_resolution_inference_shape_errors": SURFACE,
            "test_threshold_stats_img_surface": SURFACE,
            "test_threshold_stats_img_surface_with_mask": SURFACE,
            "test_cluster_level_inference_surface_realistic_data": SURFACE,
            "test_threshold_stats_img_surface_output": SURFACE,
            "test_threshold_stats_img_surface_output_threshold_0": SURFACE,
            "test_deprecation_threshold": SURFACE,
            "test_deprecation_threshold_cluster_level_inference": SURFACE,
        },
    )
)
