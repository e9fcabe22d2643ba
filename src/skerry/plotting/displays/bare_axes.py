"""Matplotlib axes that make no tick marks until somebody asks for them.

Views show no ticks, and making them takes more than half of the time that new
axes take (6 ms to 2.7 ms each; a mosaic has 21 views).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from matplotlib.axes import Axes


class BareAxes(Axes):
    """Axes whose ticks come with the first drawing that shows them."""

    name = "skerry_bare"

    def _init_axis(self) -> None:
        # Should matplotlib ever rename this hook, the ticks are only made early again.
        super()._init_axis()  # type: ignore[misc]
        for axis in (self.xaxis, self.yaxis):
            axis.reset_ticks = partial(_forget_ticks, axis)  # type: ignore[method-assign]


def _forget_ticks(axis: Any) -> None:
    axis.majorTicks, axis.minorTicks = [], []
