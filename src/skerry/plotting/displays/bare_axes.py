"""Matplotlib axes that make no tick marks and no outline until somebody asks for them.

Views show neither, and making them takes more than half of the time that new axes
take; a mosaic has 21 views.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.spines import Spine

from skerry.plotting.displays.plain_set import PlainSet

_SIDES: tuple[Literal["left", "right", "bottom", "top"], ...] = ("left", "right", "bottom", "top")


class TickedLater(PlainSet, Axes):
    """Axes whose ticks come with the first drawing that shows them."""

    name = "skerry_ticked_later"

    def _init_axis(self) -> None:
        # Should matplotlib ever rename this hook, the ticks are only made early again.
        super()._init_axis()  # type: ignore[misc]
        self._postpone_ticks()

    def _postpone_ticks(self) -> None:
        for axis in (self.xaxis, self.yaxis):
            axis.reset_ticks = partial(_forget_ticks, axis)  # type: ignore[method-assign]


class BareAxes(TickedLater):
    """Axes whose ticks and outline come when the axes are switched on."""

    name = "skerry_bare"
    _made = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made = True

    def _gen_axes_spines(self, *args: Any, **kwargs: Any) -> dict[str, Spine]:
        # Matplotlib's hook for projections; without it, the outline is only made early.
        return {}

    def _init_axis(self) -> None:
        if len(self.spines):
            super()._init_axis()
            return
        self.xaxis, self.yaxis = XAxis(self, clear=False), YAxis(self, clear=False)
        self._postpone_ticks()

    def set_axis_on(self) -> None:
        """Show ticks and outline."""
        if self._made:
            self._make_outline()
        super().set_axis_on()

    def get_xaxis_transform(self, which: Any = "grid") -> Any:
        """Give the transform of ticks (`which`: grid, tick1, tick2) and their numbers."""
        self._make_outline_for(which)
        return super().get_xaxis_transform(which)

    def get_yaxis_transform(self, which: Any = "grid") -> Any:
        """Give the transform of ticks (`which`: grid, tick1, tick2) and their numbers."""
        self._make_outline_for(which)
        return super().get_yaxis_transform(which)

    def _make_outline_for(self, which: str) -> None:
        if which != "grid":
            self._make_outline()

    def _make_outline(self) -> None:
        if len(self.spines):
            return
        for side in _SIDES:
            spine = Spine.linear_spine(self, side)
            spine.register_axis(self.xaxis if side in ("bottom", "top") else self.yaxis)
            self.spines[side] = spine


def _forget_ticks(axis: Any) -> None:
    axis.majorTicks, axis.minorTicks = [], []
