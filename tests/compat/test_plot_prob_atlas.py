"""nilearn's tests of `plot_prob_atlas`, on skerry's."""

from __future__ import annotations

from borrow import borrow

from skerry.plotting import plot_prob_atlas

globals().update(
    borrow(
        "nilearn.plotting.image.tests.test_plot_prob_atlas",
        replace={"plot_prob_atlas": plot_prob_atlas},
        leave_out={},
    )
)
