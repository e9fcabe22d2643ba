"""nilearn's tests of what its plot functions have in common, on skerry's."""

from __future__ import annotations

from borrow import borrow

from skerry.plotting import (
    plot_anat,
    plot_glass_brain,
    plot_img,
    plot_prob_atlas,
    plot_roi,
    plot_stat_map,
)

globals().update(
    borrow(
        "nilearn.plotting.image.tests.test_img_plotting",
        replace={
            "plot_anat": plot_anat,
            "plot_glass_brain": plot_glass_brain,
            "plot_img": plot_img,
            "plot_prob_atlas": plot_prob_atlas,
            "plot_roi": plot_roi,
            "plot_stat_map": plot_stat_map,
        },
        leave_out={
            "test_mni152template_is_reordered": "looks into nilearn's private template object",
        },
        leave_out_values={
            "plot_epi": "skerry has no plot_epi: plot_img(black_bg=True) does the same",
            "plot_carpet": "skerry has no time series",
        },
    )
)
