"""The figures beside a page."""

from __future__ import annotations

import matplotlib.image
import numpy as np
import pytest

import skerry
from report.made import noise
from skerry.report.figures import save_region_colors, save_stat_map


def grey_share(path):
    """How much of a picture is neither black, nor white, nor coloured."""
    red, green, blue = np.moveaxis(matplotlib.image.imread(path)[..., :3], -1, 0)
    return ((red == green) & (green == blue) & (red > 0.1) & (red < 0.9)).mean()


@pytest.mark.parametrize("save", [save_region_colors, save_stat_map])
def test_a_map_without_anatomy_is_drawn_over_its_own_values(save, tmp_path):
    made = skerry.make_report(skerry.find_regions(noise(), 2.5))
    assert made.contents.background.img is None
    save(made.contents.regions, made.contents.background, tmp_path)
    (picture,) = tmp_path.iterdir()
    assert grey_share(picture) > 0.1
