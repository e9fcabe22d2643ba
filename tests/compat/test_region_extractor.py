"""nilearn's tests of what RegionExtractor does, run on skerry."""

from __future__ import annotations

from borrow import borrow

from skerry.regions import RegionExtractor

PRIVATE = "tests a private helper of nilearn"
ESTIMATOR = "checks scikit-learn's conventions; skerry's class is no scikit-learn estimator"
ELSEWHERE = "runs in test_connected_regions.py"

globals().update(
    borrow(
        "nilearn.regions.tests.test_region_extractor",
        replace={"RegionExtractor": RegionExtractor},
        leave_out={
            "test_check_estimator_sklearn": ESTIMATOR,
            "test_check_estimator_nilearn": ESTIMATOR,
            "test_invalid_thresholds_in_threshold_maps_ratio": PRIVATE,
            "test_nans_threshold_maps_ratio": PRIVATE,
            "test_threshold_maps_ratio": PRIVATE,
            "test_threshold_maps_ratio_3d": PRIVATE,
            "test_remove_small_regions": PRIVATE,
            "test_invalids_extract_types_in_connected_regions": ELSEWHERE,
            "test_connected_regions_4d": ELSEWHERE,
            "test_connected_regions_3d": ELSEWHERE,
            "test_connected_regions_different_results_with_different_mask_images": ELSEWHERE,
            "test_connected_regions_no_regions": ELSEWHERE,
            "test_error_messages_connected_label_regions": ELSEWHERE,
            "test_connected_label_regions": ELSEWHERE,
            "test_connected_label_regions_connect_diag_false": ELSEWHERE,
            "test_connected_label_regions_return_empty_for_large_min_size": ELSEWHERE,
            "test_connected_label_regions_check_labels": ELSEWHERE,
            "test_connected_label_regions_names_follow_label_order": ELSEWHERE,
            "test_connected_label_regions_check_labels_as_numpy_array": ELSEWHERE,
            "test_connected_label_regions_unknown_labels": ELSEWHERE,
            "test_connected_label_regions_check_labels_string_without_list": ELSEWHERE,
        },
        without=("nilearn._utils.estimator_checks",),
    )
)
