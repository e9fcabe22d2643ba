"""What keeps the definition of a class of artists short."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist


class PlainSet:
    """A class of matplotlib artists whose `set` has the signature of all artists.

    Otherwise matplotlib writes a signature and a docstring of all properties when the
    class is defined, which takes 2 to 4 ms for each.
    """

    def set(self: Any, **properties: Any) -> Any:
        """Set properties, as of any artist."""
        return Artist.set(self, **properties)
