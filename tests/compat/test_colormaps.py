"""The colour maps that nilearn names, and skerry's of the same names."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from nilearn.plotting import cm as theirs

from skerry.plotting.displays import colormaps

NAMES = [*colormaps._TWO_SIDED, *colormaps._ONE_SIDED]


@pytest.mark.parametrize("name", [*NAMES, "cold_hot_r"])
def test_a_name_means_the_same_colours(name, monkeypatch):
    # nilearn has registered its own with matplotlib by now, under the same names.
    own = [known for known in mpl.colormaps if known.removesuffix("_r") not in NAMES]
    monkeypatch.setattr(mpl, "colormaps", {known: mpl.colormaps[known] for known in own})
    ours = colormaps.colormap(name)
    places = np.linspace(0, 1, 101)
    apart = np.abs(ours(places) - getattr(theirs, name)(places)).max(axis=1)
    # The middle of a two-sided map is a jump, which need not fall on the same step; ten
    # samples of a curve ("ocean") are nilearn's, all of them ours.
    assert np.quantile(apart, 0.95) < (0.12 if name == "ocean_hot" else 0.05)


def test_what_is_not_ours_stays_as_it_is():
    assert colormaps.colormap("viridis") == "viridis"
    assert colormaps.colormap("no such map") == "no such map"
    hot = mpl.colormaps["hot"]
    assert colormaps.colormap(hot) is hot
