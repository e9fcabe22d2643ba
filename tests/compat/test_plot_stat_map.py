"""nilearn's tests of `plot_stat_map`, on skerry's."""

from __future__ import annotations

from borrow import borrow

from skerry.datasets import load_mni152_template
from skerry.plotting import plot_stat_map

globals().update(
    borrow(
        "nilearn.plotting.image.tests.test_plot_stat_map",
        replace={
            "plot_stat_map": plot_stat_map,
            # nilearn's find_cut_slices stays: test_outlier_cut_coords needs the cuts
            # outside the image that only it gives.
            "load_mni152_template": load_mni152_template,
        },
        leave_out={},
    )
)
