"""How opaque an overlay is: the same everywhere, or as an image says."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.io.notice import notice
from skerry.plotting.displays.read import read_volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.plotting.displays.axes import BaseAxes
    from skerry.plotting.displays.slices import Slice, Volume
    from skerry.typing import AnyArray, Interpolation


@dataclass(frozen=True, slots=True)
class Transparency:
    """Opacity of an overlay, from 0 (not seen) to 1.

    Parameters
    ----------
    everywhere : float or None
        The same for all pixels; None leaves it to matplotlib.
    volume : Volume, optional
        Where the opacity is given by |value| instead.
    low, high : float
        |value| that is not seen, and that is opaque.
    """

    everywhere: float | None = None
    volume: Volume | None = None
    low: float = 0.0
    high: float = 1.0

    @classmethod
    def read(cls, transparency: Any, transparency_range: Sequence[float] | None) -> Transparency:
        """Read what the user gave.

        Raises
        ------
        ArgumentError
            If the range has not two ends, or holds no value of the image.
        """
        if transparency is None:
            return cls()
        if isinstance(transparency, Real):
            return cls(everywhere=between_0_and_1(float(transparency)))
        volume = read_volume(transparency, name="transparency")
        return cls(None, volume, *_range_of(volume, transparency_range))

    def seen_from(
        self, view: BaseAxes, picture: Slice, interpolation: Interpolation
    ) -> float | AnyArray | None:
        """Give the opacity of the pixels of a picture in a view."""
        if self.volume is None:
            return self.everywhere
        own = view.view_of(self.volume, interpolation)
        if own is None:
            return np.zeros(picture.values.shape)
        strength = np.nan_to_num(
            np.abs(np.ma.filled(own.matched_to(picture), 0.0)), posinf=self.high
        )
        return np.clip((strength - self.low) / (self.high - self.low), 0.0, 1.0)


def between_0_and_1(transparency: float) -> float:
    """Bring a number into the range of an opacity, with a warning."""
    kept = min(max(transparency, 0.0), 1.0)
    if kept != transparency:
        notice(
            f"'transparency' must be in the interval [0, 1], got {transparency}. "
            f"Setting it to {kept}."
        )
    return kept


def drop_alpha(kwargs: dict[str, Any], transparency: Any) -> dict[str, Any]:
    """Leave out matplotlib's `alpha`, with a warning that `transparency` is what counts."""
    if "alpha" not in kwargs:
        return kwargs
    notice(
        f"alpha={kwargs['alpha']!r} is not used. Overriding with transparency={transparency!r}: "
        "give your value there."
    )
    return {name: value for name, value in kwargs.items() if name != "alpha"}


def _range_of(volume: Volume, asked: Sequence[float] | None) -> tuple[float, float]:
    strength = np.abs(np.ma.filled(volume.values, 0))
    finite = strength[np.isfinite(strength)]
    if not finite.size:
        raise ArgumentError("the image given as 'transparency' has no finite value")
    weakest, strongest = float(finite.min()), float(finite.max())
    if asked is None:
        return 0.0, strongest or 1.0
    low, high = _two_ends(asked)
    low, high = max(low, weakest), min(high, strongest)
    if low >= high:
        raise _bad_range(asked, f"the image has values from {weakest:g} to {strongest:g}")
    return low, high


def _two_ends(asked: Sequence[float]) -> tuple[float, float]:
    if len(asked) != 2:
        raise _bad_range(asked, f"it has {len(asked)}")
    return float(asked[0]), float(asked[1])


def _bad_range(asked: Any, why: str) -> ArgumentError:
    return ArgumentError(
        "'transparency_range' must be a list or tuple of 2 non-negative numbers with "
        f"'first value < second value'. Got '{asked}'; {why}."
    )
