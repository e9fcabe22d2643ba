"""nilearn's tests of get_clusters_table, run on skerry."""

from __future__ import annotations

from borrow import borrow

from skerry.reporting import get_clusters_table

PRIVATE = "tests a private helper of nilearn"
SURFACE = "asks for a surface image; volumes only for now"

globals().update(
    borrow(
        "nilearn.reporting.tests.test_get_clusters_table",
        replace={"get_clusters_table": get_clusters_table},
        leave_out={
            "test_local_max_two_maxima": PRIVATE,
            "test_local_max_two_global_maxima": PRIVATE,
            "test_local_max_donut": PRIVATE,
            "test_cluster_nearest_neighbor": PRIVATE,
            "test_get_clusters_table_surface": SURFACE,
            "test_get_clusters_table_surface_two_sided": SURFACE,
            "test_get_clusters_table_surface_real_data": SURFACE,
            "test_get_clusters_table_surface_min_distance": SURFACE,
            "test_get_clusters_table_no_cluster_found_warning": SURFACE,
            "test_get_clusters_table_negative_threshold_one_sided": SURFACE,
        },
    )
)
