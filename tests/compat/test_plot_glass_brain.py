"""nilearn's tests of `plot_glass_brain`, on skerry's."""

from __future__ import annotations

from borrow import borrow

from skerry.plotting import plot_glass_brain

globals().update(
    borrow(
        "nilearn.plotting.image.tests.test_plot_glass_brain",
        replace={"plot_glass_brain": plot_glass_brain},
        leave_out={},
    )
)
