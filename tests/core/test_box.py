"""The box around a set of voxels."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.core.box import bounding_box


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("share", [0.03, 0.3, 1.0])
def test_it_is_the_smallest_that_holds_all(order, share):
    generator = np.random.default_rng(0)
    for _ in range(40):
        shape = generator.integers(1, 6, 3)
        inside = np.asarray(generator.random(shape) < share, order=order)
        ijk = np.argwhere(inside)
        if not len(ijk):
            assert inside[bounding_box(inside)].size == 0
            continue
        low, high = ijk.min(axis=0), ijk.max(axis=0)
        expected = tuple(slice(int(a), int(b) + 1) for a, b in zip(low, high, strict=True))
        assert bounding_box(inside) == expected
