"""`plot_above`: a map where it is above its threshold."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from nibabel import Nifti1Image

from skerry import find_regions
from skerry.plotting.regions.above import plot_above


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.mark.parametrize("display_mode", ["z", "glass"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16])
def test_a_voxel_that_equals_the_threshold_is_seen(dtype, display_mode):
    values = np.zeros((9, 9, 9), dtype)
    values[2:6, 2:6, 2:6] = 3
    values[3, 3, 3] = 5
    values[8, 8, 8] = 2
    found = find_regions(Nifti1Image(values, np.diag([3.0, 3, 3, 1])), 3.0)
    assert found.columns["n_voxels"].tolist() == [64]
    display = plot_above(found, display_mode=display_mode, cut_coords=[9.0], bg_img=None)
    for view in display.axes.values():
        (picture,) = view.ax.images
        assert np.isfinite(np.ma.filled(picture.get_array(), np.nan)).sum() == 16
