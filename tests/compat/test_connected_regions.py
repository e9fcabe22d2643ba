"""nilearn's tests of connected_regions and connected_label_regions, run on skerry."""

from __future__ import annotations

from borrow import borrow

from skerry.errors import DimensionError
from skerry.image import threshold_img
from skerry.regions import connected_label_regions, connected_regions

globals().update(
    borrow(
        "nilearn.regions.tests.test_region_extractor",
        replace={
            "connected_regions": connected_regions,
            "connected_label_regions": connected_label_regions,
            "threshold_img": threshold_img,
            "DimensionError": DimensionError,
        },
        only=[
            "test_connected_",
            "test_invalids_extract_types_in_connected_regions",
            "test_error_messages_connected_label_regions",
        ],
        leave_out={},
        without=("nilearn._utils.estimator_checks",),
    )
)
