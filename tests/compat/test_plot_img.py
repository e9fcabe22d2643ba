"""nilearn's tests of `plot_img`, on skerry's."""

from __future__ import annotations

from borrow import borrow

from skerry.plotting import plot_img

globals().update(
    borrow(
        "nilearn.plotting.image.tests.test_plot_img", replace={"plot_img": plot_img}, leave_out={}
    )
)
