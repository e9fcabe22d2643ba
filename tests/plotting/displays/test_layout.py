"""Where views go in a figure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.plotting.displays import layout

FRAME = (0.1, 0.05, 0.9, 0.85)
sizes = st.floats(0.1, 500)


def overlap(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > 1e-9 and min(a[3], b[3]) - max(a[1], b[1]) > 1e-9


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(sizes, min_size=1, max_size=9))
def test_a_row_fills_its_frame_at_one_scale(widths):
    boxes = layout.in_a_row(widths, FRAME)
    scales = [(box[2] - box[0]) / width for box, width in zip(boxes, widths, strict=True)]
    np.testing.assert_allclose(scales, scales[0])
    assert boxes[0][0] == FRAME[0]
    assert boxes[-1][2] == pytest.approx(FRAME[2])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.tuples(sizes, sizes), st.tuples(sizes, sizes), st.tuples(sizes, sizes))
def test_tiles_stay_inside_and_apart(x, y, z):
    # A view's other sides follow from the brain: z is as wide as y, x as high as y.
    boxes = layout.tiled((x[0], y[1]), y, (y[0], z[1]), FRAME)
    for number, box in enumerate(boxes):
        assert box[0] >= FRAME[0] - 1e-9
        assert box[1] >= FRAME[1] - 1e-9
        assert box[2] <= FRAME[2] + 1e-9
        assert box[3] <= FRAME[3] + 1e-9
        assert not any(overlap(box, other) for other in boxes[number + 1 :])


def test_rows_are_equally_high_from_the_bottom_up():
    rows = layout.in_rows([[1.0], [1.0, 1.0]], (0.0, 0.2, 1.0, 1.0))
    assert rows[0] == [(0.0, 0.2, 1.0, pytest.approx(0.6))]
    assert [box[1] for box in rows[1]] == [pytest.approx(0.6)] * 2
