"""nilearn's tests of `view_img`, on skerry's."""

from __future__ import annotations

from typing import Any

from borrow import borrow

from skerry.plotting import view_img
from skerry.plotting.view.document import HTMLDocument, StatMapView

_INSIDE = "looks into nilearn's own page: sprites and the parameters of brainsprite.js"


def check_page(html_view: Any, title: str | None = None) -> None:
    """Stand in for nilearn's check, which looks for its viewer's script in the page."""
    assert isinstance(html_view, StatMapView)
    assert 'data-block="values"' in str(html_view)
    if title is not None:
        assert f"<title>{title}" in str(html_view)


globals().update(
    borrow(
        "nilearn.plotting.tests.test_html_stat_map",
        replace={"view_img": view_img, "check_html_view_img": check_page},
        leave_out=dict.fromkeys(
            [
                "test_data_to_sprite",
                "test_threshold_data",
                "test_save_sprite",
                "test_save_cmap",
                "test_mask_stat_map",
                "test_load_bg_img",
                "test_get_bg_mask_and_cmap",
                "test_resample_stat_map",
                "test_json_view_params",
                "test_json_view_params_displays_requested_slice",
                "test_json_view_params_reports_requested_coordinates",
                "test_json_view_params_breaks_ties_upwards",
                "test_json_view_size",
                "test_json_view_data",
                "test_json_view_to_html",
                "test_brainsprite_viewers_have_unique_element_ids",
                "test_get_cut_slices",
                "test_is_isotropic",
                "test_resample_to_isotropic",
            ],
            _INSIDE,
        ),
    )
)
globals().update(
    borrow(
        "nilearn._utils.tests.test_html_document",
        replace={"html_document.HTMLDocument": HTMLDocument},
        leave_out={
            "test_open_in_browser": "nilearn serves a frame of a fixed size, skerry the page",
            "test_open_in_browser_timeout": "sets the time limit in nilearn's private module",
            "test_open_in_browser_file": "nilearn saves a frame of a fixed size; skerry the page",
            "test_open_view_warning": "counts open views, whose pages take dozens of megabytes; "
            "skerry's take about one",
        },
    )
)
