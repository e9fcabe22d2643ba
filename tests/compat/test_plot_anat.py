"""nilearn's tests of `plot_anat`, on skerry's."""

from __future__ import annotations

from borrow import borrow

from skerry.plotting import plot_anat

globals().update(
    borrow(
        "nilearn.plotting.image.tests.test_plot_anat",
        replace={"plot_anat": plot_anat},
        leave_out={},
    )
)
