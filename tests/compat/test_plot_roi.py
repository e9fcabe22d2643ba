"""nilearn's tests of `plot_roi`, on skerry's."""

from __future__ import annotations

from borrow import borrow

from skerry.plotting import plot_roi

globals().update(
    borrow(
        "nilearn.plotting.image.tests.test_plot_roi", replace={"plot_roi": plot_roi}, leave_out={}
    )
)
